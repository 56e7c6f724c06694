/* Announces messages: those already on the page are inserted again, because screen readers announce only changes of a live
   region. Also shows errors of htmx requests, and opens the login page if the session has expired. */
(function () {
  "use strict";
  const WORDS = document.currentScript.dataset;

  function announce(region) {
    const nodes = Array.from(region.children);
    if (!nodes.length) return;
    region.replaceChildren();
    window.setTimeout(() => region.append(...nodes), 150);
  }

  function showError(text) {
    const region = document.getElementById("messages-alert");
    if (!region) return;
    const box = document.createElement("div");
    box.className = "notice notice-error";
    const words = document.createElement("p");
    words.textContent = text;
    box.append(words);
    region.replaceChildren(box);
    box.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("#messages-status, #messages-alert").forEach(announce);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answered = event.detail.xhr.responseURL;
    if (!answered || new URL(answered).pathname !== WORDS.login) return;
    event.detail.shouldSwap = false;
    const back = encodeURIComponent(location.pathname + location.search);
    location.assign(`${WORDS.login}?next=${back}`);
  });
  document.addEventListener("htmx:responseError", (event) => {
    showError(event.detail.xhr.status >= 500 ? WORDS.serverError : WORDS.refused);
  });
  document.addEventListener("htmx:sendError", () => showError(WORDS.offline));
  document.addEventListener("htmx:timeout", () => showError(WORDS.offline));
})();
