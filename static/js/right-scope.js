/* When a right is selected, lists its territory and its classes first in the other selects.
   select[data-right-scope] has options with data-territory and data-classes; select[data-scope="territory"] and
   select[data-scope="classes"] have two groups, for matching and other options. */
(function () {
  "use strict";

  function sort(select, near) {
    const [here, there] = select.querySelectorAll("optgroup");
    if (!there) return;
    // "No class" was selected for the previous right.
    const chosen = select.value === "0" && near.length ? "" : select.value;
    [...here.children, ...there.children].sort((a, b) => a.dataset.place - b.dataset.place)
      .forEach((option) => (near.includes(option.value) ? here : there).append(option));
    select.value = chosen;
    // Preselect the only match: the only country, the only class, or no class.
    if (!chosen && near.length < 2) select.value = near[0] ?? (select.dataset.scope === "classes" ? "0" : "");
  }

  function number(select) {
    // Store the order in the page's language, which both groups keep.
    const options = [...select.querySelectorAll("optgroup > option")];
    const words = new Intl.Collator(document.documentElement.lang, { numeric: true });
    options.sort((a, b) => words.compare(a.textContent, b.textContent))
      .forEach((option, place) => { option.dataset.place = place; });
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!document.querySelector("select[data-right-scope]")) return;
    const lists = ["territory", "classes"].map((name) => [name, document.querySelector(`select[data-scope="${name}"]`)])
      .filter(([, select]) => select);
    lists.forEach(([, select]) => number(select));
    // The search for a right replaces its select.
    document.addEventListener("change", (event) => {
      if (!event.target.matches("select[data-right-scope]")) return;
      const option = event.target.selectedOptions[0];
      lists.forEach(([name, select]) => {
        if (option?.value) sort(select, (option.dataset[name] || "").split(" ").filter(Boolean));
      });
    });
  });
})();
