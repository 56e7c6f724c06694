/* Parts of a page that keep themselves up to date: <div data-live hx-get="…" hx-trigger="every 5s, live">.
   Nothing is fetched while the tab is hidden, nor into a part in which something is chosen, typed, marked or asked:
   nobody's work is wiped out. Open <details> with an id stay open. What [data-live-says] says is spoken in
   [data-live-status] when it changes. A part with [data-live-key] is left alone until its key changes. If the portal is away the part says so itself, and no message jumps in. */
(function () {
  "use strict";
  const KEPT = new WeakMap();

  function changed(field) {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked || field.checked;
    if (field.tagName === "SELECT") return Array.from(field.options).some((o) => o.selected !== o.defaultSelected);
    return field.value !== field.defaultValue || field === document.activeElement;
  }

  function marked(region) {
    const selection = document.getSelection();
    return Boolean(selection && !selection.isCollapsed && region.contains(selection.anchorNode));
  }

  function held(region) {
    return Array.from(region.querySelectorAll("input, textarea, select")).some(changed)
      || Boolean(region.querySelector("dialog[open], details[data-confirm][open], form[data-sent], .is-invalid"))
      || marked(region);
  }

  function say(region, name, shown) {
    region.querySelectorAll(`[data-live-${name}]`).forEach((words) => { words.hidden = !shown; });
  }

  function speak(region) {
    const words = region.querySelector("[data-live-says]");
    if (!words) return;
    const now = words.dataset.liveSays;
    const before = region.dataset.liveSaid;
    region.dataset.liveSaid = now;
    const status = document.querySelector("[data-live-status]");
    if (status && before !== undefined && before !== now) status.textContent = now;
  }

  function unchanged(region, answer) {
    const key = region.querySelector("[data-live-key]");
    if (!key) return false;
    const fresh = new DOMParser().parseFromString(answer, "text/html").querySelector("[data-live-key]");
    return Boolean(fresh) && fresh.dataset.liveKey === key.dataset.liveKey;
  }

  function place(region) {
    const active = document.activeElement;
    return active && !active.id && region.contains(active) ? active.getAttribute("href") : null;
  }

  function keep(region) {
    KEPT.set(region, {
      focused: place(region), // what has an id htmx finds again by itself
      open: Array.from(region.querySelectorAll("details[open][id]"), (details) => details.id),
      scrolled: Array.from(region.querySelectorAll("[data-live-scroll]"), (box) => box.scrollLeft),
    });
  }

  function putBack(region) {
    const kept = KEPT.get(region);
    if (!kept) return;
    if (kept.focused) region.querySelector(`a[href="${CSS.escape(kept.focused)}"]`)?.focus({ preventScroll: true });
    kept.open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    region.querySelectorAll("[data-live-scroll]").forEach((box, at) => { box.scrollLeft = kept.scrolled[at] || 0; });
  }

  function watch(region) {
    speak(region);
    region.addEventListener("htmx:beforeRequest", (event) => {
      if (event.target !== region) return;
      const busy = held(region);
      say(region, "held", busy);
      if (busy || document.hidden) event.preventDefault();
    });
    region.addEventListener("htmx:beforeSwap", (event) => {
      if (event.target !== region) return;
      // Something may have been begun while the answer was on its way.
      if (held(region) || unchanged(region, event.detail.serverResponse)) event.detail.shouldSwap = false;
      else keep(region);
    });
    region.addEventListener("htmx:afterSwap", (event) => {
      if (event.target !== region) return;
      putBack(region);
      speak(region);
    });
    ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => {
      region.addEventListener(name, (event) => {
        if (event.target !== region) return;
        event.stopPropagation();
        say(region, "lost", true);
      });
    });
  }

  const regions = () => Array.from(document.querySelectorAll("[data-live]"));
  document.addEventListener("DOMContentLoaded", () => regions().forEach(watch));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) regions().forEach((region) => window.htmx?.trigger(region, "live"));
  });
})();
