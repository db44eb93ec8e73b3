"""How many open cases somebody has and how many replies wait for a lead, by department: figures for whoever runs the
accounts, and nothing of a case."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from civic.cases.models import Case
from civic.cases.rules import AT_DEPARTMENT
from civic.core.extensions import db


def held_counts(account_id: int) -> dict[int, int]:
    """Departments in which the account holds open cases, with their number."""
    rows = db.session.execute(
        select(Case.department_id, func.count(Case.id))
        .where(Case.assignee_id == account_id, Case.status.in_([status.value for status in AT_DEPARTMENT]))
        .group_by(Case.department_id)
        .order_by(Case.department_id)
    )
    return {found: int(count) for found, count in rows if found is not None}


def approvals_waiting(department_ids: Collection[int]) -> dict[int, int]:
    """How many replies and corrections wait for a lead of each of these departments; 0 where none does."""
    rows = db.session.execute(
        select(Case.department_id, func.count(Case.id))
        .where(Case.waits_for_lead.is_(True), Case.department_id.in_(department_ids))
        .group_by(Case.department_id)
    )
    found = {department_id: int(count) for department_id, count in rows}
    return {department_id: found.get(department_id, 0) for department_id in sorted(department_ids)}
