/* The command palette (_components/palette.html): finds the shortcuts of the page, pages, views and cases by words.
   [data-palette-open] opens it. Commands do what their buttons do. */
import Combobox from "../vendor/github-combobox-nav/combobox-nav.js";
import { activate, keyName, label, usable } from "./shortcuts.js";

const dialog = document.querySelector("[data-palette]");
const input = dialog.querySelector("input");
const box = dialog.querySelector("[role='listbox']");
const REFERENCE = /^(?:ap[\s-]*)?([0-9a-z]{4})[\s-]*([0-9a-z]{4})$/i;
const MOST = 40;
const combobox = new Combobox(input, box, { firstOptionSelectionMode: "active", tabInsertsSuggestions: false });
let commands = [];

function pageCommands() {
  return usable().filter((element) => !element.matches("[data-palette-open]")).map((element) => ({
    words: label(element), key: keyName(element.dataset.shortcut), run: () => activate(element),
  }));
}

function places() {
  return Array.from(dialog.querySelectorAll("[data-palette-places] a"), (link) => ({
    words: link.textContent, group: link.parentElement.dataset.group, run: () => { location.href = link.href; },
  }));
}

/* Returns the case that the words name, and the search for them. */
function searches(words) {
  const found = words.match(REFERENCE);
  const reference = found && `AP-${found[1]}-${found[2]}`.toUpperCase();
  const search = {
    words: box.dataset.find.replace("{words}", words), run: () => { location.href = box.dataset.search + encodeURIComponent(words); },
  };
  if (!reference) return [search];
  const url = box.dataset.case.replace("AP-0000-0000", reference);
  return [{ words: box.dataset.open.replace("{reference}", reference), run: () => { location.href = url; } }, search];
}

function option(command) {
  const item = document.createElement("li");
  item.setAttribute("role", "option");
  const words = document.createElement("span");
  words.textContent = command.words;
  item.append(words);
  if (command.group || command.key) {
    const more = document.createElement(command.key ? "kbd" : "span");
    more.className = command.key ? "" : "muted";
    more.textContent = command.key || command.group;
    item.append(more);
  }
  item.addEventListener("combobox-commit", () => {
    dialog.close();
    command.run();
  });
  return item;
}

function show() {
  const words = input.value.trim();
  const wanted = words.toLowerCase().split(/\s+/);
  const fitting = commands.filter((command) => wanted.every((word) => `${command.words} ${command.group || ""}`.toLowerCase().includes(word)));
  const found = REFERENCE.test(words) ? [...searches(words), ...fitting] : [...fitting, ...(words ? searches(words) : [])];
  box.replaceChildren(...found.slice(0, MOST).map(option));
  box.scrollTop = 0;
  combobox.resetSelection();
}

function open() {
  if (document.querySelector("dialog[open]")) return;
  commands = [...pageCommands(), ...places()];
  input.value = "";
  dialog.showModal();
  combobox.start();
  input.addEventListener("input", show); // after the listener of the combobox, which clears the selection
  show();
  input.focus();
}

dialog.addEventListener("close", () => {
  combobox.stop();
  input.removeEventListener("input", show);
  input.blur(); // else the next key may still be typed here
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette-open]")) open();
});
