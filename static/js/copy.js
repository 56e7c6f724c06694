/* <button data-copy="text" hidden> copies the text. The button is shown only if the clipboard is available. */
(function () {
  "use strict";
  const DONE = document.currentScript.dataset.copied;

  function show(root) {
    if (!navigator.clipboard) return;
    root.querySelectorAll("button[data-copy][hidden]").forEach((button) => { button.hidden = false; });
  }

  document.addEventListener("DOMContentLoaded", () => show(document));
  document.addEventListener("htmx:load", (event) => show(event.target));
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return;
    }
    let note = button.nextElementSibling;
    if (!note?.matches("[data-copied-note]")) {
      note = document.createElement("span");
      note.dataset.copiedNote = "";
      note.className = "muted";
      note.setAttribute("role", "status");
      button.after(note);
    }
    note.textContent = DONE;
    window.setTimeout(() => { note.textContent = ""; }, 2500);
  });
})();
