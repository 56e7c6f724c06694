/* Prevents a POST form from being submitted twice: its buttons are disabled, and the pressed one shows a progress text.
   data-submit-once="off" turns this off for a form, for example for downloads. */
(function () {
  "use strict";
  const WORKING = document.currentScript.dataset.working;
  const TIMEOUT = 60000; // enable the buttons again after a minute without a response

  function buttons(form) {
    return Array.from(form.elements).filter((e) => e.type === "submit" || (e.tagName === "BUTTON" && e.type === "submit"));
  }

  function disable(form, pressed) {
    if (!form.dataset.sent) return; // the page is being left
    buttons(form).forEach((button) => {
      button.setAttribute("aria-disabled", "true");
      button.disabled = true;
    });
    if (pressed && pressed.tagName === "BUTTON") {
      pressed.dataset.words = pressed.textContent.trim();
      pressed.setAttribute("aria-busy", "true");
      const words = pressed.querySelector("[data-button-words]");
      if (words) words.textContent = WORKING;
      else if (!pressed.querySelector("svg") && !pressed.classList.contains("link-button")) {
        pressed.textContent = WORKING;
        pressed.dataset.replaced = "true";
      }
    }
    window.setTimeout(() => enable(form), TIMEOUT);
  }

  function enable(form) {
    if (!form.dataset.sent) return;
    delete form.dataset.sent;
    buttons(form).forEach((button) => {
      button.disabled = false;
      button.removeAttribute("aria-disabled");
      button.removeAttribute("aria-busy");
      if (button.dataset.replaced) {
        button.textContent = button.dataset.words;
        delete button.dataset.replaced;
      }
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const method = (event.submitter?.getAttribute("formmethod") || form.method).toLowerCase();
    if (method !== "post" || form.dataset.submitOnce === "off" || form.method === "dialog") return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (event.defaultPrevented) return;
    const pressed = event.submitter;
    form.dataset.sent = "true";
    // After the browser has collected the fields, because disabled buttons are not submitted.
    window.setTimeout(() => disable(form, pressed), 0);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) enable(form);
  });
  // Enable the buttons before the page enters the back/forward cache.
  window.addEventListener("pagehide", () => document.querySelectorAll("form[data-sent]").forEach((form) => enable(form)));
})();
