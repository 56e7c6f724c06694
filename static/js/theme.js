/* Applies the selected theme before the first paint. Buttons with data-theme-choice change it.
   The choice ("light", "dark" or "auto") is stored in this browser. Without JavaScript the system's setting applies. */
(function () {
  "use strict";
  const KEY = "theme"; // the same key as in the admin, so that one choice applies to both
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
    } catch { /* storage is blocked: applies to this page only */ }
    apply(button.dataset.themeChoice);
  });
})();
