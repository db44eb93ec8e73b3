/* The desk's queue by keyboard, the case beside the list, and forms that can't be sent twice.
   Everything here is a comfort: without script each row is a link and each form works. */
"use strict";

(() => {
  const KEYS_OFF = "desk-keys-off";
  const list = document.querySelector("[data-queue]");
  const pane = document.querySelector("[data-pane]");
  const wide = window.matchMedia("(min-width: 62rem)");

  const rows = () => Array.from(list.querySelectorAll("[data-row]"));

  const typing = (event) =>
    event.ctrlKey || event.metaKey || event.altKey ||
    event.target.closest("input, textarea, select, [contenteditable]");

  const keysOff = () => {
    try {
      return localStorage.getItem(KEYS_OFF) === "1";
    } catch {
      return false;
    }
  };

  /* The list: focus is the selection, so Enter needs no code of ours. */
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row === document.activeElement || row.getAttribute("aria-current"));
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  let waiting = 0;
  let shown = "";

  const mark = (row) => {
    for (const other of rows()) {
      if (other === row) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
  };

  const show = async (row) => {
    const address = row.dataset.paneUrl;
    if (!pane || !wide.matches || !address || address === shown) return;
    shown = address;
    mark(row);
    try {
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected || shown !== address) return;
      pane.innerHTML = await answer.text();
    } catch {
      shown = ""; // Offline: the row is still a link.
    }
  };

  if (list) {
    const current = rows().find((row) => row.getAttribute("aria-current"));
    shown = current ? current.dataset.paneUrl : "";
    list.addEventListener("focusin", (event) => {
      const row = event.target.closest("[data-row]");
      if (!row) return;
      clearTimeout(waiting);
      waiting = setTimeout(() => show(row), 120);
    });
    document.addEventListener("keydown", (event) => {
      if (keysOff() || typing(event)) return;
      if (event.key === "j") move(1);
      else if (event.key === "k") move(-1);
      else if (event.key === "/") document.querySelector("[data-queue-search]")?.focus();
      else return;
      event.preventDefault();
    });
  }

  /* Single-key shortcuts can be switched off (WCAG 2.1.4). */
  const keys = document.querySelector("[data-keys]");
  if (keys) {
    const button = keys.querySelector("button");
    const tell = () => button.setAttribute("aria-pressed", keysOff() ? "false" : "true");
    tell();
    button.addEventListener("click", () => {
      try {
        if (keysOff()) localStorage.removeItem(KEYS_OFF);
        else localStorage.setItem(KEYS_OFF, "1");
      } catch {
        /* Without storage the keys stay on. */
      }
      tell();
    });
  }

  /* A form is sent once; coming back through the browser's history makes it usable again. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    }
  });

  /* A reply in the making survives an ended session or a slip of the mouse: kept in this tab until it's saved. */
  const KEPT = "desk-kept ";
  const store = (change) => {
    try {
      return change(sessionStorage);
    } catch {
      return null; // Without storage nothing is kept.
    }
  };
  const forget = () => store((kept) => {
    Object.keys(kept).filter((key) => key.startsWith(KEPT)).forEach((key) => kept.removeItem(key));
  });
  if (document.querySelector(".flash--success")) forget();
  document.querySelector(".site-tools form")?.addEventListener("submit", forget);
  for (const box of document.querySelectorAll("[data-kept]")) {
    const text = document.getElementById(box.dataset.kept);
    const key = KEPT + text.form.action;
    const drop = () => {
      store((kept) => kept.removeItem(key));
      box.hidden = true;
    };
    const earlier = store((kept) => kept.getItem(key));
    if (earlier && earlier.trim() !== text.value.trim()) {
      box.querySelector("[data-kept-text]").textContent = earlier;
      box.hidden = false;
    }
    box.querySelector("[data-kept-use]").addEventListener("click", () => {
      text.value = earlier;
      box.hidden = true;
      text.focus();
    });
    box.querySelector("[data-kept-drop]").addEventListener("click", drop);
    text.addEventListener("input", () => store((kept) => kept.setItem(key, text.value)));
  }

  document.querySelector("[data-focus]")?.focus();

  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

  /* A field that only one choice needs: shown with that choice. */
  const follow = (field) => {
    const form = field.closest("form");
    const choice = form?.elements[field.dataset.needs];
    if (!choice) return;
    const tell = () => {
      field.hidden = !field.dataset.when.split(" ").includes(choice.value);
    };
    form.addEventListener("change", tell);
    tell();
  };
  document.querySelectorAll("[data-needs]").forEach(follow);
})();
