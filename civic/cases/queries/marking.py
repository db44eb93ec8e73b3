"""What rows of lists say has happened on their cases."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

from sqlalchemy import select

from civic.cases.models import CaseEvent
from civic.cases.rules import MARKING, CaseAction, Mark, Step, marks
from civic.core.extensions import db

_MARKING = sorted(action.value for action in MARKING)


def marks_of(case_ids: Collection[int]) -> dict[int, frozenset[Mark]]:
    """By case what is marked on it; those without a mark are left out."""
    if not case_ids:
        return {}
    rows = db.session.execute(
        select(CaseEvent.case_id, CaseEvent.action, CaseEvent.department_id)
        .where(CaseEvent.case_id.in_(case_ids), CaseEvent.action.in_(_MARKING))
        .order_by(CaseEvent.case_id, CaseEvent.seq)
    )
    found = {
        case_id: marks(Step(CaseAction(row.action), row.department_id is not None) for row in events)
        for case_id, events in groupby(rows, key=lambda row: row.case_id)
    }
    return {case_id: marked for case_id, marked in found.items() if marked}
