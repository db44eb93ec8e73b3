"""People pass with their department: their roles are in the succeeding one from then on, and their sessions go on."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from civic.accounts.models import Absence, Account, RoleGrant
from civic.accounts.rules import ROLE_NAMES
from civic.core import audit
from civic.core.actor import SYSTEM, Role
from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.departments.rules import Handover, Holding


def people_holdings(department_id: int) -> tuple[Holding, ...]:
    """Who works in a department, each with the role that counts most there."""
    rows = db.session.execute(
        select(Account.id, Account.name, RoleGrant.role)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.department_id == department_id, Account.active)
        .order_by(Account.name, Account.id, RoleGrant.role)
    )
    return tuple(
        {
            # Ordered by role, the lead comes last and stands.
            row.id: Holding(f"person:{row.id}", row.name, detail=ROLE_NAMES[Role(row.role)])
            for row in rows
        }.values()
    )


def check_leads(handover: Handover) -> None:
    """Raise :class:`Invalid` if a department were left without anybody who may approve its replies."""
    coming = {one for one in _leads(handover.source_id) if handover.takes(f"person:{one}")}
    staying = _leads(handover.source_id) - coming
    if not coming | _leads(handover.target_id):
        _refuse(handover.target_id)
    if not handover.whole and coming and not staying:
        _refuse(handover.source_id)


def move_people(handover: Handover) -> None:
    """Whoever comes along has the same roles in the other department; nobody keeps one in a merged department."""
    grants = db.session.scalars(
        select(RoleGrant).where(RoleGrant.department_id == handover.source_id).order_by(RoleGrant.id)
    ).all()
    already = _held(handover.target_id, (grant.account_id for grant in grants))
    for grant in grants:
        comes = handover.takes(f"person:{grant.account_id}")
        if not comes and not handover.whole:
            continue
        _note(handover, "role_revoked", grant, handover.source_id)
        if comes and (grant.account_id, grant.role) not in already:
            _note(handover, "role_granted", grant, handover.target_id)
            grant.department_id, grant.granted_at = handover.target_id, handover.at
        else:
            db.session.delete(grant)
    _move_absences(handover)
    db.session.flush()


def _move_absences(handover: Handover) -> None:
    """Who is away from the one department is away from the other; what was entered there already stands."""
    today = departments.local_day(handover.at)
    known = set(
        db.session.scalars(
            select(Absence.account_id).where(
                Absence.department_id == handover.target_id, Absence.until >= today
            )
        )
    )
    coming = db.session.scalars(
        select(Absence).where(Absence.department_id == handover.source_id, Absence.until >= today)
    )
    for absence in coming:
        if handover.takes(f"person:{absence.account_id}") and absence.account_id not in known:
            absence.department_id = handover.target_id


def _leads(department_id: int) -> set[int]:
    return set(
        db.session.scalars(
            select(RoleGrant.account_id)
            .join(Account, Account.id == RoleGrant.account_id)
            .where(
                RoleGrant.department_id == department_id, RoleGrant.role == Role.LEAD.value, Account.active
            )
        )
    )


def _held(department_id: int, account_ids: Iterable[int]) -> set[tuple[int, str]]:
    rows = db.session.execute(
        select(RoleGrant.account_id, RoleGrant.role).where(
            RoleGrant.department_id == department_id, RoleGrant.account_id.in_(set(account_ids))
        )
    )
    return {(row.account_id, row.role) for row in rows}


def _note(handover: Handover, act: str, grant: RoleGrant, department_id: int) -> None:
    audit.record(
        SYSTEM, act, "account", grant.account_id, handover.at, role=grant.role, department_id=department_id
    )


def _refuse(department_id: int) -> None:
    raise Invalid(
        N_(
            "%(department)s would have no lead: choose one who comes along or stays, or give somebody the role first."
        ),
        code="no_lead",
        field="keys",
        department=departments.department(department_id).name,
    )
