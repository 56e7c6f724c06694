/* Keyboard shortcuts: data-shortcut="j" clicks the element, or focuses a field. The shortcut of a disclosure opens it, or
   moves the focus into an open one. "?" shows a list (labels: data-shortcut-label, else the element's label) and a switch
   to turn shortcuts off, which this browser remembers. */
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
      } catch { /* storage is blocked: applies to this page only */ }
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

  /* Returns the open disclosure of a summary, or null. Disclosures of confirm.js open as dialogs. */
  function openDisclosure(element) {
    const details = element.matches("summary") ? element.parentElement : null;
    return details?.open && !details.matches("[data-confirm]") ? details : null;
  }

  function enter(details) {
    const field = details.querySelector("select, textarea, input:not([type='hidden'])") || details.querySelector("button");
    field?.focus();
    details.scrollIntoView({ block: "nearest" });
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
    } else if (openDisclosure(element)) enter(openDisclosure(element));
    else element.click();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-shortcut-list]")) list();
  });
})();
