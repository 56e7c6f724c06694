/* Moves the focus between rows: <button data-row-move="1"> focuses the next element with data-row, "-1" the previous one.
   In a group of radio buttons the checked one is focused. */
(function () {
  "use strict";

  function rows() {
    return Array.from(document.querySelectorAll("[data-row]"));
  }

  function focus(row) {
    const chosen = row.type === "radio"
      ? Array.from(row.form.elements[row.name]).find((radio) => radio.checked) || row
      : row;
    chosen.focus({ focusVisible: true });
    chosen.closest("tr")?.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = rows();
    const line = document.activeElement?.closest("tr");
    const at = line ? all.findIndex((row) => line.contains(row)) : -1;
    if (!all.length) return;
    if (at < 0) focus(step > 0 ? all[0] : all[all.length - 1]);
    else focus(all[Math.min(Math.max(at + step, 0), all.length - 1)]);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row-move]");
    if (button) move(Number(button.dataset.rowMove));
  });
})();
