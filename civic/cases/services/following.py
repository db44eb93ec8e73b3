"""How open deadlines follow a change of working days or levels: at once, or, where many are open, by the worker.

The worker takes the oldest order a portion further, in a transaction of its own, in which the order also
notes how far it is. So a worker that is killed goes on where it was, and no case is moved twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from civic.cases.models import Case, Recomputation, RecomputedCase
from civic.cases.rules import DaysOf, MovedDeadline
from civic.cases.services.recomputing import (
    Concerned,
    Portion,
    days_where,
    open_after,
    recompute_deadlines,
    recompute_portion,
)
from civic.core.actor import SYSTEM, Actor
from civic.core.audit import record
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.departments.rules import LevelKey
from civic.departments.services import LevelsChanged

AT_ONCE = 300
"""With more open cases than this the worker moves their deadlines."""
PORTION = 50
"""Cases that the worker looks at in one transaction: nobody waits for it longer than a moment."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What moved at once; or the order that the worker carries out."""

    moved: tuple[MovedDeadline, ...] = ()
    order_id: int | None = None


def is_for_worker(department_id: int | None = None) -> bool:
    """Whether too many cases are open (with this department) to move them at once, or an earlier order comes first."""
    unfinished = db.session.scalar(select(exists().where(Recomputation.finished_at.is_(None))))
    return bool(unfinished) or len(open_after(Concerned(None, department_id), 0, AT_ONCE + 1)) > AT_ONCE


def follow_change(
    actor: Actor, change_id: int, now: datetime, changed: LevelsChanged | None = None
) -> Followed:
    """Let open deadlines follow a change that was just made: of working days, or of levels (``changed``)."""
    department_id = changed.department_id if changed else None
    if is_for_worker(department_id):
        return Followed(order_id=_order(actor, change_id, now, changed))
    levels, today = departments.service_levels(), departments.local_day(now)
    days_of = days_where(changed, levels, today) if changed else None
    return Followed(moved=tuple(recompute_deadlines(now, Concerned(days_of, department_id))))


def carry_on(now: datetime) -> bool:
    """Take the oldest unfinished order a portion further; False if there is none. Run by the worker."""
    oldest = select(Recomputation).where(Recomputation.finished_at.is_(None)).order_by(Recomputation.id)
    order = db.session.scalar(oldest.limit(1).with_for_update().execution_options(populate_existing=True))
    if order is None:
        return False
    concerned = Concerned(_days_of(order), order.department_id, order.until_case_id)
    portion = recompute_portion(now, order.position, PORTION, concerned)
    _note(order, portion)
    order.gone_on_at = now
    if portion.looked < PORTION:
        order.finished_at = now
        record(SYSTEM, "deadlines.moved", "recomputation", order.id, now, moved=order.moved)
    db.session.flush()
    return True


def _order(actor: Actor, change_id: int, now: datetime, changed: LevelsChanged | None) -> int:
    """Write down what the worker is to do. Days are kept as numbers: a later change doesn't alter this one."""
    levels, today = departments.service_levels(), departments.local_day(now)
    order = Recomputation(
        change_id=change_id,
        account_id=actor.account_id,
        ordered_at=now,
        day=today,
        days={key.value: levels.days(key, changed.department_id, today) for key in changed.keys}
        if changed
        else {},
        department_id=changed.department_id if changed else None,
        until_case_id=db.session.scalar(select(func.max(Case.id))) if changed else None,
    )
    db.session.add(order)
    db.session.flush()
    record(actor, "deadlines.order", "recomputation", order.id, now, change=change_id)
    return order.id


def _days_of(order: Recomputation) -> DaysOf | None:
    if not order.days:
        return None
    changed = LevelsChanged(frozenset(map(LevelKey, order.days)), order.department_id)
    standing = days_where(changed, departments.service_levels(), order.day)

    def days_of(level: str, department_id: int | None) -> int | None:
        days: int = order.days.get(level, 0)
        return None if standing(level, department_id) is None else days

    return days_of


def _note(order: Recomputation, portion: Portion) -> None:
    moved = [one for one in portion.moved if one.clocks]
    order.position = portion.last
    order.looked += portion.looked
    order.moved += len(moved)
    order.certain += len(portion.moved) - len(moved)
    order.overdue += sum(one.becomes_overdue for one in moved)
    order.in_time += sum(one.no_longer_overdue for one in moved)
    db.session.add_all(
        RecomputedCase(
            recomputation_id=order.id,
            case_id=one.case_id,
            due_before=one.before,
            due_after=one.after,
            clocks=[[part.name, part.before.isoformat(), part.after.isoformat()] for part in one.clocks],
            becomes_overdue=one.becomes_overdue,
            no_longer_overdue=one.no_longer_overdue,
        )
        for one in moved
    )
