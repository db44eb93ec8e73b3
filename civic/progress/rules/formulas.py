"""The arithmetic of a path from a baseline to a target, in decimals. ``docs/progress.md`` works each one through.

``start`` and ``end`` are the years of baseline and target, growth is a share a year (0.075 = 7.5 %).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

ONE = Decimal(1)


def time_share(start: int, end: int, year: int) -> Decimal:
    """(t - base year) / (end year - base year), kept between 0 and 1; 1 for a plan without length."""
    if end <= start:
        return ONE
    return min(max(Decimal(year - start) / Decimal(end - start), Decimal(0)), ONE)


def level_path(base: Decimal, goal: Decimal, share: Decimal) -> Decimal:
    """B + (T - B) * time share: the straight line."""
    return base + (goal - base) * share


def level_share(base: Decimal, goal: Decimal, value: Decimal) -> Decimal | None:
    """(V - B) / (T - B), whichever way the target lies; None if it is the baseline itself."""
    return None if goal == base else (value - base) / (goal - base)


def growth_path(base: Decimal, growth: Decimal, years: int) -> Decimal:
    """B (1 + g)^(t - base year)."""
    return base * (ONE + growth) ** years


def growth_share(base: Decimal, goal: Decimal, value: Decimal) -> Decimal | None:
    """ln(V/B) / ln(T/B): equal to the time share exactly on the path, which the linear form is not.

    None where a logarithm doesn't exist or the target is the baseline.
    """
    if base <= 0 or goal <= 0 or value <= 0 or goal == base:
        return None
    return (value / base).ln() / (goal / base).ln()


def average_growth(base: Decimal, value: Decimal, years: int) -> Decimal | None:
    """(V/B)^(1/years) - 1; None without years or without positive values."""
    if years <= 0 or base <= 0 or value <= 0:
        return None
    return (value / base) ** (ONE / years) - ONE


def required_growth(value: Decimal, goal: Decimal, years_left: int) -> Decimal | None:
    """(T/V)^(1/years left) - 1; None at the end of the plan."""
    return average_growth(value, goal, years_left)


def cumulative_sum(start: int, year: int, values: dict[int, Decimal]) -> Decimal | None:
    """The sum over the years after ``start`` up to ``year``; None if one is missing: a sum with a hole is no sum."""
    wanted = range(start + 1, year + 1)
    if not wanted or any(one not in values for one in wanted):
        return None
    return sum((values[one] for one in wanted), Decimal(0))


def missing_years(start: int, year: int, known: Iterable[int]) -> tuple[int, ...]:
    """Years after ``start`` up to ``year`` of which nothing is known."""
    there = set(known)
    return tuple(one for one in range(start + 1, year + 1) if one not in there)


def as_printed(value: Decimal, example: Decimal) -> Decimal:
    """``value`` rounded to as many places as ``example`` is printed with."""
    return value.quantize(Decimal(1).scaleb(int(example.as_tuple().exponent)))


def written(value: Decimal, places: int = 2) -> str:
    """A number for a calculation: rounded to ``places``, without idle zeros, never in powers of ten."""
    text = f"{value.quantize(Decimal(1).scaleb(-places)):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def written_share(share: Decimal, places: int = 1) -> str:
    """A share as a percentage with its sign: 0.4226 is ``42.3%``."""
    return f"{written(share * 100, places)}%"
