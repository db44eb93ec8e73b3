"""Paragraphs cut into segments, so that a promise can be marked where it stands; cells of printed tables. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text; ``code`` names the commitment that quotes it, '' for plain text."""

    text: str
    code: str = ""


def segments(text: str, quotes: Iterable[tuple[str, str]]) -> tuple[Segment, ...]:
    """Cut ``text`` at the quotes, given as (code, quote). Where quotes overlap, the first in the text wins."""
    spans: list[tuple[int, int, str]] = []
    for code, quote in quotes:
        start = text.find(quote) if quote else -1
        if start >= 0:
            spans.append((start, start + len(quote), code))
    found: list[Segment] = []
    position = 0
    for start, end, code in sorted(spans):
        if start < position:
            continue
        if start > position:
            found.append(Segment(text[position:start]))
        found.append(Segment(text[start:end], code))
        position = end
    if position < len(text):
        found.append(Segment(text[position:]))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a printed table and how many columns and rows it spans."""

    text: str
    across: int = 1
    down: int = 1


def head_cells(rows: Sequence[Sequence[str]]) -> tuple[tuple[Cell, ...], ...]:
    """The heading rows of a printed table: empty cells belong to the heading at their left or above them."""
    covered: set[tuple[int, int]] = set()
    found = []
    for r, row in enumerate(rows):
        cells = []
        for c, text in enumerate(row):
            if (r, c) in covered:
                continue
            across, down = _across(rows, r, c), _down(rows, r, c)
            covered.update((r + y, c + x) for y in range(down) for x in range(across))
            cells.append(Cell(text, across, down))
        found.append(tuple(cells))
    return tuple(found)


def _across(rows: Sequence[Sequence[str]], r: int, c: int) -> int:
    """A heading reaches over the empty cells at its right as long as something stands below those."""
    end = c + 1
    while r + 1 < len(rows) and end < len(rows[r]) and not rows[r][end] and rows[r + 1][end]:
        end += 1
    return end - c


def _down(rows: Sequence[Sequence[str]], r: int, c: int) -> int:
    end = r + 1
    while end < len(rows) and not rows[end][c]:
        end += 1
    return end - r


def body_cells(rows: Sequence[Sequence[str]]) -> tuple[tuple[Cell, ...], ...]:
    """The rows of a printed table: the first column names a group and reaches down to the next name."""
    return tuple(
        (*((Cell(row[0], 1, _down(rows, r, 0)),) if row[0] or r == 0 else ()), *(Cell(t) for t in row[1:]))
        for r, row in enumerate(rows)
    )
