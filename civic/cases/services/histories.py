"""The events of cases as the rules replay them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

from sqlalchemy import select

from civic.cases.models import CaseEvent
from civic.cases.rules import CaseAction, Event
from civic.core.extensions import db


def histories(
    of: Collection[int] | None = None, up_to: int | None = None
) -> Iterator[tuple[int, list[Event]]]:
    """(case id, its events from the first on) of some cases, or of all; cases without events are left out.

    ``up_to``: only events of this number or an earlier one, so the cases are as they once were.
    """
    query = select(
        CaseEvent.case_id,
        CaseEvent.action,
        CaseEvent.at,
        CaseEvent.day,
        CaseEvent.params,
        CaseEvent.account_id,
    ).order_by(CaseEvent.case_id, CaseEvent.seq)
    if of is not None:
        query = query.where(CaseEvent.case_id.in_(of))
    if up_to is not None:
        query = query.where(CaseEvent.id <= up_to)
    rows = db.session.execute(query.execution_options(yield_per=5000))
    for case_id, entries in groupby(rows, key=lambda row: row.case_id):
        yield case_id, [Event(CaseAction(r.action), r.at, r.day, r.params, r.account_id) for r in entries]
