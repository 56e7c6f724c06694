/* A POST form is sent once: its buttons rest after the first submit, the pressed one says so.
   data-submit-once="off" on a form leaves it alone (downloads, forms handled elsewhere). */
(function () {
  "use strict";
  const WORKING = document.currentScript.dataset.working;
  const LONGEST = 60000; // after a minute without an answer one may try again

  function buttons(form) {
    return Array.from(form.elements).filter((e) => e.type === "submit" || (e.tagName === "BUTTON" && e.type === "submit"));
  }

  function rest(form, pressed) {
    if (!form.dataset.sent) return; // the page was left meanwhile
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
    window.setTimeout(() => wake(form), LONGEST);
  }

  function wake(form) {
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
    // Only after the browser has collected the fields: a disabled button would not be sent.
    window.setTimeout(() => rest(form, pressed), 0);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) wake(form);
  });
  // A page that is left is kept as it stands then: who comes back finds its buttons as they were.
  window.addEventListener("pagehide", () => document.querySelectorAll("form[data-sent]").forEach((form) => wake(form)));
})();
