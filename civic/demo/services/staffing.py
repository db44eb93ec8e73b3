"""The people of the sample: a handler and a lead in each of some departments, and the district's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic.accounts import queries as accounts
from civic.accounts import services as account_services
from civic.accounts.services import NewAccount
from civic.core.actor import SYSTEM, Actor, Grant, Role
from civic.core.errors import NotFound
from civic.demo.reading import SampleStaff
from civic.departments import queries as departments


@dataclass(frozen=True, slots=True)
class LogIn:
    """One line of the table of sample log-ins; ``department`` is '' for the district's own."""

    email: str
    password: str
    role: Role
    department: str
    name: str
    grant: Grant


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers in one department."""

    handler: Actor
    lead: Actor


@dataclass(frozen=True, slots=True)
class Staff:
    """Who acts in the sample cases, by department id."""

    desks: dict[int, Desk]
    dispatcher: Actor
    editors: tuple[Actor, ...]
    """Two, because nobody approves what they wrote."""
    deputy: Actor


def log_ins(staff: SampleStaff) -> tuple[LogIn, ...]:
    """Everybody of the sample, as they sign in; raises :class:`NotFound` for an unknown department."""
    rows = {row.key: row for row in departments.departments()}
    found = []
    for key in staff.departments:
        if key not in rows:
            raise NotFound(f"The district has no department {key}, which the sample staff names.")
        for role, title in staff.titles.items():
            name = f"{rows[key].name}{title}（示例）"
            grant = Grant(role, rows[key].id)
            email = f"{role.value}.{key}@{staff.mail_domain}"
            found.append(LogIn(email, staff.password, role, rows[key].name, name, grant))
    for local, role, title in staff.district:
        email = f"{local}@{staff.mail_domain}"
        found.append(LogIn(email, staff.password, role, "", f"{title}（示例）", Grant(role)))
    return tuple(found)


def hire(people: tuple[LogIn, ...], now: datetime) -> Staff:
    """Create the accounts, in the caller's transaction, and say who acts."""
    actors: dict[Grant, Actor] = {}
    editors = []
    for person in people:
        new = NewAccount(person.email, person.name, (person.grant,), password=person.password)
        account_id = account_services.create_account(SYSTEM, new, now)
        actor = accounts.actor_of(account_id)
        actors.setdefault(person.grant, actor)
        if person.role is Role.EDITOR:
            editors.append(actor)
    desks = {
        grant.department_id: Desk(actor, actors[Grant(Role.LEAD, grant.department_id)])
        for grant, actor in actors.items()
        if grant.role is Role.HANDLER and grant.department_id is not None
    }
    return Staff(desks, actors[Grant(Role.DISPATCHER)], tuple(editors), actors[Grant(Role.DEPUTY)])
