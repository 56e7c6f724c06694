/* Sets the chosen theme before the first paint, and lets buttons with data-theme-choice change it.
   The choice ("light", "dark" or "auto") stays in this browser. Without scripts the system's setting rules. */
(function () {
  "use strict";
  const KEY = "theme"; // the admin keeps its own under the same name, so one choice holds for both
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const sheet = document.getElementById("dark-theme");

  function chosen() {
    try {
      return localStorage.getItem(KEY) || "auto";
    } catch {
      return "auto";
    }
  }

  function apply(choice) {
    const dark = choice === "dark" || (choice === "auto" && system.matches);
    document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
    if (sheet) sheet.media = dark ? "screen" : "not all";
    document.querySelectorAll("[data-theme-choice]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    });
    document.dispatchEvent(new CustomEvent("portal:theme", { detail: { dark } }));
  }

  apply(chosen());
  system.addEventListener("change", () => apply(chosen()));
  document.addEventListener("DOMContentLoaded", () => {
    apply(chosen());
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    try {
      localStorage.setItem(KEY, button.dataset.themeChoice);
    } catch { /* storage may be closed; the choice then lasts for this page */ }
    apply(button.dataset.themeChoice);
  });
})();
