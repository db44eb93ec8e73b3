"""How many open cases somebody has, by department: a figure for whoever runs the accounts, and nothing of a case."""

from __future__ import annotations

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
