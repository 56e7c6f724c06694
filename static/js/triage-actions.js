/* Actions of a case: opening one focuses its first field. Selecting a reason shows the advice for it
   ([data-fix-select] and the [data-fix] entries of its form). */
(function () {
  "use strict";

  function advise(select) {
    const box = select.form.querySelector("[data-fixes]");
    if (!box) return;
    box.hidden = !select.value;
    box.querySelectorAll("[data-fix]").forEach((entry) => { entry.hidden = entry.dataset.fix !== select.value; });
  }

  document.addEventListener("click", (event) => {
    const summary = event.target.closest("[data-action] > summary");
    if (!summary) return;
    const details = summary.parentElement;
    if (details.open) return; // it is closing
    details.addEventListener("toggle", () => {
      const field = details.querySelector("select, textarea, input:not([type='hidden'])");
      field?.focus();
      details.scrollIntoView({ block: "nearest" });
    }, { once: true });
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-fix-select]")) advise(event.target);
  });
  document.querySelectorAll("[data-fix-select]").forEach(advise);
})();
