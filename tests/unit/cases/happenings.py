"""Makes the events of a case by hand, with the parameters that services compute, for pure tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from civic.cases.rules import (
    CaseAction,
    CaseFacts,
    Clock,
    Event,
    Levels,
    closing_moment,
    days_used,
    evolve,
    extend_clock,
    resume_clock,
    start_clock,
)
from civic.core.workdays import Calendar, workdays_between

CALENDAR = Calendar(
    days={date(2026, 10, day): False for day in range(1, 8)}
    | {date(2026, 9, 20): True, date(2026, 10, 10): True},
    known_years=frozenset({2026}),
)
LEVELS = Levels()
MONDAY = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
"""Monday 7 September 2026, ten in the morning in the district."""


def at(days: int = 0, hours: float = 0) -> datetime:
    """So many calendar days and hours after that Monday morning."""
    return MONDAY + timedelta(days=days, hours=hours)


def happen(
    facts: CaseFacts | None,
    action: CaseAction,
    now: datetime,
    *,
    account_id: int | None = None,
    calendar: Calendar = CALENDAR,
    **params: Any,
) -> tuple[CaseFacts, Event]:
    """One more event with the parameters that the service of this action would add."""
    full = {**computed(facts, action, now, params, calendar), **params}
    event = Event(action, now, calendar.local_day(now), full, account_id)
    return evolve(facts, event), event


def story(*steps: tuple[Any, ...]) -> CaseFacts:
    """Facts after steps ``(action, when)`` or ``(action, when, params)``."""
    facts: CaseFacts | None = None
    for step in steps:
        action, when, *rest = step
        params = dict(rest[0]) if rest else {}
        account_id = params.pop("account_id", None)
        facts, _ = happen(facts, action, when, account_id=account_id, **params)
    assert facts is not None
    return facts


def computed(
    facts: CaseFacts | None, action: CaseAction, now: datetime, given: dict[str, Any], calendar: Calendar
) -> dict[str, Any]:
    if facts is None:
        return _submitted(now, given, calendar)
    held = _held_days(facts, now, calendar)
    match action:
        case CaseAction.ROUTE | CaseAction.TRANSFER | CaseAction.DESIGNATE:
            return {**_assigned(facts, now, calendar), "held_days": held}
        case CaseAction.ACCEPT:
            return {"accept_days": held or 0}
        case CaseAction.DECLINE:
            until = closing_moment(calendar, now, LEVELS.close_after)
            return {"held_days": held, "appeal_until": until.isoformat()}
        case CaseAction.WITHDRAW | CaseAction.MERGE | CaseAction.SUCCEED:
            return {"held_days": held}
        case CaseAction.ADD_INFORMATION | CaseAction.RESUME if facts.paused_at:
            return _resumed(facts, facts.paused_at, now, calendar)
        case CaseAction.UNMERGE if facts.ended_at:
            return _resumed(facts, facts.ended_at, now, calendar)
        case CaseAction.APPROVE_EXTENSION:
            return _extended(facts, calendar)
        case CaseAction.APPEAL | CaseAction.REOPEN:
            return {"clock": start_clock(calendar, now, LEVELS.reply_days(facts.kind)).as_params()}
        case CaseAction.PUBLISH_REPLY:
            return {
                "reply_id": facts.draft_id,
                "days": days_used(calendar, facts.round.clock, now),
                "held_days": held,
                "close_at": closing_moment(calendar, now, LEVELS.close_after).isoformat(),
            }
    return {}


def _submitted(now: datetime, given: dict[str, Any], calendar: Calendar) -> dict[str, Any]:
    kind = given.get("kind", "suggestion")
    days = LEVELS.reply_days(kind)
    return {
        "kind": kind,
        "wants_publication": True,
        "item_id": 7,
        "street_id": 3,
        "clock": start_clock(calendar, now, days).as_params(),
        "review": start_clock(calendar, now, LEVELS.moderate).as_params(),
    }


def _assigned(facts: CaseFacts, now: datetime, calendar: Calendar) -> dict[str, Any]:
    return {
        "accept": start_clock(calendar, now, LEVELS.accept).as_params(),
        "own": start_clock(calendar, now, LEVELS.reply_days(facts.kind)).as_params(),
        "returning": start_clock(calendar, now, LEVELS.return_within).as_params(),
    }


def _held_days(facts: CaseFacts, now: datetime, calendar: Calendar) -> int | None:
    stint = facts.stint
    if stint is None or stint.department_id is None:
        return None
    return workdays_between(calendar, stint.since_day, calendar.local_day(now))


def _resumed(facts: CaseFacts, stopped_at: datetime, now: datetime, calendar: Calendar) -> dict[str, Any]:
    found = {"clock": resume_clock(calendar, facts.round.clock, stopped_at, now).as_params()}
    last = facts.stints[-1]
    if last.own:
        found["own"] = resume_clock(calendar, last.own, stopped_at, now).as_params()
    if last.accept and last.accepted_at is None:
        found["accept"] = resume_clock(calendar, last.accept, stopped_at, now).as_params()
    return found


def _extended(facts: CaseFacts, calendar: Calendar) -> dict[str, Any]:
    days = facts.extension_days or 0
    clocks: dict[str, Clock | None] = {"clock": facts.round.clock, "own": facts.stints[-1].own}
    return {name: extend_clock(calendar, clock, days).as_params() for name, clock in clocks.items() if clock}
