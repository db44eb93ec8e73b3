"""Geometry of an indicator's chart over several plans: one scale, each plan with its own way and target. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from civic.web.charts import BOTTOM, HEIGHT, LEFT, LINE, RIGHT, WIDTH, Curve, Scale, drawn_path, today_mark


@dataclass(frozen=True, slots=True)
class Span:
    """What one plan contributes: its years, where it begins, where it wants to go, and the way there.

    ``limit``: instead of a way, the goal is a level to stay below (True) or above (False).
    """

    start: int
    end: int
    baseline: Decimal | None
    goal: Decimal | None
    way: Curve | None
    limit: bool | None
    observations: tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A value in the picture with the place of its name; ``anchor`` as in SVG, '' for a value without a name."""

    x: float
    y: float
    year: int
    value: Decimal
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class SeriesChart:
    """Everything a template needs to draw it; coordinates in units of the view box."""

    width: int
    height: int
    axis_y: float
    left: float
    right: float
    years: tuple[tuple[int, float, bool], ...]
    """(year, x, whether it is written)."""
    paths: tuple[str, ...]
    limits: tuple[tuple[float, float, float], ...]
    """(x of the first year, x of the last, y)."""
    goals: tuple[Mark, ...]
    points: tuple[Mark, ...]
    today_x: float | None


def series_chart(spans: Sequence[Span], today: date) -> SeriesChart | None:
    """Lay out the plans one after the other; None if fewer than two values are known, or nothing to go to.

    The end of one plan is the beginning of the next: a value that both state is drawn once.
    """
    known: dict[int, Decimal] = {}
    for span in spans:
        if span.baseline is not None:
            known.setdefault(span.start, span.baseline)
        known |= dict(span.observations)
    goals = [(span.end, span.goal) for span in spans if span.goal is not None]
    values = [float(value) for value in (*known.values(), *(goal for _, goal in goals))]
    values += [value for span in spans if span.way for _, value in span.way.points]
    if len(known) < 2 or not spans:
        return None
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    across = Scale(start, end, LEFT + 6, WIDTH - RIGHT)
    low, high = min(values), max(values)
    if high == low:
        low, high = low - (abs(low) * 0.1 or 1), high + (abs(high) * 0.1 or 1)
    upward = Scale(low, high, HEIGHT - BOTTOM - LINE - 8, LINE + 8)
    joints = {start, end, *(span.end for span in spans)}
    targets = dict(goals)
    named = {max(known), *joints}
    mark = today_mark(today)
    return SeriesChart(
        WIDTH, HEIGHT, HEIGHT - BOTTOM, across(start), across(end),
        tuple((year, across(year), year in joints) for year in range(start, end + 1)),
        tuple(drawn_path(span.way, across, upward) for span in spans if span.way),
        tuple(
            (across(span.start), across(span.end), upward(float(span.goal)))
            for span in spans if span.limit is not None and span.goal is not None
        ),
        tuple(_goal(year, value, known.get(year), year == end, across, upward) for year, value in goals),
        tuple(
            _point(year, value, targets.get(year), (start, end), year in named, across, upward)
            for year, value in sorted(known.items())
        ),
        across(mark) if start <= mark <= end else None,
    )  # fmt: skip


def _goal(
    year: int, value: Decimal, reported: Decimal | None, last: bool, across: Scale, upward: Scale
) -> Mark:
    """A target: beside the last year its name stands at the right, else above or below, away from the value."""
    x, y = across(year), upward(float(value))
    if last:
        return Mark(
            x,
            y,
            year,
            value,
            x + 10,
            _apart(y, reported, reported is not None and value > reported, upward) + 4,
            "start",
        )
    above = reported is not None and value >= reported
    return Mark(x, y, year, value, x, y - 9 if above else y + LINE + 4, "middle")


def _point(
    year: int,
    value: Decimal,
    goal: Decimal | None,
    ends: tuple[int, int],
    named: bool,
    across: Scale,
    upward: Scale,
) -> Mark:
    """A value: named at the ends, where plans meet, and the latest; the others stand in the table."""
    x, y = across(year), upward(float(value))
    if year == ends[1]:
        return Mark(
            x,
            y,
            year,
            value,
            x + 10,
            _apart(y, goal, goal is not None and value >= goal, upward) + 4,
            "start",
        )
    below = goal is not None and goal >= value
    place = y + LINE + 4 if below else y - 10
    if not named:
        return Mark(x, y, year, value, x, place, "")
    if year == ends[0]:
        return Mark(x, y, year, value, x - 6, place, "start")
    # To the left of where plans meet: what comes next stands close at the right.
    return Mark(
        x, y, year, value, x + 4 if goal is not None else x, place, "end" if goal is not None else "middle"
    )


def _apart(y: float, other: Decimal | None, up: bool, upward: Scale) -> float:
    """Two names beside the last year are moved apart until both can be read."""
    if other is None:
        return y
    other_y = upward(float(other))
    if abs(other_y - y) >= LINE:
        return y
    middle = (other_y + y) / 2
    return middle - LINE / 2 if up else middle + LINE / 2
