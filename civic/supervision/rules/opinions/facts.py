"""What an opinion's events say: facts with their rounds, each with a deadline of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from civic.cases.rules import RatingLevel
from civic.core.workdays import Deadline
from civic.supervision.rules.opinions.vocabulary import (
    LAST_ROUND,
    WITH_DEPARTMENT,
    OpinionAction,
    OpinionStatus,
)

A, S = OpinionAction, OpinionStatus


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; ``params`` hold ids, codes, days and numbers, never text."""

    action: OpinionAction
    at: datetime
    day: date
    account_id: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Round:
    """From when the department has it until the answer is handed over and rated. ``days`` working days were given."""

    number: int
    department_id: int
    opened_at: datetime
    opened_day: date
    days: int
    due_at: datetime
    due_day: date
    provisional: bool
    answer_id: int | None = None
    answered_at: datetime | None = None
    answered_day: date | None = None
    rating: RatingLevel | None = None
    rated_day: date | None = None
    withdrawn_day: date | None = None

    @property
    def counts(self) -> bool:
        """Whether its deadline is judged: not if it was withdrawn before."""
        return self.withdrawn_day is None or self.withdrawn_day > self.due_day

    @property
    def on_time(self) -> bool:
        return self.answered_at is not None and self.answered_at <= self.due_at

    @property
    def ended_day(self) -> date | None:
        """When the department owed nothing any more."""
        return self.answered_day or self.withdrawn_day


@dataclass(frozen=True, slots=True)
class OpinionFacts:
    """What an opinion's events say. ``deputy_id``: who wrote it or took it over last. ``draft_id``: the answer being
    written, last saved by ``draft_by``."""

    seq: int
    status: OpinionStatus
    deputy_id: int | None
    department_id: int
    text_id: int
    draft_id: int | None = None
    draft_by: int | None = None
    rounds: tuple[Round, ...] = ()
    deputy_agrees: bool = False
    department_agrees: bool = False

    @property
    def round(self) -> Round | None:
        return self.rounds[-1] if self.rounds else None

    @property
    def is_public(self) -> bool:
        """Everyone may read it: it is closed and both agree."""
        return self.status is OpinionStatus.CLOSED and self.deputy_agrees and self.department_agrees


def evolve(facts: OpinionFacts | None, event: Event) -> OpinionFacts:
    """The facts after an event, which has passed :func:`refusal`."""
    params = event.params
    if facts is None:
        return OpinionFacts(1, S.DRAFT, event.account_id, params["department_id"], params["text_id"])
    facts = replace(facts, seq=facts.seq + 1)
    match event.action:
        case A.WRITE:
            return replace(facts, department_id=params["department_id"], text_id=params["text_id"])
        case A.SEND:
            return replace(facts, status=S.SENT, rounds=(_opened(facts, event),))
        case A.WITHDRAW:
            return _in_round(replace(facts, status=S.WITHDRAWN), withdrawn_day=event.day)
        case A.DRAFT_ANSWER:
            return replace(facts, draft_id=params["text_id"], draft_by=event.account_id)
        case A.SEND_FOR_APPROVAL:
            return replace(facts, status=S.IN_APPROVAL)
        case A.SEND_BACK:
            return replace(facts, status=_waiting(facts))
        case A.APPROVE:
            return _delivered(facts, event)
        case A.RATE:
            return _rated(facts, event)
        case A.TAKE_OVER:
            return replace(facts, deputy_id=event.account_id)
        case A.DEPUTY_AGREES | A.DEPUTY_REFUSES:
            return replace(facts, deputy_agrees=event.action is A.DEPUTY_AGREES)
        case A.DEPARTMENT_AGREES | A.DEPARTMENT_REFUSES:
            return replace(facts, department_agrees=event.action is A.DEPARTMENT_AGREES)
        case A.SUCCEED:
            return _succeeded(facts, params["department_id"])
        case A.MOVE_DEADLINE:
            return _in_round(facts, **clock_of(params))


def replay(events: Iterable[Event]) -> OpinionFacts | None:
    """The facts of a whole history."""
    facts: OpinionFacts | None = None
    for event in events:
        facts = evolve(facts, event)
    return facts


def clock_params(deadline: Deadline) -> dict[str, Any]:
    """A deadline as an event keeps it."""
    return {
        "days": deadline.length,
        "due_at": deadline.due_at.isoformat(),
        "due_day": deadline.due_day.isoformat(),
        "provisional": deadline.provisional,
    }


def clock_of(params: Mapping[str, Any]) -> dict[str, Any]:
    """The deadline of an event, as a round holds it."""
    return {
        "days": params["days"],
        "due_at": datetime.fromisoformat(params["due_at"]),
        "due_day": date.fromisoformat(params["due_day"]),
        "provisional": params["provisional"],
    }


def _opened(facts: OpinionFacts, event: Event) -> Round:
    number = len(facts.rounds) + 1
    return Round(number, facts.department_id, event.at, event.day, **clock_of(event.params))


def _in_round(facts: OpinionFacts, **changes: Any) -> OpinionFacts:
    if facts.round is None:
        return facts
    return replace(facts, rounds=(*facts.rounds[:-1], replace(facts.round, **changes)))


def _waiting(facts: OpinionFacts) -> OpinionStatus:
    return S.SENT if len(facts.rounds) == 1 else S.RETURNED


def _delivered(facts: OpinionFacts, event: Event) -> OpinionFacts:
    agrees = bool(event.params.get("agrees"))
    found = _in_round(
        facts, answer_id=facts.draft_id, answered_at=event.at, answered_day=event.day
    )  # fmt: skip
    return replace(found, status=S.DELIVERED, draft_id=None, draft_by=None, department_agrees=agrees)


def _rated(facts: OpinionFacts, event: Event) -> OpinionFacts:
    level = RatingLevel(event.params["level"])
    rated = _in_round(facts, rating=level, rated_day=event.day)
    if goes_back(facts, level):
        # What was agreed to is no longer all there is to read.
        again = (*rated.rounds, _opened(rated, event))
        return replace(rated, status=S.RETURNED, rounds=again, deputy_agrees=False, department_agrees=False)
    return replace(rated, status=S.CLOSED, deputy_agrees=bool(event.params.get("agrees")))


def goes_back(facts: OpinionFacts, level: RatingLevel) -> bool:
    """Whether this rating sends it back to the department."""
    return level is RatingLevel.DISSATISFIED and len(facts.rounds) < LAST_ROUND


def _succeeded(facts: OpinionFacts, department_id: int) -> OpinionFacts:
    """The other department owes what is still owed; who answered before did so in its own name."""
    facts = replace(facts, department_id=department_id)
    owed = facts.status in WITH_DEPARTMENT
    return _in_round(facts, department_id=department_id) if owed else facts
