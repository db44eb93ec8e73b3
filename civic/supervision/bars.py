"""Geometry of the bars of a topic: counts per week in, places in a small picture out. Pure; the template draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 320, 120
TOP, BOTTOM = 18, 22
"""Room for the largest count above the bars, and for the weeks below."""
GAP = 0.2
"""The share of a week's room that stays free."""
WIDEST = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """One week; ``middle`` is where its writing stands. ``written``: it has the count above it."""

    monday: date
    n: int
    x: float
    y: float
    width: float
    height: float
    middle: float
    written: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """Everything a template needs; coordinates in units of the view box."""

    width: int
    height: int
    axis_y: int
    bars: tuple[Bar, ...]


def bars(weeks: Sequence[tuple[date, int]]) -> Bars | None:
    """Bars of weeks, the largest reaching the top; None if there is nothing to draw. The first of the largest has its
    count written, the others are in the table beside it."""
    most = max((n for _, n in weeks), default=0)
    if not most:
        return None
    room = WIDTH / len(weeks)
    width = min(room * (1 - GAP), WIDEST)
    largest = next(monday for monday, n in weeks if n == most)
    axis = HEIGHT - BOTTOM
    drawn = []
    for at, (monday, n) in enumerate(weeks):
        height = round((axis - TOP) * n / most, 1)
        middle = round((at + 0.5) * room, 1)
        x = round(middle - width / 2, 1)
        drawn.append(Bar(monday, n, x, axis - height, round(width, 1), height, middle, monday == largest))
    return Bars(WIDTH, HEIGHT, axis, tuple(drawn))
