"""What the desk keeps beside the law of a case: prepared replies, unsaved texts, and people's own lists."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    column,
    table,
)
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import JsonDict, UtcDateTime
from civic.core.extensions import db

staff_terms = table("staff_terms", column("rowid", BigInteger), column("terms", Text))
"""What is said on cases, as terms: FTS5 on SQLite, a tsvector on PostgreSQL, made by a migration. ``rowid`` is the id
of the case."""


class ReplyTemplate(db.Model):  # type: ignore[name-defined,misc]
    """A prepared reply of a department, or of the whole district. ``version`` names the one that stands."""

    __tablename__ = "reply_template"
    __table_args__ = (CheckConstraint("version > 0", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    is_active: Mapped[bool] = mapped_column(default=True)


class ReplyTemplateVersion(db.Model):  # type: ignore[name-defined,misc]
    """A template as somebody saved it; never changed. ``kinds`` is a list of kinds, empty for every kind."""

    __tablename__ = "reply_template_version"

    template_id: Mapped[int] = mapped_column(
        ForeignKey("reply_template.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(80))
    kinds: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    resolution: Mapped[str | None] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SavedList(db.Model):  # type: ignore[name-defined,misc]
    """A narrowed list that somebody keeps under a name; ``address`` is what its page's address has."""

    __tablename__ = "saved_list"
    __table_args__ = (UniqueConstraint("account_id", "name", name="uq_saved_list_account_id_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(40))
    address: Mapped[dict[str, str]] = mapped_column(JsonDict)
    position: Mapped[int]


class ReplyBeginning(db.Model):  # type: ignore[name-defined,misc]
    """The template that was put into the draft of a reply, as filled in then; it goes with the draft's versions."""

    __tablename__ = "reply_beginning"
    __table_args__ = (
        ForeignKeyConstraint(
            ["template_id", "template_version"],
            ["reply_template_version.template_id", "reply_template_version.number"],
        ),
    )

    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"), primary_key=True, autoincrement=False)
    template_id: Mapped[int]
    template_version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeptText(db.Model):  # type: ignore[name-defined,misc]
    """What somebody is writing on a case and has not saved: one row per person, case and field, written over.

    ``beside`` has what the other fields of the form held, by name.
    ``visit`` is the open page that keeps it and ``turn`` counts that page's keeps, so that neither another page of the
    same person nor a late request writes over anything newer.
    """

    __tablename__ = "kept_text"
    __table_args__ = (Index("ix_kept_text_kept_at", "kept_at"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(16), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    beside: Mapped[dict[str, str]] = mapped_column(JsonDict, default=dict)
    begun_with: Mapped[str] = mapped_column(String(24), default="")
    visit: Mapped[str] = mapped_column(String(32))
    turn: Mapped[int]
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeptApart(db.Model):  # type: ignore[name-defined,misc]
    """Two cases that look alike and aren't one matter: somebody has compared them. The smaller id stands first."""

    __tablename__ = "kept_apart"
    __table_args__ = (CheckConstraint("first_id < second_id", "order"),)

    first_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
