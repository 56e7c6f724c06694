/* What works with scripts only (passkeys) is hidden until they run: <div data-needs-script hidden>. */
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-needs-script][hidden]").forEach((part) => { part.hidden = false; });
  });
})();
