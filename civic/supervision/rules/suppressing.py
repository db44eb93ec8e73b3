"""Which counts of a public table are left out, so that nobody can be made out in a small one. Pure.

Hiding the small counts isn't enough: what is left of a total gives them away. So for each of them three more are
hidden, which stand with it at the corners of a rectangle: all four can then be shifted without changing any sum.

Nor is it enough to look at the whole: who takes from it what everybody can read is left with the rest, may have kept
what was readable once, and will read what is published later. So a table is published only where it could be by
whatever of these rests there may be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from civic.supervision.rules.summaries import SMALL

Place = tuple[int, int]
Corners = tuple[Place, Place, Place, Place]
Table = Sequence[Sequence[int]]
Published = tuple[tuple[int | None, ...], ...]
"""The rows with their sums at the end, below them the sums of the columns; None is not published."""

MARGIN_COST = 1_000_000
"""Sums are what readers want most: one is only hidden where no inner count will do."""


def published_beside(counts: Table, readers: Sequence[tuple[Table, Table]], least: int = SMALL) -> Published:
    """A table of counts with its sums, without those that give anybody away to any of the ``readers``: of each it is
    known what part of each count they know at least, and at most.

    What would be left out of any rest that such a reader may be left with is left out. Each table alone keeps its
    hidden counts safe, and hiding more never tells more. Nought stays: nobody is in it.
    """
    table = _with_sums(counts)
    masks = [_hidden(_less(counts, little), _less(counts, much), least) for little, much in readers]
    return tuple(
        tuple(None if any((i, j) in mask for mask in masks) else n for j, n in enumerate(row))
        for i, row in enumerate(table)
    )


def published(counts: Table, least: int = SMALL) -> Published:
    """The same for readers who know of nobody in it: no count below ``least`` is published."""
    nothing = [[0] * len(row) for row in counts]
    return published_beside(counts, [(nothing, nothing)], least)


def told(
    counts: Sequence[int], little: Sequence[int], much: Sequence[int], least: int = SMALL
) -> tuple[bool, ...]:
    """Which counts of one column may be published beside each other, and at the end whether their sum may be."""
    shown = published_beside([counts], [([little], [much])], least)
    return tuple(one is not None for one in shown[0])


def _less(counts: Table, part: Table) -> list[list[int]]:
    return [[n - k for n, k in zip(*pair, strict=True)] for pair in zip(counts, part, strict=True)]


def _hidden(most: Table, fewest: Table, least: int) -> frozenset[Place]:
    """What is hidden from readers who are left with rests from ``fewest`` to ``most`` in each place.

    For each of these rests that is below ``least`` there is another table with the same published counts in which it
    differs and no hidden one is nought (a test tries it).
    """
    table, low = _with_sums(most), _with_sums(fewest)
    places = product(range(len(table)), range(len(table[0])))
    small = [place for place in places if _at(table, place) > 0 and _at(low, place) < least]
    hidden = set(small)
    for place in small:
        for rest in _rests(most, fewest, place):
            _cost_of_all, corners = min(
                (sum(_cost(table, corner) for corner in corners if corner not in hidden), corners)
                for corners in _rectangles(rest, place)
            )
            hidden |= set(corners)
    return frozenset(hidden)


def _rests(most: Table, fewest: Table, place: Place) -> Iterator[Table]:
    """The smallest rests in which there is anybody at a place: of a sum each that has somebody at one of its counts.

    A rectangle that can be shifted in one of these can be in any larger one.
    """
    if _at(_with_sums(fewest), place) > 0:
        yield _with_sums(fewest)
        return
    rows = range(len(most)) if place[0] == len(most) else (place[0],)
    columns = range(len(most[0])) if place[1] == len(most[0]) else (place[1],)
    for i, j in product(rows, columns):
        if most[i][j] > 0:
            raised = [list(row) for row in fewest]
            raised[i][j] = 1
            yield _with_sums(raised)


def _with_sums(counts: Table) -> tuple[tuple[int, ...], ...]:
    rows = [(*row, sum(row)) for row in counts]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))


def _at(table: Table, place: Place) -> int:
    return table[place[0]][place[1]]


def _is_sum(table: Table, place: Place) -> tuple[bool, bool]:
    return place[0] == len(table) - 1, place[1] == len(table[0]) - 1


def _cost(table: Table, place: Place) -> int:
    return _at(table, place) + MARGIN_COST * sum(_is_sum(table, place))


def _rectangles(table: Table, place: Place) -> Iterator[Corners]:
    """The rectangles with a corner at ``place`` that can be shifted by one, up or down, without a count of nought."""
    i, j = place
    for k, m in product(range(len(table)), range(len(table[0]))):
        if k == i or m == j:
            continue
        corners = ((i, j), (i, m), (k, m), (k, j))
        if any(_shifts(table, corners, by) for by in (1, -1)):
            yield corners


def _shifts(table: Table, corners: Corners, by: int) -> bool:
    """Whether all corners stay above nought. Neighbours go against each other; a sum goes with what it sums up."""
    for step, corner in zip((by, -by, by, -by), corners, strict=True):
        in_rows, in_columns = _is_sum(table, corner)
        change = step if in_rows == in_columns else -step
        if _at(table, corner) == 0 or _at(table, corner) + change < 1:
            return False
    return True
