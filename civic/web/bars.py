"""Geometry of bars and intervals: counts in, places in a small picture out. Pure; templates draw it.

The picture is as wide as the other charts (see ``charts``), so that one unit is about one pixel on the smallest phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from civic.web.charts import WIDTH

HEIGHT = 150
LEFT, RIGHT, TOP, BOTTOM = 6, 6, 22, 26
GAP = 0.28
"""The part of a step that stays empty, so that neighbours can be told apart."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, standing on the axis."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Step:
    """Bars that stand side by side, one per series, and the middle below which their name is written."""

    middle: float
    bars: tuple[Bar, ...]
    written: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """Everything a template needs to draw it; coordinates in units of the view box. ``top`` is the highest count."""

    width: int
    height: int
    left: float
    right: float
    axis_y: float
    top: int
    top_y: float
    steps: tuple[Step, ...]


def bars(series: Sequence[Sequence[int]], names_shown: int = 4) -> Bars | None:
    """Lay out one or more series of equal length on one scale from zero; None if there is nothing to draw.

    About ``names_shown`` of the steps are named, the last one always.
    """
    length = len(series[0]) if series else 0
    top = max((max(values, default=0) for values in series), default=0)
    if not length or top <= 0:
        return None
    axis, step = HEIGHT - BOTTOM, (WIDTH - LEFT - RIGHT) / length
    wide = min(step * (1 - GAP) / len(series), 24.0)
    every = max(1, round(length / names_shown))
    steps = []
    for place in range(length):
        middle = LEFT + step * (place + 0.5)
        start = middle - wide * len(series) / 2
        found = []
        for number, values in enumerate(series):
            tall = round(values[place] / top * (axis - TOP), 1)
            found.append(Bar(round(start + number * wide, 1), round(axis - tall, 1), round(wide, 1), tall))
        steps.append(Step(round(middle, 1), tuple(found), (length - 1 - place) % every == 0))
    return Bars(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, axis, top, TOP, tuple(steps))


@dataclass(frozen=True, slots=True)
class Whisker:
    """A share with its interval on a line from 0 to 1, and where the share of the whole stands."""

    width: int
    height: int
    low: float
    high: float
    at: float
    whole: float | None


WHISKER_WIDTH, WHISKER_HEIGHT, EDGE = 160, 24, 6


def whisker(share: float, low: float, high: float, whole: float | None) -> Whisker:
    """Lay out one interval."""

    def place(value: float) -> float:
        return round(EDGE + value * (WHISKER_WIDTH - 2 * EDGE), 1)

    return Whisker(
        WHISKER_WIDTH,
        WHISKER_HEIGHT,
        place(low),
        place(high),
        place(share),
        None if whole is None else place(whole),
    )
