/* Actions of a case: opening one focuses its first field. Selecting a reason shows the advice for it
   ([data-fix-select] and the [data-fix] entries of its form), and fills an empty textarea called "facts" with the text
   of the reason from the JSON whose id is in data-fills. A text that somebody has edited stays. */
(function () {
  "use strict";

  function advise(select) {
    const box = select.form.querySelector("[data-fixes]");
    if (!box) return;
    box.hidden = !select.value;
    box.querySelectorAll("[data-fix]").forEach((entry) => { entry.hidden = entry.dataset.fix !== select.value; });
  }

  function fill(select) {
    const texts = JSON.parse(document.getElementById(select.dataset.fills)?.textContent || "{}");
    const field = select.form.elements.facts;
    const words = field?.value.trim();
    if (!field || (words && !Object.values(texts).includes(words))) return;
    field.value = texts[select.value] || "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
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
    if (event.target.matches("[data-fills]")) fill(event.target);
  });
  document.querySelectorAll("[data-fix-select]").forEach(advise);
})();
