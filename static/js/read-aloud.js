// Reads the page's main text aloud with the voices of this device, marking the paragraph it is at. Loaded when the
// button is pressed. Pausing keeps the sentence and starts it anew: pause() of several phones doesn't come back.
"use strict";

(() => {
  const LONGEST = 160; // Characters at once; some voices stop in the middle of more.
  const WAIT_FOR_VOICES = 1500;
  const BLOCKS = "h1, h2, h3, h4, p, li, dt, dd, blockquote, figcaption, .words";
  const LEFT_OUT =
    "nav, form, aside, table, button, svg, details:not([open]), summary, [hidden], [aria-hidden=true], .no-print, .visually-hidden, .read-aloud, .badge--none";
  const SPOKEN = { "zh-hans": ["zh-cn", "zh"], "zh-hant": ["zh-tw", "zh-hk", "zh"], en: ["en-gb", "en-us", "en"] };

  const engine = window.speechSynthesis;
  const box = document.querySelector(".read-aloud");
  const button = box.querySelector("[data-read-aloud]");
  const stopper = box.querySelector("[data-read-stop]");
  const status = box.querySelector("[role=status]");
  const own = box.hasAttribute("data-private");
  const start = button.textContent;
  let voices = [];
  let pieces = [];
  let at = 0;
  let sentence = 0;
  let turn = 0; // What an earlier turn still reports is of no interest.
  let spoken = null; // Held, or Chromium forgets to say that it ended.

  /* Text in the order of the page, joined while it belongs to the same block and language. */
  function collect() {
    const found = [];
    const walker = document.createTreeWalker(document.getElementById("content"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (parent.closest(LEFT_OUT) || !parent.getClientRects().length) continue;
      const block = parent.closest(BLOCKS) || parent;
      const lang = parent.closest("[lang]").lang.toLowerCase();
      const text = parent.closest(".code-shown")
        ? [...walker.currentNode.data.replace(/\W/g, "")].join(" ")
        : walker.currentNode.data;
      const last = found[found.length - 1];
      if (last && last.block === block && last.lang === lang) last.text += text;
      else found.push({ block, lang, text });
    }
    return found
      .map((piece) => ({ ...piece, sentences: cut(piece.text.replace(/\s+/g, " ").trim()) }))
      .filter((piece) => piece.sentences.length);
  }

  function cut(text) {
    if (!/[\p{L}\p{N}]/u.test(text)) return [];
    const sentences = text.match(/(?:[^。！？；!?;.]|\.(?!\s|$))+(?:[。！？；!?;.”」』）)]+|$)/g) || [text];
    const most = new RegExp(`.{1,${LONGEST}}(?:[，、,\\s]|$)|.{1,${LONGEST}}`, "gs");
    return sentences.flatMap((one) => one.trim().match(most) || []);
  }

  /* The voice for a language: of this device first, and only of this device where the text is somebody's own.
     Undefined where the browser names no voices and chooses by itself; null where there is none. */
  function voiceFor(lang) {
    if (!voices.length && !own) return undefined;
    const fitting = voices.filter((voice) => voice.localService || !own);
    fitting.sort((one, other) => Number(other.localService) - Number(one.localService));
    for (const wanted of SPOKEN[lang] || [lang]) {
      const voice = fitting.find((one) => one.lang.replace("_", "-").toLowerCase().startsWith(wanted));
      if (voice) return voice;
    }
    return null;
  }

  function whenVoicesAreKnown(then) {
    voices = engine.getVoices();
    if (voices.length) return then();
    let done = false;
    const go = () => {
      if (done) return;
      done = true;
      voices = engine.getVoices();
      then();
    };
    engine.addEventListener?.("voiceschanged", go, { once: true });
    setTimeout(go, WAIT_FOR_VOICES);
  }

  function mark(piece) {
    document.querySelectorAll(".being-read").forEach((one) => one.classList.remove("being-read"));
    if (!piece) return;
    piece.block.classList.add("being-read");
    const place = piece.block.getBoundingClientRect();
    if (place.top >= 0 && place.bottom <= window.innerHeight - box.offsetHeight) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const tall = place.height > window.innerHeight / 2;
    piece.block.scrollIntoView({ block: tall ? "start" : "center", behavior: calm ? "auto" : "smooth" });
  }

  function speak() {
    const mine = ++turn;
    while (pieces[at] && voiceFor(pieces[at].lang) === null) at += 1;
    const piece = pieces[at];
    if (!piece) return stop();
    mark(piece);
    spoken = new SpeechSynthesisUtterance(piece.sentences[sentence]);
    spoken.lang = (SPOKEN[piece.lang] || [piece.lang])[0];
    spoken.voice = voiceFor(piece.lang) || null;
    if (document.documentElement.dataset.view === "elder") spoken.rate = 0.85;
    spoken.onend = () => {
      if (mine !== turn) return;
      sentence += 1;
      if (sentence >= piece.sentences.length) [at, sentence] = [at + 1, 0];
      speak();
    };
    spoken.onerror = () => mine === turn && fail();
    engine.speak(spoken);
  }

  function show(state) {
    box.dataset.state = state;
    button.textContent = { reading: button.dataset.pause, paused: button.dataset.resume }[state] || start;
    stopper.hidden = state === "";
    document.documentElement.classList.toggle("reading-aloud", state !== "");
  }

  function fail() {
    stop();
    status.textContent = status.dataset.failed;
  }

  function begin() {
    status.textContent = "";
    show("reading");
    const mine = ++turn;
    whenVoicesAreKnown(() => {
      if (mine !== turn) return;
      pieces = collect();
      [at, sentence] = [0, 0];
      if (!pieces.some((piece) => voiceFor(piece.lang) !== null)) return fail();
      engine.cancel();
      speak();
    });
  }

  function pause() {
    turn += 1;
    engine.cancel();
    show("paused");
  }

  function stop() {
    turn += 1;
    engine.cancel();
    mark(null);
    if (document.activeElement === stopper) button.focus();
    show("");
  }

  function press() {
    if (box.dataset.state === "reading") return pause();
    if (box.dataset.state !== "paused" || !pieces.length) return begin();
    show("reading");
    speak();
  }

  button.addEventListener("click", press);
  stopper.addEventListener("click", stop);
  document.addEventListener("keydown", (event) => event.key === "Escape" && box.dataset.state && stop());
  window.addEventListener("pagehide", stop);
  begin();
})();
