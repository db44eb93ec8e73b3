"""What a change moves, as the administrators' pages show it before it is made and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from civic.accounts import queries as accounts
from civic.cases import queries as cases
from civic.cases.queries import OrderRow
from civic.cases.rules import MovedDeadline
from civic.cases.services import Followed
from civic.core.actor import Actor
from civic.departments import services as departments

SHOWN = 200
"""Moved deadlines that a preview names; the rest is counted."""
RECENT = 5


@dataclass(frozen=True, slots=True)
class Moves:
    """``shown`` are the first of ``count``; ``certain`` keep their day and only become certain or provisional."""

    shown: tuple[MovedDeadline, ...]
    count: int
    certain: int
    overdue: int
    in_time: int


def summed(moved: Sequence[MovedDeadline]) -> Moves:
    """What a preview says of these."""
    changed = [one for one in moved if one.clocks]
    return Moves(
        shown=tuple(changed[:SHOWN]),
        count=len(changed),
        certain=len(moved) - len(changed),
        overdue=sum(one.becomes_overdue for one in changed),
        in_time=sum(one.no_longer_overdue for one in changed),
    )


def say_followed(followed: Followed) -> str:
    """How many open cases moved, or that the worker is to move them, in a sentence."""
    if followed.order_id is not None:
        return _("The worker now moves the deadlines of open cases.")
    count = sum(bool(one.clocks) for one in followed.moved)
    if not count:
        return _("No open deadline moved.")
    return ngettext(
        "The deadline of %(num)s open case moved.", "The deadlines of %(num)s open cases moved.", count
    )


@dataclass(frozen=True, slots=True)
class OrderPage:
    """How far the worker is with moving the deadlines of many open cases; ``by`` ordered it."""

    order: OrderRow
    by: str
    moves: Moves
    stalled: bool


def recent_orders(subject: str) -> tuple[OrderRow, ...]:
    """The last orders after changes of working days, or of levels."""
    return cases.deadline_orders(subject, RECENT)


def order_page(actor: Actor, order_id: int, now: datetime) -> OrderPage:
    """One order. Administrators only; raises :class:`~civic.core.errors.NotFound`."""
    departments.can_edit_levels(actor).require()
    order = cases.deadline_order(order_id)
    moves = Moves(
        shown=cases.moved_by_order(order_id, SHOWN),
        count=order.moved,
        certain=order.certain,
        overdue=order.overdue,
        in_time=order.in_time,
    )
    by = accounts.account_names([order.account_id or 0]).get(order.account_id or 0, "")
    return OrderPage(order, by, moves, order.stalled(now))
