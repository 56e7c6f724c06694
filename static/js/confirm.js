/* Opens <details data-confirm> (see _components/confirm.html) as a dialog. Without JavaScript it opens in place. */
(function () {
  "use strict";

  function ask(details) {
    const body = details.querySelector(".confirm-body");
    const dialog = document.createElement("dialog");
    dialog.className = "portal-dialog";
    const title = body.querySelector(".confirm-title");
    title.id ||= `confirm-${Math.random().toString(36).slice(2, 8)}`;
    dialog.setAttribute("aria-labelledby", title.id);
    const cancel = body.querySelector("[data-confirm-cancel]");
    if (cancel) cancel.hidden = false;
    dialog.append(body);
    details.after(dialog);
    dialog.addEventListener("close", () => {
      details.append(body);
      dialog.remove();
      details.querySelector("summary").focus();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target.closest("[data-confirm-cancel]") || event.target === dialog) dialog.close();
    });
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const summary = event.target.closest("details[data-confirm] > summary");
    if (!summary || typeof HTMLDialogElement === "undefined") return;
    event.preventDefault();
    ask(summary.parentElement);
  });
})();
