/* The heartbeat of a case's page ([data-heartbeat]: its URL). While the user is active it renews the claim and shows who
   else has the page open. It stops after 15 minutes without input, and then asks once more, when the claim has ended. */
(function () {
  "use strict";
  const page = document.querySelector("[data-heartbeat]");
  if (!page) return;
  const [EVERY, IDLE] = [30000, 15 * 60000];
  let lastInput = Date.now();
  let lastBeat = 0;
  let reported = false;
  let pending = false;

  const claim = () => document.getElementById("claim");
  const isIdle = () => Date.now() - lastInput > IDLE;
  const hasEnded = () => claim()?.dataset.until && Date.now() > Date.parse(claim().dataset.until);

  async function beat(active) {
    if (pending) return;
    pending = true;
    lastBeat = Date.now();
    try {
      const response = await fetch(page.dataset.heartbeat, {
        method: "POST",
        headers: JSON.parse(document.body.getAttribute("hx-headers") || "{}"),
        body: new URLSearchParams({ active: active ? "1" : "" }),
        redirect: "error", // to the login page
      });
      if (response.ok) update(await response.text());
    } catch { /* the next one may arrive */
    } finally {
      pending = false;
    }
  }

  function update(html) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    ["presence", "claim"].forEach((id) => {
      const [now, then] = [answer.getElementById(id), document.getElementById(id)];
      if (!now || !then) return;
      if (now.textContent.trim() !== then.textContent.trim()) then.innerHTML = now.innerHTML;
      if (now.dataset.until) then.dataset.until = now.dataset.until;
      else delete then.dataset.until;
    });
  }

  function tick() {
    if (!isIdle()) beat(true);
    else if (hasEnded() && !reported) {
      reported = true;
      beat(false);
    }
  }

  ["keydown", "pointerdown", "pointermove", "wheel"].forEach((type) => document.addEventListener(type, () => {
    const woke = isIdle();
    lastInput = Date.now();
    reported = false;
    if (woke && Date.now() - lastBeat > 5000) beat(true);
  }, { passive: true }));
  window.setInterval(tick, EVERY);
  beat(true);
})();
