/* Pages that keep themselves up to date: <div data-live data-live-every="5" hx-get="…" hx-trigger="every 5s, live" hx-swap="none">
   around parts <… id data-live-part>, all of which come in one answer (hx-swap-oob). Nothing is asked for while the tab
   is hidden; after a failure ever more seldom, up to two minutes apart, until the tab is looked at anew. No part is replaced
   in which something is chosen, typed, marked or asked: nobody's work is wiped out. Open <details> with an id stay open. What
   [data-live-says] says is spoken in [data-live-status] when it changes. A part with [data-live-key] is left alone until
   its key changes. If the portal is away the page says so in its place, and no message jumps in. */
(function () {
  "use strict";
  const REST_AT_MOST = 120000;
  const KEPT = new WeakMap();

  function changed(field) {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked || field.checked;
    if (field.tagName === "SELECT") return Array.from(field.options).some((o) => o.selected !== o.defaultSelected);
    return field.value !== field.defaultValue || field === document.activeElement;
  }

  function marked(part) {
    const selection = document.getSelection();
    return Boolean(selection && !selection.isCollapsed && part.contains(selection.anchorNode));
  }

  function held(part) {
    return Array.from(part.querySelectorAll("input, textarea, select")).some(changed)
      || Boolean(part.querySelector("dialog[open], details[data-confirm][open], form[data-sent], .is-invalid"))
      || marked(part);
  }

  function say(place, name, shown) {
    place.querySelectorAll(`[data-live-${name}]`).forEach((words) => { words.hidden = !shown; });
  }

  function speak(part) {
    const words = part.querySelector("[data-live-says]");
    if (!words) return;
    const now = words.dataset.liveSays;
    const before = part.dataset.liveSaid;
    part.dataset.liveSaid = now;
    const status = document.querySelector("[data-live-status]");
    if (status && before !== undefined && before !== now) status.textContent = now;
  }

  function unchanged(part, fresh) {
    const key = part.querySelector("[data-live-key]");
    const next = fresh?.querySelector("[data-live-key]");
    return Boolean(key && next) && next.dataset.liveKey === key.dataset.liveKey;
  }

  function place(part) {
    const active = document.activeElement;
    return active && !active.id && part.contains(active) ? active.getAttribute("href") : null;
  }

  function keep(part) {
    KEPT.set(part, {
      focused: place(part), // what has an id htmx finds again by itself
      open: Array.from(part.querySelectorAll("details[open][id]"), (details) => details.id),
      scrolled: Array.from(part.querySelectorAll("[data-live-scroll]"), (box) => box.scrollLeft),
    });
  }

  function putBack(part) {
    const kept = KEPT.get(part);
    if (!kept) return;
    KEPT.delete(part);
    if (kept.focused) part.querySelector(`a[href="${CSS.escape(kept.focused)}"]`)?.focus({ preventScroll: true });
    kept.open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    part.querySelectorAll("[data-live-scroll]").forEach((box, at) => { box.scrollLeft = kept.scrolled[at] || 0; });
    speak(part);
  }

  function watchPart(part) {
    speak(part);
    part.addEventListener("htmx:oobBeforeSwap", (event) => {
      if (event.target !== part) return;
      part.dataset.liveCame = "";
      KEPT.delete(part);
      // Something may have been begun while the answer was on its way.
      const busy = held(part);
      say(part, "held", busy);
      if (busy || unchanged(part, event.detail.fragment)) event.detail.shouldSwap = false;
      else keep(part);
    });
  }

  function watch(region) {
    const every = Number(region.dataset.liveEvery) * 1000;
    const parts = Array.from(region.querySelectorAll("[data-live-part]"));
    let failures = 0;
    let restsUntil = 0;

    function lost() {
      failures += 1;
      const rest = Math.min(every * 2 ** failures, REST_AT_MOST);
      restsUntil = Date.now() + rest - every / 2; // the tick itself is never quite on time
      say(region, "lost", true);
      say(region, "rests", rest === REST_AT_MOST);
    }

    function came() {
      failures = 0;
      restsUntil = 0;
      say(region, "lost", false);
      say(region, "rests", false);
    }

    parts.forEach(watchPart);
    region.addEventListener("live", () => { restsUntil = 0; }, { capture: true }); // before htmx asks
    region.addEventListener("htmx:beforeRequest", (event) => {
      if (event.target !== region) return;
      const busy = parts.filter(held);
      parts.forEach((part) => {
        delete part.dataset.liveCame;
        say(part, "held", busy.includes(part));
      });
      if (document.hidden || Date.now() < restsUntil || busy.length === parts.length) event.preventDefault();
    });
    region.addEventListener("htmx:afterRequest", (event) => {
      if (event.target !== region || !event.detail.successful) return;
      // A page that is none of ours, as that of a proxy, brings no part.
      if (!parts.some((part) => "liveCame" in part.dataset)) return lost();
      parts.forEach(putBack);
      came();
    });
    ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => {
      region.addEventListener(name, (event) => {
        if (event.target !== region) return;
        event.stopPropagation();
        lost();
      });
    });
  }

  const regions = () => Array.from(document.querySelectorAll("[data-live]"));
  document.addEventListener("DOMContentLoaded", () => regions().forEach(watch));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) regions().forEach((region) => window.htmx?.trigger(region, "live"));
  });
})();
