"""What is written on a case: replies and their versions, notes, ratings, and texts that events refer to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civic.cases.models.constraints import one_of
from civic.cases.rules import RatingLevel, Resolution, Solved
from civic.core.db import UtcDateTime
from civic.core.extensions import db


class TextRole(StrEnum):
    """What a :class:`CaseText` is."""

    ROUTING_REASON = "routing_reason"
    RETURN_REASON = "return_reason"
    DECLINE_EXPLANATION = "decline_explanation"
    MASKED = "masked"
    QUESTION = "question"
    ADDITION = "addition"
    OBJECTION = "objection"
    APPEAL = "appeal"
    RATING = "rating"
    EXTENSION_REASON = "extension_reason"
    SEND_BACK_REASON = "send_back_reason"
    ESCALATION_REASON = "escalation_reason"
    MERGE_REASON = "merge_reason"
    CONTRIBUTION = "contribution"
    CORRECTION_REASON = "correction_reason"
    PRIVATE_EXPLANATION = "private_explanation"
    UNPUBLISH_REASON = "unpublish_reason"
    INVITATION = "invitation"
    REISSUE_REASON = "reissue_reason"


FROM_RESIDENT = frozenset(
    {TextRole.ADDITION, TextRole.OBJECTION, TextRole.APPEAL, TextRole.RATING, TextRole.MASKED}
)
"""Texts that are the resident's own words, or a copy of them with parts covered; the others are the staff's."""


class ReplyState(StrEnum):
    """A draft can be edited, a published reply never; a dropped draft was left behind by a transfer."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DROPPED = "dropped"


class CaseText(db.Model):  # type: ignore[name-defined,misc]
    """A free text that an event names by its id; events carry only its salted hash, so it can be erased."""

    __tablename__ = "case_text"
    __table_args__ = (
        CheckConstraint(one_of("role", TextRole), "role"),
        Index("ix_case_text_case_id", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    role: Mapped[str] = mapped_column(String(24))
    text: Mapped[str] = mapped_column(Text)
    text_hant: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Reply(db.Model):  # type: ignore[name-defined,misc]
    """An official answer: a draft, or a published version. A correction is a newer one that ``corrects`` it.

    ``editor_id`` is who changed the author's text before approving it.
    """

    __tablename__ = "reply"
    __table_args__ = (
        CheckConstraint(one_of("state", ReplyState), "state"),
        CheckConstraint(one_of("resolution", Resolution, optional=True), "resolution"),
        CheckConstraint(
            "state != 'published' OR (published_at IS NOT NULL AND resolution IS NOT NULL)", "published"
        ),
        CheckConstraint("state != 'published' OR resolution != 'referred' OR referred_to != ''", "referred"),
        Index("ix_reply_case_id", "case_id", "id"),
        Index("ix_reply_department_id", "department_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    round: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=ReplyState.DRAFT.value)
    version: Mapped[int] = mapped_column(default=1)
    text: Mapped[str] = mapped_column(Text)
    text_hant: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(32))
    resolution: Mapped[str | None] = mapped_column(String(16))
    referred_to: Mapped[str] = mapped_column(String(300), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"))
    concealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReplyRevision(db.Model):  # type: ignore[name-defined,misc]
    """A draft as somebody saved it, so that whoever approves sees what changed. It goes some time after the case."""

    __tablename__ = "reply_revision"

    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    resolution: Mapped[str | None] = mapped_column(String(16))
    referred_to: Mapped[str] = mapped_column(String(300), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class InternalNote(db.Model):  # type: ignore[name-defined,misc]
    """A note between colleagues; never public."""

    __tablename__ = "internal_note"
    __table_args__ = (Index("ix_internal_note_case_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Rating(db.Model):  # type: ignore[name-defined,misc]
    """What a resident thinks of one round's answer; once per round. It is the answer of ``answered_case_id``: of the
    own case, or of the one that it was merged into."""

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint(one_of("level", RatingLevel), "level"),
        CheckConstraint(one_of("solved", Solved, optional=True), "solved"),
        Index("uq_rating_case_id_answer", "case_id", "answered_case_id", "round", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    answered_case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    round: Mapped[int]
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"))
    level: Mapped[str] = mapped_column(String(20))
    solved: Mapped[str | None] = mapped_column(String(8))
    text_id: Mapped[int | None] = mapped_column(ForeignKey("case_text.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
