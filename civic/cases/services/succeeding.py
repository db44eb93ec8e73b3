"""Open cases pass with a department that is merged or split; what has ended stays under the old name."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from civic.accounts import queries as accounts
from civic.cases.models import Case, Support
from civic.cases.queries.succession import cases_by_holding
from civic.cases.rules import AT_DEPARTMENT, OPEN
from civic.cases.services.applying import changing, changing_several
from civic.cases.services.handing_over import hand_back
from civic.core.actor import SYSTEM
from civic.core.extensions import db
from civic.departments.rules import Handover
from civic.web.caching import reference_settled


@reference_settled()
def pass_cases(handover: Handover) -> None:
    """All open cases that a merged department holds, supports or is complained about in; of a split those that
    belong to what passes on."""
    whole = _whole(handover.source_id)
    passing = whole if handover.whole else _chosen(handover)
    with changing_several((*whole, *passing)):
        for case_id in passing:
            with changing(SYSTEM, case_id, None, handover.at) as work:
                work.succeed(handover.source_id, handover.target_id, "merged" if handover.whole else "split")
        if not handover.whole:
            _hand_back(handover)


def _whole(department_id: int) -> list[int]:
    supported = select(Support.case_id).where(Support.department_id == department_id)
    return _open(
        or_(
            Case.department_id == department_id,
            Case.sealed_department_id == department_id,
            Case.id.in_(supported),
        )
    )


def _chosen(handover: Handover) -> list[int]:
    """Cases about the department or its staff stay: whom they concern a person has to say."""
    held = cases_by_holding(handover.source_id)
    ids = {case_id for key in handover.keys for case_id in held.get(key, ())}
    items = [int(one) for one in handover.chosen("item")]
    supported = select(Support.case_id).where(Support.department_id == handover.source_id)
    return _open(or_(Case.id.in_(ids), Case.item_id.in_(items) & Case.id.in_(supported)))


def _open(which: ColumnElement[bool]) -> list[int]:
    opened = Case.status.in_([status.value for status in OPEN])
    return list(db.session.scalars(select(Case.id).where(opened, which).order_by(Case.id)))


def _hand_back(handover: Handover) -> None:
    """What stays, but was with somebody who passed on, is nobody's until a colleague takes it."""
    people = db.session.scalars(
        select(Case.assignee_id)
        .distinct()
        .where(
            Case.department_id == handover.source_id,
            Case.assignee_id.is_not(None),
            Case.status.in_([status.value for status in AT_DEPARTMENT]),
        )
    )
    held = {one for one in people if one is not None}
    here = accounts.work_of(held)
    for account_id in sorted(one for one in held if (one, handover.source_id) not in here):
        hand_back(account_id, handover.source_id, handover.at)
