/* Forms of the desk that can't be sent twice and keep what is being written.
   Everything here is a comfort: without script each form works. */
"use strict";

(() => {
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

  /* What a wide screen has room for is open there. */
  if (window.matchMedia("(min-width: 62rem)").matches) {
    for (const folded of document.querySelectorAll("[data-open-wide]")) folded.open = true;
  }

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
