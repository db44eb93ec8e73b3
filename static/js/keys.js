/* Staff pages by keyboard: rows of lists, where to go, at the desk the case beside the list, the selection and what
   a key does with a case. A comfort: each key only presses what also stands on the page, and all single keys can be
   switched off. */
"use strict";

(() => {
  const KEYS_OFF = "desk-keys-off";
  const LIST = "desk-list";
  const PENDING = "desk-pending";
  const list = document.querySelector("[data-queue]");
  const pane = document.querySelector("[data-pane]");
  const bulk = document.querySelector("[data-bulk]");
  const dialog = document.querySelector("[data-keys-dialog]");
  const wide = window.matchMedia("(min-width: 62rem)");

  /* Without storage keys stay on and nothing is remembered. */
  const kept = (storage, change) => {
    try {
      return change(window[storage]);
    } catch {
      return null;
    }
  };
  const keysOff = () => kept("localStorage", (store) => store.getItem(KEYS_OFF) === "1");
  const busy = (event) =>
    event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]") ||
    event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  /* A row is its link, or holds what it leads to; what is folded away is none. */
  const rows = () => Array.from(document.querySelectorAll("main [data-row]")).filter((row) => row.checkVisibility());
  const link = (row) => (row.matches("a") ? row : row.querySelector("a, summary"));
  const holds = (row, place) => row.contains(place) || row.closest(".line")?.contains(place);
  const ticks = () => (list ? Array.from(list.querySelectorAll("[data-tick]")) : []);
  const current = () => {
    const all = rows();
    return (
      all.find((row) => holds(row, document.activeElement)) || all.find((row) => row.getAttribute("aria-current"))
    );
  };

  /* Moving is focusing, so Enter needs no code of ours. A row that leads nowhere is read all the same, and what does
     something at once is never focused: Tab leads to it from its row. */
  const move = (step) => {
    const all = rows();
    const next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(current()) + step))];
    if (!next) return;
    const stop = link(next) || next;
    if (stop === next && !next.matches("a")) next.tabIndex = -1;
    stop.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  /* Opening follows a link or unfolds; it never presses a button. */
  const open = () => {
    const row = current();
    const on = document.activeElement;
    const target = row && (row.contains(on) && on.matches("a, summary") ? on : link(row));
    target?.click();
  };

  /* The case beside the list. A key waits for it, so that it never acts on the case shown before. */
  let waiting = 0;
  let shown = "";
  let loading = Promise.resolve();

  const load = async (row, address) => {
    try {
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) throw new Error("no case");
      const text = await answer.text();
      if (shown === address) pane.innerHTML = text;
    } catch {
      if (shown === address) shown = ""; // Offline: the row is still a link.
    }
  };

  const show = (row) => {
    const address = row.dataset.paneUrl;
    if (!pane || !wide.matches || !address) return Promise.resolve();
    if (address !== shown) {
      shown = address;
      for (const other of rows()) {
        if (other === row) other.setAttribute("aria-current", "true");
        else other.removeAttribute("aria-current");
      }
      loading = load(row, address);
    }
    return loading;
  };

  /* The selection, for what is done to several cases. */
  let lastTick = -1;
  const tell = () => {
    const some = ticks().filter((tick) => tick.checked).length;
    const place = bulk?.querySelector("[data-ticked]");
    if (place) place.textContent = some || "";
  };
  const tickTo = (at, range) => {
    const all = ticks();
    if (range && lastTick >= 0) {
      for (let i = Math.min(at, lastTick); i <= Math.max(at, lastTick); i += 1) all[i].checked = all[at].checked;
    }
    lastTick = at;
    tell();
  };
  const tickRow = (range) => {
    const tick = current()?.closest(".line").querySelector("[data-tick]");
    if (!tick) return;
    tick.checked = range || !tick.checked;
    tickTo(ticks().indexOf(tick), range);
  };

  if (list) {
    const first = rows().find((row) => row.getAttribute("aria-current"));
    shown = first?.dataset.paneUrl || "";
    list.addEventListener("focusin", (event) => {
      const row = event.target.closest("[data-row]");
      clearTimeout(waiting);
      if (row) waiting = setTimeout(() => show(row), 120);
    });
    list.addEventListener("click", (event) => {
      const at = ticks().indexOf(event.target);
      if (at >= 0) tickTo(at, event.shiftKey);
    });
    window.addEventListener("pageshow", tell);
    if (pane) {
      const came = { address: location.href, cases: rows().map((row) => row.href) };
      kept("sessionStorage", (store) => store.setItem(LIST, JSON.stringify(came)));
    }
  }

  /* The list from which a case was opened. */
  const came = JSON.parse(kept("sessionStorage", (store) => store.getItem(LIST)) || '{"cases": []}');
  const here = came.cases.findIndex((address) => new URL(address).pathname === location.pathname);
  const backLink = document.querySelector("main [data-back]") || Array.from(document.querySelectorAll("main .breadcrumb a")).pop();
  if (backLink && here >= 0) backLink.href = came.address;
  const toNeighbour = (step) => {
    if (here < 0) return;
    const next = came.cases[here + step];
    if (next) location.assign(next);
    else backLink?.click();
  };

  /* What a key does is to press what carries it. What one press does and others may read at once is only led to, and
     of a form that stands open its first field. */
  const FIELDS = "textarea, select:not([name=template]), input:not([type=hidden])";
  const field = (place) => place?.querySelector(FIELDS);
  /* On the page of a form what is filled in already is passed over. */
  const toFill = (place) =>
    Array.from(place?.querySelectorAll(FIELDS) || []).find((one) => !one.value || one.matches("[type=radio], [type=checkbox]")) ||
    field(place);
  const use = (target) => {
    const folded = target.closest("details");
    if (target.matches("[data-careful]")) {
      target.focus();
      target.scrollIntoView({ block: "nearest" });
    } else if (!target.matches("a, button, summary")) {
      field(target)?.focus();
    } else if (target.matches("summary")) {
      folded.open = true;
      field(folded)?.focus();
    } else if (target.hash && target.pathname === location.pathname) {
      target.click();
    } else {
      if (target.matches("a")) kept("sessionStorage", (store) => store.setItem(PENDING, "field"));
      target.click();
    }
  };
  const carrier = (place, key) => place?.querySelector(`[data-key="${key}"]`);
  /* On a page of several groups a key means the one whose row has the focus, else the first. */
  const carried = (key) => {
    const row = current();
    const group = row?.closest("[data-keyed]") || document.querySelector("main");
    return carrier(row, key) || carrier(group, key);
  };
  const beside = (row) => (pane && shown && shown === row.dataset.paneUrl ? pane : null);
  const selected = () => ticks().some((tick) => tick.checked);
  /* Of the case beside the list it's known what can be done with it, of another one not yet. */
  const possible = (row, key) => {
    const known = beside(row)?.querySelector("[data-letters]");
    return !known || known.dataset.letters.split(" ").includes(key);
  };
  const act = async (key) => {
    if (selected()) {
      carrier(bulk, key)?.click();
      return;
    }
    const row = list && current();
    if (!row || (!pane && row.getAttribute("aria-current"))) {
      const target = pane ? null : carried(key);
      if (target) use(target);
      return;
    }
    await show(row);
    const target = carrier(beside(row), key);
    if (target) use(target);
    else if (possible(row, key)) {
      // What isn't beside the list is on the page of the case; what does something at once is never pressed there.
      kept("sessionStorage", (store) => store.setItem(PENDING, key));
      location.assign(row.href);
    }
  };
  const pending = kept("sessionStorage", (store) => store.getItem(PENDING));
  kept("sessionStorage", (store) => store.removeItem(PENDING));
  if (pending === "field") toFill(document.querySelector(".act-form form.act"))?.focus();
  else if (pending && !pane) {
    const target = carrier(document.querySelector("main"), pending);
    if (target && !target.matches("button:not([data-careful])")) use(target);
  }

  /* The overlay of keys that work here and now; a dialog closes on Esc and gives the focus back by itself. */
  const WORKS = {
    rows: () => rows().length,
    open: () => rows().some(link),
    neighbours: () => here >= 0,
    back: () => backLink,
    ticks: () => ticks().length,
    search: () => document.querySelector("main input[type=search]"),
    careful: () => !pane && document.querySelector("main [data-careful]"),
    send: () => document.querySelector("main form :is(textarea, select)"),
    deed: ({ letter }) => {
      if (selected()) return carrier(bulk, letter);
      const row = list && current();
      if (!row || !pane) return !pane && carried(letter);
      return possible(row, letter);
    },
  };
  const tellKeys = () => {
    for (const entry of dialog.querySelectorAll("[data-works]")) entry.hidden = !WORKS[entry.dataset.works](entry.dataset);
  };
  const openKeys = () => {
    if (!dialog || dialog.open) return;
    tellKeys();
    dialog.showModal();
    loading.then(tellKeys);
  };
  document.querySelectorAll("[data-keys-open]").forEach((button) => button.addEventListener("click", openKeys));
  dialog?.querySelector("[data-keys-close]").addEventListener("click", () => dialog.close());
  const toggle = dialog?.querySelector("[data-keys-switch]");
  const tellSwitch = () => toggle?.setAttribute("aria-pressed", keysOff() ? "false" : "true");
  tellSwitch();
  toggle?.addEventListener("click", () => {
    kept("localStorage", (store) => (keysOff() ? store.removeItem(KEYS_OFF) : store.setItem(KEYS_OFF, "1")));
    tellSwitch();
  });

  const PLAIN = {
    j: () => move(1),
    k: () => move(-1),
    o: open,
    x: () => tickRow(false),
    X: () => tickRow(true),
    "/": () => document.querySelector("main input[type=search]")?.focus(),
    "?": openKeys,
    "[": () => toNeighbour(-1),
    "]": () => toNeighbour(1),
    u: () => backLink?.click(),
  };
  let going = 0;

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea, select")) {
      const button = event.target.form?.querySelector("[type=submit]:not([formaction])");
      if (button) event.target.form.requestSubmit(button);
      return;
    }
    if (keysOff() || busy(event) || event.key === "Shift" || (event.repeat && !"jk".includes(event.key))) return;
    if (going && event.timeStamp - going < 1500) {
      going = 0;
      const goal = Array.from(dialog?.querySelectorAll("[data-goes]") || []).find((one) => one.dataset.goes === event.key);
      if (goal) location.assign(goal.href);
      else return;
    } else if (event.key === "g") going = event.timeStamp;
    else if (PLAIN[event.key]) PLAIN[event.key]();
    else if (/^[a-z1-3]$/.test(event.key)) act(event.key);
    else return;
    event.preventDefault();
  });
})();
