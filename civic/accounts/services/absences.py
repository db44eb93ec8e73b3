"""Absences: entered by the person or the lead, ended early, over by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from civic.accounts.models import Absence
from civic.accounts.policy import can_enter_absence, can_see_absences
from civic.accounts.queries import account_names, work_of
from civic.accounts.rules import ABSENCE_KEPT, LONGEST_ABSENCE
from civic.accounts.services.sessions import load
from civic.core import audit
from civic.core.actor import Actor
from civic.core.errors import N_, Invalid, NotFound
from civic.core.extensions import db
from civic.departments.queries import local_day


@dataclass(frozen=True, slots=True)
class NewAbsence:
    """Who is away from which department, on which days (both included), and who stands in, if anybody."""

    account_id: int
    department_id: int
    since: date
    until: date
    stand_in_id: int | None = None


def enter_absence(actor: Actor, new: NewAbsence, now: datetime) -> int:
    """Somebody is away; returns the id. No case changes: the stand-in sees them too, and may do what colleagues may.

    Raises :class:`Invalid` at the field to blame: days that are over, the wrong way round or taken, a stand-in
    who doesn't work there or is away as well.
    """
    can_enter_absence(actor, new.account_id, new.department_id).require()
    load(new.account_id)
    works = work_of({new.account_id, *([new.stand_in_id] if new.stand_in_id else ())})
    if (new.account_id, new.department_id) not in works:
        raise Invalid(N_("This person doesn't work in the department."), code="not_there", field="person")
    _check_days(new, local_day(now))
    _check_stand_in(new, works)
    _forget_old(new.account_id, local_day(now))
    absence = Absence(
        account_id=new.account_id,
        department_id=new.department_id,
        since=new.since,
        until=new.until,
        stand_in_id=new.stand_in_id,
        entered_by=actor.account_id,
        entered_at=now,
    )
    db.session.add(absence)
    db.session.flush()
    audit.record(
        actor,
        "absence_entered",
        "account",
        new.account_id,
        now,
        department_id=new.department_id,
        stand_in_id=new.stand_in_id,
        since=new.since.isoformat(),
        until=new.until.isoformat(),
    )
    return absence.id


def end_absence(actor: Actor, absence_id: int, now: datetime) -> None:
    """The person is back, today; one that hasn't begun is off. Raises :class:`NotFound` for what isn't there,
    also where it's another department's or over."""
    today = local_day(now)
    absence = db.session.scalar(
        select(Absence).where(Absence.id == absence_id, Absence.until >= today).with_for_update()
    )
    if absence is None or not can_see_absences(actor, absence.department_id):
        raise NotFound(N_("There is no such absence any more."), code="no_absence")
    can_enter_absence(actor, absence.account_id, absence.department_id).require()
    audit.record(
        actor, "absence_ended", "account", absence.account_id, now, department_id=absence.department_id
    )
    if absence.since >= today:
        db.session.delete(absence)
    else:
        absence.until = today - timedelta(days=1)
    db.session.flush()


def _check_days(new: NewAbsence, today: date) -> None:
    if new.since < today:
        raise Invalid(
            N_("Begin with today or a later day: what is over needs no stand-in."),
            code="past",
            field="since",
        )
    if new.until < new.since:
        raise Invalid(N_("The last day can't come before the first."), code="order", field="until")
    if new.until - new.since >= LONGEST_ABSENCE:
        raise Invalid(
            N_("At most a year at once. For longer, a lead gives the cases to others."),
            code="too_long",
            field="until",
        )
    taken = _overlapping(new, new.account_id)
    if taken is not None:
        raise Invalid(
            N_("Away from %(since)s to %(until)s is entered already: end that first."),
            code="taken",
            field="since",
            since=taken.since.isoformat(),
            until=taken.until.isoformat(),
        )


def _check_stand_in(new: NewAbsence, works: frozenset[tuple[int, int]]) -> None:
    if new.stand_in_id is None:
        return
    if new.stand_in_id == new.account_id or (new.stand_in_id, new.department_id) not in works:
        raise Invalid(N_("Choose a colleague of the same department."), code="not_there", field="stand_in")
    gone = _overlapping(new, new.stand_in_id)
    if gone is not None:
        raise Invalid(
            N_("%(name)s is away from %(since)s to %(until)s: choose somebody else."),
            code="away",
            field="stand_in",
            name=account_names((new.stand_in_id,))[new.stand_in_id],
            since=gone.since.isoformat(),
            until=gone.until.isoformat(),
        )


def _overlapping(new: NewAbsence, account_id: int) -> Absence | None:
    found: Absence | None = db.session.scalar(
        select(Absence)
        .where(
            Absence.account_id == account_id,
            Absence.department_id == new.department_id,
            Absence.since <= new.until,
            Absence.until >= new.since,
        )
        .order_by(Absence.since)
        .limit(1)
    )
    return found


def _forget_old(account_id: int, today: date) -> None:
    db.session.execute(
        delete(Absence).where(Absence.account_id == account_id, Absence.until < today - ABSENCE_KEPT)
    )
