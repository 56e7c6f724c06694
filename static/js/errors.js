/* Moves the focus to the error summary on load and after an htmx swap, and from its links to the fields. */
(function () {
  "use strict";

  function focusSummary(root) {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  }

  document.addEventListener("DOMContentLoaded", () => focusSummary(document));
  document.addEventListener("htmx:afterSettle", (event) => focusSummary(event.target));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    if (!link) return;
    const target = document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const input = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea") || target;
    input.closest("details:not([open])")?.setAttribute("open", "");
    input.focus();
    input.closest(".field")?.scrollIntoView({ block: "center" });
  });
})();
