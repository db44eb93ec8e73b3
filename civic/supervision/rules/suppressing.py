"""Which counts of a public table are left out, so that nobody can be made out in a small one. Pure.

Hiding the small counts isn't enough: what is left of a total gives them away. So for each of them three more are
hidden, which stand with it at the corners of a rectangle: all four can then be shifted without changing any sum.

Nor is it enough to look at the whole: who takes from it what everybody can read is left with the rest, and may have
kept what was readable once. So a table is published only where it could be by each of these rests alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from civic.supervision.rules.summaries import SMALL

Place = tuple[int, int]
Corners = tuple[Place, Place, Place, Place]
Published = tuple[tuple[int | None, ...], ...]
"""The rows with their sums at the end, below them the sums of the columns; None is not published."""

MARGIN_COST = 1_000_000
"""Sums are what readers want most: one is only hidden where no inner count will do."""


def published_beside(
    counts: Sequence[Sequence[int]], known: Sequence[Sequence[Sequence[int]]], least: int = SMALL
) -> Published:
    """The same for readers who know a part of each count: each of ``known`` is such a part, table by table.

    What would be left out of what any such reader is left with is left out. Each table alone keeps its hidden counts
    safe, and hiding more never tells more. A small count stays that all of them know through and through.
    """
    table = _with_sums(counts)
    masks = [published(_less(counts, part), least) for part in known]
    return tuple(
        tuple(None if any(mask[i][j] is None for mask in masks) else n for j, n in enumerate(row))
        for i, row in enumerate(table)
    )


def told(counts: Sequence[int], known: Sequence[Sequence[int]], least: int = SMALL) -> tuple[bool, ...]:
    """Which counts of one column may be published beside each other, and at the end whether their sum may be."""
    shown = published_beside([counts], [[part] for part in known], least)
    return tuple(one is not None for one in shown[0])


def _less(counts: Sequence[Sequence[int]], part: Sequence[Sequence[int]]) -> list[list[int]]:
    return [[n - k for n, k in zip(*pair, strict=True)] for pair in zip(counts, part, strict=True)]


def published(counts: Sequence[Sequence[int]], least: int = SMALL) -> Published:
    """A table of counts with its sums, without the counts and sums below ``least`` and what would give them away.

    Nought stays: nobody is in it. For each hidden count there is another table with the same published counts in which
    it differs and no hidden one is nought (a test tries it). Where no rectangle protects a count, nothing is published.
    """
    table = _with_sums(counts)
    rows, columns = range(len(table)), range(len(table[0]))
    small = [place for place in product(rows, columns) if 0 < _at(table, place) < least]
    hidden = set(small)
    for place in small:
        found = min(
            (
                (sum(_cost(table, corner) for corner in corners if corner not in hidden), corners)
                for corners in _rectangles(table, place)
            ),
            default=None,
        )
        if found is None:
            return tuple((None,) * len(columns) for _ in rows)
        hidden |= set(found[1])
    return tuple(tuple(None if (i, j) in hidden else table[i][j] for j in columns) for i in rows)


def _with_sums(counts: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    rows = [(*row, sum(row)) for row in counts]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))


def _at(table: Sequence[Sequence[int]], place: Place) -> int:
    return table[place[0]][place[1]]


def _is_sum(table: Sequence[Sequence[int]], place: Place) -> tuple[bool, bool]:
    return place[0] == len(table) - 1, place[1] == len(table[0]) - 1


def _cost(table: Sequence[Sequence[int]], place: Place) -> int:
    return _at(table, place) + MARGIN_COST * sum(_is_sum(table, place))


def _rectangles(table: Sequence[Sequence[int]], place: Place) -> Iterator[Corners]:
    """The rectangles with a corner at ``place`` that can be shifted by one, up or down, without a count of nought."""
    i, j = place
    for k, m in product(range(len(table)), range(len(table[0]))):
        if k == i or m == j:
            continue
        corners = ((i, j), (i, m), (k, m), (k, j))
        if any(_shifts(table, corners, by) for by in (1, -1)):
            yield corners


def _shifts(table: Sequence[Sequence[int]], corners: Corners, by: int) -> bool:
    """Whether all corners stay above nought. Neighbours go against each other; a sum goes with what it sums up."""
    for step, corner in zip((by, -by, by, -by), corners, strict=True):
        in_rows, in_columns = _is_sum(table, corner)
        change = step if in_rows == in_columns else -step
        if _at(table, corner) == 0 or _at(table, corner) + change < 1:
            return False
    return True
