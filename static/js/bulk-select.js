/* Selects rows for bulk actions: [data-bulk-all] selects the page, Shift and click a range, [data-bulk-toggle] the row with the
   focus. [data-bulk-count] shows the number. A selected row sets the scope back to the selected cases. */
(function () {
  "use strict";
  const form = document.querySelector("[data-bulk]");
  if (!form) return;
  const rows = () => Array.from(document.querySelectorAll("[data-bulk-row]"));
  const all = form.querySelector("[data-bulk-all]");
  const count = form.querySelector("[data-bulk-count]");
  const scope = form.elements.scope;
  let last = null;

  function show() {
    const chosen = rows().filter((row) => row.checked).length;
    all.checked = chosen > 0 && chosen === rows().length;
    all.indeterminate = chosen > 0 && !all.checked;
    count.textContent = chosen ? count.dataset.pattern.replace("{count}", String(chosen)) : "";
  }

  function range(row) {
    const every = rows();
    const ends = [every.indexOf(last), every.indexOf(row)].sort((a, b) => a - b);
    every.slice(ends[0], ends[1] + 1).forEach((one) => { one.checked = row.checked; });
  }

  // The checkbox replaces the choice of the whole page, and the list of its references in the URL.
  form.querySelectorAll("[data-bulk-page]").forEach((element) => element.remove());
  all.addEventListener("change", () => {
    rows().forEach((row) => { row.checked = all.checked; });
    scope.value = "chosen";
    show();
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-bulk-row]");
    if (row) {
      if (event.shiftKey && last) range(row);
      last = row;
      scope.value = "chosen";
      show();
    }
    if (event.target.closest("[data-bulk-toggle]")) document.activeElement?.closest("tr")?.querySelector("[data-bulk-row]")?.click();
  });
  window.addEventListener("pageshow", show); // the browser may restore checkboxes
})();
