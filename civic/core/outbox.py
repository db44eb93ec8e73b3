"""The outbox: what must happen outside the database is written down in the transaction that causes it.

The worker claims a row, commits the claim, and only then acts (see ``civic.notices``
and ``civic.worker``). Payloads carry ids and codes; recipients are resolved at delivery.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import JsonDict, UtcDateTime
from civic.core.extensions import db


class OutboxStatus(StrEnum):
    """``uncertain``: the worker stopped between claim and result; a person decides."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class OutboxMessage(db.Model):  # type: ignore[name-defined,misc]
    """One thing to do once; ``key`` makes a repeated enqueue harmless."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_due", "status", "due_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(48))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    status: Mapped[str] = mapped_column(String(16), default=OutboxStatus.WAITING.value)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(String(200), default="")


def enqueue(
    kind: str, key: str, payload: dict[str, Any], now: datetime, due_at: datetime | None = None
) -> None:
    """Write down one thing to do, in the caller's transaction; the same key is written once."""
    if db.session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is None:
        db.session.add(
            OutboxMessage(kind=kind, key=key, payload=payload, created_at=now, due_at=due_at or now)
        )
