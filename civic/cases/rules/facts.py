"""What is known of a case: the projection of its events, as plain frozen data.

A case is a sequence of *rounds* (each owes the resident one answer by one deadline) and
of *stints* (each is one department's, or with no department the dispatcher's, time with
the case). Both are what the figures of supervision are made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from civic.cases.rules.vocabulary import (
    ANSWERED,
    AT_DEPARTMENT,
    HIDDEN,
    OPEN,
    VISIBLE,
    CaseAction,
    CaseStatus,
    DeclineCode,
    ExtensionState,
    FeedbackKind,
    HeldBecause,
    Publication,
    RatingLevel,
    Resolution,
    RoundKind,
    Solved,
    StintEnd,
)


@dataclass(frozen=True, slots=True)
class Clock:
    """One running deadline: ``days`` working days from the day after ``start``, pauses skipped.

    The result is kept with its inputs, so that what was promised stays what was promised
    when a calendar changes; moving it is an event of its own.
    """

    start: date
    days: int
    due_at: datetime
    due_day: date
    paused: tuple[tuple[date, date], ...] = ()
    provisional: bool = False

    def as_params(self) -> dict[str, Any]:
        """JSON for an event."""
        return {
            "start": self.start.isoformat(),
            "days": self.days,
            "due": self.due_at.isoformat(),
            "day": self.due_day.isoformat(),
            "paused": [[since.isoformat(), until.isoformat()] for since, until in self.paused],
            "provisional": self.provisional,
        }

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Clock:
        """The reverse of :meth:`as_params`."""
        return cls(
            start=date.fromisoformat(params["start"]),
            days=params["days"],
            due_at=datetime.fromisoformat(params["due"]),
            due_day=date.fromisoformat(params["day"]),
            paused=tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in params["paused"]),
            provisional=params["provisional"],
        )


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a case's history. ``day`` is the district's local day of ``at``.

    ``params`` holds ids, codes, clocks, whole days and salted hashes, never free text.
    """

    action: CaseAction
    at: datetime
    day: date
    params: Mapping[str, Any] = field(default_factory=dict)
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Stint:
    """One department's time with a case; ``department_id`` None means the dispatcher's desk.

    ``accept`` is the clock of acceptance (None where nothing is to be accepted), ``own`` the
    department's own days for the answer, ``returning`` the one within which it may be returned as
    misrouted. ``accept_days`` and ``held_days`` are whole
    working days. ``again``: a second answer is owed, after a dissatisfied resident reopened the case.
    """

    number: int
    department_id: int | None
    since_at: datetime
    since_day: date
    accept: Clock | None = None
    own: Clock | None = None
    returning: Clock | None = None
    designated: bool = False
    accepted_at: datetime | None = None
    accepted_day: date | None = None
    accept_days: int | None = None
    returned_day: date | None = None
    extended_day: date | None = None
    ended_at: datetime | None = None
    ended_day: date | None = None
    end: StintEnd | None = None
    held_days: int | None = None
    again: bool = False

    @property
    def return_by(self) -> datetime | None:
        """The last moment to return the case as misrouted."""
        return self.returning.due_at if self.returning else None

    @property
    def accept_counts(self) -> bool:
        """Whether acceptance is in the denominator: due, unless the case left unaccepted before it was due.

        Declined and returned cases leave it in any case, unless they had been accepted; merged ones only in time.
        What was due before the case came is counted where it was then.
        """
        if self.accept is None or self.since_at > self.accept.due_at:
            return False
        if self.accepted_at is not None or self.ended_at is None:
            return True
        if self.end in (StintEnd.DECLINED, StintEnd.RETURNED):
            return False
        return self.ended_at > self.accept.due_at

    @property
    def accepted_on_time(self) -> bool:
        return (
            self.accept is not None
            and self.accepted_at is not None
            and self.accepted_at <= self.accept.due_at
        )

    def own_counts(self, paused_at: datetime | None) -> bool:
        """Whether the own deadline is in the denominator; second answers are counted by rounds."""
        return not self.again and self.own_fell_due(paused_at)

    def own_fell_due(self, paused_at: datetime | None) -> bool:
        """Whether it answered, or held on past its own deadline. What passed before it came isn't its own."""
        if self.own is None or self.end in (StintEnd.DECLINED, StintEnd.WITHDRAWN):
            return False
        if self.since_at > self.own.due_at:
            return False
        if self.end is StintEnd.REPLIED:
            return True
        if self.ended_at is not None:
            return self.ended_at > self.own.due_at
        return paused_at is None or paused_at > self.own.due_at

    @property
    def own_on_time(self) -> bool:
        return (
            self.own is not None
            and self.end is StintEnd.REPLIED
            and self.ended_at is not None
            and self.ended_at <= self.own.due_at
        )


@dataclass(frozen=True, slots=True)
class Round:
    """One answer owed: the first, or one after a dissatisfied resident or an appeal.

    ``department_id`` is who published the answer, or had the case when it was merged; ``days`` the whole working
    days it took, pauses left out; ``extended_by`` how many were added to the clock. ``left`` says how a round ended
    without an answer. ``judged`` is what the answer had brought when the resident rated it or its time to object
    ended, where it was corrected since. ``signed_alone`` names the published versions that one person drafted and
    approved alone, each with its day.
    """

    number: int
    kind: RoundKind
    clock: Clock
    opened_at: datetime
    opened_day: date
    extended_by: int = 0
    reopened_from: int | None = None
    replied_at: datetime | None = None
    replied_day: date | None = None
    department_id: int | None = None
    days: int | None = None
    resolution: Resolution | None = None
    judged: Resolution | None = None
    signed_alone: tuple[tuple[int, date], ...] = ()
    close_at: datetime | None = None
    rating: RatingLevel | None = None
    rated_day: date | None = None
    said_solved: Solved | None = None
    closed_day: date | None = None
    left: StintEnd | None = None
    left_at: datetime | None = None

    @property
    def on_time(self) -> bool:
        return self.replied_at is not None and self.replied_at <= self.clock.due_at

    def held_by(self, department_id: int | None) -> int | None:
        """Whose it is, where ``department_id`` has the case now; what was merged goes along with the other case, its
        round does not: it stays the dispatcher's if nobody else had it."""
        return self.department_id if self.left is StintEnd.MERGED else self.department_id or department_id

    def counts(self, paused_at: datetime | None) -> bool:
        """Whether the deadline is in the denominator of the on-time rate (see ``counters``).

        What was late when it was withdrawn or merged stays there as late (decision 035).
        """
        if self.replied_at is not None:
            return True
        if self.left is StintEnd.DECLINED:
            return False
        if self.left in (StintEnd.WITHDRAWN, StintEnd.MERGED):
            return self.left_at is not None and self.left_at > self.clock.due_at
        stopped = paused_at is not None and paused_at <= self.clock.due_at
        return not stopped


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the writer of a merged message said of the common answer: whose round it was, and who had answered."""

    answered_case_id: int
    round: int
    department_id: int
    level: RatingLevel
    day: date
    said_solved: Solved | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Everything the rules, the case's row and the figures need; made only by ``evolve``."""

    status: CaseStatus
    publication: Publication
    kind: FeedbackKind
    submitted_at: datetime
    submitted_day: date
    rounds: tuple[Round, ...]
    stints: tuple[Stint, ...]
    item_id: int | None = None
    street_id: int | None = None
    department_id: int | None = None
    assignee_id: int | None = None
    wants_publication: bool = False
    about_staff: bool = False
    sealed_department_id: int | None = None
    held: tuple[HeldBecause, ...] = ()
    review: Clock | None = None
    published_day: date | None = None
    published_at: datetime | None = None
    masked_text_id: int | None = None
    paused_at: datetime | None = None
    supports: tuple[int, ...] = ()
    contributed: tuple[int, ...] = ()
    """Who gave the part that was asked for last."""
    gave: tuple[int, ...] = ()
    """Who ever gave a part: the answer names them, also while another part is asked for."""
    parts_due: tuple[tuple[int, datetime], ...] = ()
    """By department, until when its part is asked for; who isn't named has no day."""
    return_pending: bool = False
    returned_by: tuple[int, ...] = ()
    extension: ExtensionState = ExtensionState.NONE
    extension_days: int | None = None
    draft_id: int | None = None
    drafters: frozenset[int] = frozenset()
    approver_id: int | None = None
    reply_id: int | None = None
    correction_waits: bool = False
    """A colleague's correction of the published answer waits for the lead."""
    decline_code: DeclineCode | None = None
    appeal_until: datetime | None = None
    ended_at: datetime | None = None
    ended_day: date | None = None
    survivor_id: int | None = None
    judge_until: datetime | None = None
    """Merged into a case that was answered already: until when that answer can be judged at the least."""
    judgements: tuple[Judgement, ...] = ()
    absorbed: tuple[int, ...] = ()
    escalated_at: datetime | None = None
    escalated_day: date | None = None
    overdue_noted_for: datetime | None = None
    """The deadline whose passing was noted; another one (extended, reopened, recounted) may pass once more."""
    erased_at: datetime | None = None
    """When the resident had the words erased; the history stays."""
    seq: int = 1
    changed_at: datetime | None = None

    @property
    def held_because(self) -> tuple[HeldBecause, ...]:
        """Why the case waits until the dispatcher has looked at it; empty once it has gone its way."""
        return self.held if self.status is CaseStatus.SUBMITTED else ()

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_visible(self) -> bool:
        """Whether the public may read it: published, and not taken out of the voices by its status."""
        return self.publication in VISIBLE and self.status not in HIDDEN

    @property
    def round(self) -> Round:
        return self.rounds[-1]

    @property
    def stint(self) -> Stint | None:
        """The stint that is running, None once the case is answered or ended."""
        return self.stints[-1] if self.stints and self.stints[-1].ended_at is None else None

    @property
    def resolution(self) -> Resolution | None:
        return self.round.resolution if self.status in ANSWERED else None

    @property
    def reopenings(self) -> int:
        return sum(r.kind is RoundKind.REOPENED for r in self.rounds)

    @property
    def appealed(self) -> bool:
        return any(r.kind is RoundKind.APPEALED for r in self.rounds)

    @property
    def clock_runs(self) -> bool:
        """Whether the answer's clock is running: open, and not stopped in time for the resident."""
        if self.paused_at is not None and self.paused_at <= self.round.clock.due_at:
            return False
        return self.is_open

    @property
    def due_at(self) -> datetime | None:
        """When the answer is due, None while the clock doesn't run."""
        return self.round.clock.due_at if self.clock_runs else None

    @property
    def accept_due_at(self) -> datetime | None:
        """When the case must be accepted, None if there is nothing to accept."""
        stint = self.stint
        waiting = self.status is CaseStatus.ROUTED and stint is not None and stint.accept is not None
        return stint.accept.due_at if waiting and stint and stint.accept else None

    @property
    def owing_part(self) -> tuple[int, ...]:
        """The supporting departments that have given no part yet, in the order in which they were asked."""
        return tuple(d for d in self.supports if d not in self.contributed)

    def part_due_at(self, department_id: int) -> datetime | None:
        """Until when a supporting department is asked for its part, None where no day was named."""
        return dict(self.parts_due).get(department_id)

    @property
    def waits_for_lead(self) -> bool:
        """Whether an answer or a correction waits to be approved; one approved waits only to be published."""
        return self.correction_waits or (self.status is CaseStatus.REPLY_REVIEW and self.approver_id is None)

    @property
    def at_department(self) -> bool:
        return self.status in AT_DEPARTMENT
