"""The outbox: what must happen outside the database is written down in the transaction that causes it.

The worker claims a row, commits the claim, and only then acts (see ``civic.notices``
and ``civic.worker``). Payloads carry ids and codes; recipients are resolved at delivery.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CheckConstraint, CursorResult, Index, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.config import settings
from civic.core.db import JsonDict, UtcDateTime
from civic.core.extensions import db


class OutboxStatus(StrEnum):
    """How far a message is.

    ``uncertain``: it was handed over, or the worker stopped, and nobody knows whether it arrived; a person decides.
    ``dropped``: there was nothing to send any more. ``left``: a person decided against another try.
    """

    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"
    LEFT = "left"


UNDECIDED = frozenset({OutboxStatus.FAILED, OutboxStatus.UNCERTAIN})
"""These wait for a person; they are never removed by themselves."""
SETTLED = frozenset({OutboxStatus.DONE, OutboxStatus.DROPPED, OutboxStatus.LEFT})
PRUNED_AT_ONCE = 5000


class OutboxMessage(db.Model):  # type: ignore[name-defined,misc]
    """One thing to do once; ``key`` makes a repeated enqueue harmless."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{one}'" for one in OutboxStatus)), "status"),
        Index("ix_outbox_message_due", "status", "due_at", "id"),
        Index("ix_outbox_message_kind", "kind", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(48))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    status: Mapped[str] = mapped_column(String(16), default=OutboxStatus.WAITING.value)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it's tried next; once it's settled, when that was."""
    last_error: Mapped[str] = mapped_column(String(200), default="")


def enqueue(
    kind: str, key: str, payload: dict[str, Any], now: datetime, due_at: datetime | None = None
) -> None:
    """Write down one thing to do, in the caller's transaction; the same key is written once."""
    if db.session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is None:
        db.session.add(
            OutboxMessage(kind=kind, key=key, payload=payload, created_at=now, due_at=due_at or now)
        )


def send_again(message_id: int, now: datetime) -> bool:
    """Let a message that waits for a person be tried anew; False if it doesn't wait for one any more."""
    return _decide(message_id, status=OutboxStatus.WAITING.value, attempts=0, due_at=now)


def leave(message_id: int, now: datetime) -> bool:
    """Decide against another try; False if the message doesn't wait for a person any more."""
    return _decide(message_id, status=OutboxStatus.LEFT.value, due_at=now)


def prune(now: datetime) -> int:
    """Remove what was settled more than ``outbox_days`` ago; how many were. What waits for a person stays."""
    old = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.status.in_([status.value for status in SETTLED]),
            OutboxMessage.due_at < now - timedelta(days=settings().outbox_days),
        )
        .limit(PRUNED_AT_ONCE)
    )
    return _changed(delete(OutboxMessage).where(OutboxMessage.id.in_(old)))


def _decide(message_id: int, **values: Any) -> bool:
    undecided = OutboxMessage.status.in_([status.value for status in UNDECIDED])
    return _changed(update(OutboxMessage).where(OutboxMessage.id == message_id, undecided).values(values)) > 0


def _changed(statement: Any) -> int:
    return cast(CursorResult[Any], db.session.execute(statement)).rowcount
