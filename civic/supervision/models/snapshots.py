"""Sealed summaries of months and quarters."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import UtcDateTime
from civic.core.extensions import db


class Snapshot(db.Model):  # type: ignore[name-defined,misc]
    """One sealed period. The database refuses UPDATE and DELETE.

    ``document`` is the canonical JSON, byte for byte what ``seal`` (SHA-256) was computed over; ``last_event``
    the newest event of any case that was counted.
    """

    __tablename__ = "snapshot"
    __table_args__ = (CheckConstraint("until >= since", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    """Counts the snapshots of the district from 1."""
    period: Mapped[str] = mapped_column(String(8), unique=True)
    """``2026-11``, ``2026-Q4`` or ``2026``: each is sealed once."""
    since: Mapped[date]
    until: Mapped[date]
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_event: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    seal: Mapped[str] = mapped_column(String(64))
