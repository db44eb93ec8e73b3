"""Delivery of the outbox: claim, commit, act, commit the result.

A row is claimed and the claim committed before anything leaves the house. What was in
flight when a worker died is tried again only where the handler says that this is
harmless; otherwise it becomes ``uncertain`` and a person decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import select, update

from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.outbox import OutboxMessage, OutboxStatus

BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
BATCH = 100


class Unreachable(Exception):
    """The other side can't be reached: this message is tried again later, and its kind rests for this round."""


@dataclass(frozen=True, slots=True)
class Handler:
    """Delivers the messages of one kind; ``repeatable`` if doing it twice is harmless.

    ``outside``: it talks to the network, so it runs outside any transaction (on SQLite one holds
    up everybody's writing) and opens its own for what it changes.
    """

    run: Callable[[dict[str, Any], datetime], None]
    repeatable: bool
    outside: bool = False


def register_handler(
    app: Flask,
    kind: str,
    run: Callable[[dict[str, Any], datetime], None],
    *,
    repeatable: bool,
    outside: bool = False,
) -> None:
    """Say what to do with outbox messages of this kind; runs in a transaction of its own, or ``outside`` any."""
    app.extensions.setdefault("civic.outbox", {})[kind] = Handler(run, repeatable, outside)


def _handlers() -> dict[str, Handler]:
    found: dict[str, Handler] = current_app.extensions.get("civic.outbox", {})
    return found


def recover_claims(now: datetime) -> None:
    """At the start of a worker: what a dead worker had claimed is tried again or listed as uncertain."""
    repeatable = [kind for kind, handler in _handlers().items() if handler.repeatable]
    with unit_of_work():
        claimed = update(OutboxMessage).where(OutboxMessage.status == OutboxStatus.CLAIMED.value)
        db.session.execute(
            claimed.where(OutboxMessage.kind.in_(repeatable)).values(
                status=OutboxStatus.WAITING.value, due_at=now
            )
        )
        db.session.execute(claimed.values(status=OutboxStatus.UNCERTAIN.value))


def deliver_due(now: datetime) -> int:
    """Deliver what is due, oldest first; returns how many were delivered."""
    delivered = 0
    resting: set[str] = set()
    for message_id, kind in _due(now):
        if kind not in resting:
            delivered += _deliver(message_id, now, resting)
    return delivered


def _due(now: datetime) -> list[tuple[int, str]]:
    waiting = (
        select(OutboxMessage.id, OutboxMessage.kind)
        .where(
            OutboxMessage.status == OutboxStatus.WAITING.value,
            OutboxMessage.due_at <= now,
            OutboxMessage.kind.in_(list(_handlers())),
        )
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(BATCH)
    )
    return [(row.id, row.kind) for row in db.session.execute(waiting)]


def _deliver(message_id: int, now: datetime, resting: set[str]) -> bool:
    with unit_of_work():
        claimed = db.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id, OutboxMessage.status == OutboxStatus.WAITING.value)
            .values(status=OutboxStatus.CLAIMED.value, attempts=OutboxMessage.attempts + 1)
            .returning(OutboxMessage.kind, OutboxMessage.payload, OutboxMessage.attempts)
        ).one_or_none()
    if claimed is None:
        return False
    try:
        handler = _handlers()[claimed.kind]
        if handler.outside:
            handler.run(claimed.payload, now)
        with unit_of_work():
            if not handler.outside:
                handler.run(claimed.payload, now)
            _settle(message_id, OutboxStatus.DONE, now)
    except Exception as error:
        if isinstance(error, Unreachable):
            resting.add(claimed.kind)
        structlog.get_logger().warning(
            "delivery failed", kind=claimed.kind, message=message_id, exc_info=error
        )
        with unit_of_work():
            _retry_or_give_up(message_id, claimed.attempts, type(error).__name__, now)
        return False
    return True


def _settle(message_id: int, status: OutboxStatus, due_at: datetime, error: str = "") -> None:
    db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .values(status=status.value, due_at=due_at, last_error=error[:200])
    )


def _retry_or_give_up(message_id: int, attempts: int, error: str, now: datetime) -> None:
    if attempts <= len(BACK_OFF):
        _settle(message_id, OutboxStatus.WAITING, now + BACK_OFF[attempts - 1], error)
    else:
        _settle(message_id, OutboxStatus.FAILED, now, error)
