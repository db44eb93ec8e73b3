"""What may be said of two figures: never a rank by chance, never a comparison with nothing. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from civic.supervision.rules.summaries import SMALL, Rate, Spread


class Direction(StrEnum):
    """How a figure stands to another one."""

    MORE = "more"
    LESS = "less"
    SAME = "same"
    UNCLEAR = "unclear"
    """They differ, but within what chance would do."""
    TOO_FEW = "too_few"
    """One of them rests on fewer than :data:`~civic.supervision.rules.SMALL` cases."""


@dataclass(frozen=True, slots=True)
class Difference:
    """``by``: how many cases, days or shares the later figure is above the earlier one, if that can be said."""

    direction: Direction
    by: float | None = None

    @property
    def size(self) -> float:
        return abs(self.by or 0)


def count_difference(now: int, then: int) -> Difference:
    """Of two counts."""
    return Difference(_direction(now - then), now - then)


def rate_difference(now: Rate, then: Rate) -> Difference:
    """Of two rates: clear only where their intervals don't overlap."""
    later, earlier = now.interval, then.interval
    if later is None or earlier is None:
        return Difference(Direction.TOO_FEW)
    by = now.part / now.whole - then.part / then.whole
    if later.overlaps(earlier):
        return Difference(Direction.UNCLEAR if by else Direction.SAME, by)
    return Difference(_direction(by), by)


def spread_difference(now: Spread, then: Spread) -> Difference:
    """Of two medians."""
    if now.median is None or then.median is None or min(now.n, then.n) < SMALL:
        return Difference(Direction.TOO_FEW)
    return Difference(_direction(now.median - then.median), now.median - then.median)


def against_the_whole(part: Rate, whole: Rate) -> Direction | None:
    """How one row's rate stands to that of all rows together; None where no rate is stated."""
    direction = rate_difference(part, whole).direction
    return None if direction is Direction.TOO_FEW else direction


def _direction(by: float) -> Direction:
    return Direction.MORE if by > 0 else Direction.LESS if by < 0 else Direction.SAME
