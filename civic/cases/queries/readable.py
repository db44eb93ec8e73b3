"""How much of a figure everybody can read case by case: what a reader may take from it to learn of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from civic.cases.models import Case
from civic.cases.queries.stats import Selection, StatKey, units_of
from civic.cases.rules import NOBODY, CaseStatus
from civic.core.extensions import db


@dataclass(frozen=True, slots=True)
class Readable:
    """Of the units that a figure counts: cases that are public now, and at most how many anybody may ever read: those
    that were public at any time, or may yet be because their writers agreed."""

    now: int = 0
    most: int = 0


def readable_behind(selection: Selection, column: str) -> dict[StatKey, Readable]:
    """Per value of a column (0 = none); values without any are left out."""
    units = units_of(selection)
    columns: dict[str, Any] = {
        "department_id": func.coalesce(units.c.department_id, NOBODY),
        "street_id": func.coalesce(Case.street_id, NOBODY),
        "item_id": func.coalesce(Case.item_id, NOBODY),
    }
    key = columns[column].label("key")
    now = func.sum(case((Case.visible.is_(True), 1), else_=0)).label("now")
    may_be = and_(Case.wants_publication.is_(True), Case.status != CaseStatus.WITHDRAWN.value)
    query = (
        select(key, now, func.count().label("most")).select_from(units).join(Case, Case.id == units.c.case_id)
    )
    rows = db.session.execute(query.where(or_(Case.published_day.is_not(None), may_be)).group_by(key))
    return {row.key: Readable(int(row.now), int(row.most)) for row in rows}
