"""How the figures of a summary are put before a reader: in three groups, each figure with its list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from civic.core.errors import N_
from civic.supervision.rules import Figures, Rate, Spread
from civic.supervision.rules.comparing import (
    Difference,
    count_difference,
    rate_difference,
    spread_difference,
)
from civic.supervision.rules.editions import PUBLIC, PublicFigures


class Sort(StrEnum):
    """What a figure is: a number of cases, a share of cases, or days."""

    COUNT = "count"
    RATE = "rate"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of a row: ``name`` is the field of :class:`Figures`, ``key`` its list (of a rate: of its part)
    and ``whole`` the list of a rate's whole."""

    name: str
    label: str
    sort: Sort
    key: str
    whole: str = ""

    def public_of(self, row: PublicFigures) -> int | Rate | Spread | None:
        """The value in a row of the public scoreboard; None is not published."""
        value: int | Rate | Spread | None = getattr(row, self.name)
        return value

    def of(self, row: Figures) -> int | Rate | Spread:
        """The value in a row."""
        value: int | Rate | Spread = getattr(row, self.name)
        return value

    def difference(self, now: Figures, then: Figures) -> Difference:
        """How the figure of one period stands to that of another."""
        later, earlier = self.of(now), self.of(then)
        if isinstance(later, Rate) and isinstance(earlier, Rate):
            return rate_difference(later, earlier)
        if isinstance(later, Spread) and isinstance(earlier, Spread):
            return spread_difference(later, earlier)
        assert isinstance(later, int)
        assert isinstance(earlier, int)
        return count_difference(later, earlier)


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that are read together."""

    key: str
    label: str
    columns: tuple[Column, ...]


def _count(name: str, label: str) -> Column:
    return Column(name, label, Sort.COUNT, name)


GROUPS = (
    Group(
        "volume",
        N_("How much there was"),
        (
            _count("received", N_("Received")),
            _count("public", N_("Public")),
            _count("open", N_("Open")),
            _count("overdue", N_("Overdue")),
            _count("declined", N_("Declined")),
            _count("withdrawn", N_("Withdrawn")),
            _count("merged", N_("Merged")),
        ),
    ),
    Group(
        "time",
        N_("Whether deadlines were kept"),
        (
            Column("accepted", N_("Accepted on time"), Sort.RATE, "accept_on_time", "accept_due"),
            Column("replied", N_("Replied on time"), Sort.RATE, "reply_on_time", "reply_due"),
            Column("own", N_("Answered within own days"), Sort.RATE, "own_on_time", "own_due"),
            Column("days", N_("Days to reply"), Sort.DAYS, "reply_days"),
            _count("extended", N_("Extended")),
            _count("returned", N_("Returned")),
            _count("escalated", N_("Escalated")),
        ),
    ),
    Group(
        "outcome",
        N_("What came of it"),
        (
            Column("solved", N_("Solved"), Sort.RATE, "solved", "closed"),
            Column("satisfied", N_("Satisfied"), Sort.RATE, "satisfied", "rated"),
            _count("reopened", N_("Reopened")),
            Column("again", N_("Second answers on time"), Sort.RATE, "again_on_time", "again_due"),
            Column("again_days", N_("Days to the second answer"), Sort.DAYS, "again_days"),
            _count("single_signature", N_("Single signature")),
        ),
    ),
)


def public_columns() -> Iterator[Column]:
    """The figures of the public scoreboard in order."""
    return (column for column in all_columns() if column.name in PUBLIC)


def all_columns() -> Iterator[Column]:
    """All figures in order."""
    for group in GROUPS:
        yield from group.columns
