/* Shows the number of lines or characters of <textarea data-count="lines" data-max="300"> (or "characters").
   As on the server, empty lines and surrounding whitespace do not count. */
(function () {
  "use strict";
  const WORDS = document.currentScript.dataset;

  function amount(input) {
    if (input.dataset.count === "lines") return input.value.split("\n").filter((line) => line.trim()).length;
    return Array.from(input.value.trim()).length;
  }

  function attach(input) {
    if (input.dataset.counted) return;
    input.dataset.counted = "true";
    const max = Number(input.dataset.max || 0);
    const shown = document.createElement("span");
    shown.className = "field-count";
    const spoken = document.createElement("span");
    spoken.className = "visually-hidden";
    spoken.setAttribute("role", "status");
    let timer = 0;

    function update() {
      const count = amount(input);
      const pattern = input.dataset.count === "lines" ? WORDS.lines : WORDS.characters;
      const plain = input.dataset.count === "lines" ? WORDS.linesPlain : WORDS.charactersPlain;
      shown.textContent = (max ? pattern : plain).replace("{count}", count.toLocaleString(document.documentElement.lang))
        .replace("{max}", max.toLocaleString(document.documentElement.lang));
      shown.classList.toggle("over-limit", max > 0 && count > max);
      window.clearTimeout(timer);
      // Announced only near the limit, after a pause in typing.
      timer = window.setTimeout(() => { spoken.textContent = max && count > max * 0.9 ? shown.textContent : ""; }, 1200);
    }

    shown.setAttribute("aria-hidden", "true");
    input.after(shown, spoken);
    input.addEventListener("input", update);
    update();
  }

  function all(root) {
    root.querySelectorAll("[data-count]").forEach(attach);
  }
  document.addEventListener("DOMContentLoaded", () => all(document));
  document.addEventListener("htmx:load", (event) => all(event.target));
})();
