/* Macros of a case. Choosing one by htmx replaces the actions: the text that was being written is kept below that of the
   macro, and the first blank, [[…]], is selected. Nothing is sent. The hint names the blanks that are left. */
(function () {
  "use strict";
  const BLANK = /\[\[[\s\S]*?\]\]/g;
  let written = "";

  const texts = () => Array.from(document.querySelectorAll("#actions [data-letter]"));

  function letter() {
    return document.querySelector("[data-letter-of-macro]")?.closest("form")?.querySelector("[data-letter]");
  }

  function show(text) {
    const hint = text.form.querySelector("[data-letter-blanks]");
    if (!hint) return;
    const left = (text.value.match(BLANK) || []).map((blank) => `[[${blank.slice(2, -2).trim() || "…"}]]`);
    hint.hidden = !left.length;
    hint.querySelectorAll("mark").forEach((mark) => { mark.hidden = !left.includes(mark.textContent); });
  }

  function begin() {
    const text = letter();
    if (!text) return;
    const blank = text.value.search(BLANK);
    const length = blank < 0 ? 0 : text.value.slice(blank).match(BLANK)[0].length;
    const at = blank < 0 ? text.value.length : blank;
    // Only one action is open at a time: the browser closes a new one that arrives while another is open.
    text.closest("details").open = true;
    text.focus({ preventScroll: true });
    text.setSelectionRange(at, at + length);
    text.closest("details").scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.closest?.("#actions")) return;
    const changed = texts().filter((text) => text.value.trim() && text.value !== text.defaultValue);
    written = changed.map((text) => text.value).join("\n\n");
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const box = document.getElementById("actions");
    if (!box || !(event.target === box || event.target.contains(box))) return;
    const text = letter();
    if (!text) return;
    if (written) {
      text.value = `${text.value}\n\n${written}`;
      written = "";
    }
    box.querySelectorAll("[data-fix-select]").forEach((select) => select.dispatchEvent(new Event("change", { bubbles: true })));
    if (box.querySelector("[data-removes-all]")) document.querySelector('[data-mark="remove"]')?.click();
    text.dispatchEvent(new Event("input", { bubbles: true }));
    begin();
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-letter]")) show(event.target);
  });
  begin();
})();
