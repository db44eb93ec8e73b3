"""The case: its events (the truth), and what is derived from them in the same transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.cases.models.constraints import one_of
from civic.cases.rules import (
    CAUSES,
    CaseAction,
    CaseStatus,
    DeclineCode,
    ExtensionState,
    FeedbackKind,
    Measure,
    Publication,
    RatingLevel,
    Resolution,
    RoundKind,
    Solved,
    StintEnd,
)
from civic.core.db import JsonDict, UtcDateTime, key_text
from civic.core.extensions import db

_REOPENED, _RETURNED = text("reopenings > 0"), text("returned_day IS NOT NULL")
"""Few cases are reopened or returned: what supervision warns of is found without a look at all that are open."""


class Case(db.Model):  # type: ignore[name-defined,misc]
    """The row of a case: a projection of its events, tied to the facts by constraints.

    ``version`` is for optimistic locking. ``urgent_at`` orders queues: the next deadline that
    runs, or the end of time where none does. ``supporters`` alone comes from no event: it is the count that public
    pages show, taken once a minute.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint(one_of("status", CaseStatus), "status"),
        CheckConstraint(one_of("publication", Publication), "publication"),
        CheckConstraint(one_of("kind", FeedbackKind), "kind"),
        CheckConstraint(one_of("resolution", Resolution, optional=True), "resolution"),
        CheckConstraint(one_of("decline_code", DeclineCode, optional=True), "decline_code"),
        CheckConstraint(one_of("rating", RatingLevel, optional=True), "rating"),
        CheckConstraint(one_of("extension", ExtensionState), "extension"),
        CheckConstraint("(status = 'merged') = (survivor_id IS NOT NULL)", "merged_has_survivor"),
        CheckConstraint("(status = 'declined') = (decline_code IS NOT NULL)", "declined_has_code"),
        CheckConstraint("(status = 'awaiting_resident') = (paused_at IS NOT NULL)", "awaiting_is_paused"),
        CheckConstraint(
            "(status IN ('replied', 'closed')) = (resolution IS NOT NULL)", "answer_has_resolution"
        ),
        CheckConstraint(
            "(status IN ('closed', 'declined', 'merged', 'withdrawn')) = (ended_at IS NOT NULL)",
            "end_has_time",
        ),
        CheckConstraint(
            "status NOT IN ('routed', 'in_progress', 'awaiting_resident', 'reply_review', 'replied', 'closed')"
            " OR department_id IS NOT NULL",
            "handled_by_department",
        ),
        CheckConstraint(
            "status NOT IN ('submitted', 'triage') OR department_id IS NULL", "triage_has_no_department"
        ),
        CheckConstraint(
            "publication NOT IN ('public', 'masked') OR wants_publication", "published_by_consent"
        ),
        CheckConstraint("(publication = 'masked') = (masked_text_id IS NOT NULL)", "masked_has_text"),
        CheckConstraint("reopenings BETWEEN 0 AND 3", "reopenings"),
        CheckConstraint("supporters >= 0", "supporters"),
        Index("ix_case_file_queue", "department_id", "status", "urgent_at", "id"),
        # With the deadline, so that overdue cases are counted by day without opening each.
        Index("ix_case_file_status", "status", "urgent_at", "id", "due_at", "due_day"),
        Index("ix_case_file_assignee", "assignee_id", "status", "urgent_at", "id"),
        Index("ix_case_file_urgent", "urgent_at", "id"),
        Index("ix_case_file_received", "department_id", "submitted_at", "id"),
        Index("ix_case_file_all_received", "submitted_at", "id"),
        Index("ix_case_file_changed", "department_id", "changed_at", "id"),
        Index("ix_case_file_all_changed", "changed_at", "id"),
        Index("ix_case_file_approval", "waits_for_lead", "department_id", "urgent_at", "id"),
        Index("ix_case_file_review", "publication", "review_due_at", "id"),
        Index("ix_case_file_voices", "visible", "published_at", "id"),
        Index("ix_case_file_item_voices", "item_id", "visible", "published_at", "id"),
        Index("ix_case_file_department_voices", "department_id", "visible", "published_at", "id"),
        Index("ix_case_file_street_voices", "street_id", "visible", "published_at", "id"),
        Index("ix_case_file_supported", "visible", "supporters", "id"),
        Index("ix_case_file_answered", "visible", "replied_at", "id"),
        Index("ix_case_file_submitted", "submitted_day", "department_id", "id"),
        Index("ix_case_file_survivor_id", "survivor_id"),
        Index("ix_case_file_reopened", "reopenings", sqlite_where=_REOPENED, postgresql_where=_REOPENED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(key_text(24), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id"), unique=True)
    status: Mapped[str] = mapped_column(String(20))
    publication: Mapped[str] = mapped_column(String(12))
    visible: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(String(16))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    street_id: Mapped[int | None] = mapped_column(ForeignKey("street.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    wants_publication: Mapped[bool] = mapped_column(default=False)
    about_staff: Mapped[bool] = mapped_column(default=False)
    sealed_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_day: Mapped[date]
    published_day: Mapped[date | None]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    masked_text_id: Mapped[int | None] = mapped_column()
    review_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accept_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_day: Mapped[date]
    urgent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    close_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_day: Mapped[date | None]
    resolution: Mapped[str | None] = mapped_column(String(16))
    reply_id: Mapped[int | None] = mapped_column()
    waits_for_lead: Mapped[bool] = mapped_column(default=False)
    rating: Mapped[str | None] = mapped_column(String(20))
    solved: Mapped[bool | None]
    reopenings: Mapped[int] = mapped_column(default=0)
    return_pending: Mapped[bool] = mapped_column(default=False)
    extension: Mapped[str] = mapped_column(String(12), default=ExtensionState.NONE.value)
    decline_code: Mapped[str | None] = mapped_column(String(20))
    survivor_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    escalated_day: Mapped[date | None]
    overdue_noted: Mapped[bool] = mapped_column(default=False)
    single_signature: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    supporters: Mapped[int] = mapped_column(default=0)


_NOTICED = text("action IN ({})".format(",".join(f"'{cause}'" for cause in CAUSES)))


class CaseEvent(db.Model):  # type: ignore[name-defined,misc]
    """One thing that happened: append-only (the database refuses UPDATE and DELETE), without free text."""

    __tablename__ = "case_event"
    __table_args__ = (
        UniqueConstraint("case_id", "seq", name="uq_case_event_case_id_seq"),
        CheckConstraint(one_of("action", CaseAction), "action"),
        CheckConstraint("seq > 0", "seq"),
        # Only what members of staff are told of: a part of all events.
        Index("ix_case_event_noticed", "at", "case_id", sqlite_where=_NOTICED, postgresql_where=_NOTICED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    seq: Mapped[int]
    action: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]
    actor_kind: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int | None]
    department_id: Mapped[int | None]
    params: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)


class Assignment(db.Model):  # type: ignore[name-defined,misc]
    """One stint: a department's (or the dispatcher's) time with a case, with its own clocks. A projection."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("case_id", "number", name="uq_assignment_case_id_number"),
        CheckConstraint(one_of("ended_how", StintEnd, optional=True), "ended_how"),
        CheckConstraint("(ended_day IS NULL) = (ended_how IS NULL)", "end"),
        Index("ix_assignment_stock", "department_id", "since_day", "ended_day"),
        Index("ix_assignment_accept", "accept_due_day", "department_id"),
        Index("ix_assignment_own", "own_due_day", "department_id"),
        Index("ix_assignment_returned", "case_id", sqlite_where=_RETURNED, postgresql_where=_RETURNED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    number: Mapped[int]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    since_day: Mapped[date]
    designated: Mapped[bool] = mapped_column(default=False)
    accept_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accept_due_day: Mapped[date | None]
    accept_counts: Mapped[bool] = mapped_column(default=False)
    accept_on_time: Mapped[bool] = mapped_column(default=False)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_day: Mapped[date | None]
    accept_days: Mapped[int | None]
    own_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    own_due_day: Mapped[date | None]
    own_counts: Mapped[bool] = mapped_column(default=False)
    own_on_time: Mapped[bool] = mapped_column(default=False)
    returned_day: Mapped[date | None]
    extended_day: Mapped[date | None]
    overdue_from: Mapped[date | None]
    came_overdue: Mapped[bool] = mapped_column(default=False)
    """It was overdue when it came to this department."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_day: Mapped[date | None]
    ended_how: Mapped[str | None] = mapped_column(String(16))
    held_days: Mapped[int | None]


class CaseRound(db.Model):  # type: ignore[name-defined,misc]
    """One answer owed, with its clock, its outcome and its rating. A projection."""

    __tablename__ = "case_round"
    __table_args__ = (
        UniqueConstraint("case_id", "number", name="uq_case_round_case_id_number"),
        CheckConstraint(one_of("kind", RoundKind), "kind"),
        CheckConstraint(one_of("resolution", Resolution, optional=True), "resolution"),
        CheckConstraint(one_of("rating", RatingLevel, optional=True), "rating"),
        CheckConstraint(one_of("said_solved", Solved, optional=True), "said_solved"),
        Index("ix_case_round_due", "due_day", "department_id"),
        Index("ix_case_round_replied", "replied_day", "department_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    opened_day: Mapped[date]
    reopened_from: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_day: Mapped[date]
    counts: Mapped[bool] = mapped_column(default=False)
    on_time: Mapped[bool] = mapped_column(default=False)
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replied_day: Mapped[date | None]
    days: Mapped[int | None]
    resolution: Mapped[str | None] = mapped_column(String(16))
    rating: Mapped[str | None] = mapped_column(String(20))
    rated_day: Mapped[date | None]
    said_solved: Mapped[str | None] = mapped_column(String(8))
    closed_day: Mapped[date | None]


class LoneSignature(db.Model):  # type: ignore[name-defined,misc]
    """A published answer or correction that one person drafted and approved alone, by order of publication. A
    projection."""

    __tablename__ = "lone_signature"
    __table_args__ = (Index("ix_lone_signature_day", "day", "department_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    day: Mapped[date]


class CaseJudgement(db.Model):  # type: ignore[name-defined,misc]
    """What the writer of a merged case thinks of the answer of the one that it was merged into. A projection."""

    __tablename__ = "case_judgement"
    __table_args__ = (
        CheckConstraint(one_of("level", RatingLevel), "level"),
        CheckConstraint(one_of("said_solved", Solved, optional=True), "said_solved"),
        CheckConstraint("case_id <> answered_case_id", "of_another"),
        Index("ix_case_judgement_day", "day", "department_id"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answered_case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    round: Mapped[int]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    level: Mapped[str] = mapped_column(String(20))
    said_solved: Mapped[str | None] = mapped_column(String(8))
    day: Mapped[date]


class CaseStat(db.Model):  # type: ignore[name-defined,misc]
    """The counters: the sum of all cases' contributions; 0 stands for no department, item or street."""

    __tablename__ = "case_stat"
    __table_args__ = (
        CheckConstraint(one_of("measure", Measure), "measure"),
        Index("ix_case_stat_item", "item_id", "measure"),
    )

    measure: Mapped[str] = mapped_column(key_text(24), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    street_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(key_text(16), primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int]


class Presence(db.Model):  # type: ignore[name-defined,misc]
    """Who has a case open right now: one row per person and case, refreshed by a heartbeat.

    ``since_at`` is when this visit began; ``writing`` says that a text was being typed at the last heartbeat.
    """

    __tablename__ = "case_presence"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    writing: Mapped[bool] = mapped_column(default=False)


class Support(db.Model):  # type: ignore[name-defined,misc]
    """A department invited to help with a case, and until when, where a day was named. A projection."""

    __tablename__ = "case_support"
    __table_args__ = (Index("ix_case_support_department_id", "department_id", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False)
    department_id: Mapped[int] = mapped_column(
        ForeignKey("department.id"), primary_key=True, autoincrement=False
    )
    contributed: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
