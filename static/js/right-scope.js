/* When a right is chosen, its territory and its classes come first in the lists beside it.
   select[data-right-scope] has options with data-territory and data-classes; select[data-scope="territory"] and
   select[data-scope="classes"] have two groups, near and far. Without scripts the lists are complete all the same. */
(function () {
  "use strict";

  function sort(select, near) {
    const [here, there] = select.querySelectorAll("optgroup");
    if (!there) return;
    // "No class" was right for the former right only.
    const chosen = select.value === "0" && near.length ? "" : select.value;
    [...here.children, ...there.children].sort((a, b) => a.dataset.place - b.dataset.place)
      .forEach((option) => (near.includes(option.value) ? here : there).append(option));
    select.value = chosen;
    // Where there is but one answer, it is given: the only country, the only class, or that there is no class.
    if (!chosen && near.length < 2) select.value = near[0] ?? (select.dataset.scope === "classes" ? "0" : "");
  }

  function number(select) {
    // The order within the language, to which both groups keep.
    const options = [...select.querySelectorAll("optgroup > option")];
    const words = new Intl.Collator(document.documentElement.lang, { numeric: true });
    options.sort((a, b) => words.compare(a.textContent, b.textContent))
      .forEach((option, place) => { option.dataset.place = place; });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const right = document.querySelector("select[data-right-scope]");
    if (!right) return;
    const lists = ["territory", "classes"].map((name) => [name, document.querySelector(`select[data-scope="${name}"]`)])
      .filter(([, select]) => select);
    lists.forEach(([, select]) => number(select));
    right.addEventListener("change", () => {
      const option = right.selectedOptions[0];
      lists.forEach(([name, select]) => {
        if (option?.value) sort(select, (option.dataset[name] || "").split(" ").filter(Boolean));
      });
    });
  });
})();
