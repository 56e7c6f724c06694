/* Outcomes of the listings of a case: a [data-mark] button sets the outcome of all listings without a request, and the
   number of decided listings is updated. [data-if-left-up] is shown while a listing is left up. */
(function () {
  "use strict";
  const box = document.querySelector("[data-listings]");
  if (!box) return;
  const counter = box.querySelector("[data-decided-count]");
  const radios = (value) => Array.from(box.querySelectorAll(`input[type="radio"]${value ? `[value="${value}"]` : ""}`));

  function count() {
    if (!counter) return;
    const say = (number) => number.toLocaleString(document.documentElement.lang);
    const all = radios();
    counter.textContent = counter.dataset.pattern
      .replace("{decided}", say(all.filter((radio) => radio.checked).length))
      .replace("{all}", say(new Set(all.map((radio) => radio.name)).size));
    // The reason for listings left up is required only if there are some. It stays while it is chosen or has an error.
    const part = document.querySelector("[data-if-left-up]");
    const stays = part?.querySelector("select")?.value || part?.querySelector(".is-invalid");
    if (part) part.hidden = !(stays || all.some((radio) => radio.checked && radio.value === "leave_up"));
  }

  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (!button) return;
    event.preventDefault();
    const chosen = radios(button.dataset.mark);
    chosen.forEach((radio) => { radio.checked = true; });
    chosen[0]?.form.dispatchEvent(new Event("input", { bubbles: true }));
    count();
  });
  box.addEventListener("change", count);
  // form-recovery.js may have restored outcomes.
  document.addEventListener("input", count);
  count();
})();
