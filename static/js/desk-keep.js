/* What is being written, with what is chosen beside it, is kept on the server in every pause, on leaving the field and when the page is hidden, and in
   this tab with every letter. After a crash, a closed tab or an ended session it can be put back or discarded. */
"use strict";

(() => {
  const PAUSE = 5000;
  const LATER = 30_000;
  const HERE = "desk-kept ";
  const visit = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");

  const store = (change) => {
    try {
      return change(sessionStorage);
    } catch {
      return null; // Without storage nothing is kept in the tab.
    }
  };
  const forget = () => store((kept) => {
    Object.keys(kept).filter((key) => key.startsWith(HERE)).forEach((key) => kept.removeItem(key));
  });
  if (document.querySelector(".flash--success")) forget();
  document.querySelector(".site-tools form")?.addEventListener("submit", forget);

  const line = (area, live) => {
    const made = document.createElement("p");
    made.className = "hint";
    if (live) made.setAttribute("role", "status");
    if (live) made.classList.add("keep-fault");
    area.after(made);
    return made;
  };

  const follow = (box) => {
    const area = document.getElementById(box.dataset.field);
    const form = area?.form;
    if (!form) return;
    const offer = box.querySelector("[data-kept]");
    const said = offer.querySelector("[data-kept-said]");
    const shown = offer.querySelector("[data-kept-text]");
    const begun = form.elements.begun_with;
    const key = `${HERE}${box.dataset.who} ${box.dataset.keep}`;
    const began = area.value;
    const others = ["resolution", "referred_to", "reason"].map((name) => form.elements[name]).filter(Boolean);
    const first = new Map(others.map((field) => [field, field.value]));
    const beside = () => Object.fromEntries(others.filter((field) => field.value).map((field) => [field.name, field.value]));
    const stands = () => JSON.stringify([area.value, beside()]);
    // Only what goes wrong is said aloud: whoever writes isn't told so every five seconds.
    const [wrong, right] = [line(area, true), line(area, false)];
    let [over, turn, last, timer] = [box.dataset.over, 0, stands(), 0];

    const tell = (sentence, fault = "") => {
      right.textContent = sentence;
      if (wrong.textContent !== fault) wrong.textContent = fault;
    };
    const say = (field, value) => {
      const line = document.createElement("li");
      const option = Array.from(field.options || []).find((one) => one.value === value);
      line.textContent = `${field.labels[0].textContent.trim()}: ${option ? option.text : value}`;
      return line;
    };
    const propose = ({ text, beside: more, visit: whose, begun_with, said: sentence }) => {
      shown.textContent = text;
      const named = others.filter((field) => more[field.name]);
      offer.querySelector("[data-kept-beside]").replaceChildren(...named.map((field) => say(field, more[field.name])));
      offer.dataset.beside = JSON.stringify(more);
      said.textContent = sentence;
      offer.dataset.visit = whose;
      offer.dataset.begun = begun_with;
      offer.hidden = false;
    };
    const decided = () => {
      over = offer.dataset.visit || over;
      offer.hidden = true;
      tell("");
    };

    const keep = async () => {
      clearTimeout(timer);
      timer = 0;
      if (form.dataset.sent || stands() === last) return;
      if (!offer.hidden) {
        tell("", box.dataset.undecided);
        return;
      }
      last = stands();
      turn += 1;
      const news = new FormData();
      const fields = { csrf_token: box.dataset.token, text: area.value, ...beside(), visit, turn, over, begun_with: begun?.value || "" };
      for (const [name, value] of Object.entries(fields)) news.set(name, value);
      try {
        const answer = await fetch(box.dataset.keep, { method: "POST", body: news, keepalive: true });
        if (answer.status === 409) {
          last = null;
          propose(await answer.json());
          tell("", box.dataset.undecided);
        } else if (answer.ok && !answer.redirected) {
          const { said: sentence, others } = await answer.json();
          box.querySelector("[data-kept-others]").textContent = others;
          tell(sentence);
        } else if (answer.status === 422) tell("", box.dataset.long);
        else if ([403, 404].includes(answer.status)) tell("", box.dataset.gone);
        else throw new Error(answer.statusText);
      } catch {
        last = null;
        tell("", box.dataset.failed);
        timer = setTimeout(keep, LATER);
      }
    };

    const here = store((kept) => JSON.parse(kept.getItem(key) || "null"));
    const known = [[area.value, beside()], offer.hidden ? ["", {}] : [shown.textContent, JSON.parse(offer.dataset.beside)]];
    const says = (text, more) => JSON.stringify([text.trim(), others.map((field) => more[field.name] || "")]);
    const more = here?.beside || {};
    if (here && !known.some((pair) => says(...pair) === says(here.text, more)) && here.at > Number(offer.dataset.at)) {
      propose({ text: here.text, beside: more, visit: offer.dataset.visit, begun_with: here.begun, said: said.dataset.here });
    }

    offer.querySelector("[data-kept-use]").addEventListener("click", (event) => {
      event.preventDefault();
      // What was typed since stays: the kept text goes below it.
      const typed = area.value !== began && area.value.trim();
      area.value = typed ? `${area.value.trimEnd()}\n\n${shown.textContent}` : shown.textContent;
      if (begun && !begun.value) begun.value = offer.dataset.begun;
      for (const [name, value] of Object.entries(JSON.parse(offer.dataset.beside))) {
        const field = form.elements[name];
        // What was chosen since stays as well.
        if (field && field.value === first.get(field)) field.value = value;
      }
      decided();
      area.focus();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });
    offer.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      store((kept) => kept.removeItem(key));
      decided();
      area.focus();
      try {
        await fetch(event.target.action, { method: "POST", body: new FormData(event.target), redirect: "manual" });
      } catch {
        /* Offline: it's offered again next time. */
      }
      keep();
    });

    for (const field of [area, ...others]) {
      field.addEventListener("input", () => {
        const now = { text: area.value, beside: beside(), at: Date.now(), begun: begun?.value || "" };
        store((kept) => kept.setItem(key, JSON.stringify(now)));
        timer ||= setTimeout(keep, PAUSE);
      });
      field.addEventListener("blur", keep);
    }
    document.addEventListener("visibilitychange", () => document.hidden && keep());
    window.addEventListener("pagehide", keep);
  };

  document.querySelectorAll("[data-keep]").forEach(follow);
})();
