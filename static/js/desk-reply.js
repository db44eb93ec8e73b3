/* Writing a reply: what there is to point out is shown when the writer pauses. Without script it's shown on saving. */
"use strict";

(() => {
  const PAUSE = 1500;

  const ask = async (list, form, extra = {}) => {
    const data = new FormData(form);
    for (const [name, value] of Object.entries(extra)) data.set(name, value);
    try {
      const answer = await fetch(list.dataset.hints, {
        method: "POST", body: data, headers: { "X-Requested-With": "fetch" },
      });
      if (answer.ok && !answer.redirected) list.innerHTML = await answer.text();
    } catch {
      /* Offline: what was shown stays. */
    }
  };

  /* A template goes below what is typed; the server fills it in and never writes over anything. */
  for (const button of document.querySelectorAll("[data-template]")) {
    const form = button.form;
    form.addEventListener("submit", async (event) => {
      if (event.submitter !== button) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      try {
        const answer = await fetch(button.formAction, {
          method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" },
        });
        if (!answer.ok || answer.redirected) return;
        const { text, resolution, begun_with } = await answer.json();
        const area = form.elements.text;
        area.value = text;
        form.elements.resolution.value = resolution;
        form.elements.begun_with.value = begun_with;
        area.focus();
        area.dispatchEvent(new Event("input", { bubbles: true }));
        form.elements.resolution.dispatchEvent(new Event("change", { bubbles: true }));
      } catch {
        /* Offline: nothing was put in, nothing is lost. */
      }
    });
  }

  for (const list of document.querySelectorAll("[data-hints]")) {
    const form = list.closest("form");
    if (!list.dataset.hints || !form) continue;
    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => ask(list, form), PAUSE);
    });
    list.addEventListener("click", async (event) => {
      const button = event.target.closest("button[name=code]");
      if (!button) return;
      event.preventDefault();
      await ask(list, form, { code: button.value });
      (list.querySelector("button") || form.elements.text).focus();
    });
  }
})();
