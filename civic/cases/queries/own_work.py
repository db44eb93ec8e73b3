"""What is somebody's own work: the cases they have, and what they have written and nobody has published."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select

from civic.accounts.absences import Work
from civic.cases.models import Case, Reply, ReplyState
from civic.cases.rules import ANSWERED
from civic.core.extensions import db

_ANSWERED = [status.value for status in ANSWERED]


def held_by(account_id: int | None, stands_in: Collection[Work]) -> ColumnElement[bool]:
    """Whether somebody has the case, or one of those for whom they stand in."""
    return or_(
        Case.assignee_id == account_id,
        *(and_(Case.assignee_id == person, Case.department_id == place) for person, place in stands_in),
    )


def drafted_by(writers: Collection[Work]) -> ColumnElement[bool]:
    """Whether the draft of a case is by one of these people, written for the department that has it."""
    return exists().where(
        Reply.case_id == Case.id,
        Reply.state == ReplyState.DRAFT.value,
        Reply.department_id == Case.department_id,
        _by(writers),
    )


def own_corrections(writers: Collection[Work]) -> tuple[int, ...]:
    """The answered cases for which one of these people has a correction that isn't published."""
    if not writers:
        return ()
    return tuple(
        db.session.scalars(
            select(Case.id)
            .join(Reply, Reply.case_id == Case.id)
            .where(
                Reply.department_id.in_({where for _who, where in writers}),
                Reply.state == ReplyState.DRAFT.value,
                _by(writers),
                Case.department_id == Reply.department_id,
                Case.status.in_(_ANSWERED),
            )
            .order_by(Case.id)
        )
    )


def _by(writers: Collection[Work]) -> ColumnElement[bool]:
    return or_(*(and_(Reply.author_id == who, Reply.department_id == where) for who, where in writers))
