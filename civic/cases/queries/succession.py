"""How many open cases would pass with a department, and with which of its tasks: counted, never shown."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from civic.cases.models import Case, CaseEvent, Support
from civic.cases.rules import AT_DEPARTMENT, OPEN, CaseAction, CaseStatus
from civic.core.extensions import db

_HERE = [status.value for status in AT_DEPARTMENT]
_SENT = [action.value for action in (CaseAction.ROUTE, CaseAction.TRANSFER, CaseAction.DESIGNATE)]


@dataclass(frozen=True, slots=True)
class OpenCases:
    """What a department holds, by status; what it supports; and how many by the task that brought them (``by_key``)."""

    by_status: dict[CaseStatus, int]
    supported: int
    by_key: dict[str, int]

    @property
    def held(self) -> int:
        return sum(self.by_status.values())


def open_cases_of(department_id: int) -> OpenCases:
    """What is open with a department, for whoever is about to merge or split it."""
    held = db.session.execute(
        select(Case.status, func.count())
        .where(Case.department_id == department_id, Case.status.in_(_HERE))
        .group_by(Case.status)
    )
    by_status = {CaseStatus(status): n for status, n in held}
    supported = db.session.scalar(
        select(func.count())
        .select_from(Support)
        .join(Case, Case.id == Support.case_id)
        .where(Support.department_id == department_id, Case.status.in_([status.value for status in OPEN]))
    )
    by_key = {key: len(ids) for key, ids in cases_by_holding(department_id).items()}
    return OpenCases(
        {status: by_status[status] for status in CaseStatus if status in by_status}, supported or 0, by_key
    )


def cases_by_holding(department_id: int) -> dict[str, tuple[int, ...]]:
    """The open cases that each task of a department brought: ``item:12``, else ``rule:R05``, else ``street:3``.

    Without those about the department or its staff.
    """
    rows = db.session.execute(
        select(Case.id, Case.item_id, Case.street_id)
        .where(Case.department_id == department_id, Case.status.in_(_HERE), ~Case.about_staff)
        .order_by(Case.id)
    ).all()
    reasons = _reasons(department_id)
    found: dict[str, list[int]] = {}
    for row in rows:
        rule = reasons.get(row.id, {}).get("rule")
        by_street = row.street_id is not None and "street" in reasons.get(row.id, {})
        if row.item_id is not None:
            found.setdefault(f"item:{row.item_id}", []).append(row.id)
        elif by_street:
            found.setdefault(f"street:{row.street_id}", []).append(row.id)
        elif rule:
            found.setdefault(f"rule:{rule}", []).append(row.id)
    return {key: tuple(ids) for key, ids in found.items()}


def _reasons(department_id: int) -> dict[int, dict[str, str]]:
    """Why each case that no item tells of came where it is: the newest sending counts."""
    sent = db.session.execute(
        select(CaseEvent.case_id, CaseEvent.params)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(
            Case.department_id == department_id,
            Case.status.in_(_HERE),
            Case.item_id.is_(None),
            CaseEvent.action.in_(_SENT),
        )
        .order_by(CaseEvent.case_id, CaseEvent.seq)
    )
    return {row.case_id: row.params.get("reason") or {} for row in sent}
