/* Mentions: <textarea data-mentions="id"> offers the names of the JSON list with this id after an "@". Up and down choose
   one, Enter or Tab inserts it, Escape closes the list. A name can also be typed in full. */
(function () {
  "use strict";
  const MOST = 8;
  let box = null;
  let field = null;
  let chosen = 0;

  function names(text) {
    try {
      return JSON.parse(document.getElementById(text.dataset.mentions).textContent);
    } catch {
      return [];
    }
  }

  /* The "@" before the caret and what follows it, or null. */
  function begun(text) {
    const before = text.value.slice(0, text.selectionStart);
    const found = /(?:^|[^A-Za-z0-9._%+-])[@＠]([^@＠\n]{0,40})$/.exec(before);
    return found ? { word: found[1], at: before.length - found[1].length } : null;
  }

  function close() {
    box?.remove();
    box = null;
    field?.removeAttribute("aria-activedescendant");
    field?.removeAttribute("aria-controls");
    field = null;
  }

  function mark() {
    Array.from(box.children).forEach((option, index) => option.setAttribute("aria-selected", String(index === chosen)));
    field.setAttribute("aria-activedescendant", `mention-${chosen}`);
  }

  function insert(name) {
    const { at } = begun(field);
    const text = field;
    close();
    text.setRangeText(`${name} `, at, text.selectionStart, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  }

  function offer(text) {
    const start = begun(text);
    const typed = start?.word.toLocaleLowerCase() ?? "";
    const fitting = !start ? [] : names(text).filter((name) => {
      const lower = name.toLocaleLowerCase();
      return lower !== typed.trim() && (lower.startsWith(typed) || lower.includes(` ${typed}`));
    }).slice(0, MOST);
    close();
    if (!fitting.length) return;
    field = text;
    chosen = 0;
    box = document.createElement("ul");
    box.className = "mentions";
    box.id = "mention-list";
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", text.labels?.[0]?.textContent.trim() || "@");
    fitting.forEach((name, index) => {
      const option = document.createElement("li");
      option.id = `mention-${index}`;
      option.setAttribute("role", "option");
      option.textContent = name;
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        insert(name);
      });
      box.append(option);
    });
    text.after(box);
    text.setAttribute("aria-controls", box.id);
    mark();
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("textarea[data-mentions]")) {
      event.target.setAttribute("aria-autocomplete", "list");
      offer(event.target);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (!box || event.target !== field || event.isComposing) return;
    const count = box.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      mark();
    } else if (event.key === "Enter" || event.key === "Tab") insert(box.children[chosen].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  document.addEventListener("focusout", (event) => { if (event.target === field) close(); });
})();
