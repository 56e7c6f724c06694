/* Stores the input of <form id="…" data-recoverable> in sessionStorage, so that it survives an expired session.
   After a login the input is restored; after an ordinary return to the page it is offered. It is deleted when the form was
   submitted and another page followed, when another user logs in, and at logout. Passwords, files and hidden fields are not
   stored, except hidden fields with data-recover, such as the version of the draft that was edited. */
(function () {
  "use strict";
  const WORDS = document.currentScript.dataset;
  const PREFIX = "portal.input:";

  const store = {
    all() {
      try {
        return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
      } catch {
        return [];
      }
    },
    read(key) {
      try {
        return JSON.parse(sessionStorage.getItem(key));
      } catch {
        return null;
      }
    },
    write(key, value) {
      try {
        sessionStorage.setItem(key, JSON.stringify(value));
      } catch { /* storage is full or blocked */ }
    },
    drop(key) {
      try {
        sessionStorage.removeItem(key);
      } catch { /* storage is blocked */ }
    },
  };

  const keyOf = (form) => `${PREFIX}${location.pathname}#${form.id}`;

  function fields(form) {
    return Array.from(form.elements).filter((e) => e.name && e.name !== "csrfmiddlewaretoken"
      && !["password", "file", "submit", "button", "reset"].includes(e.type) && e.tagName !== "FIELDSET"
      && (e.type !== "hidden" || "recover" in e.dataset));
  }

  // The values of visible fields. Hidden fields differ on every page.
  function visible(form, values) {
    const hidden = new Set(fields(form).filter((e) => e.type === "hidden").map((e) => e.name));
    return JSON.stringify(values.filter(([name]) => !hidden.has(name)));
  }

  function collect(form) {
    return fields(form).map((e) => {
      if (e.type === "checkbox" || e.type === "radio") return [e.name, e.value, e.checked];
      if (e.type === "select-multiple") return [e.name, Array.from(e.selectedOptions, (o) => o.value), null];
      return [e.name, e.value, null];
    });
  }

  function restore(form, values) {
    const left = values.slice();
    fields(form).forEach((e) => {
      const tick = e.type === "checkbox" || e.type === "radio";
      const at = left.findIndex(([name, value]) => name === e.name && (!tick || value === e.value));
      if (at < 0) return;
      const [[, value, checked]] = left.splice(at, 1);
      if (tick) e.checked = checked;
      else if (Array.isArray(value)) Array.from(e.options).forEach((o) => { o.selected = value.includes(o.value); });
      else e.value = value;
      e.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function notice(form, text, actions) {
    const box = document.createElement("div");
    box.className = "notice";
    box.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = text;
    box.append(words);
    actions.forEach(([label, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-secondary btn-sm";
      button.textContent = label;
      button.addEventListener("click", () => {
        act();
        box.remove();
      });
      box.append(button);
    });
    form.prepend(box); // inside the form: before it, it would be a separate grid cell in .with-side
  }

  // Stores the input. `sent`: the form was submitted. `broken`: a login or error page came in between.
  function watch(form) {
    const key = keyOf(form);
    let timer = 0;
    const save = (sent) => store.write(key, { user: document.body.dataset.user || "", values: collect(form), sent, broken: false });
    form.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => save(false), 400);
    });
    form.addEventListener("submit", () => {
      window.clearTimeout(timer);
      save(true);
    });
    form.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) store.drop(key); });
  }

  // Restores the stored input after an interruption; otherwise offers to restore it.
  function restoreOrOffer(form) {
    const key = keyOf(form);
    const kept = store.read(key);
    if (!kept || form.querySelector(".is-invalid, [data-error-summary]") || form.dataset.recoverable === "off") return;
    const start = collect(form);
    if (visible(form, start) === visible(form, kept.values)) return;
    const discard = [WORDS.discard, () => {
      store.drop(key);
      restore(form, start);
    }];
    if (kept.broken) {
      restore(form, kept.values);
      notice(form, WORDS.restored, [discard]);
    } else notice(form, WORDS.offer, [[WORDS.restore, () => restore(form, kept.values)], [WORDS.discard, () => store.drop(key)]]);
  }

  // Updates or deletes the stored inputs for the page that was loaded. `here`: its forms by key.
  function updateStored(here) {
    const user = document.body.dataset.user || "";
    const interrupted = ["entrance", "error"].includes(document.body.dataset.page);
    store.all().forEach((key) => {
      const kept = store.read(key);
      if (!kept || (user && kept.user && kept.user !== user)) store.drop(key);
      else if (interrupted && !kept.broken) store.write(key, { ...kept, broken: true, sent: false });
      else if (!interrupted && kept.sent && !here.has(key)) store.drop(key);
      else if (!interrupted && kept.sent) {
        // The same form was returned. With errors it contains the input; without, it was accepted.
        if (here.get(key).querySelector(".is-invalid, [data-error-summary]")) store.write(key, { ...kept, sent: false });
        else store.drop(key);
      }
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const forms = Array.from(document.querySelectorAll("form[data-recoverable][id]"));
    updateStored(new Map(forms.map((form) => [keyOf(form), form])));
    forms.forEach((form) => {
      restoreOrOffer(form);
      watch(form);
    });
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-logout]")) store.all().forEach(store.drop);
  });
})();
