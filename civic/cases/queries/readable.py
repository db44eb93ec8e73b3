"""How much of a figure everybody can read case by case: what a reader may take from it to learn of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select

from civic.cases.models import Case
from civic.cases.queries.stats import Selection, StatKey, units_of
from civic.cases.rules import NOBODY
from civic.core.extensions import db


@dataclass(frozen=True, slots=True)
class Readable:
    """Of the units that a figure counts: cases that are public now, and those that were at any time."""

    now: int = 0
    ever: int = 0


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
    query = (
        select(key, now, func.count().label("ever")).select_from(units).join(Case, Case.id == units.c.case_id)
    )
    rows = db.session.execute(query.where(Case.published_day.is_not(None)).group_by(key))
    return {row.key: Readable(int(row.now), int(row.ever)) for row in rows}
