/* Polling of live regions: <div data-live data-live-every="5" hx-get="…" hx-trigger="every 5s, live" hx-swap="none">
   around parts <… id data-live-part>, which one response updates (hx-swap-oob). Polling stops while the tab is hidden and
   backs off up to two minutes after failures; it resumes when the tab becomes visible. A part with changed inputs, a text
   selection or an open dialog is not replaced. Open <details> with an id stay open. Changes of [data-live-says] are announced
   in [data-live-status]. A part with [data-live-key] is replaced only if the key changes. While the portal cannot be reached,
   the region shows this itself and no message appears. */
(function () {
  "use strict";
  const MAX_BACKOFF = 120000;
  const KEPT = new WeakMap();

  function changed(field) {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked || field.checked;
    if (field.tagName === "SELECT") return Array.from(field.options).some((o) => o.selected !== o.defaultSelected);
    return field.value !== field.defaultValue || field === document.activeElement;
  }

  function hasSelection(part) {
    const selection = document.getSelection();
    return Boolean(selection && !selection.isCollapsed && part.contains(selection.anchorNode));
  }

  function isBusy(part) {
    return Array.from(part.querySelectorAll("input, textarea, select")).some(changed)
      || Boolean(part.querySelector("dialog[open], details[data-confirm][open], form[data-sent], .is-invalid"))
      || hasSelection(part);
  }

  function toggle(root, name, shown) {
    root.querySelectorAll(`[data-live-${name}]`).forEach((words) => { words.hidden = !shown; });
  }

  function announce(part) {
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

  function focusedLink(part) {
    const active = document.activeElement;
    return active && !active.id && part.contains(active) ? active.getAttribute("href") : null;
  }

  function keep(part) {
    KEPT.set(part, {
      focused: focusedLink(part), // htmx restores the focus of elements with an id
      open: Array.from(part.querySelectorAll("details[open][id]"), (details) => details.id),
      scrolled: Array.from(part.querySelectorAll("[data-live-scroll]"), (box) => box.scrollLeft),
    });
  }

  function restore(part) {
    const kept = KEPT.get(part);
    if (!kept) return;
    KEPT.delete(part);
    if (kept.focused) part.querySelector(`a[href="${CSS.escape(kept.focused)}"]`)?.focus({ preventScroll: true });
    kept.open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    part.querySelectorAll("[data-live-scroll]").forEach((box, at) => { box.scrollLeft = kept.scrolled[at] || 0; });
    announce(part);
  }

  function watchPart(part) {
    announce(part);
    part.addEventListener("htmx:oobBeforeSwap", (event) => {
      if (event.target !== part) return;
      part.dataset.liveCame = "";
      KEPT.delete(part);
      // The user may have started an edit during the request.
      const busy = isBusy(part);
      toggle(part, "held", busy);
      if (busy || unchanged(part, event.detail.fragment)) event.detail.shouldSwap = false;
      else keep(part);
    });
  }

  function watch(region) {
    const every = Number(region.dataset.liveEvery) * 1000;
    const parts = Array.from(region.querySelectorAll("[data-live-part]"));
    let failures = 0;
    let pausedUntil = 0;

    function onFailure() {
      failures += 1;
      const backoff = Math.min(every * 2 ** failures, MAX_BACKOFF);
      pausedUntil = Date.now() + backoff - every / 2; // timers are not exact
      toggle(region, "lost", true);
      toggle(region, "rests", backoff === MAX_BACKOFF);
    }

    function onSuccess() {
      failures = 0;
      pausedUntil = 0;
      toggle(region, "lost", false);
      toggle(region, "rests", false);
    }

    parts.forEach(watchPart);
    region.addEventListener("live", () => { pausedUntil = 0; }, { capture: true }); // before htmx sends the request
    region.addEventListener("htmx:beforeRequest", (event) => {
      if (event.target !== region) return;
      const busy = parts.filter(isBusy);
      parts.forEach((part) => {
        delete part.dataset.liveCame;
        toggle(part, "held", busy.includes(part));
      });
      if (document.hidden || Date.now() < pausedUntil || busy.length === parts.length) event.preventDefault();
    });
    region.addEventListener("htmx:afterRequest", (event) => {
      if (event.target !== region || !event.detail.successful) return;
      // A response without parts is not from the portal, for example a proxy's error page.
      if (!parts.some((part) => "liveCame" in part.dataset)) return onFailure();
      parts.forEach(restore);
      onSuccess();
    });
    ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => {
      region.addEventListener(name, (event) => {
        if (event.target !== region) return;
        event.stopPropagation();
        onFailure();
      });
    });
  }

  const regions = () => Array.from(document.querySelectorAll("[data-live]"));
  document.addEventListener("DOMContentLoaded", () => regions().forEach(watch));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) regions().forEach((region) => window.htmx?.trigger(region, "live"));
  });
})();
