"""The law of a progress report: its words, what makes it complete, how an item with it looks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from civic.core.errors import N_
from civic.progress.rules.squares import Square

SHORTEST_TEXT = 10
LONGEST_TEXT = 4000
LONGEST_TITLE = 120
LONGEST_LINK = 500
MOST_MILESTONES = 20
MOST_EVIDENCE = 12


class UpdateStatus(StrEnum):
    """How far an item is, in its department's own words."""

    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    DONE = "done"
    DELAYED = "delayed"
    ADJUSTED = "adjusted"


UPDATE_LABELS: Mapping[UpdateStatus, str] = {
    UpdateStatus.NOT_STARTED: N_("Not started"),
    UpdateStatus.UNDER_WAY: N_("Under way"),
    UpdateStatus.DONE: N_("Done"),
    UpdateStatus.DELAYED: N_("Delayed"),
    UpdateStatus.ADJUSTED: N_("Adjusted"),
}
PAST_ITS_DATE = N_("Past its date")


class UpdateState(StrEnum):
    """Where a report is on its way to the public."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    DISCARDED = "discarded"


STATE_LABELS: Mapping[UpdateState, str] = {
    UpdateState.DRAFT: N_("Draft"),
    UpdateState.SUBMITTED: N_("Waiting for approval"),
    UpdateState.PUBLISHED: N_("Published"),
    UpdateState.DISCARDED: N_("Discarded"),
}


class EvidenceKind(StrEnum):
    """What shows that a report is true."""

    LINK = "link"
    DOCUMENT = "document"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step with its planned and its actual day. ``key`` stays with it from report to report."""

    key: str
    title: str
    planned_on: date | None = None
    actual_on: date | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A link (``url``), or a stored file by its key (``file``)."""

    kind: EvidenceKind
    title: str
    url: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What one report says. ``as_of``: the day it speaks of; ``percent`` only where the department gives one."""

    status: UpdateStatus
    text: str
    as_of: date
    percent: int | None = None
    expected_on: date | None = None
    milestones: tuple[Milestone, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, as a msgid with parameters; ``place`` names the field, ``milestones-2-actual_on``."""

    place: str
    text: str
    params: Mapping[str, str | int]


def flaws(report: Report, today: date) -> tuple[Flaw, ...]:
    """Everything that keeps a report from being saved, in the order of the form."""
    return (*_dates(report, today), *_words(report), *_milestones(report), *_evidence(report))


def _flaw(place: str, text: str, **params: str | int) -> Flaw:
    return Flaw(place, text, params)


def _dates(report: Report, today: date) -> Iterable[Flaw]:
    if report.as_of > today:
        yield _flaw("as_of", N_("A report speaks of what has happened: this day is still to come."))
    if report.percent is not None:
        if not 0 <= report.percent <= 100:
            yield _flaw("percent", N_("A percentage is a whole number from 0 to 100."))
        elif report.status is UpdateStatus.DONE and report.percent < 100:
            yield _flaw("percent", N_("What is done is at 100%: leave the percentage out or correct it."))
        elif report.status is UpdateStatus.NOT_STARTED and report.percent > 0:
            yield _flaw(
                "percent", N_("What has not started is at 0%: leave the percentage out or correct it.")
            )
    if report.status is UpdateStatus.DELAYED and report.expected_on is None:
        yield _flaw("expected_on", N_("Say when it is expected now: residents will ask."))
    if (
        report.expected_on is not None
        and report.expected_on < report.as_of
        and report.status is not UpdateStatus.DONE
    ):
        yield _flaw("expected_on", N_("The expected day lies before the day that the report speaks of."))


def _words(report: Report) -> Iterable[Flaw]:
    length = len(report.text.strip())
    if length < SHORTEST_TEXT:
        yield _flaw(
            "text",
            N_("Say in a sentence or two what has been done (at least %(least)s characters)."),
            least=SHORTEST_TEXT,
        )
    elif length > LONGEST_TEXT:
        yield _flaw("text", N_("This is too long: at most %(most)s characters."), most=LONGEST_TEXT)


def _milestones(report: Report) -> Iterable[Flaw]:
    if len(report.milestones) > MOST_MILESTONES:
        yield _flaw("milestones", N_("At most %(most)s milestones."), most=MOST_MILESTONES)
    for n, one in enumerate(report.milestones):
        if not one.title:
            yield _flaw(f"milestones-{n}-title", N_("Milestone %(n)s: say what is reached."), n=n + 1)
        elif len(one.title) > LONGEST_TITLE:
            yield _flaw(
                f"milestones-{n}-title",
                N_("Milestone %(n)s: at most %(most)s characters."),
                n=n + 1,
                most=LONGEST_TITLE,
            )
        if one.planned_on is None and one.actual_on is None:
            yield _flaw(f"milestones-{n}-planned_on", N_("Milestone %(n)s: give the planned day."), n=n + 1)
        if one.actual_on is not None and one.actual_on > report.as_of:
            yield _flaw(
                f"milestones-{n}-actual_on",
                N_("Milestone %(n)s: it is reached after the day the report speaks of."),
                n=n + 1,
            )
        if one.actual_on is None and report.status is UpdateStatus.DONE:
            yield _flaw(
                f"milestones-{n}-actual_on",
                N_("Milestone %(n)s: the item is done, so say when this was reached."),
                n=n + 1,
            )


def _evidence(report: Report) -> Iterable[Flaw]:
    if len(report.evidence) > MOST_EVIDENCE:
        yield _flaw("evidence", N_("At most %(most)s pieces of evidence."), most=MOST_EVIDENCE)
    for n, one in enumerate(report.evidence):
        if not one.title:
            yield _flaw(
                f"evidence-{n}-title", N_("Evidence %(n)s: give it a title that says what it shows."), n=n + 1
            )
        elif len(one.title) > LONGEST_TITLE:
            yield _flaw(
                f"evidence-{n}-title",
                N_("Evidence %(n)s: at most %(most)s characters."),
                n=n + 1,
                most=LONGEST_TITLE,
            )
        if one.kind is EvidenceKind.LINK and not is_web_address(one.url):
            yield _flaw(
                f"evidence-{n}-url", N_("Evidence %(n)s: a link begins with https:// or http://."), n=n + 1
            )
        if one.kind is not EvidenceKind.LINK and not one.file:
            yield _flaw(f"evidence-{n}-file", N_("Evidence %(n)s: the file is missing."), n=n + 1)


def is_web_address(text: str) -> bool:
    """Whether a text is an address that a browser opens."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    plain = not any(c.isspace() or c in "<>\"'" for c in text)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain and len(text) <= LONGEST_LINK


def with_keys(milestones: Iterable[Milestone]) -> tuple[Milestone, ...]:
    """The milestones, each with a key of its own: new ones get the next free of m1, m2 …"""
    given = list(milestones)
    used: set[str] = set()
    taken = {one.key for one in given}
    fresh = (key for n in range(1, 10_000) if (key := f"m{n}") not in taken)
    found = []
    for one in given:
        key = one.key if one.key and one.key not in used else next(fresh)
        used.add(key)
        found.append(replace(one, key=key))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an item with a published report looks today; ``label`` is a msgid."""

    square: Square
    label: str
    adjusted: bool = False


def standing(
    status: UpdateStatus, today: date, *, expected_on: date | None = None, deadline: date | None = None
) -> Standing:
    """The square and the words for a report's status as of ``today`` (DESIGN §6).

    Whatever isn't done is late after the day that the plan (``deadline``) or the department itself
    (``expected_on``) named, the earlier of the two. ``adjusted`` is a mark on top of how it looks.
    """
    adjusted = status is UpdateStatus.ADJUSTED
    if status is UpdateStatus.DONE:
        return Standing(Square.DONE, UPDATE_LABELS[status])
    if status is UpdateStatus.DELAYED:
        return Standing(Square.LATE, UPDATE_LABELS[status])
    named = [day for day in (expected_on, deadline) if day is not None]
    if named and today > min(named):
        return Standing(Square.LATE, PAST_ITS_DATE, adjusted)
    square = Square.EMPTY if status is UpdateStatus.NOT_STARTED else Square.GOING
    return Standing(square, UPDATE_LABELS[status], adjusted)
