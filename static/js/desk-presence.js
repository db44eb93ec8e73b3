/* Two people on one case see each other: a heartbeat while the page is looked at, and a word when it is left. */
"use strict";

(() => {
  const place = document.querySelector("[data-presence]");
  if (!place) return;
  const BEAT = 30_000;
  const WRITING_FOR = 60_000;
  let typed = 0;

  const news = (fields) => {
    const form = new FormData();
    form.set("csrf_token", place.dataset.token);
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return form;
  };

  const beat = async () => {
    if (document.hidden) return;
    const writing = Date.now() - typed < WRITING_FOR ? "1" : "";
    try {
      const answer = await fetch(place.dataset.presence, { method: "POST", body: news({ writing }) });
      if (!answer.ok || answer.redirected) return;
      const now = (await answer.text()).trim();
      // Said aloud only when it changes.
      if (now !== place.dataset.said) place.innerHTML = now;
      place.dataset.said = now;
    } catch {
      /* Offline: the next heartbeat tries again. */
    }
  };

  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea")) typed = Date.now();
  });
  document.addEventListener("visibilitychange", beat);
  window.addEventListener("pagehide", () => navigator.sendBeacon(place.dataset.presence, news({ gone: "1" })));
  setInterval(beat, BEAT);
  beat();
})();
