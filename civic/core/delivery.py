"""Delivery of the outbox: claim, commit, act, commit the result.

A row is claimed and the claim committed before anything leaves the house. What was in
flight when a worker died is tried again only where the handler says that this is
harmless; otherwise it becomes ``uncertain`` and a person decides. How a try ended, a handler
says by what it raises: :class:`Deferred`, :class:`Unreachable`, :class:`Refused`,
:class:`Uncertain` or :class:`NotWanted`; nothing raised means delivered.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import select, update

from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.outbox import OutboxMessage, OutboxStatus

BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
BATCH = 100
WORKER_STOPPED = "worker_stopped"
"""The code of a message that was in flight when a worker died."""


class NotDelivered(Exception):
    """A try that didn't end in a delivery; ``code`` is a word for row and log, never an address or a text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Deferred(NotDelivered):
    """The other side doesn't take it now: this message is tried again later."""


class Unreachable(Deferred):
    """The other side can't be reached and has nothing of it: tried again later, and its kind rests for this round."""


class Refused(NotDelivered):
    """The other side said no for good: failed at once."""


class Uncertain(NotDelivered):
    """It was handed over and no answer came: it may have arrived, so a person decides; its kind rests as well."""


class NotWanted(NotDelivered):
    """There is nothing to send any more: switched off, erased or overtaken since it was written down."""


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
        db.session.execute(
            claimed.values(status=OutboxStatus.UNCERTAIN.value, due_at=now, last_error=WORKER_STOPPED)
        )


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
    handler = _handlers()[claimed.kind]
    try:
        if handler.outside:
            handler.run(claimed.payload, now)
        with unit_of_work():
            if not handler.outside:
                handler.run(claimed.payload, now)
            _settle(message_id, OutboxStatus.DONE, now)
    except Exception as error:
        if isinstance(error, Unreachable | Uncertain):
            resting.add(claimed.kind)
        code = error.code if isinstance(error, NotDelivered) else type(error).__name__
        _log(error, claimed.kind, message_id, code)
        with unit_of_work():
            _note(message_id, _ending(error, handler, claimed.attempts), claimed.attempts, code, now)
        return False
    return True


def _ending(error: Exception, handler: Handler, attempts: int) -> OutboxStatus:
    """What a try that raised leads to; waiting means that it's tried again."""
    if isinstance(error, NotWanted):
        return OutboxStatus.DROPPED
    if isinstance(error, Refused):
        return OutboxStatus.FAILED
    # What we didn't foresee can have happened after the message had left.
    unforeseen = not isinstance(error, NotDelivered) and handler.outside and not handler.repeatable
    if isinstance(error, Uncertain) or unforeseen:
        return OutboxStatus.UNCERTAIN
    return OutboxStatus.WAITING if attempts <= len(BACK_OFF) else OutboxStatus.FAILED


def _log(error: Exception, kind: str, message_id: int, code: str) -> None:
    """Which message and why, without what the error says: servers repeat addresses in their answers."""
    if isinstance(error, NotWanted):
        return
    last = traceback.extract_tb(error.__traceback__)[-1]
    structlog.get_logger().warning(
        "delivery failed", kind=kind, message=message_id, code=code,
        where=f"{Path(last.filename).name}:{last.lineno}",
    )  # fmt: skip


def _note(message_id: int, status: OutboxStatus, attempts: int, code: str, now: datetime) -> None:
    due_at = now + BACK_OFF[attempts - 1] if status is OutboxStatus.WAITING else now
    _settle(message_id, status, due_at, code)


def _settle(message_id: int, status: OutboxStatus, due_at: datetime, error: str = "") -> None:
    db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .values(status=status.value, due_at=due_at, last_error=error[:200])
    )
