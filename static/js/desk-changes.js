/* What becomes different while a page of the desk is open: counts, the number in the title, and that new cases
   have come. The list itself stays as it is until its reader asks for the new one. */
"use strict";

(() => {
  const place = document.querySelector("[data-list-changes]") || document.querySelector("[data-changes]");
  if (!place) return;
  const BEAT = 30_000;
  const address = place.dataset.listChanges || place.dataset.changes;
  const title = document.title.replace(/^\(\d+\) /, "");
  const news = document.querySelector("[data-news]");
  const shown = new Set(Array.from(document.querySelectorAll("[data-case]"), (row) => row.dataset.case));
  let mark = "";
  let asked = 0;

  const tellCounts = (counts) => {
    for (const count of document.querySelectorAll("[data-count]")) {
      const now = counts[count.dataset.count];
      if (now === undefined) continue;
      count.textContent = now;
      count.hidden = count.hasAttribute("data-some") && !now;
    }
  };

  /* Said aloud only when it changes. */
  const tellNews = (cases) => {
    const some = cases.filter((reference) => !shown.has(reference)).length;
    if (!news || news.dataset.said === String(some)) return;
    news.dataset.said = some;
    news.replaceChildren();
    if (!some) return;
    const link = document.createElement("a");
    link.href = news.dataset.news;
    link.textContent = (some === 1 ? news.dataset.one : news.dataset.many).replace("{n}", some);
    news.append(link);
  };

  // What the page counts itself, its navigation has at once.
  const known = Array.from(document.querySelectorAll("[data-count]:not([data-some])"));
  tellCounts(Object.fromEntries(known.map((count) => [count.dataset.count, Number(count.textContent)])));

  const ask = async () => {
    if (document.hidden) return;
    asked = Date.now();
    try {
      const answer = await fetch(address, { cache: "no-store", headers: mark ? { "If-None-Match": mark } : {} });
      // Signed out, or no longer of this desk: the page says so at its next use.
      if (answer.redirected || (!answer.ok && answer.status !== 304 && answer.status < 500)) clearInterval(beating);
      if (!answer.ok || answer.redirected) return;
      mark = answer.headers.get("ETag") || "";
      const now = await answer.json();
      tellCounts(now.counts);
      document.title = (now.waiting ? `(${now.waiting}) ` : "") + title;
      const found = document.querySelector("[data-found]");
      if (found && now.found) found.textContent = now.found;
      if (now.found) tellNews(now.cases);
    } catch {
      /* Offline: the next beat tries again. */
    }
  };

  const beating = setInterval(ask, BEAT);
  document.addEventListener("visibilitychange", () => {
    if (Date.now() - asked > BEAT) ask();
  });
  // A list has just been counted; other pages don't know any count yet.
  if (place.dataset.listChanges) asked = Date.now();
  else ask();
})();
