/* Forms of the desk that can't be sent twice and show what a choice needs.
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

  document.querySelector("[data-focus]")?.focus();

  /* The form that a link or the address leads to is unfolded, and its first field has the focus. */
  const reveal = (id) => {
    const place = id ? document.getElementById(id) : null;
    if (!place?.matches("details, [data-writes]")) return false;
    if (place.matches("details")) place.open = true;
    place.querySelector("textarea, select:not([name=template]), input:not([type=hidden])")?.focus();
    return true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-opens]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && reveal(link.dataset.opens)) {
      event.preventDefault();
    }
  });
  /* Once the browser has gone to the place itself, which takes the focus from every field. */
  for (const moment of ["load", "hashchange"]) window.addEventListener(moment, () => reveal(location.hash.slice(1)));

  /* What a wide screen has room for is open there. */
  if (window.matchMedia("(min-width: 62rem)").matches) {
    for (const folded of document.querySelectorAll("[data-open-wide]")) folded.open = true;
  }

  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

  /* The column beside a case stays in sight. One that is taller than the screen moves with the page as far as its
     end, or back to its beginning: it needs no scrolling of its own, and nothing jumps when a form unfolds in it. */
  const side = document.querySelector(".case-side");
  if (side) {
    const most = Number.parseFloat(getComputedStyle(side).top) || 16;
    let [top, last] = [most, window.scrollY];
    const settle = () => {
      const least = Math.min(most, window.innerHeight - side.offsetHeight - most);
      top = Math.min(most, Math.max(least, top - (window.scrollY - last)));
      last = window.scrollY;
      side.style.top = `${top}px`;
    };
    window.addEventListener("scroll", settle, { passive: true });
    window.addEventListener("resize", settle);
    new ResizeObserver(settle).observe(side);
  }

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
