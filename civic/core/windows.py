"""How often something may happen within a span of time, counted by slots of five minutes. Pure.

A slot counts until its last moment has left the span, so what is kept of a person is a number for five
minutes and never the moment itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SLOT = timedelta(minutes=5)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
"""The longest span that is ever looked at: what is older is deleted."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so often within a span."""

    most: int
    span: timedelta


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by the beginning of their slot, the oldest first."""

    slots: tuple[tuple[datetime, int], ...] = ()

    def within(self, span: timedelta, now: datetime) -> int:
        """How often it happened in the last ``span``."""
        return sum(n for begin, n in self.slots if _leaves(begin, span) > now)

    def free_at(self, limit: Limit, now: datetime) -> datetime | None:
        """When one more is open again if nothing else happens; None if it is open now."""
        left = self.within(limit.span, now)
        at = None
        for begin, n in self.slots:
            if left < limit.most:
                break
            if _leaves(begin, limit.span) > now:
                left, at = left - n, _leaves(begin, limit.span)
        return at


NOTHING = Tally()


def slot_of(now: datetime) -> datetime:
    """The beginning of the slot in which a moment lies."""
    return now - timedelta(minutes=now.minute % 5, seconds=now.second, microseconds=now.microsecond)


def latest(moments: list[datetime | None]) -> datetime | None:
    """The last of several moments; None if there is none."""
    return max((moment for moment in moments if moment is not None), default=None)


def _leaves(begin: datetime, span: timedelta) -> datetime:
    return begin + SLOT + span
