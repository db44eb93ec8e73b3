// Covering parts of a photo: dragging across squares, and arrow keys between them. Each square is a checkbox of its own.
"use strict";

(() => {
  const COLUMNS = 16;

  for (const box of document.querySelectorAll("[data-cover]")) {
    const squares = Array.from(box.querySelectorAll("input"));
    let painting = null;

    const at = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("label")?.querySelector("input");

    // Only one square is in the order of the Tab key; the arrows move between them.
    const enter = (square) => {
      squares.forEach((one) => (one.tabIndex = one === square ? 0 : -1));
    };
    enter(squares[0]);

    box.addEventListener("pointerdown", (event) => {
      const square = at(event);
      if (!square) return;
      event.preventDefault();
      painting = !square.checked;
      square.checked = painting;
      enter(square);
    });
    box.addEventListener("pointermove", (event) => {
      const square = painting === null ? null : at(event);
      if (square) square.checked = painting;
    });
    box.addEventListener("click", (event) => {
      // The press has set it already; a click by keyboard or reader carries no pointer.
      if (event.detail > 0) event.preventDefault();
    });
    window.addEventListener("pointerup", () => (painting = null));
    window.addEventListener("pointercancel", () => (painting = null));

    box.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS }[event.key];
      const next = squares[squares.indexOf(event.target) + (step || 0)];
      if (!step || !next) return;
      event.preventDefault();
      enter(next);
      next.focus();
    });
  }
})();
