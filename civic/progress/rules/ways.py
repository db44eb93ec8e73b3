"""The way from baseline to target as a reader sees it: what to draw, and the value of each year on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from civic.plans.rules import TargetKind
from civic.progress.rules.comparing import is_limit, lower_wanted
from civic.progress.rules.formulas import average_growth, growth_path, level_path, time_share
from civic.progress.rules.known import gather
from civic.progress.rules.paths import by_growth, goal_of
from civic.progress.rules.vocabulary import Facts, Observation, Tolerances


class Shape(StrEnum):
    """How a target looks in a chart."""

    STRAIGHT = "straight"
    GROWTH = "growth"
    SUM = "sum"
    LIMIT = "limit"
    OPEN = "open"
    """No number is printed to go to."""


@dataclass(frozen=True, slots=True)
class Way:
    """``by_year``: where the way is at each year's end; ``lower``: smaller is better."""

    shape: Shape
    goal: Decimal | None
    lower: bool
    by_year: tuple[tuple[int, Decimal], ...]


def way_of(facts: Facts, tolerances: Tolerances | None = None) -> Way:
    """The way that :func:`assess` judges by."""
    goal, cuts = goal_of(facts), tolerances or Tolerances()
    not_drawn = (TargetKind.EXTERNAL, TargetKind.MILESTONE, TargetKind.NOT_COMPARABLE)
    if goal is None or facts.kind in not_drawn:
        return Way(Shape.OPEN, None, facts.lower_is_better, ())
    lower = lower_wanted(facts, goal)
    years = range(facts.baseline_year, facts.target_year + 1)
    if facts.kind is TargetKind.CUMULATIVE:
        return Way(Shape.SUM, goal, lower, tuple((y, goal * _time(facts, y)) for y in years))
    if facts.kind is TargetKind.ANNUAL_RATE or is_limit(facts, goal, cuts):
        return Way(Shape.LIMIT, goal, lower, tuple((y, goal) for y in years[1:]))
    base = facts.base
    if base is None:
        return Way(Shape.OPEN, goal, lower, ())
    if not by_growth(facts, goal):
        straight = tuple((y, level_path(base, goal, _time(facts, y))) for y in years)
        return Way(Shape.STRAIGHT, goal, lower, straight)
    growth = facts.growth
    if growth is None:
        growth = average_growth(base, goal, facts.target_year - facts.baseline_year) or Decimal(0)
    curve = tuple((y, growth_path(base, growth, y - facts.baseline_year)) for y in years)
    return Way(Shape.GROWTH, goal, lower, curve)


def _time(facts: Facts, year: int) -> Decimal:
    return time_share(facts.baseline_year, facts.target_year, year)


def comparable(facts: Facts, observations: Iterable[Observation]) -> tuple[tuple[int, Decimal], ...]:
    """The values that can stand in one chart with the target; of a sum, what had come together by each year.

    Values in another unit are left out, and so is everything after the first hole of a sum.
    """
    if facts.kind is TargetKind.NOT_COMPARABLE:
        return ()
    known = gather(facts, observations, facts.target_year)
    fits = {y: one for y, one in sorted(known.items()) if not one.unit or one.unit == facts.unit}
    if facts.kind is not TargetKind.CUMULATIVE:
        return tuple((y, one.value) for y, one in fits.items() if not one.cumulative)
    sums: list[tuple[int, Decimal]] = []
    total, last = Decimal(0), facts.baseline_year
    for year, one in fits.items():
        if one.cumulative:
            total = one.value
        elif year == last + 1:
            total += one.value
        else:
            continue
        sums.append((year, total))
        last = year
    return tuple(sums)
