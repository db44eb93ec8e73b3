// What is being written is kept on this device until it is sent: kind, words, place and whether others may read it; never
// name, telephone, e-mail or photos, because a device may be shared. Each item has its own. Nothing leaves the device.
"use strict";

(() => {
  const KEY = "civic-draft:";
  const SENT = "civic-draft-sent";
  const FIELDS = ["kind", "text", "where", "place", "wants_publication"];
  const DAYS = 7;

  // A browser that stores nothing simply keeps no draft.
  const quietly = (act) => {
    try {
      return act();
    } catch {
      return null;
    }
  };

  function read(key) {
    const draft = quietly(() => JSON.parse(localStorage.getItem(key)));
    return draft && draft.values && Date.now() - draft.at < DAYS * 86_400_000 ? draft : null;
  }

  function forgetOld() {
    const keys = quietly(() => Object.keys(localStorage)) || [];
    keys.filter((key) => key.startsWith(KEY) && !read(key)).forEach((key) => localStorage.removeItem(key));
  }

  const controls = (form) => [...form.elements].filter((one) => FIELDS.includes(one.name));

  function valuesOf(form) {
    const values = {};
    controls(form).forEach((one) => {
      const ticked = one.type === "radio" || one.type === "checkbox";
      if (ticked ? one.checked : one.value) values[one.name] = one.value;
    });
    return values;
  }

  function put(form, values) {
    controls(form).forEach((one) => {
      const value = values[one.name] || "";
      if (one.type === "radio" || one.type === "checkbox") one.checked = one.value === value;
      else one.value = value;
      const folded = value && one.closest("details");
      if (folded) folded.open = true;
    });
    // Who counts characters or follows a choice is told.
    form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
    form.dispatchEvent(new Event("change"));
  }

  const written = (values) => Boolean((values.text || "").trim());

  function keepDraft(form) {
    const key = KEY + form.dataset.draft;
    const note = form.querySelector("[data-draft-note]");
    const said = note.querySelector("[data-draft-said]");
    let busy = false;

    const tell = (text, kept) => {
      said.textContent = text;
      note.querySelector("button").hidden = !kept;
      note.hidden = !text;
    };

    const save = () => {
      if (busy) return;
      const values = valuesOf(form);
      const kept = quietly(() => {
        if (written(values)) localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
        else localStorage.removeItem(key);
        return true;
      });
      // Said once: whoever writes is not told so again with every letter.
      const text = kept && written(values) ? note.dataset.keeping : "";
      if (said.textContent !== text) tell(text, true);
    };

    const change = (values) => {
      busy = true;
      put(form, values);
      busy = false;
    };

    const before = read(key);
    if (written(valuesOf(form))) save();
    else if (before) {
      change(before.values);
      const at = new Date(before.at).toLocaleString(document.documentElement.lang, {
        month: "long", day: "numeric", hour: "numeric", minute: "2-digit",
      });
      tell(note.dataset.kept.replace("{at}", at), true);
    }

    note.querySelector("button").addEventListener("click", () => {
      quietly(() => localStorage.removeItem(key));
      change({});
      tell(note.dataset.erased, false);
      form.elements.text.focus();
    });
    form.addEventListener("input", save);
    form.addEventListener("change", save);
    form.addEventListener("submit", () => quietly(() => sessionStorage.setItem(SENT, key)));
  }

  forgetOld();
  document.querySelectorAll("form[data-draft]").forEach(keepDraft);
  if (document.querySelector("[data-sent]")) quietly(() => localStorage.removeItem(sessionStorage.getItem(SENT) || ""));
})();
