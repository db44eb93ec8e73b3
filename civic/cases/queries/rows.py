"""What queries of cases return: frozen pages and rows, never a database row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select

from civic.cases.queries.attachments import AttachmentView
from civic.cases.rules import (
    CaseAction,
    CaseStatus,
    Channel,
    DeclineCode,
    ExtensionState,
    FeedbackKind,
    HeldBecause,
    Mark,
    Mergeable,
    Party,
    Publication,
    RatingLevel,
    Resolution,
    Solved,
    SpeaksAs,
    StintEnd,
)
from civic.core.workdays import Deadline


class QueueView(StrEnum):
    """The lists of a desk."""

    MINE = "mine"
    DEPARTMENT = "department"
    UNASSIGNED = "unassigned"
    TO_ACCEPT = "to_accept"
    APPROVAL = "approval"
    AWAITING = "awaiting"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    RED_LINE = "red_line"
    RETURNED = "returned"
    REOPENED = "reopened"
    SUPPORTING = "supporting"
    TRIAGE = "triage"
    APPEALED = "appealed"
    HELD = "held"
    REVIEW = "review"
    EXTENSIONS = "extensions"
    ESCALATED = "escalated"
    ANSWERED = "answered"
    ALL = "all"


class QueueOrder(StrEnum):
    """How a queue is ordered: by the next deadline, by age, or by how long nothing has happened."""

    URGENT = "urgent"
    NEWEST = "newest"
    OLDEST = "oldest"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which cases a queue shows; ``among`` gives the ids that a search has found, as a query or by themselves.

    ``unassigned`` and ``assignee_id`` exclude each other; ``since`` is the first day of submission.
    """

    view: QueueView = QueueView.DEPARTMENT
    department_id: int | None = None
    kind: FeedbackKind | None = None
    item_ids: tuple[int, ...] = ()
    street_id: int | None = None
    status: CaseStatus | None = None
    assignee_id: int | None = None
    unassigned: bool = False
    about_staff: bool = False
    reopened: bool = False
    since: date | None = None
    among: Select[Any] | tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What a case asks of the reader's own department; ``due_at`` is None where no day was named."""

    due_at: datetime | None
    is_given: bool
    is_due_soon: bool


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of a queue. ``urgent_at`` is the next deadline that runs, None while none does.

    ``part`` is there where the list holds what the reader's department supports; ``marks`` what has happened that
    whoever has the case must see.
    """

    case_id: int
    reference: str
    version: int
    status: CaseStatus
    publication: Publication
    kind: FeedbackKind
    item_id: int | None
    street_id: int | None
    department_id: int | None
    assignee_id: int | None
    excerpt: str | None
    erased_at: datetime | None
    submitted_at: datetime
    due_at: datetime | None
    accept_due_at: datetime | None
    review_due_at: datetime | None
    urgent_at: datetime | None
    is_overdue: bool
    is_due_soon: bool
    is_paused: bool
    reopenings: int
    return_pending: bool
    extension: ExtensionState
    is_escalated: bool
    about_staff: bool
    correction_waits: bool
    part: OwnPart | None = None
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True)
class AllowedAction:
    """A button: what it's called and what it brings (msgids)."""

    action: CaseAction
    label: str
    consequence: str


@dataclass(frozen=True, slots=True)
class RefusedAction:
    """What status and role allow and yet can't be done now, and why (msgids)."""

    action: CaseAction
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class PartView:
    """What a supporting department was asked for and what it gave; its newest text counts.

    ``due_at`` is None where no day was named.
    """

    department_id: int
    asked_at: datetime
    asked_by_id: int | None
    message: str
    due_at: datetime | None
    text: str = ""
    given_at: datetime | None = None
    given_by_id: int | None = None
    earlier: PartView | None = None
    """The part that it gave before it was asked for this one."""

    @property
    def is_given(self) -> bool:
        return self.given_at is not None


@dataclass(frozen=True, slots=True)
class RatingView:
    """What the resident thought of one round's answer: the version ``reply_id`` of it."""

    round: int
    reply_id: int
    level: RatingLevel
    solved: Solved | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """A resident's words as the staff see them; contact data are asked for apart.

    ``erased_at``: the resident had them erased, and there is nothing to read any more. ``judgement``: what the writer
    of a merged message thinks of the common answer.
    """

    feedback_id: int
    reference: str
    received_at: datetime
    kind: FeedbackKind
    text: str
    item_id: int | None
    paragraph_anchor: str
    paragraph_excerpt: str
    street_id: int | None
    community_id: int | None
    place: str
    wants_publication: bool
    speaks_as: SpeaksAs | None
    under_14: bool
    about_staff: bool
    channel: Channel
    outside_reference: str
    loaded_from: str
    entered_by_id: int | None
    has_contact: bool
    erased_at: datetime | None
    judgement: RatingView | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event for people: ``label`` is a msgid, ``text`` the free text it refers to, if the reader may see it.

    ``detail`` holds the event's ids and codes (department_id, assignee_id, resolution, code, …).
    """

    seq: int
    at: datetime
    action: CaseAction
    label: str
    by: Party
    account_id: int | None
    department_id: int | None
    text: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReplyView:
    """One version of an answer. A concealed one has no text.

    ``text_hant`` is empty until the worker has written it, and for a draft. ``case_id`` is another case's where the
    answer was common to several.
    """

    reply_id: int
    case_id: int
    department_id: int
    round: int
    text: str
    text_hant: str
    resolution: Resolution | None
    referred_to: str
    written_at: datetime
    published_at: datetime | None
    author_id: int | None
    approver_id: int | None
    corrects_id: int | None
    is_current: bool
    is_concealed: bool
    editor_id: int | None = None
    files: tuple[AttachmentView, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note between colleagues."""

    note_id: int
    account_id: int
    department_id: int | None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StintView:
    """One department's time with the case, with the reason it got it.

    ``reason`` is what routing stored (``civic.routing.queries.say_reason`` says it); ``reason_label`` is
    a msgid instead where a person decided, and ``reason_text`` what that person wrote.
    """

    number: int
    department_id: int | None
    since_at: datetime
    designated: bool
    reason: Mapping[str, Any]
    reason_label: str
    reason_text: str
    accept_due_at: datetime | None
    accepted_at: datetime | None
    own_due_at: datetime | None
    ended_at: datetime | None
    end: StintEnd | None
    held_days: int | None


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A deadline as promised, and how it is counted. ``moved`` says the calendar has changed since."""

    due_at: datetime
    counted: Deadline
    is_running: bool
    is_overdue: bool
    is_provisional: bool
    moved: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the staff see of one case."""

    case_id: int
    reference: str
    version: int
    status: CaseStatus
    status_label: str
    publication: Publication
    publication_label: str
    kind: FeedbackKind
    item_id: int | None
    department_id: int | None
    assignee_id: int | None
    submitted_at: datetime
    parties: frozenset[Party]
    actions: tuple[AllowedAction, ...]
    refused: tuple[RefusedAction, ...]
    feedback: tuple[FeedbackView, ...]
    masked_text: str
    additions: tuple[HistoryEntry, ...]
    reply_deadline: DeadlineView
    accept_deadline: DeadlineView | None
    own_due_at: datetime | None
    return_by: datetime | None
    paused_at: datetime | None
    round_number: int
    reopenings: int
    return_pending: bool
    suggested_department_id: int | None
    extension: ExtensionState
    extension_days: int | None
    supports: tuple[int, ...]
    contributed: tuple[int, ...]
    parts: tuple[PartView, ...]
    survivor_reference: str
    absorbed: tuple[str, ...]
    extension_reason: str
    escalated_at: datetime | None
    held_because: tuple[HeldBecause, ...]
    resolution: Resolution | None
    rating: RatingLevel | None
    said_solved: Solved | None
    decline_code: DeclineCode | None
    decline_text: str
    draft: ReplyView | None
    drafter_ids: tuple[int, ...]
    is_approved: bool
    correction_waits: bool
    signs_alone: bool
    """Whether what the reader would publish now bears the signature of one person only."""
    replies: tuple[ReplyView, ...]
    notes: tuple[NoteView, ...]
    files: tuple[AttachmentView, ...]
    """Files that have not gone out: what lies ready for the answer, and those for colleagues."""
    may_attach_to_reply: bool
    stints: tuple[StintView, ...]
    history: tuple[HistoryEntry, ...]
    signed_alone: frozenset[int]
    """The published versions of answers that one person drafted and approved alone."""
    supporters: int
    may_see_contact: bool
    contact_refusal: str
    may_decide_photos: bool
    photo_refusal: str

    @property
    def mergeable(self) -> Mergeable:
        """The case as merging sees it."""
        return Mergeable(
            self.status,
            self.department_id,
            objects=self.round_number > 1,
            holds_others=bool(self.absorbed),
            is_erased=self.feedback[0].erased_at is not None,
        )

    @property
    def old_replies(self) -> tuple[ReplyView, ...]:
        """Own versions that a newer one has replaced: those of a case that this one was part of are hidden there."""
        own = (reply for reply in self.replies if reply.case_id == self.case_id)
        return tuple(reply for reply in own if not reply.is_current and not reply.is_concealed)

    def may(self, action: CaseAction | str) -> bool:
        """Whether the reader may do this now."""
        return any(allowed.action == action for allowed in self.actions)
