/* Submits <form method="get" data-filters> when a select, checkbox or date changes. Text is submitted on Enter or, with
   data-filters="live", after a pause. Arrow keys change a closed select at every key press, so a selection by keyboard is
   submitted on Enter or with the button, which is then shown. The focus is restored after the page has loaded.
   htmx submits a form with hx-get (hx-trigger="change, submit"). */
(function () {
  "use strict";
  const FOCUS = `filters:${location.pathname}`;
  const TEXT = "input[type='search'], input[type='text']";
  const HIDDEN = "visually-hidden-focusable";
  let timer = 0;
  let byKeys = false;

  function send(form) {
    window.clearTimeout(timer);
    if (form.hasAttribute("hx-get")) {
      window.htmx?.trigger(form, "submit");
      return;
    }
    form.requestSubmit();
  }

  function wait(form) {
    form.dataset.filtersWait = "";
    form.querySelector("[data-filters-submit]")?.classList.remove(HIDDEN);
  }

  function keep(name) {
    try {
      sessionStorage.setItem(FOCUS, name);
    } catch {
      // Without storage the focus is not restored.
    }
  }

  function kept() {
    try {
      const name = sessionStorage.getItem(FOCUS);
      sessionStorage.removeItem(FOCUS);
      return name;
    } catch {
      return null;
    }
  }

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form[data-filters]");
    if (!form || ["Tab", "Shift"].includes(event.key)) return;
    byKeys = !event.altKey && ![" ", "Enter"].includes(event.key);
    if (event.key === "Enter" && event.target.matches("select") && "filtersWait" in form.dataset) {
      event.preventDefault();
      send(form);
    }
  });
  document.addEventListener("pointerdown", () => { byKeys = false; });
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-filters]");
    if (!form || event.target.matches(TEXT)) return;
    if (byKeys && !form.hasAttribute("hx-get")) wait(form);
    else send(form);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-filters='live']");
    if (!form || !event.target.matches(TEXT)) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => send(form), 600);
  });
  document.addEventListener("submit", (event) => {
    const focused = document.activeElement;
    if (!event.target.matches("form[data-filters]:not([hx-get])")) return;
    if (event.target.contains(focused) && !focused.matches(TEXT)) keep(focused.name);
  });
  // Remove empty parameters from the URL.
  document.addEventListener("formdata", (event) => {
    if (!event.target.matches("form[data-filters]")) return;
    Array.from(event.formData.entries()).forEach(([name, value]) => {
      if (value === "") event.formData.delete(name);
    });
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("form[data-filters] [data-filters-submit]").forEach((button) => {
      button.classList.add(HIDDEN);
    });
    const name = kept();
    const field = name && document.querySelector("form[data-filters]")?.elements.namedItem(name);
    if (field instanceof HTMLElement) field.focus({ preventScroll: true });
  });
})();
