"""What a resident is told of the own case, and everyone of a published one: frozen pages and rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic.cases.queries.rows import AllowedAction, DeadlineView, RatingView, ReplyView
from civic.cases.rules import (
    CaseAction,
    CaseStatus,
    DeclineCode,
    FeedbackKind,
    Outlook,
    Publication,
    RatingLevel,
    Sentence,
    Shown,
)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One step in the resident's words; ``text`` is what was asked, added, explained or given as the reason."""

    at: datetime
    action: CaseAction
    sentence: Sentence
    department_id: int | None
    text: str


@dataclass(frozen=True, slots=True)
class TrackingPage:
    """What a resident sees of the own case. ``version`` goes into every service call.

    ``next`` says what happens next, ``judge_until`` until when the answer that stands can be judged; ``public_copy``
    is what the public reads where that is a masked copy.
    """

    case_id: int
    version: int
    reference: str
    status: CaseStatus
    status_label: str
    publication: Publication
    publication_label: str
    kind: FeedbackKind
    text: str
    erased_at: datetime | None
    item_id: int | None
    paragraph_anchor: str
    submitted_at: datetime
    department_id: int | None
    deadline: DeadlineView | None
    timeline: tuple[TimelineEntry, ...]
    question: str
    replies: tuple[ReplyView, ...]
    contributed: tuple[int, ...]
    decline_code: DeclineCode | None
    decline_text: str
    rating: RatingLevel | None
    ratings: tuple[RatingView, ...]
    next: Outlook
    judge_until: datetime | None
    public_copy: tuple[Shown, ...]
    is_visible: bool
    merged_into_other: bool
    actions: tuple[AllowedAction, ...]

    def may(self, action: CaseAction | str) -> bool:
        """Whether the resident may do this now."""
        return any(allowed.action == action for allowed in self.actions)


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A published case as everyone reads it; ``text`` is the masked one if it was masked.

    ``text_hant`` is the same in Traditional characters, empty until the worker has written it.
    """

    reference: str
    kind: FeedbackKind
    status: CaseStatus
    status_label: str
    is_masked: bool
    text: str
    text_hant: str
    item_id: int | None
    paragraph_anchor: str
    paragraph_excerpt: str
    street_id: int | None
    department_id: int | None
    submitted_at: datetime
    published_at: datetime
    deadline: DeadlineView | None
    replies: tuple[ReplyView, ...]
    contributed: tuple[int, ...]
    timeline: tuple[TimelineEntry, ...]
    rating: RatingLevel | None
    supporters: int
