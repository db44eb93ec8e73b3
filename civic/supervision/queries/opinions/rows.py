"""What queries of opinions return: frozen rows and pages, never a database row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from civic.cases.queries import NamedCase
from civic.cases.rules import RATING_LABELS, RatingLevel
from civic.core.workdays import Deadline
from civic.departments.queries import DepartmentRow
from civic.plans.queries import ItemRef
from civic.supervision.rules.opinions import (
    CLASS_LABELS,
    STATUS_LABELS,
    WORDINGS,
    AnswerClass,
    OpinionAction,
    OpinionDue,
    OpinionStatus,
)


class OpinionView(StrEnum):
    """The lists of opinions. Those of a department begin with what it owes."""

    ALL = "all"
    MINE = "mine"
    OPEN = "open"
    OVERDUE = "overdue"
    TO_RATE = "to_rate"
    LEFT = "left"
    TO_ANSWER = "to_answer"
    APPROVAL = "approval"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """One opinion as lists show it. ``year`` and ``serial`` are its number; a draft has none."""

    id: int
    year: int | None
    serial: int | None
    title: str
    title_hant: str
    status: OpinionStatus
    version: int
    deputy_id: int | None
    deputy: str
    department: DepartmentRow
    item: ItemRef | None
    sent_at: datetime | None
    due: OpinionDue | None
    due_at: datetime | None
    rounds: int
    rating: RatingLevel | None
    answer_class: AnswerClass | None
    deputy_agrees: bool
    department_agrees: bool
    public: bool
    published_at: datetime | None

    @property
    def waits_for_agreement(self) -> bool:
        """Whether only the department has agreed that it is published."""
        return self.status is OpinionStatus.CLOSED and self.department_agrees and not self.deputy_agrees

    @property
    def status_label(self) -> str:
        return STATUS_LABELS[self.status]

    @property
    def rating_label(self) -> str:
        return RATING_LABELS[self.rating] if self.rating else ""

    @property
    def class_label(self) -> str:
        return CLASS_LABELS[self.answer_class] if self.answer_class else ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer that was handed over, and what the deputy said of it; labels are msgids."""

    number: int
    department: DepartmentRow
    answer_class: AnswerClass
    text: str
    text_hant: str
    answered_at: datetime
    on_time: bool
    rating: RatingLevel | None
    reason: str
    reason_hant: str

    @property
    def class_label(self) -> str:
        return CLASS_LABELS[self.answer_class]

    @property
    def rating_label(self) -> str:
        return RATING_LABELS[self.rating] if self.rating else ""


@dataclass(frozen=True, slots=True)
class DraftView:
    """The answer that is being written, for its department alone.

    ``before``: what to compare it with: the version that the lead sent back last, else the answer of the round before.
    """

    answer_class: AnswerClass
    text: str
    writer: str
    at: datetime
    before: str
    remark: str

    @property
    def class_label(self) -> str:
        return CLASS_LABELS[self.answer_class]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case that an opinion is about: its facts, no contact and no text."""

    case: NamedCase
    item: ItemRef | None
    kind_label: str
    status_label: str


@dataclass(frozen=True, slots=True)
class CasesView:
    """The cases behind an opinion that the reader may know of; ``others`` are with other departments."""

    lines: tuple[CaseLine, ...] = ()
    others: int = 0

    @property
    def n(self) -> int:
        return len(self.lines) + self.others


@dataclass(frozen=True, slots=True)
class OpinionStep:
    """One event for people; ``label`` and ``detail`` are msgids."""

    action: OpinionAction
    label: str
    at: datetime
    person: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AllowedOpinionAction:
    """A button: what it's called and what it brings (msgids)."""

    action: OpinionAction

    @property
    def slug(self) -> str:
        return self.action.value.replace("_", "-")

    @property
    def label(self) -> str:
        return WORDINGS[self.action].label

    @property
    def consequence(self) -> str:
        return WORDINGS[self.action].consequence


@dataclass(frozen=True, slots=True)
class OpinionPage:
    """One opinion for somebody who works with it. ``why_not``: what could be done but for a reason (msgids).

    ``exposing``: what in its texts may point to a person (msgids), before anybody agrees to publication.
    """

    row: OpinionRow
    text: str
    cases: CasesView
    answers: tuple[AnswerView, ...]
    draft: DraftView | None
    deadline: Deadline | None
    answer_by: datetime | None
    history: tuple[OpinionStep, ...]
    allowed: tuple[AllowedOpinionAction, ...]
    why_not: Mapping[OpinionAction, str]
    exposing: tuple[str, ...]

    def may(self, action: str) -> bool:
        return any(one.action == action for one in self.allowed)


@dataclass(frozen=True, slots=True)
class PublicOpinion:
    """An opinion that both sides agreed to publish: nobody is named, and only public cases are."""

    row: OpinionRow
    text: str
    text_hant: str
    sent_day: date
    due_day: date
    answers: tuple[AnswerView, ...]
    cases: CasesView
