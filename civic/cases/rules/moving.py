"""What changed working days or levels do to the deadlines of one open case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from civic.cases.rules.facts import CaseFacts, Clock


@dataclass(frozen=True, slots=True)
class MovedClock:
    """One of a case's clocks (``clock``, ``accept``, ``own``, ``returning``, ``review``), before and after."""

    name: str
    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """One open case that a change touches.

    ``before`` and ``after``: when the answer is due. ``clocks``: all clocks that end at another moment; empty
    where only a provisional deadline becomes certain, or the other way round.
    """

    case_id: int
    reference: str
    before: datetime
    after: datetime
    clocks: tuple[MovedClock, ...]
    becomes_overdue: bool
    no_longer_overdue: bool


def moved_deadline(
    case_id: int, reference: str, facts: CaseFacts, moved: Mapping[str, Clock], now: datetime
) -> MovedDeadline:
    """The case with the clocks that ``moved``, as :func:`~civic.cases.rules.clocks.moved_clocks` gives them."""
    standing = {"clock": facts.round.clock, "review": facts.review}
    if facts.stint is not None:
        standing |= {
            "own": facts.stint.own,
            "accept": facts.stint.accept,
            "returning": facts.stint.returning,
        }
    clocks = tuple(
        MovedClock(name, clock.due_at, moved[name].due_at)
        for name, clock in standing.items()
        if clock is not None and name in moved and clock.due_at != moved[name].due_at
    )
    before = facts.round.clock.due_at
    after = moved["clock"].due_at if "clock" in moved else before
    return MovedDeadline(
        case_id=case_id,
        reference=reference,
        before=before,
        after=after,
        clocks=clocks,
        becomes_overdue=facts.clock_runs and after < now <= before,
        no_longer_overdue=facts.clock_runs and before < now <= after,
    )
