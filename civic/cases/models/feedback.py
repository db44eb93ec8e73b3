"""What a resident wrote, how to reach them, and the key to look the case up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.cases.models.constraints import one_of
from civic.cases.rules import Channel, FeedbackKind, SpeaksAs
from civic.core.db import UtcDateTime
from civic.core.extensions import db


class Feedback(db.Model):  # type: ignore[name-defined,misc]
    """One resident's words, never edited. What may be published instead is a masked :class:`CaseText`.

    ``loaded_from`` names the system from which a past case was loaded, '' for what came in here.
    Once ``erased_at`` is set, what the resident said and what it told of them is gone; the database lets
    no other change through (``core.guards``).
    """

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint(one_of("kind", FeedbackKind), "kind"),
        CheckConstraint(one_of("speaks_as", SpeaksAs, optional=True), "speaks_as"),
        CheckConstraint(one_of("channel", Channel), "channel"),
        CheckConstraint("channel = 'web' OR entered_by_id IS NOT NULL OR loaded_from <> ''", "entered_by"),
        CheckConstraint("NOT guardian OR under_14", "guardian"),
        Index(
            "ix_feedback_paragraph",
            "item_id",
            "paragraph_anchor",
            sqlite_where=text("paragraph_anchor <> ''"),
            postgresql_where=text("paragraph_anchor <> ''"),
        ),
        Index("ix_feedback_text_hash", "text_hash", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(16))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    paragraph_anchor: Mapped[str] = mapped_column(String(16), default="")
    paragraph_excerpt: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    text_hant: Mapped[str] = mapped_column(Text, default="")
    text_salt: Mapped[str] = mapped_column(String(32))
    text_hash: Mapped[str] = mapped_column(String(64))
    street_id: Mapped[int | None] = mapped_column(ForeignKey("street.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"))
    place: Mapped[str] = mapped_column(String(200), default="")
    wants_publication: Mapped[bool] = mapped_column(default=False)
    speaks_as: Mapped[str | None] = mapped_column(String(16))
    under_14: Mapped[bool] = mapped_column(default=False)
    guardian: Mapped[bool] = mapped_column(default=False)
    about_staff: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[str] = mapped_column(String(16), default=Channel.WEB.value)
    outside_reference: Mapped[str] = mapped_column(String(80), default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    loaded_from: Mapped[str] = mapped_column(String(80), default="")
    nonce_hash: Mapped[str] = mapped_column(String(64), unique=True)
    locale: Mapped[str] = mapped_column(String(8), default="zh_Hans")
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class QueryKey(db.Model):  # type: ignore[name-defined,misc]
    """The keyed hash of a query code; a re-issued one replaces the old."""

    __tablename__ = "query_key"
    __table_args__ = (
        Index(
            "uq_query_key_current",
            "feedback_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Contact(db.Model):  # type: ignore[name-defined,misc]
    """How to reach the resident, encrypted; ``phone_hash`` and ``email_hash`` allow look-up. Erased in time.

    ``email_nonce`` and ``phone_nonce`` alone say whether the resident is told by that way what happens: there while
    it's wished, and part of every link sent that way, so that switching off voids the links. They go with the row.
    """

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("email_nonce IS NULL OR email IS NOT NULL", "told_by_email"),
        CheckConstraint("phone_nonce IS NULL OR phone IS NOT NULL", "told_by_phone"),
        Index("ix_contact_phone_hash", "phone_hash"),
        Index("ix_contact_email_hash", "email_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id"), unique=True)
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_hash: Mapped[str | None] = mapped_column(String(64))
    email_hash: Mapped[str | None] = mapped_column(String(64))
    email_nonce: Mapped[str | None] = mapped_column(String(24))
    phone_nonce: Mapped[str | None] = mapped_column(String(24))
