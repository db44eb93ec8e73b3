/* The masked copy: cover what is selected, and see at once what differs from the original.
   Without script the copy is edited by hand and "Show the changes" asks the server. */
"use strict";

(() => {
  const MASK = "＊";

  const piece = (tag, text) => {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  };

  /* Same length means covered character by character; anything else is shown as cut and put in
     between the common beginning and the common end. The server's answer is the one that counts. */
  const draw = (target, before, after) => {
    target.replaceChildren();
    const a = Array.from(before);
    const b = Array.from(after);
    if (a.length === b.length) {
      let run = "";
      let changed = false;
      let was = "";
      const flush = () => {
        if (changed) target.append(piece("del", was), piece("ins", run));
        else if (run) target.append(run);
        run = "";
        was = "";
      };
      a.forEach((character, i) => {
        if ((character !== b[i]) !== changed) {
          flush();
          changed = !changed;
        }
        run += b[i];
        was += character;
      });
      flush();
      return;
    }
    let head = 0;
    while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
    let tail = 0;
    while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) {
      tail += 1;
    }
    target.append(a.slice(0, head).join(""));
    if (a.length - tail > head) target.append(piece("del", a.slice(head, a.length - tail).join("")));
    if (b.length - tail > head) target.append(piece("ins", b.slice(head, b.length - tail).join("")));
    target.append(a.slice(a.length - tail).join(""));
  };

  for (const box of document.querySelectorAll("[data-mask]")) {
    const copy = box.querySelector("textarea");
    const original = box.querySelector("[data-mask-original]");
    const changes = box.querySelector("[data-mask-changes]");
    if (!copy || !original || !changes) continue;
    const before = original.dataset.maskOriginal;
    const tell = () => draw(changes, before, copy.value);
    copy.addEventListener("input", tell);
    tell();
    const replace = (put) => {
      const { selectionStart: from, selectionEnd: to } = copy;
      if (from !== to) copy.setRangeText(put(copy.value.slice(from, to), from, to), from, to, "select");
      copy.focus();
      tell();
    };
    box.querySelector("[data-mask-cover]")?.addEventListener("click", () =>
      replace((chosen) => Array.from(chosen, (c) => (/\s/.test(c) ? c : MASK)).join("")));
    /* Only a copy as long as the original says which characters stood there. */
    box.querySelector("[data-mask-uncover]")?.addEventListener("click", () =>
      replace((chosen, from, to) => (copy.value.length === before.length ? before.slice(from, to) : chosen)));
  }
})();
