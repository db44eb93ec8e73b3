"""Reads: who is away, until when, and who does the work meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from civic.accounts.models import Absence, Account
from civic.accounts.queries import account_names, work_of
from civic.accounts.rules import standing_in
from civic.core.extensions import db

Work = tuple[int, int]
"""A person in a department: the account's id and the department's."""


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is absent today. ``stand_in_id`` is who does the work: the stand-in of the stand-in where both are."""

    until: date
    stand_in_id: int | None
    stand_in: str


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An absence that lasts or is still to come, as it was entered."""

    id: int
    account_id: int
    name: str
    department_id: int
    since: date
    until: date
    stand_in_id: int | None
    stand_in: str
    entered_by: str


def away(department_ids: Collection[int], today: date) -> Mapping[Work, Away]:
    """Who of these departments is absent today. One query where nobody is, three where somebody is."""
    if not department_ids:
        return {}
    rows = db.session.execute(
        select(Absence.account_id, Absence.department_id, Absence.until, Absence.stand_in_id).where(
            Absence.department_id.in_(department_ids), Absence.since <= today, Absence.until >= today
        )
    ).all()
    if not rows:
        return {}
    works = work_of(row.stand_in_id for row in rows if row.stand_in_id is not None)
    named: dict[int, dict[int, int | None]] = {}
    for row in rows:
        still = (row.stand_in_id, row.department_id) in works
        named.setdefault(row.department_id, {})[row.account_id] = row.stand_in_id if still else None
    does = {
        (row.account_id, row.department_id): standing_in(row.account_id, named[row.department_id])
        for row in rows
    }
    names = account_names(does.values())
    return {
        (row.account_id, row.department_id): Away(row.until, who, names.get(who or 0, ""))
        for row in rows
        for who in (does[row.account_id, row.department_id],)
    }


def stood_in_for(account_id: int | None, department_ids: Collection[int], today: date) -> tuple[Work, ...]:
    """For whom somebody stands in today, and where."""
    found = away(department_ids, today)
    return tuple(sorted(work for work, one in found.items() if one.stand_in_id == account_id))


def absences(department_ids: Collection[int], today: date) -> tuple[AbsenceRow, ...]:
    """All that last or are still to come in these departments, by their first day."""
    rows = db.session.execute(
        select(Absence, Account.name)
        .join(Account, Account.id == Absence.account_id)
        .where(Absence.department_id.in_(department_ids), Absence.until >= today, Account.active.is_(True))
        .order_by(Absence.since, Account.name, Absence.id)
    ).all()
    people = account_names(
        person for row in rows for person in (row.Absence.stand_in_id, row.Absence.entered_by)
    )
    return tuple(
        AbsenceRow(
            id=one.id,
            account_id=one.account_id,
            name=name,
            department_id=one.department_id,
            since=one.since,
            until=one.until,
            stand_in_id=one.stand_in_id,
            stand_in=people.get(one.stand_in_id or 0, ""),
            entered_by=people[one.entered_by],
        )
        for one, name in rows
    )
