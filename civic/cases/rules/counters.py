"""What the figures of supervision are made of: a pure function of each case's facts.

The counters in ``case_stat`` are nothing but the sum of :func:`contributions` over all
cases. When an event changes a case, the difference of its contributions is posted in the
same transaction; counting everything again from the events gives identical rows.

Rates count by the day on which a deadline *falls*, not by the day of an answer, so a
backlog can't hide: a case that is late stays in the denominator of its day. Contributions
of a running deadline are posted at once on the day it will fall, so a period is to be read
up to the last day whose close of work has passed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from civic.cases.rules.facts import CaseFacts, Round, Stint
from civic.cases.rules.vocabulary import (
    CaseStatus,
    FeedbackKind,
    RatingLevel,
    Resolution,
    RoundKind,
    Solved,
)


class Measure(StrEnum):
    """What is counted; each is defined in ``DEFINITIONS``."""

    RECEIVED = "received"
    PUBLIC = "public"
    OPENED = "opened"
    LEFT = "left"
    ACCEPT_DUE = "accept_due"
    ACCEPT_ON_TIME = "accept_on_time"
    ACCEPT_DAYS = "accept_days"
    REPLY_DUE = "reply_due"
    REPLY_ON_TIME = "reply_on_time"
    REPLY_DAYS = "reply_days"
    AGAIN_DUE = "again_due"
    AGAIN_ON_TIME = "again_on_time"
    AGAIN_DAYS = "again_days"
    OWN_DUE = "own_due"
    OWN_ON_TIME = "own_on_time"
    HELD_DAYS = "held_days"
    BECAME_OVERDUE = "became_overdue"
    CAME_OVERDUE = "came_overdue"
    LEFT_OVERDUE = "left_overdue"
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    RATED_SATISFIED = "rated_satisfied"
    RATED_BASICALLY = "rated_basically"
    RATED_DISSATISFIED = "rated_dissatisfied"
    REOPENED = "reopened"
    RETURNED = "returned"
    EXTENDED = "extended"
    ESCALATED = "escalated"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    SINGLE_SIGNATURE = "single_signature"


DEFINITIONS: dict[Measure, str] = {
    Measure.RECEIVED: "Cases submitted that day, of the department that holds or held them last.",
    Measure.PUBLIC: "Cases first published that day and still readable by the public.",
    Measure.OPENED: "Cases that came to a department (or to the dispatcher) that day. "
    "Open at the end of a day = all opened up to it less all left up to it.",
    Measure.LEFT: "Cases that left a department that day: answered, moved, declined, merged, withdrawn.",
    Measure.ACCEPT_DUE: "Assignments whose acceptance deadline falls on that day; not those that left "
    "before it without being accepted, merged ones included, nor returned or declined ones that were never accepted.",
    Measure.ACCEPT_ON_TIME: "Those of them accepted by the deadline.",
    Measure.ACCEPT_DAYS: "Assignments accepted that day; the bucket is the whole working days it took.",
    Measure.REPLY_DUE: "Cases whose reply deadline falls on that day, of the department that answered or "
    "holds them; not those withdrawn or merged before it or declined, nor while the clock stands still. What was "
    "late when it was withdrawn or merged stays, as late, with the department that held it.",
    Measure.REPLY_ON_TIME: "Those of them whose first published reply came by the deadline.",
    Measure.REPLY_DAYS: "First replies published that day; the bucket is the whole working days since "
    "submission, or since an appeal against declining, pauses left out.",
    Measure.AGAIN_DUE: "As reply_due, for rounds that a dissatisfied resident reopened.",
    Measure.AGAIN_ON_TIME: "As reply_on_time, for reopened rounds.",
    Measure.AGAIN_DAYS: "As reply_days, for reopened rounds, since the reopening.",
    Measure.OWN_DUE: "Assignments whose own deadline (the full days from that assignment) falls on that "
    "day, if the department answered or held on past it: each department answers for its own days. Not those that "
    "were declined or withdrawn, nor while the clock stands still, nor those in which a second answer is owed.",
    Measure.OWN_ON_TIME: "Those of them in which that department's reply came by its own deadline.",
    Measure.HELD_DAYS: "Assignments that ended that day; the bucket is the whole working days held.",
    Measure.CAME_OVERDUE: "Cases that came to a department that day and were overdue already.",
    Measure.BECAME_OVERDUE: "Cases overdue from that day on in the department that had them before. "
    "Overdue at the end of a day = all became less all left up to it.",
    Measure.LEFT_OVERDUE: "Overdue cases that were answered, moved or left that day.",
    Measure.SOLVED: "Cases closed that day as resolved or adopted, or a question explained, where the resident was "
    "not dissatisfied and did not say that it is only partly solved or not. What a correction brought after the "
    "resident had judged the answer solves nothing. Praise is left out.",
    Measure.NOT_SOLVED: "All other cases closed that day, praise left out.",
    Measure.RATED_SATISFIED: "Answers rated satisfied that day, of the department that gave them. What several merged "
    "messages are answered with is rated by each writer, and counts as often.",
    Measure.RATED_BASICALLY: "Answers rated basically satisfied that day, counted alike.",
    Measure.RATED_DISSATISFIED: "Answers rated dissatisfied that day, counted alike.",
    Measure.REOPENED: "Cases reopened that day by a dissatisfied resident, of the department that answered; "
    "merged ones, whose writer objected to the common answer, as well.",
    Measure.RETURNED: "Cases that department sent back as misrouted that day, whether or not the dispatcher agreed.",
    Measure.EXTENDED: "Extensions approved that day.",
    Measure.ESCALATED: "Cases listed for supervision, each on the day it was listed last.",
    Measure.DECLINED: "Cases declined that day and not reopened on appeal.",
    Measure.WITHDRAWN: "Cases withdrawn by the resident that day.",
    Measure.MERGED: "Cases merged into another that day, and still merged.",
    Measure.SINGLE_SIGNATURE: "Replies and corrections published that day which one person drafted and approved alone.",
}

NOBODY = 0
"""In a counter's key: no department (the dispatcher's desk), no item, no street."""

SOLVING = frozenset({Resolution.RESOLVED, Resolution.ADOPTED})

_RATED = {
    RatingLevel.SATISFIED: Measure.RATED_SATISFIED,
    RatingLevel.BASICALLY_SATISFIED: Measure.RATED_BASICALLY,
    RatingLevel.DISSATISFIED: Measure.RATED_DISSATISFIED,
}


@dataclass(frozen=True, slots=True, order=True)
class CounterKey:
    """Where one unit is counted; ``bucket`` is whole working days for durations and 0 otherwise."""

    measure: Measure
    day: date
    department_id: int
    item_id: int
    street_id: int
    kind: FeedbackKind
    bucket: int = 0


DURATIONS = frozenset({Measure.ACCEPT_DAYS, Measure.REPLY_DAYS, Measure.AGAIN_DAYS, Measure.HELD_DAYS})
"""Measures whose bucket is whole working days; that of all others is 0."""


class Count(NamedTuple):
    """Counters added up: how often ``measure`` fell into ``bucket`` for ``key``, an id (0 = none), a kind or a name."""

    key: int | str
    measure: Measure
    bucket: int
    n: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Counters added up, for one key: of a measure how often, of a duration how many took how many working days."""

    numbers: Mapping[Measure, int] = field(default_factory=dict)
    days: Mapping[Measure, Mapping[int, int]] = field(default_factory=dict)

    def counts(self, key: int | str) -> Iterator[Count]:
        """One by one, without those that are nothing."""
        for measure, n in self.numbers.items():
            if n:
                yield Count(key, measure, 0, n)
        for measure, days in self.days.items():
            for bucket, n in days.items():
                if n:
                    yield Count(key, measure, bucket, n)


def totals_of(counts: Iterable[Count]) -> Totals:
    """Counts put together, whatever their keys."""
    numbers: Counter[Measure] = Counter()
    days: dict[Measure, Counter[int]] = {}
    for _, measure, bucket, n in counts:
        if measure in DURATIONS:
            days.setdefault(measure, Counter())[bucket] += n
        else:
            numbers[measure] += n
    return Totals(numbers, days)


def together(parts: Iterable[Totals]) -> Totals:
    """Several totals added up."""
    numbers: dict[Measure, int] = {}
    days: dict[Measure, dict[int, int]] = {}
    for part in parts:
        for measure, n in part.numbers.items():
            numbers[measure] = numbers.get(measure, 0) + n
        for measure, lasted in part.days.items():
            whole = days.setdefault(measure, {})
            for bucket, n in lasted.items():
                whole[bucket] = whole.get(bucket, 0) + n
    return Totals(numbers, days)


Entry = tuple[Measure, date, int | None, int]


def contributions(facts: CaseFacts | None, *, second_own: bool = False) -> Counter[CounterKey]:
    """What one case adds to the counters; nothing for a case that doesn't exist yet.

    ``second_own``: by the former rule, which counted second answers among those within own days (decision 033).
    """
    if facts is None:
        return Counter()
    return Counter(
        CounterKey(
            measure=measure,
            day=day,
            department_id=department_id or NOBODY,
            item_id=facts.item_id or NOBODY,
            street_id=facts.street_id or NOBODY,
            kind=facts.kind,
            bucket=bucket,
        )
        for measure, day, department_id, bucket in _entries(facts, second_own)
    )


def difference(before: CaseFacts | None, after: CaseFacts) -> dict[CounterKey, int]:
    """What to post when a case changes; keys in order, so that writers never wait in a circle."""
    change = contributions(after)
    change.subtract(contributions(before))
    return {key: change[key] for key in sorted(change) if change[key]}


def is_solved(facts: CaseFacts) -> bool | None:
    """Whether a closed case counts as solved; None if it isn't closed or is praise."""
    if facts.status is not CaseStatus.CLOSED or facts.kind is FeedbackKind.PRAISE:
        return None
    last = facts.round
    if last.said_solved in (Solved.PARTLY, Solved.NOT) or last.rating is RatingLevel.DISSATISFIED:
        return False
    # A correction can take a solution back, but makes none of an answer that the resident has judged.
    brought = {last.resolution, last.judged or last.resolution}
    return brought <= (SOLVING | {Resolution.EXPLAINED} if facts.kind is FeedbackKind.QUESTION else SOLVING)


def _entries(facts: CaseFacts, second_own: bool) -> Iterator[Entry]:
    yield Measure.RECEIVED, facts.submitted_day, facts.department_id, 0
    if facts.is_visible and facts.published_day:
        yield Measure.PUBLIC, facts.published_day, facts.department_id, 0
    for stint in facts.stints:
        yield from _of_stint(facts, stint)
        yield from _of_own_days(facts, stint, second_own)
    for entry in facts.rounds:
        yield from _of_round(facts, entry)
    for said in facts.judgements:
        yield _RATED[said.level], said.day, said.department_id, 0
    if facts.escalated_day:
        yield Measure.ESCALATED, facts.escalated_day, facts.department_id, 0
    yield from _of_the_end(facts)


def _of_the_end(facts: CaseFacts) -> Iterator[Entry]:
    if facts.ended_day is None:
        return
    ends = {
        CaseStatus.DECLINED: Measure.DECLINED,
        CaseStatus.WITHDRAWN: Measure.WITHDRAWN,
        CaseStatus.MERGED: Measure.MERGED,
    }
    if facts.status in ends:
        yield ends[facts.status], facts.ended_day, facts.department_id, 0
    solved = is_solved(facts)
    if solved is not None:
        yield Measure.SOLVED if solved else Measure.NOT_SOLVED, facts.ended_day, facts.department_id, 0


def _of_stint(facts: CaseFacts, stint: Stint) -> Iterator[Entry]:
    department_id = stint.department_id
    yield Measure.OPENED, stint.since_day, department_id, 0
    if stint.ended_day:
        yield Measure.LEFT, stint.ended_day, department_id, 0
        if department_id is not None and stint.held_days is not None:
            yield Measure.HELD_DAYS, stint.ended_day, department_id, stint.held_days
    if stint.returned_day:
        yield Measure.RETURNED, stint.returned_day, department_id, 0
    if stint.extended_day:
        yield Measure.EXTENDED, stint.extended_day, department_id, 0
    if stint.accept and stint.accept_counts:
        yield Measure.ACCEPT_DUE, stint.accept.due_day, department_id, 0
        if stint.accepted_on_time:
            yield Measure.ACCEPT_ON_TIME, stint.accept.due_day, department_id, 0
    if stint.accepted_day and stint.accept_days is not None:
        yield Measure.ACCEPT_DAYS, stint.accepted_day, department_id, stint.accept_days


def _of_own_days(facts: CaseFacts, stint: Stint, second_own: bool) -> Iterator[Entry]:
    counts = stint.own_fell_due if second_own else stint.own_counts
    if stint.own and counts(facts.paused_at):
        yield Measure.OWN_DUE, stint.own.due_day, stint.department_id, 0
        if stint.own_on_time:
            yield Measure.OWN_ON_TIME, stint.own.due_day, stint.department_id, 0


def _of_round(facts: CaseFacts, entry: Round) -> Iterator[Entry]:
    again = entry.kind is RoundKind.REOPENED
    current = entry.number == facts.round.number
    department_id = entry.held_by(facts.department_id if current else None)
    if again:
        yield Measure.REOPENED, entry.opened_day, entry.reopened_from, 0
    if entry.counts(facts.paused_at if current else None):
        yield Measure.AGAIN_DUE if again else Measure.REPLY_DUE, entry.clock.due_day, department_id, 0
        if entry.on_time:
            on_time = Measure.AGAIN_ON_TIME if again else Measure.REPLY_ON_TIME
            yield on_time, entry.clock.due_day, department_id, 0
    if entry.replied_day and entry.days is not None:
        yield (
            Measure.AGAIN_DAYS if again else Measure.REPLY_DAYS,
            entry.replied_day,
            department_id,
            entry.days,
        )
    for _reply_id, day in entry.signed_alone:
        yield Measure.SINGLE_SIGNATURE, day, department_id, 0
    if entry.rating and entry.rated_day:
        yield _RATED[entry.rating], entry.rated_day, department_id, 0
    yield from _overdue(facts, entry)


def overdue_since(facts: CaseFacts, stint: Stint) -> tuple[date | None, bool]:
    """The day from which a stint had the case overdue, None if it never had, may lie ahead; and if it came so."""
    for entry in facts.rounds:
        for held, since, _until in _overdue_spans(facts, entry):
            if held.number == stint.number:
                return since, came_overdue(entry.clock.due_day, stint)
    return None, False


def came_overdue(due_day: date, stint: Stint) -> bool:
    """Whether a department got the case when its deadline had passed: that needs no waiting for a close of work."""
    return stint.since_day > due_day


def _overdue(facts: CaseFacts, entry: Round) -> Iterator[Entry]:
    for stint, since, until in _overdue_spans(facts, entry):
        came = came_overdue(entry.clock.due_day, stint)
        yield Measure.CAME_OVERDUE if came else Measure.BECAME_OVERDUE, since, stint.department_id, 0
        if until is not None:
            yield Measure.LEFT_OVERDUE, until, stint.department_id, 0


def _overdue_spans(facts: CaseFacts, entry: Round) -> Iterator[tuple[Stint, date, date | None]]:
    """Which stints had the round while it was overdue: (stint, from which day, up to which day or None)."""
    if entry.number == facts.round.number and facts.is_open and not facts.clock_runs:
        return
    due_at = entry.clock.due_at
    until = entry.replied_at or entry.left_at
    for stint in facts.stints:
        if stint.ended_at is not None and (stint.ended_at <= due_at or stint.ended_at <= entry.opened_at):
            continue
        if until is not None and (until <= due_at or stint.since_at >= until):
            continue
        yield stint, max(stint.since_day, entry.clock.due_day), stint.ended_day
