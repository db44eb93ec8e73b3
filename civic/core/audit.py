"""The audit trail: who looked at or changed what, append-only, without free text or contacts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.actor import Actor
from civic.core.db import JsonDict, UtcDateTime
from civic.core.extensions import db


class AuditEntry(db.Model):  # type: ignore[name-defined,misc]
    """One row per act. The database refuses UPDATE and DELETE (migration 0002)."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_type", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_kind: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(64))
    subject_type: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(64))
    params: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, without who it was: for the person whom it concerns."""

    at: datetime
    action: str
    params: Mapping[str, Any]


def record(
    actor: Actor, action: str, subject_type: str, subject_id: int | str, now: datetime, **params: Any
) -> None:
    """Append one row in the caller's transaction; ``params`` holds ids and codes only."""
    db.session.add(
        AuditEntry(
            at=now,
            actor_kind=actor.kind.value,
            account_id=actor.account_id,
            action=action,
            subject_type=subject_type,
            subject_id=str(subject_id),
            params=params,
        )
    )


def entries_on(subject_type: str, subject_id: int | str, actions: Collection[str]) -> tuple[Entry, ...]:
    """What was done to one subject, of these kinds, oldest first."""
    rows = db.session.execute(
        select(AuditEntry.at, AuditEntry.action, AuditEntry.params)
        .where(
            AuditEntry.subject_type == subject_type,
            AuditEntry.subject_id == str(subject_id),
            AuditEntry.action.in_(actions),
        )
        .order_by(AuditEntry.id)
    )
    return tuple(Entry(row.at, row.action, row.params) for row in rows)
