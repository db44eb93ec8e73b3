// Covering parts of a photo: dragging across squares, and arrow keys between them. Each square is a checkbox of its own.
"use strict";

(() => {
  for (const box of document.querySelectorAll("[data-cover]")) {
    const columns = Number(box.dataset.cover);
    const squares = Array.from(box.querySelectorAll("input"));
    let painting = null;

    const at = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-cover] label")?.querySelector("input");

    // Only one square is in the order of the Tab key; the arrows move between them.
    const enter = (square) => {
      squares.forEach((one) => (one.tabIndex = one === square ? 0 : -1));
      square.focus({ preventScroll: true });
    };
    squares.forEach((one, place) => (one.tabIndex = place === 0 ? 0 : -1));

    box.addEventListener("pointerdown", (event) => {
      const square = at(event);
      if (!square || event.button !== 0) return;
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
      const from = squares.indexOf(event.target);
      const column = from % columns;
      const step = {
        ArrowLeft: column > 0 ? -1 : 0,
        ArrowRight: column < columns - 1 ? 1 : 0,
        ArrowUp: -columns,
        ArrowDown: columns,
      }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      if (squares[from + step]) enter(squares[from + step]);
    });
  }
})();
