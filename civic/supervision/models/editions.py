"""Editions of the public scoreboard."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import UtcDateTime
from civic.core.extensions import db


class ScoreboardEdition(db.Model):  # type: ignore[name-defined,misc]
    """The public figures of one quarter. The database refuses UPDATE and DELETE.

    ``document`` is the JSON of what everybody may see, and of nothing else: what isn't published isn't in it.
    """

    __tablename__ = "scoreboard_edition"
    __table_args__ = (CheckConstraint("until >= since", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(8), unique=True)
    """``2026-Q4``: each is published once."""
    since: Mapped[date]
    until: Mapped[date]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    document: Mapped[str] = mapped_column(Text)
