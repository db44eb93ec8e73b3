"""Who has what in a department: read from the very lists that the figures lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from civic.accounts import queries as accounts
from civic.accounts.absences import Away, away
from civic.cases import queries as cases
from civic.cases.queries import QueueView
from civic.core.actor import Actor, Role
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow

COLUMNS = (QueueView.DEPARTMENT, QueueView.DUE_SOON, QueueView.OVERDUE, QueueView.APPROVAL)
"""The lists that are counted for everyone; the first holds all the open cases."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one person holds, or nobody (``account_id`` is None)."""

    account_id: int | None
    name: str
    is_lead: bool
    has_left: bool
    """Holds cases of a department for which this person no longer works."""
    counts: Mapping[QueueView, int]
    away: Away | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """One department's people: what nobody has first, then who left, then by name."""

    department: DepartmentRow
    loads: tuple[Load, ...]


def teams(actor: Actor, now: datetime) -> tuple[Team, ...]:
    """The departments that the actor leads, each with everyone's cases."""
    led = actor.departments(Role.LEAD)
    known = departments.departments()
    return tuple(Team(row, _loads(actor, row.id, now)) for row in known if row.id in led)


def _loads(actor: Actor, department_id: int, now: datetime) -> tuple[Load, ...]:
    held = cases.counts_by_holder(actor, now, department_id=department_id, views=COLUMNS)
    people = accounts.colleagues(department_id)
    here = {one.id for one in people}
    absent = away((department_id,), departments.local_day(now))
    gone = accounts.account_names(
        holder for holder in held[QueueView.DEPARTMENT] if holder is not None and holder not in here
    )

    def load(account_id: int | None, name: str, *, is_lead: bool = False, has_left: bool = False) -> Load:
        counts = {view: held[view].get(account_id, 0) for view in COLUMNS}
        return Load(account_id, name, is_lead, has_left, counts, absent.get((account_id or 0, department_id)))

    return (
        load(None, ""),
        *(load(key, name, has_left=True) for key, name in sorted(gone.items())),
        *(load(one.id, one.name, is_lead=Role.LEAD in one.roles) for one in people),
    )
