"""Cases named by their numbers or ids, for whoever may know that they exist: no contact, no text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, select

from civic.cases.models import Case
from civic.cases.rules import CaseStatus, FeedbackKind
from civic.core.extensions import db


@dataclass(frozen=True, slots=True)
class NamedCase:
    """One case by its facts; ``visible``: everyone may read it."""

    case_id: int
    reference: str
    kind: FeedbackKind
    status: CaseStatus
    visible: bool
    item_id: int | None
    department_id: int | None
    submitted_day: date


def cases_named(references: Collection[str]) -> tuple[NamedCase, ...]:
    """Those that exist, by number; one query, none for no numbers."""
    return _named(Case.reference.in_(references)) if references else ()


def cases_of(case_ids: Select[int]) -> tuple[NamedCase, ...]:
    """The cases whose ids that query gives, by number; one query."""
    return _named(Case.id.in_(case_ids))


def _named(which: ColumnElement[bool]) -> tuple[NamedCase, ...]:
    columns = (
        Case.id, Case.reference, Case.kind, Case.status, Case.visible, Case.item_id, Case.department_id,
        Case.submitted_day,
    )  # fmt: skip
    return tuple(
        NamedCase(
            row.id, row.reference, FeedbackKind(row.kind), CaseStatus(row.status), row.visible,
            row.item_id, row.department_id, row.submitted_day,
        )
        for row in db.session.execute(select(*columns).where(which).order_by(Case.reference))
    )  # fmt: skip
