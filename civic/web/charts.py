"""Geometry of an indicator's chart: numbers in, places in a small picture out. Pure; the template draws it.

The picture is 320 units wide, so that on the smallest phone one unit is about one pixel and
writing stays readable. A year's value stands at the year's mark, which is the end of that year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 10, 106, 14, 30
"""Space around the plot; at the right stand the names of the values of the last year."""
LINE = 15
"""The least distance between two lines of writing."""
STEPS_A_YEAR = 4


@dataclass(frozen=True, slots=True)
class Curve:
    """The way from the baseline to the target as (year, value); two points are a straight line."""

    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A value in the picture; ``label_y`` is where its name stands, ``first`` if at the first year."""

    x: float
    y: float
    year: int
    value: Decimal
    label_y: float
    at_end: bool
    first: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a template needs to draw it; coordinates in units of the view box."""

    width: int
    height: int
    axis_y: float
    left: float
    right: float
    years: tuple[tuple[int, float, bool], ...]
    """(year, x, whether it is written)."""
    path: str
    """The way as the ``d`` of an SVG path, '' if there is none."""
    limit_y: float | None
    """A horizontal limit, and ``band``, the (y, height) of the side where values should be."""
    band: tuple[float, float] | None
    baseline: Place | None
    goal: Place | None
    points: tuple[Place, ...]
    today_x: float | None
    asked: tuple[tuple[int, float, float], ...] = ()
    """Targets of single years: (year, x, y)."""


def straight(start: int, base: Decimal, end: int, goal: Decimal) -> Curve:
    """A way in equal steps."""
    return Curve(((start, float(base)), (end, float(goal))))


def growing(start: int, base: Decimal, end: int, goal: Decimal) -> Curve:
    """A way of equal growth: B (T/B)^((t - start) / (end - start)); needs positive values."""
    steps = (end - start) * STEPS_A_YEAR
    ratio = float(goal) / float(base)
    way = ((start + n / STEPS_A_YEAR, float(base) * ratio ** (n / steps)) for n in range(steps + 1))
    return Curve(tuple(way))


def today_mark(today: date) -> float:
    """Where a day stands among the years' marks: the end of 2022 is 2022, the middle of 2023 is 2022.5."""
    return today.year - 1 + (today.timetuple().tm_yday - 1) / 365


def chart(
    start: int,
    end: int,
    *,
    baseline: Decimal | None = None,
    goal: Decimal | None = None,
    way: Curve | None = None,
    keep_below: bool | None = None,
    observations: Iterable[tuple[int, Decimal]] = (),
    today: date | None = None,
    from_zero: bool = False,
    asked: Iterable[tuple[int, Decimal]] = (),
) -> Chart | None:
    """Lay out one chart; None if there is no number to draw.

    ``way``: from the baseline to the goal. ``keep_below``: instead of a way, the goal is a limit to
    stay below (True) or above (False). ``from_zero``: the scale begins at 0, as sums need it. ``asked``:
    targets of single years.
    """
    known = [(year, value) for year, value in sorted(observations) if start <= year <= end]
    values = [float(value) for _, value in known]
    values += [float(one) for one in (baseline, goal) if one is not None]
    values += [value for _, value in way.points] if way else []
    yearly = [(year, float(value)) for year, value in asked]
    values += [value for _, value in yearly]
    if not values or end <= start:
        return None
    if goal is not None and keep_below is not None:
        room = (max(values) - min(values)) / 4 or abs(float(goal)) / 10
        values.append(float(goal) - room if keep_below else float(goal) + room)
    across = _across(start, end)
    upward = _upward([*values, 0.0] if from_zero else values)
    base_place = None
    if baseline is not None:
        y = upward(float(baseline))
        below = goal is None or goal >= baseline
        base_place = Place(across(start), y, start, baseline, y + LINE if below else y - 8, False, True)
    places, goal_place = _with_labels(known, goal, end, across, upward)
    places = tuple(_clear_of(place, way) for place in places)
    limit = upward(float(goal)) if goal is not None and keep_below is not None else None
    axis = HEIGHT - BOTTOM
    mark = today_mark(today) if today else None
    return Chart(
        WIDTH, HEIGHT, axis, across(start), across(end),
        _years(start, end, across),
        drawn_path(way, across, upward),
        limit,
        None if limit is None else ((limit, axis - limit) if keep_below else (TOP, limit - TOP)),
        base_place, goal_place, places,
        across(mark) if mark is not None and start <= mark <= end else None,
        tuple((year, across(year), upward(value)) for year, value in yearly),
    )  # fmt: skip


class Scale:
    """A straight line from values to units."""

    def __init__(self, low: float, high: float, at_low: float, at_high: float) -> None:
        self.low, self.at_low = low, at_low
        self.factor = (at_high - at_low) / (high - low)

    def __call__(self, value: float) -> float:
        return round(self.at_low + (value - self.low) * self.factor, 1)


def _across(start: int, end: int) -> Scale:
    return Scale(start, end, LEFT, WIDTH - RIGHT)


def _upward(values: Sequence[float]) -> Scale:
    low, high = min(values), max(values)
    if high == low:
        low, high = low - (abs(low) * 0.1 or 1), high + (abs(high) * 0.1 or 1)
    return Scale(low, high, HEIGHT - BOTTOM - LINE - 8, TOP + 4)


def _years(start: int, end: int, across: Scale) -> tuple[tuple[int, float, bool], ...]:
    return tuple((year, across(year), year in (start, end)) for year in range(start, end + 1))


def drawn_path(way: Curve | None, across: Scale, upward: Scale) -> str:
    """A way as the ``d`` of an SVG path."""
    if way is None:
        return ""
    return "M" + "L".join(f"{across(year):g} {upward(value):g}" for year, value in way.points)


def _clear_of(place: Place, way: Curve | None) -> Place:
    """The name of a value below the way stands below its dot, so that the line doesn't run through it."""
    if way is None or place.at_end:
        return place
    height = min(way.points, key=lambda point: abs(point[0] - place.year))[1]
    if len(way.points) == 2:
        (start, low), (end, high) = way.points
        height = low + (high - low) * (place.year - start) / (end - start)
    return replace(place, label_y=place.y + LINE + 2) if float(place.value) < height else place


def _with_labels(
    known: Sequence[tuple[int, Decimal]], goal: Decimal | None, end: int, across: Scale, upward: Scale
) -> tuple[tuple[Place, ...], Place | None]:
    """Observations and goal; the names of those at the last year are moved apart until both can be read."""
    goal_y = upward(float(goal)) if goal is not None else None
    goal_label = goal_y
    places = []
    for year, value in known:
        y = upward(float(value))
        label = y - 9
        if year == end:
            label = y
            if goal_y is not None and abs(goal_y - y) < LINE:
                middle, up = (goal_y + y) / 2, y <= goal_y
                label = middle - LINE / 2 if up else middle + LINE / 2
                goal_label = middle + LINE / 2 if up else middle - LINE / 2
        places.append(Place(across(year), y, year, value, round(label, 1), year == end, False))
    if goal is None or goal_y is None or goal_label is None:
        return tuple(places), None
    return tuple(places), Place(across(end), goal_y, end, goal, round(goal_label, 1), True, False)
