/* A <form method="get" data-filters> is sent when a select, checkbox or date in it changes; typed words wait for Enter
   or for a pause where data-filters="live". A form with hx-get is left to htmx (hx-trigger="change, submit"). */
(function () {
  "use strict";
  let timer = 0;

  function send(form) {
    window.clearTimeout(timer);
    if (form.hasAttribute("hx-get")) {
      window.htmx?.trigger(form, "submit");
      return;
    }
    form.requestSubmit();
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-filters]");
    if (form && !event.target.matches("input[type='search'], input[type='text']")) send(form);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-filters='live']");
    if (!form || !event.target.matches("input[type='search'], input[type='text']")) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => send(form), 600);
  });
  // Empty parameters do not belong in an address one may keep or send on.
  document.addEventListener("formdata", (event) => {
    if (!event.target.matches("form[data-filters]")) return;
    Array.from(event.formData.entries()).forEach(([name, value]) => {
      if (value === "") event.formData.delete(name);
    });
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("form[data-filters] [data-filters-submit]").forEach((button) => {
      button.classList.add("visually-hidden-focusable");
    });
  });
})();
