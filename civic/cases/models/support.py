"""Who supports a published voice: browsers, each known by a keyed hash of a random number and nothing else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import UtcDateTime, key_text
from civic.core.extensions import db


class VoiceSupport(db.Model):  # type: ignore[name-defined,misc]
    """One browser supports one voice; taking it back deletes the row."""

    __tablename__ = "voice_support"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False)
    browser_hash: Mapped[str] = mapped_column(key_text(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SupportChange(db.Model):  # type: ignore[name-defined,misc]
    """A voice whose supporters are to be counted again for the public pages (see decision 018)."""

    __tablename__ = "voice_support_change"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
