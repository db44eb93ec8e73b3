"""Somebody leaves: the cases go to a colleague, or back to the department's unassigned ones; drafts stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy import select

from civic.accounts import queries as accounts
from civic.accounts.policy import can_change_account
from civic.accounts.rules import AccountDeactivated, LeftDepartment
from civic.cases.models import Case
from civic.cases.rules import AT_DEPARTMENT, CaseAction
from civic.cases.services.applying import changing, changing_several
from civic.cases.services.surroundings import check_colleague
from civic.core import audit
from civic.core.actor import SYSTEM, Actor
from civic.core.errors import DomainError, Invalid
from civic.core.extensions import db

LEFT = "left"
"""Why an event of the platform moved a case: whoever had it no longer works in the department."""

BATCH = 200


def hand_over_cases(actor: Actor, account_id: int, to: Mapping[int, int | None], now: datetime) -> int:
    """Give what somebody holds in each department to a colleague there, or back (None); how many cases moved.

    An administrator chooses whom, without seeing one of the cases. Raises :class:`Invalid` at
    ``to_<department>`` if that is nobody of the department, or the one who leaves.
    """
    can_change_account(actor, account_id).require()
    moved = 0
    with changing_several(_held(account_id)):
        for department_id, successor in sorted(to.items()):
            if successor is not None:
                _check_successor(account_id, department_id, successor)
            count = _move(_held(account_id, department_id), successor, now)
            if count:
                given = {} if successor is None else {"to": successor}
                audit.record(
                    actor, "cases_handed_over", "account", account_id, now,
                    department_id=department_id, count=count, **given,
                )  # fmt: skip
            moved += count
    return moved


def hand_back_of_leaver(left: AccountDeactivated) -> None:
    """What an account still holds when it ends goes back to the departments."""
    held = _held(left.account_id)
    with changing_several(held):
        _move(held, None, left.at)


def hand_back_of_department(left: LeftDepartment) -> None:
    """What somebody holds in a department goes back to it with the last role there."""
    # Whoever loses several roles in one transaction loses the next department's cases after these.
    with changing_several(_held(left.account_id)):
        hand_back(left.account_id, left.department_id, left.at)


def hand_back(account_id: int, department_id: int, now: datetime) -> None:
    """Leave to the department what somebody has there; it is locked already."""
    _move(_held(account_id, department_id), None, now)


def hand_back_stranded(now: datetime) -> int:
    """What is with somebody who no longer works there goes back: answered cases that came to life again."""
    held = (
        select(Case.assignee_id, Case.department_id)
        .where(Case.status.in_([status.value for status in AT_DEPARTMENT]), Case.assignee_id.is_not(None))
        .distinct()
    )
    pairs = {(row.assignee_id, row.department_id) for row in db.session.execute(held)}
    gone = pairs - accounts.work_of(account_id for account_id, _department in pairs)
    stranded = [
        case_id for account_id, department_id in sorted(gone) for case_id in _held(account_id, department_id)
    ]
    done = 0
    with changing_several(stranded[:BATCH]):
        for case_id in stranded[:BATCH]:
            try:
                with db.session.begin_nested():
                    done += _move([case_id], None, now)
            except DomainError as error:
                structlog.get_logger().warning("a case stays stranded", case_id=case_id, code=error.code)
    return done


def _check_successor(account_id: int, department_id: int, successor: int) -> None:
    try:
        check_colleague(successor if successor != account_id else 0, department_id)
    except Invalid as error:
        raise Invalid(error.message, code="no_colleague", field=f"to_{department_id}") from error


def _held(account_id: int, department_id: int | None = None) -> list[int]:
    """Open cases that a person has, in the order in which they came."""
    held = select(Case.id).where(
        Case.assignee_id == account_id, Case.status.in_([status.value for status in AT_DEPARTMENT])
    )
    if department_id is not None:
        held = held.where(Case.department_id == department_id)
    return list(db.session.scalars(held.order_by(Case.id)))


def _move(case_ids: list[int], successor: int | None, now: datetime) -> int:
    action = CaseAction.HAND_BACK if successor is None else CaseAction.ASSIGN
    for case_id in case_ids:
        with changing(SYSTEM, case_id, None, now) as work:
            work.apply(action, assignee_id=successor, because=LEFT)
    return len(case_ids)
