"""What a sample case is, and when each of its steps happened. Pure.

Days are counted in working days from the day the word came in, so that a path (accepted on day 1,
answered on day 5) keeps its meaning over weekends and holidays, whatever day the demo is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from civic.cases.rules import (
    DeclineCode,
    FeedbackKind,
    Publication,
    RatingLevel,
    Resolution,
    Solved,
    SpeaksAs,
)
from civic.core.workdays import Calendar

ONE_DAY = timedelta(days=1)
PAUSE = timedelta(minutes=10)
"""Between two steps on one day there is at least this."""

DAYTIME = (time(7, 30), time(21, 30))
"""When residents write."""


class Verb(StrEnum):
    """What somebody does in a sample; each is one service of cases."""

    ACCEPT = "accept"
    ADD = "add"
    ALLOW_EXTENSION = "allow_extension"
    APPEAL = "appeal"
    APPROVE = "approve"
    ASK = "ask"
    CONTRIBUTE = "contribute"
    CORRECT = "correct"
    DECLINE = "decline"
    DESIGNATE = "designate"
    DRAFT = "draft"
    DRAFT_ALONE = "draft_alone"
    ESCALATE = "escalate"
    EXTEND = "extend"
    INVITE = "invite"
    KEEP_PRIVATE = "keep_private"
    MERGE = "merge"
    OBJECT = "object"
    PUBLISH = "publish"
    PUBLISH_ALONE = "publish_alone"
    PUBLISH_MASKED = "publish_masked"
    RATE = "rate"
    RETURN = "return"
    ROUTE = "route"
    SEND = "send"
    SEND_BACK = "send_back"
    TRANSFER = "transfer"
    WITHDRAW = "withdraw"


BY_RESIDENT = frozenset({Verb.ADD, Verb.APPEAL, Verb.OBJECT, Verb.RATE, Verb.WITHDRAW})
REPLYING = frozenset({Verb.DRAFT, Verb.DRAFT_ALONE, Verb.CORRECT})
"""Steps that use up the case's next reply text."""

REVIEWED: Mapping[Publication, Verb | None] = {
    Publication.PRIVATE: None,
    Publication.PENDING: None,
    Publication.PUBLIC: Verb.PUBLISH,
    Publication.MASKED: Verb.PUBLISH_MASKED,
    Publication.REFUSED: Verb.KEEP_PRIVATE,
}
"""What the dispatcher does on the first day for a sample to be published as it says."""


@dataclass(frozen=True, slots=True)
class Step:
    """``day``: working days after the day the word came in, 1 or more."""

    day: int
    verb: Verb


@dataclass(frozen=True, slots=True)
class SampleReply:
    """An answer; ``referred_to`` only where it names another authority."""

    text: str
    resolution: Resolution
    referred_to: str = ""


@dataclass(frozen=True, slots=True)
class SampleCase:
    """One case of the sample, from the word to where it stands.

    ``before``: on which working day before the present one it came in. ``office``: key of the
    department that answers where no item and no rule says so; ``to``: of the one that a step names.
    ``into``: key of the case it is merged into. ``words``: texts of steps.
    """

    key: str
    kind: FeedbackKind
    text: str
    before: int
    path: str
    steps: tuple[Step, ...]
    plan: str = ""
    item: str = ""
    paragraph: str = ""
    street: str = ""
    community: str = ""
    place: str = ""
    speaks_as: SpeaksAs | None = None
    publication: Publication = Publication.PUBLIC
    masked: str = ""
    phone: str = ""
    replies: tuple[SampleReply, ...] = ()
    rating: RatingLevel | None = None
    solved: Solved | None = None
    office: str = ""
    to: str = ""
    into: str = ""
    code: DeclineCode | None = None
    about_staff: bool = False
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happens; ``step`` None is the word coming in."""

    at: datetime
    case: SampleCase
    step: Step | None = None
    number: int = 0


@dataclass(frozen=True)
class OfficeHours:
    """The district's working days, and when its offices are open on them."""

    calendar: Calendar
    opens_at: time
    closes_at: time

    def day_before(self, today: date, count: int) -> date:
        """The ``count``-th working day before ``today`` (0: today, or the last working day before it)."""
        day = today
        while not self.calendar.is_workday(day):
            day -= ONE_DAY
        for _ in range(count):
            day -= ONE_DAY
            while not self.calendar.is_workday(day):
                day -= ONE_DAY
        return day

    def day_after(self, start: date, count: int) -> date:
        """The ``count``-th working day after ``start``."""
        return self.calendar.deadline(start, count).due_day if count else start

    def at(self, day: date, clock: time) -> datetime:
        """A local time of a day, in UTC."""
        return datetime.combine(day, clock, self.calendar.zone).astimezone(UTC)


def moments(case: SampleCase, hours: OfficeHours, now: datetime, seed: int) -> tuple[Moment, ...]:
    """When each step of a case happened, in order; what would lie after ``now`` hasn't happened yet.

    Staff act in office hours of working days, residents by day. The same seed gives the same minutes.
    """
    chance = Random(f"{seed}:{case.key}")  # noqa: S311 (plausible minutes, no secret)
    start = hours.day_before(hours.calendar.local_day(now), case.before)
    at = _between(hours.at(start, DAYTIME[0]), hours.at(start, DAYTIME[1]), chance)
    told = [Moment(at, case)]
    for number, step in enumerate(case.steps):
        day = hours.day_after(start, step.day)
        opens, closes = DAYTIME if step.verb in BY_RESIDENT else (hours.opens_at, hours.closes_at)
        left = sum(later.day == step.day for later in case.steps[number:])
        earliest = max(hours.at(day, opens), at + PAUSE)
        latest = earliest + (hours.at(day, closes) - earliest) / left
        at = _between(earliest, latest, chance)
        told.append(Moment(at, case, step, number))
    return tuple(moment for moment in told if moment.at <= now)


def _between(earliest: datetime, latest: datetime, chance: Random) -> datetime:
    span = max(0, int((latest - earliest).total_seconds()) - 60)
    at = earliest + timedelta(seconds=chance.randint(0, span))
    return at.replace(microsecond=0)


def choose(cases: Iterable[SampleCase], limit: int | None) -> tuple[SampleCase, ...]:
    """At most ``limit`` cases: one of each path and way of publication first, with what they are merged into."""
    every = tuple(cases)
    if limit is None or limit >= len(every):
        return every
    seen: set[tuple[str, Publication]] = set()
    first: list[SampleCase] = []
    rest: list[SampleCase] = []
    for case in every:
        kind = (case.path, case.publication)
        (rest if kind in seen else first).append(case)
        seen.add(kind)
    picked = {case.key for case in (*first, *rest)[:limit]}
    picked |= {case.into for case in every if case.key in picked and case.into}
    return tuple(case for case in every if case.key in picked)
