// Proof of work in the ALTCHA protocol: fetched and solved while somebody writes, out of sight. Whatever fails, the form
// is sent without it and looked at by a person first.
"use strict";

(() => {
  const LONGEST_WAIT = 6000;
  const NEARLY_OVER = 60_000;
  const form = document.querySelector("form[data-proof]");
  const field = form.elements.altcha;
  const said = form.querySelector("[data-proof-said]");
  let expires = 0;
  let work = Promise.resolve();
  let sending = false;

  const expiryOf = (salt) => 1000 * Number(new URLSearchParams(salt.split("?")[1] || "").get("expires"));
  const isGood = () => Boolean(field.value) && Date.now() < expires - NEARLY_OVER;

  function solve({ salt, challenge, maxnumber }) {
    return new Promise((done, failed) => {
      const worker = new Worker(form.dataset.proofWorker);
      const end = (finish) => (event) => {
        worker.terminate();
        finish(event.data);
      };
      worker.onmessage = end(done);
      worker.onerror = end(failed);
      worker.postMessage({ salt, challenge, maxnumber });
    });
  }

  async function prove() {
    field.value = "";
    try {
      const answer = await fetch(form.dataset.proofChallenge, { cache: "no-store", credentials: "omit" });
      if (!answer.ok) return;
      const { algorithm, challenge, maxnumber, salt, signature } = await answer.json();
      const number = await solve({ salt, challenge, maxnumber });
      if (number === null) return;
      expires = expiryOf(salt);
      field.value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    } catch {
      // Off line, or no worker: then without.
    }
  }

  function begin() {
    if (field.value) {
      // The form came back, after an error or a look: what was solved for it still serves.
      try {
        expires = expiryOf(JSON.parse(atob(field.value)).salt);
      } catch {
        expires = 0;
      }
    }
    if (!isGood()) work = prove();
  }

  async function send(event) {
    if (sending || isGood()) return;
    event.preventDefault();
    sending = true;
    // Only who has to wait is told so.
    const tell = setTimeout(() => (said.textContent = form.dataset.proofWait), 300);
    if (expires) work = prove();
    await Promise.race([work, new Promise((over) => setTimeout(over, LONGEST_WAIT))]);
    clearTimeout(tell);
    // Sets no second draft and asks nothing again: the form goes as it stands.
    HTMLFormElement.prototype.submit.call(form);
  }

  form.addEventListener("submit", send);
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sending = false;
    said.textContent = "";
  });
  begin();
})();
