// Comfort on the resident's pages: a count of characters, printing, copying, the filled-in tracking form. Everything works
// without it.
"use strict";

(() => {
  const NEAR_THE_END = 50;

  function count(area) {
    const most = Number(area.dataset.count);
    const shown = document.createElement("p");
    shown.className = "hint";
    const said = document.createElement("p");
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    area.after(shown, said);
    let pause = 0;
    const update = () => {
      const length = [...area.value].length;
      shown.textContent = `${length} / ${most}`;
      shown.classList.toggle("error", length > most);
      // Read out near the end only, and when the writer pauses: a number after each letter would drown the text.
      clearTimeout(pause);
      pause = setTimeout(() => {
        said.textContent = length > most - NEAR_THE_END ? shown.textContent : "";
      }, 1000);
    };
    area.addEventListener("input", update);
    update();
  }

  function fillTracking(form) {
    const [reference, code] = decodeURIComponent(location.hash.slice(1)).split(",");
    if (!reference || !code) return;
    form.elements.reference.value = reference;
    form.elements.code.value = code;
    history.replaceState(null, "", location.pathname);
  }

  // The proof of work is fetched when somebody begins to write, and only where the browser can compute it.
  function fetchProof(form) {
    if (!window.isSecureContext || !window.crypto?.subtle || !window.Worker) return;
    const begin = () => {
      const script = document.createElement("script");
      script.src = form.dataset.proof;
      document.head.append(script);
    };
    form.addEventListener("focusin", begin, { once: true });
  }

  document.querySelectorAll("textarea[data-count]").forEach(count);
  document.querySelectorAll("form[data-proof]").forEach(fetchProof);
  document.querySelectorAll("form[data-track]").forEach(fillTracking);
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
  document.querySelectorAll("[data-copy]").forEach((button) => {
    // Browsers offer the clipboard only over https.
    if (!navigator.clipboard) button.remove();
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
    });
  });
  document.querySelectorAll("form").forEach((form) =>
    form.addEventListener("submit", () => setTimeout(() => form.querySelectorAll("button").forEach((b) => (b.disabled = true)), 0)),
  );
  // Who comes back to a page that the browser has kept finds its buttons alive.
  window.addEventListener("pageshow", () => document.querySelectorAll("form button").forEach((b) => (b.disabled = false)));
  const target = document.querySelector("[data-focus]");
  if (target) target.focus();
})();
