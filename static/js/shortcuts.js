/* Keyboard shortcuts: data-shortcut="j" or "Mod+Enter" (Ctrl, or Command on a Mac) clicks the element, or focuses a field.
   The shortcut of a disclosure opens it, or moves the focus into an open one. Keys with Mod also work in text fields, and
   press the button of the field's own form first. 1 to 9 choose an option of a select[data-shortcut-options].
   "?" lists the shortcuts and switches single keys off, which the account remembers (body[data-shortcuts]). */
import { eventToHotkeyString, normalizeHotkey } from "../vendor/github-hotkey/hotkey.js";

const SCRIPT = document.getElementById("shortcuts-script").dataset;
const TYPING = "input:not([type='checkbox'], [type='radio'], [type='submit']), textarea, select, [contenteditable]";
const isMac = normalizeHotkey("Mod") === "Meta";

const enabled = () => document.body.dataset.shortcuts !== "off";
export const visible = (element) => element.getClientRects().length > 0 && !element.disabled;

/* Returns the elements with a shortcut that can be used now. */
export function usable(root = document) {
  return Array.from(root.querySelectorAll("[data-shortcut]")).filter(visible);
}

export function label(element) {
  return element.dataset.shortcutLabel || element.getAttribute("aria-label")
    || element.labels?.[0]?.textContent.trim() || element.textContent.trim().replace(/\s+/g, " ");
}

/* Returns the key as people read it. */
export function keyName(shortcut) {
  if (/^[A-Z]$/.test(shortcut)) return `Shift+${shortcut}`;
  return shortcut.replace("Mod", isMac ? "⌘" : "Ctrl").replace(/\+([a-z])$/, (_all, key) => `+${key.toUpperCase()}`);
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

export function activate(element) {
  if (element.matches(TYPING)) {
    element.focus();
    element.select?.();
  } else if (openDisclosure(element)) enter(openDisclosure(element));
  else element.click();
}

/* Returns the pressed key as data-shortcut names it. Which characters need Shift depends on the keyboard. */
function pressed(event) {
  return eventToHotkeyString(event).replace(/^Shift\+(?=.$)/u, "");
}

function find(key, target) {
  const dialog = target.closest?.("dialog");
  const found = usable(dialog || document).filter((element) => normalizeHotkey(element.dataset.shortcut) === key);
  return found.find((element) => target.form && element.form === target.form) || found[0];
}

/* Chooses the option with this number, and returns whether there is one. */
function choose(digit, target) {
  const selects = Array.from(document.querySelectorAll("select[data-shortcut-options]")).filter(visible);
  const select = selects.find((one) => one.form === target.form) || selects[0];
  const option = select && options(select)[digit - 1];
  if (!option || target.closest("dialog")) return false;
  option.selected = true;
  ["input", "change"].forEach((type) => select.dispatchEvent(new Event(type, { bubbles: true })));
  return true;
}

const options = (select) => Array.from(select.options).filter((option) => option.value).slice(0, 9);

function numberOptions() {
  document.querySelectorAll("select[data-shortcut-options]").forEach((select) => {
    options(select).forEach((option, at) => {
      // The number comes last, so that typing the first letters still finds the option.
      if (enabled()) option.label = `${option.text} · ${at + 1}`;
      else option.removeAttribute("label");
    });
  });
}

function made(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function entry(key, words) {
  return [made("dt", {}, made("kbd", { textContent: key })), made("dd", { textContent: words })];
}

function list() {
  const entries = made("dl", { className: "shortcut-list" });
  const seen = new Set();
  usable().forEach((element) => {
    if (seen.has(element.dataset.shortcut)) return;
    seen.add(element.dataset.shortcut);
    entries.append(...entry(keyName(element.dataset.shortcut), label(element)));
  });
  if (Array.from(document.querySelectorAll("select[data-shortcut-options]")).some(visible)) entries.append(...entry("1–9", SCRIPT.options));
  entries.append(...entry("?", SCRIPT.title));
  const box = made("input", { type: "checkbox", className: "form-check-input", checked: enabled() });
  box.addEventListener("change", () => save(box.checked));
  const close = made("button", { type: "button", className: "btn btn-secondary", textContent: SCRIPT.close });
  const title = made("h2", { className: "h5", id: "shortcuts-title", textContent: SCRIPT.title });
  const dialog = made("dialog", { className: "portal-dialog shortcuts-dialog" }, title, entries, made("label", { className: "form-check" }, box, ` ${SCRIPT.use}`), close);
  dialog.setAttribute("aria-labelledby", title.id);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function save(on) {
  document.body.dataset.shortcuts = on ? "on" : "off";
  numberOptions();
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  fetch(SCRIPT.save, { method: "POST", headers, body: new URLSearchParams({ on: on ? "1" : "0" }) }).catch(() => {}); // applies to this page
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || !(event.target instanceof Element)) return;
  const key = pressed(event);
  const single = !(event.ctrlKey || event.metaKey || event.altKey);
  if (single && !enabled()) return;
  if (single && /^[1-9]$/.test(key) && (!event.target.matches(TYPING) || event.target.matches("[data-shortcut-options]"))) {
    if (choose(Number(key), event.target)) event.preventDefault();
    return;
  }
  if (single && event.target.closest(TYPING)) return;
  if (key === "?" && !event.target.closest("dialog") && document.querySelector("[data-shortcut]")) {
    event.preventDefault();
    list();
    return;
  }
  const element = find(key, event.target);
  if (!element) return;
  event.preventDefault();
  activate(element);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-shortcut-list]")) list();
});
numberOptions();
