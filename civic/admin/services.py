"""What an administrator decides: messages that did not arrive, working days and levels with the deadlines they move,
departments that merge and split. Callers commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from civic.admin.policy import can_decide_deliveries
from civic.admin.reorganisation_page import mark_of
from civic.cases import services as cases
from civic.cases.rules import MovedDeadline
from civic.cases.services import Concerned, Followed
from civic.core import audit, outbox
from civic.core.actor import Actor
from civic.core.dated import Dating
from civic.core.errors import N_, Invalid, Stale
from civic.departments import queries as reference
from civic.departments import services as departments
from civic.departments.rules import CalendarFile, ReorganisationKind
from civic.departments.services import NewReorganisation
from civic.supervision.services.opinions import MovedOpinion, preview_opinion_deadlines


def send_again(actor: Actor, message_id: int, now: datetime) -> None:
    """Let it be tried once more. Raises :class:`Stale` if somebody decided meanwhile."""
    can_decide_deliveries(actor).require()
    if not outbox.send_again(message_id, now):
        raise _decided()
    audit.record(actor, "delivery.again", "delivery", message_id, now)


def leave_delivery(actor: Actor, message_id: int, now: datetime) -> None:
    """Let it rest. Raises :class:`Stale` if somebody decided meanwhile."""
    can_decide_deliveries(actor).require()
    if not outbox.leave(message_id, now):
        raise _decided()
    audit.record(actor, "delivery.left", "delivery", message_id, now)


def preview_calendar(
    actor: Actor, file: CalendarFile, now: datetime
) -> tuple[list[MovedDeadline], tuple[MovedOpinion, ...]]:
    """What :func:`change_calendar` would do to open cases, and the worker soon after to opinions of deputies; changes
    nothing."""
    departments.can_edit_calendars(actor).require()
    calendar = departments.calendar_with(file)
    return cases.preview_deadlines(now, calendar), preview_opinion_deadlines(calendar)


def change_calendar(actor: Actor, file: CalendarFile, reason: str, now: datetime, seen: str) -> Followed:
    """Put a year's working days in force and let the open deadlines follow them; returns how they do."""
    change_id = departments.change_calendar(actor, file, reason, now, seen)
    return cases.follow_change(actor, change_id, now)


def reorganise(actor: Actor, new: NewReorganisation, now: datetime, seen: str) -> int:
    """Merge or split a department as it was seen; ``new.keys`` are what was chosen to pass. Returns its id.

    Raises :class:`Stale` if the department has other tasks or people by now, and what
    :func:`~civic.departments.services.plan_reorganisation` raises.
    """
    held = departments.holdings(actor, new.source_id)
    if seen != mark_of(held):
        raise Stale(N_("What the department has is not what was shown any more. Look at it again."))
    if new.kind is ReorganisationKind.MERGE:
        new = replace(new, keys=frozenset(one.key for one in held["people"]) - new.keys)
    return departments.plan_reorganisation(actor, new, now)


def preview_levels(
    actor: Actor,
    owner: int,
    values: Mapping[str, int | None],
    dating: Dating,
    now: datetime,
    *,
    open_cases: bool,
) -> list[MovedDeadline]:
    """What :func:`change_levels` would do to open cases; changes nothing. Raises :class:`Invalid` like it."""
    departments.can_edit_levels(actor).require()
    _check_levels(owner, values, dating, now, open_cases=open_cases)
    if not open_cases:
        return []
    changed = departments.levels_changed(owner, values, reference.local_day(now))
    levels = departments.levels_with(owner, values, dating.effective_on)
    days_of = cases.days_where(changed, levels, dating.effective_on)
    return cases.preview_deadlines(now, reference.calendar(), Concerned(days_of, changed.department_id))


def change_levels(
    actor: Actor,
    owner: int,
    values: Mapping[str, int | None],
    dating: Dating,
    now: datetime,
    seen: str,
    *,
    open_cases: bool,
) -> Followed:
    """Give levels other days; ``open_cases``: also for deadlines that run already. Returns how those follow.

    Raises :class:`Invalid` for open cases and a day to come: what stands in a promise is moved at once or not at all.
    """
    _check_levels(owner, values, dating, now, open_cases=open_cases)
    changed = departments.levels_changed(owner, values, reference.local_day(now))
    change_id = departments.change_levels(actor, owner, values, dating, now, seen)
    if not (open_cases and changed.keys):
        return Followed()
    return cases.follow_change(actor, change_id, now, changed)


def _check_levels(
    owner: int, values: Mapping[str, int | None], dating: Dating, now: datetime, *, open_cases: bool
) -> None:
    departments.check_levels(owner, values, dating, now)
    if open_cases and dating.effective_on > reference.local_day(now):
        raise Invalid(
            N_("Deadlines that run already can only be moved today. Enter today, or leave them as promised."),
            field="open_cases",
        )


def _decided() -> Stale:
    return Stale(N_("This message waits for nobody any more."), code="decided")
