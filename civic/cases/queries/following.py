"""How far orders to move open deadlines are, and what each of them moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from civic.cases.models import Case, Recomputation, RecomputedCase
from civic.cases.rules import OPEN, MovedClock, MovedDeadline
from civic.core.dated import DatedChange
from civic.core.errors import N_, NotFound
from civic.core.extensions import db

STALLED_AFTER = timedelta(minutes=5)
"""The worker takes an order further every minute."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order; ``subject`` and ``subject_id`` are those of the change that open deadlines follow.

    ``total``: open cases it looked at or has still to look at; it shrinks where cases end meanwhile.
    """

    id: int
    subject: str
    subject_id: int
    reason: str
    account_id: int | None
    ordered_at: datetime
    looked: int
    total: int
    moved: int
    certain: int
    overdue: int
    in_time: int
    gone_on_at: datetime | None
    finished_at: datetime | None
    waits: bool
    """An earlier order comes first."""

    def stalled(self, now: datetime) -> bool:
        """Whether the worker should have gone on with it long since."""
        unfinished = self.finished_at is None and not self.waits
        return unfinished and now - (self.gone_on_at or self.ordered_at) > STALLED_AFTER


def deadline_orders(subject: str, limit: int) -> tuple[OrderRow, ...]:
    """The newest orders after changes of this kind."""
    query = _orders().where(DatedChange.subject == subject).order_by(Recomputation.id.desc()).limit(limit)
    return _rows(query)


def deadline_order(order_id: int) -> OrderRow:
    """One order; raises :class:`NotFound`."""
    found = _rows(_orders().where(Recomputation.id == order_id))
    if not found:
        raise NotFound(N_("There is no such page."))
    return found[0]


def moved_by_order(order_id: int, limit: int) -> tuple[MovedDeadline, ...]:
    """The first cases whose deadlines an order moved, in the order in which they came."""
    rows = db.session.execute(
        select(RecomputedCase, Case.reference)
        .join(Case, Case.id == RecomputedCase.case_id)
        .where(RecomputedCase.recomputation_id == order_id)
        .order_by(RecomputedCase.case_id)
        .limit(limit)
    )
    return tuple(
        MovedDeadline(
            row.case_id, reference, row.due_before, row.due_after,
            tuple(
                MovedClock(name, datetime.fromisoformat(before), datetime.fromisoformat(after))
                for name, before, after in row.clocks
            ),
            row.becomes_overdue, row.no_longer_overdue,
        )
        for row, reference in rows
    )  # fmt: skip


def _orders() -> Select[Recomputation, DatedChange]:
    return select(Recomputation, DatedChange).join(DatedChange, DatedChange.id == Recomputation.change_id)


def _rows(query: Select[Recomputation, DatedChange]) -> tuple[OrderRow, ...]:
    first = db.session.scalar(select(func.min(Recomputation.id)).where(Recomputation.finished_at.is_(None)))
    return tuple(
        OrderRow(
            order.id, change.subject, change.subject_id, change.reason, order.account_id, order.ordered_at,
            order.looked, order.looked + _left(order), order.moved, order.certain, order.overdue, order.in_time,
            order.gone_on_at, order.finished_at, order.finished_at is None and order.id != first,
        )
        for order, change in db.session.execute(query)
    )  # fmt: skip


def _left(order: Recomputation) -> int:
    if order.finished_at is not None:
        return 0
    query = select(func.count(Case.id)).where(
        Case.status.in_([status.value for status in OPEN]), Case.id > order.position
    )
    if order.department_id is not None:
        query = query.where(Case.department_id == order.department_id)
    if order.until_case_id is not None:
        query = query.where(Case.id <= order.until_case_id)
    return db.session.scalar(query) or 0
