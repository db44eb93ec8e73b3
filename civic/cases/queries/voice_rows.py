"""Published voices as lists show them, and what a list can be narrowed to and sorted by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from civic.cases.rules import CaseStatus, FeedbackKind, Resolution


class VoiceState(StrEnum):
    """Where a published voice stands, as readers tell it apart."""

    RECEIVED = "received"
    HANDLED = "handled"
    REPLIED = "replied"
    CLOSED = "closed"


STATES: Mapping[VoiceState, tuple[CaseStatus, ...]] = {
    VoiceState.RECEIVED: (CaseStatus.SUBMITTED, CaseStatus.TRIAGE, CaseStatus.ROUTED),
    VoiceState.HANDLED: (CaseStatus.IN_PROGRESS, CaseStatus.AWAITING_RESIDENT, CaseStatus.REPLY_REVIEW),
    VoiceState.REPLIED: (CaseStatus.REPLIED,),
    VoiceState.CLOSED: (CaseStatus.CLOSED,),
}


class VoiceOrder(StrEnum):
    """In which order voices stand: what was published last comes first unless a reader asks otherwise."""

    NEWEST = "newest"
    SUPPORTED = "supported"


@dataclass(frozen=True, slots=True)
class VoiceFilter:
    """Which published voices; ``paragraph_anchor`` only together with one item."""

    item_ids: tuple[int, ...] = ()
    paragraph_anchor: str = ""
    department_id: int | None = None
    street_id: int | None = None
    kind: FeedbackKind | None = None
    answered: bool | None = None
    state: VoiceState | None = None
    since: date | None = None
    until: date | None = None
    """``since`` and ``until`` are days of publication, both included."""


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One published voice, with its current answer if there is one; ``…_hant`` are empty until written."""

    reference: str
    kind: FeedbackKind
    status: CaseStatus
    status_label: str
    text: str
    text_hant: str
    item_id: int | None
    paragraph_anchor: str
    street_id: int | None
    department_id: int | None
    submitted_at: datetime
    published_at: datetime
    is_overdue: bool
    reply_text: str
    reply_text_hant: str
    reply_department_id: int | None
    resolution: Resolution | None
    replied_at: datetime | None
    supporters: int
    """How many browsers supported it, as counted within the last minutes."""

    @property
    def state(self) -> VoiceState:
        return next(state for state, statuses in STATES.items() if self.status in statuses)
