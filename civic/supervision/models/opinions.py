"""Opinions of deputies (督办意见): events are the truth; the row and its rounds follow from them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.cases.rules import RatingLevel
from civic.core.db import JsonDict, UtcDateTime
from civic.core.extensions import db
from civic.supervision.rules.opinions import AnswerClass, OpinionAction, OpinionStatus, TextRole


def _one_of(column: str, values: Iterable[str]) -> str:
    words = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({words})"


class Opinion(db.Model):  # type: ignore[name-defined,misc]
    """One opinion. ``year`` and ``serial`` are its number, given when it is sent; a draft has none.

    ``due_at`` is the deadline of the last round. ``public``: everyone may read it, from ``published_at`` on.
    """

    __tablename__ = "opinion"
    __table_args__ = (
        CheckConstraint(_one_of("status", OpinionStatus), "status"),
        CheckConstraint("(year IS NULL) = (serial IS NULL)", "number"),
        CheckConstraint("(sent_at IS NULL) = (serial IS NULL)", "sent_has_number"),
        CheckConstraint("status IN ('draft', 'withdrawn') OR sent_at IS NOT NULL", "sent"),
        CheckConstraint("(due_at IS NULL) = (sent_at IS NULL)", "sent_has_deadline"),
        CheckConstraint(
            "NOT public OR (status = 'closed' AND deputy_agrees AND department_agrees)", "public_by_both"
        ),
        CheckConstraint("NOT public OR published_at IS NOT NULL", "published"),
        UniqueConstraint("year", "serial"),
        Index("ix_opinion_department_status", "department_id", "status", "due_at", "id"),
        Index("ix_opinion_public", "public", "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int | None]
    serial: Mapped[int | None]
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=0)
    text_id: Mapped[int | None]
    """The text as it stands; without a foreign key, because the text refers here."""
    draft_id: Mapped[int | None]
    """The answer that is being written."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deputy_agrees: Mapped[bool] = mapped_column(default=False)
    department_agrees: Mapped[bool] = mapped_column(default=False)
    public: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OpinionRound(db.Model):  # type: ignore[name-defined,misc]
    """One round: sent or sent back, answered, rated. Figures are counted from these rows."""

    __tablename__ = "opinion_round"
    __table_args__ = (
        CheckConstraint(_one_of("rating", RatingLevel), "rating"),
        CheckConstraint("(answered_at IS NULL) = (answer_id IS NULL)", "answered"),
        CheckConstraint("(answered_at IS NULL) = (answered_day IS NULL)", "answered_day"),
        CheckConstraint("(rating IS NULL) = (rated_day IS NULL)", "rated"),
        CheckConstraint("answered_day IS NULL OR withdrawn_day IS NULL", "one_end"),
        UniqueConstraint("opinion_id", "number"),
        Index("ix_opinion_round_due_day", "due_day"),
        Index("ix_opinion_round_opened_day", "opened_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    opinion_id: Mapped[int] = mapped_column(ForeignKey("opinion.id"))
    number: Mapped[int]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_day: Mapped[date]
    days: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_day: Mapped[date]
    provisional: Mapped[bool]
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("opinion_text.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_day: Mapped[date | None]
    rating: Mapped[str | None] = mapped_column(String(20))
    rated_day: Mapped[date | None]
    withdrawn_day: Mapped[date | None]


class OpinionText(db.Model):  # type: ignore[name-defined,misc]
    """A text as it was saved: each saving adds a row, so that nobody's version is lost."""

    __tablename__ = "opinion_text"
    __table_args__ = (
        CheckConstraint(_one_of("role", TextRole), "role"),
        CheckConstraint(_one_of("answer_class", AnswerClass), "answer_class"),
        CheckConstraint("(role = 'answer') = (answer_class IS NOT NULL)", "answer_has_class"),
        Index("ix_opinion_text_opinion_id", "opinion_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    opinion_id: Mapped[int] = mapped_column(ForeignKey("opinion.id"))
    role: Mapped[str] = mapped_column(String(8))
    round: Mapped[int]
    """0 for the opinion itself."""
    answer_class: Mapped[str | None] = mapped_column(String(1))
    text: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class OpinionEvent(db.Model):  # type: ignore[name-defined,misc]
    """What happened to an opinion, append-only: the database refuses UPDATE and DELETE."""

    __tablename__ = "opinion_event"
    __table_args__ = (
        CheckConstraint(_one_of("action", OpinionAction), "action"),
        UniqueConstraint("opinion_id", "seq"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    opinion_id: Mapped[int] = mapped_column(ForeignKey("opinion.id"))
    seq: Mapped[int]
    action: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    params: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)


class OpinionCase(db.Model):  # type: ignore[name-defined,misc]
    """A case that an opinion is about; fixed once it is sent."""

    __tablename__ = "opinion_case"
    __table_args__ = (UniqueConstraint("opinion_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    opinion_id: Mapped[int] = mapped_column(ForeignKey("opinion.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
