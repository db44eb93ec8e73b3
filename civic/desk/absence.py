"""The page of absences: who is away or will be, whose the reader may enter, and who could stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from civic.accounts import queries as accounts
from civic.accounts.absences import AbsenceRow, Away, absences, away
from civic.accounts.policy import can_enter_absence
from civic.accounts.queries import Colleague
from civic.core.actor import Actor, Role
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow


@dataclass(frozen=True, slots=True)
class Entered:
    """One absence. ``does``: who does the work today where it isn't the one entered; ``mine`` may be ended."""

    row: AbsenceRow
    department: DepartmentRow
    now: Away | None
    mine: bool

    @property
    def does(self) -> str | None:
        """Who does the work today, where the stand-in is away too or has left; empty if nobody does."""
        if self.now is None or self.now.stand_in_id == self.row.stand_in_id:
            return None
        return self.now.stand_in


@dataclass(frozen=True, slots=True)
class AbsencePage:
    """``people``: everyone of the reader's departments, by department."""

    entered: tuple[Entered, ...]
    departments: tuple[DepartmentRow, ...]
    people: tuple[tuple[DepartmentRow, Colleague], ...]
    led: frozenset[int]


def absence_page(actor: Actor, today: date) -> AbsencePage:
    """Absences in the departments for which the reader works."""
    own = actor.departments(Role.HANDLER, Role.LEAD)
    known = {row.id: row for row in departments.departments() if row.id in own}
    gone = away(own, today)
    entered = tuple(
        Entered(
            row=row,
            department=known[row.department_id],
            now=gone.get((row.account_id, row.department_id)) if row.since <= today else None,
            mine=bool(can_enter_absence(actor, row.account_id, row.department_id)),
        )
        for row in absences(own, today)
    )
    return AbsencePage(
        entered=entered,
        departments=tuple(known.values()),
        people=tuple((row, one) for row in known.values() for one in accounts.colleagues(row.id)),
        led=actor.departments(Role.LEAD),
    )


def nobody_approves(department_id: int, on: Iterable[date], today: date) -> date | None:
    """The first of these days on which every lead of the department is away; None if there is none."""
    leads = {one.id for one in accounts.colleagues(department_id) if Role.LEAD in one.roles}
    known = [row for row in absences((department_id,), today) if row.account_id in leads]
    return next(
        (day for day in on if leads == {row.account_id for row in known if row.since <= day <= row.until}),
        None,
    )
