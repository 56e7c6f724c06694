/* Keys for links and buttons: data-shortcut="j" presses or follows the element; a field gets the focus. The key of a
   folded form opens it, and moves the focus into it when it is open already; it never closes it.
   "?" lists them (words: data-shortcut-label, else the element's own) and switches them off; the choice stays here. */
(function () {
  "use strict";
  const KEY = "portal.shortcuts";
  const WORDS = document.currentScript.dataset;

  function enabled() {
    try {
      return localStorage.getItem(KEY) !== "off";
    } catch {
      return true;
    }
  }

  function visible(element) {
    return element.getClientRects().length > 0 && !element.disabled;
  }

  function find(key) {
    return Array.from(document.querySelectorAll("[data-shortcut]"))
      .find((element) => element.dataset.shortcut === key && visible(element));
  }

  function label(element) {
    return element.dataset.shortcutLabel || element.getAttribute("aria-label")
      || element.labels?.[0]?.textContent.trim() || element.textContent.trim();
  }

  function list() {
    const dialog = document.createElement("dialog");
    dialog.className = "portal-dialog";
    dialog.setAttribute("aria-label", WORDS.title);
    const title = document.createElement("h2");
    title.className = "h5";
    title.textContent = WORDS.title;
    const entries = document.createElement("dl");
    entries.className = "shortcut-list";
    const seen = new Set();
    document.querySelectorAll("[data-shortcut]").forEach((element) => {
      if (!visible(element) || seen.has(element.dataset.shortcut)) return;
      seen.add(element.dataset.shortcut);
      entries.append(term(element.dataset.shortcut), words(label(element)));
    });
    entries.append(term("?"), words(WORDS.title));
    const toggle = document.createElement("label");
    toggle.className = "form-check";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.className = "form-check-input";
    box.checked = enabled();
    box.addEventListener("change", () => {
      try {
        localStorage.setItem(KEY, box.checked ? "on" : "off");
      } catch { /* then it lasts for this page only */ }
    });
    toggle.append(box, ` ${WORDS.use}`);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn-secondary";
    close.textContent = WORDS.close;
    close.addEventListener("click", () => dialog.close());
    dialog.append(title, entries, toggle, close);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  function term(key) {
    const node = document.createElement("dt");
    const cap = document.createElement("kbd");
    cap.textContent = key;
    node.append(cap);
    return node;
  }

  function words(text) {
    const node = document.createElement("dd");
    node.textContent = text;
    return node;
  }

  /* The open fold that element heads, if it does. A question of confirm.js is never open in place here. */
  function openFold(element) {
    const fold = element.matches("summary") ? element.parentElement : null;
    return fold?.open && !fold.matches("[data-confirm]") ? fold : null;
  }

  function enter(fold) {
    const field = fold.querySelector("select, textarea, input:not([type='hidden'])") || fold.querySelector("button");
    field?.focus();
    fold.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input:not([type='checkbox'], [type='radio']), textarea, select, [contenteditable], dialog")) return;
    if (event.key === "?" && document.querySelector("[data-shortcut]")) {
      event.preventDefault();
      list();
      return;
    }
    if (!enabled()) return;
    const element = find(event.key);
    if (!element) return;
    event.preventDefault();
    if (element.matches("input:not([type='checkbox'], [type='radio'], [type='submit']), textarea, select")) {
      element.focus();
      element.select?.();
    } else if (openFold(element)) enter(openFold(element));
    else element.click();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-shortcut-list]")) list();
  });
})();
