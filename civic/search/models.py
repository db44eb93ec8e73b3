"""The index of published voices. Its terms lie in ``voice_terms``: FTS5 on SQLite, a tsvector on PostgreSQL."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, String, Text, column, table
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.extensions import db

voice_terms = table("voice_terms", column("rowid", BigInteger), column("terms", Text))
"""Made by a migration, because no model describes it for both databases. ``rowid`` is ``VoiceEntry.id``."""


class VoiceEntry(db.Model):  # type: ignore[name-defined,misc]
    """A published case in the index, with what found voices are counted by.

    Ids are never used again, so that a greater one was published later.
    """

    __tablename__ = "voice_entry"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    answered: Mapped[bool]
