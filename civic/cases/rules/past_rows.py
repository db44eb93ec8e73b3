"""A past case as another system tells it: one row of a table, read and checked before anything is made of it.

What stands in a row is checked by the same rules as what is written here: lengths of texts, kinds, which resolution
answers what. A row that can't become a case says at which column and why (:class:`RowRefused`). Names, telephone
numbers and whatever else a row holds are no columns of ours and are never looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import TypeVar

from civic.cases.rules.answering import SUGGESTIONS_ONLY
from civic.cases.rules.exposing import exposures
from civic.cases.rules.past_moments import read_moment
from civic.cases.rules.vocabulary import (
    LONGEST,
    MAX_TEXT,
    NEEDS_EXPLANATION,
    SHORTEST,
    Channel,
    DeclineCode,
    FeedbackKind,
    RatingLevel,
    Resolution,
    Solved,
)
from civic.core.text import tidy

EARLIEST_YEAR = 2000
"""Summaries reach back so far; 0001-01-01, 1900-01-01 and 1970-01-01 mean in other systems that nothing was noted."""


class Column(StrEnum):
    """What a row can hold (``docs/data-format.md``)."""

    ID = "id"
    KIND = "kind"
    TEXT = "text"
    SUBMITTED_AT = "submitted_at"
    CHANNEL = "channel"
    ITEM = "item"
    STREET = "street"
    PLACE = "place"
    DEPARTMENT = "department"
    ROUTED_AT = "routed_at"
    ACCEPTED_AT = "accepted_at"
    REPLY = "reply"
    REPLIED_AT = "replied_at"
    RESOLUTION = "resolution"
    REFERRED_TO = "referred_to"
    RATING = "rating"
    SOLVED = "solved"
    RATED_AT = "rated_at"
    CLOSED_AT = "closed_at"
    DECLINE_CODE = "decline_code"
    EXPLANATION = "explanation"
    DECLINED_AT = "declined_at"
    WITHDRAWN_AT = "withdrawn_at"
    PUBLIC = "public"
    PUBLISHED_AT = "published_at"


NEEDED = (Column.ID, Column.KIND, Column.TEXT, Column.SUBMITTED_AT)
"""Columns without which no row can be loaded."""

WORDS: Mapping[Column, tuple[str, ...]] = {
    Column.KIND: tuple(FeedbackKind),
    Column.CHANNEL: tuple(Channel),
    Column.RESOLUTION: tuple(Resolution),
    Column.RATING: tuple(RatingLevel),
    Column.SOLVED: tuple(Solved),
    Column.DECLINE_CODE: tuple(DeclineCode),
    Column.PUBLIC: ("yes", "no"),
}
"""The words that a column with a vocabulary can hold, once a mapping has translated it."""


MOMENTS = frozenset(column for column in Column if column.endswith("_at"))


class RowRefused(ValueError):
    """Why a row can't become a case, and at which column."""

    def __init__(self, column: Column | None, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Places:
    """Whose and what a row can be about: every word for it → id. ``heirs``: who stands for a former department;
    ``closed``: departments that take no cases any more."""

    departments: Mapping[str, int] = field(default_factory=dict)
    items: Mapping[str, int] = field(default_factory=dict)
    streets: Mapping[str, int] = field(default_factory=dict)
    heirs: Mapping[int, int] = field(default_factory=dict)
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of one file are to be understood, and the moment after which nothing can have happened."""

    places: Places
    zone: tzinfo
    now: datetime
    values: Mapping[Column, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[Column, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """The reply of the other system."""

    text: str
    at: datetime
    resolution: Resolution
    referred_to: str = ""


@dataclass(frozen=True, slots=True)
class PastRefusal:
    """How a case was declined there."""

    at: datetime
    code: DeclineCode
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class PastCase:
    """A row that can become a case. ``published_at`` is None where nobody agreed to publication;
    ``exposes``: its words or its answer may expose a person, so they aren't shown unseen."""

    id: str
    kind: FeedbackKind
    text: str
    submitted_at: datetime
    channel: Channel = Channel.HOTLINE
    place: str = ""
    item_id: int | None = None
    street_id: int | None = None
    department_id: int | None = None
    routed_at: datetime | None = None
    accepted_at: datetime | None = None
    answer: PastAnswer | None = None
    rating: RatingLevel | None = None
    solved: Solved | None = None
    rated_at: datetime | None = None
    closed_at: datetime | None = None
    declined: PastRefusal | None = None
    withdrawn_at: datetime | None = None
    published_at: datetime | None = None
    exposes: bool = False

    @property
    def is_open(self) -> bool:
        return self.answer is None and self.declined is None and self.withdrawn_at is None


W = TypeVar("W", bound=StrEnum)


def read_row(cells: Mapping[Column, str], reading: Reading) -> PastCase:
    """The case that a row tells; raises :class:`RowRefused` at the first thing that stands against it."""
    row = _Row(cells, reading)
    kind = row.word(Column.KIND, FeedbackKind)
    if kind is None:
        raise RowRefused(Column.KIND, "It isn't said what kind of message it was.")
    submitted_at = row.moment(Column.SUBMITTED_AT)
    if submitted_at is None:
        raise RowRefused(Column.SUBMITTED_AT, "It isn't said when it came in.")
    past = PastCase(
        id=row.text(Column.ID, 1, 80),
        kind=kind,
        text=row.text(Column.TEXT, SHORTEST, LONGEST),
        submitted_at=submitted_at,
        channel=row.word(Column.CHANNEL, Channel) or Channel.HOTLINE,
        place=row.text(Column.PLACE, 0, 200),
        item_id=row.place(Column.ITEM, reading.places.items),
        street_id=row.place(Column.STREET, reading.places.streets),
        department_id=row.place(Column.DEPARTMENT, reading.places.departments),
        routed_at=row.moment(Column.ROUTED_AT),
        accepted_at=row.moment(Column.ACCEPTED_AT),
        answer=_answer(row, kind),
        rating=row.word(Column.RATING, RatingLevel),
        solved=row.word(Column.SOLVED, Solved),
        rated_at=row.moment(Column.RATED_AT),
        closed_at=row.moment(Column.CLOSED_AT),
        declined=_refusal(row),
        withdrawn_at=row.moment(Column.WITHDRAWN_AT),
    )
    _check_end(past)
    _check_order(past)
    return _with_publication(row, _with_holder(past, reading.places))


class _Row:
    """One row's cells, each read as what its column holds."""

    def __init__(self, cells: Mapping[Column, str], reading: Reading) -> None:
        self.cells = cells
        self.reading = reading

    def raw(self, column: Column) -> str:
        """The cell as it is understood: translated by the mapping, or what stands for an empty one."""
        given = self.cells.get(column, "").strip()
        translated = self.reading.values.get(column)
        if translated is not None:
            given = translated.get(given, given)
        return given or self.reading.defaults.get(column, "")

    def text(self, column: Column, shortest: int, longest: int) -> str:
        kept = tidy(self.raw(column))
        if len(kept) < shortest:
            missing = f"It has {len(kept)} characters; at least {shortest} are needed."
            raise RowRefused(column, missing if kept else "It is empty.")
        if len(kept) > longest:
            raise RowRefused(column, f"It has {len(kept)} characters; at most {longest} can be kept.")
        return kept

    def word(self, column: Column, vocabulary: type[W]) -> W | None:
        given = self.raw(column)
        if not given:
            return None
        try:
            return vocabulary(given)
        except ValueError:
            allowed = ", ".join(vocabulary)
            raise RowRefused(column, f"“{given[:40]}” is none of: {allowed}.") from None

    def place(self, column: Column, known: Mapping[str, int]) -> int | None:
        given = self.raw(column)
        if not given:
            return None
        if given not in known:
            raise RowRefused(column, f"There is no {column.value} “{given[:40]}” here.")
        return known[given]

    def moment(self, column: Column) -> datetime | None:
        given = self.raw(column)
        if not given:
            return None
        found = read_moment(given, self.reading.zone, self.reading.formats)
        if found is None:
            raise RowRefused(column, f"“{given[:40]}” can't be read as a day or a moment.")
        if found.year < EARLIEST_YEAR:
            raise RowRefused(
                column, f"{given[:40]} lies before {EARLIEST_YEAR}: systems write so what they don't know."
            )
        if found > self.reading.now:
            raise RowRefused(column, f"{given[:40]} lies in the future.")
        return found


def check_words(reading: Reading) -> None:
    """Raise :class:`RowRefused` at what a mapping puts in the place of cells and no row could mean."""
    plain = replace(reading, values={}, defaults={})
    places = {
        Column.ITEM: reading.places.items,
        Column.STREET: reading.places.streets,
        Column.DEPARTMENT: reading.places.departments,
    }
    words = [(column, word) for column, words in reading.values.items() for word in words.values()]
    for column, word in (*words, *reading.defaults.items()):
        row = _Row({column: word}, plain)
        if column in places:
            row.place(column, places[column])
        elif column in MOMENTS:
            row.moment(column)


def _answer(row: _Row, kind: FeedbackKind) -> PastAnswer | None:
    at = row.moment(Column.REPLIED_AT)
    if at is None:
        if row.raw(Column.REPLY):
            raise RowRefused(Column.REPLIED_AT, "There is a reply, but not when it was given.")
        return None
    resolution = row.word(Column.RESOLUTION, Resolution)
    if resolution is None:
        raise RowRefused(Column.RESOLUTION, "It isn't said what the reply brought.")
    if resolution in SUGGESTIONS_ONLY and kind is not FeedbackKind.SUGGESTION:
        raise RowRefused(Column.RESOLUTION, "Only a suggestion can be adopted or not adopted.")
    referred_to = row.text(Column.REFERRED_TO, 0, 300)
    if resolution is Resolution.REFERRED and not referred_to:
        raise RowRefused(Column.REFERRED_TO, "It was referred, but it isn't said to which authority.")
    return PastAnswer(row.text(Column.REPLY, 1, MAX_TEXT), at, resolution, referred_to)


def _refusal(row: _Row) -> PastRefusal | None:
    code, at = row.word(Column.DECLINE_CODE, DeclineCode), row.moment(Column.DECLINED_AT)
    if code is None:
        if at is not None:
            raise RowRefused(Column.DECLINE_CODE, "It was declined, but it isn't said why.")
        return None
    at = at or row.moment(Column.CLOSED_AT)
    if at is None:
        raise RowRefused(Column.DECLINED_AT, "It isn't said when it was declined.")
    explanation = row.text(Column.EXPLANATION, 0, MAX_TEXT)
    if code in NEEDS_EXPLANATION and not explanation:
        raise RowRefused(Column.EXPLANATION, "It isn't said who is competent instead.")
    return PastRefusal(at, code, explanation)


def _check_end(past: PastCase) -> None:
    """A case ends in one way, and what comes after an answer needs one."""
    ends = [past.answer is not None, past.declined is not None, past.withdrawn_at is not None]
    if sum(ends) > 1:
        column = Column.DECLINED_AT if past.declined else Column.WITHDRAWN_AT
        raise RowRefused(column, "A case is answered, declined or withdrawn: the row says more than one.")
    if past.answer is None:
        if past.rating is not None or past.solved is not None:
            raise RowRefused(Column.RATING, "It was rated, but there is no reply.")
        if past.closed_at is not None and not any(ends):
            raise RowRefused(Column.REPLY, "It was closed, but there is no reply.")
    if past.solved is not None and past.rating is None:
        raise RowRefused(Column.RATING, "It is said whether it was solved, but not how it was rated.")
    if past.department_id is None and (past.answer or past.accepted_at or past.routed_at):
        raise RowRefused(Column.DEPARTMENT, "It isn't said which department had it.")


def _check_order(past: PastCase) -> None:
    """What happened later in the life of a case can't have happened earlier."""
    steps = (
        (Column.SUBMITTED_AT, past.submitted_at),
        (Column.ROUTED_AT, past.routed_at),
        (Column.ACCEPTED_AT, past.accepted_at),
        (Column.REPLIED_AT, past.answer.at if past.answer else None),
        (Column.DECLINED_AT, past.declined.at if past.declined else None),
        (Column.WITHDRAWN_AT, past.withdrawn_at),
        (Column.CLOSED_AT, past.closed_at),
    )
    before, last = steps[0][0], past.submitted_at
    for column, at in steps[1:]:
        if at is None:
            continue
        if at < last:
            raise RowRefused(column, f"It lies before {before.value}.")
        before, last = column, at
    if past.rated_at is not None and past.answer is not None and past.rated_at < past.answer.at:
        raise RowRefused(Column.RATED_AT, "It lies before replied_at.")


def _with_holder(past: PastCase, places: Places) -> PastCase:
    """An open case is with whoever stands for its department today; what has ended keeps the old one."""
    if past.department_id is None or not past.is_open:
        return past
    holder = places.heirs.get(past.department_id, past.department_id)
    if holder in places.closed:
        raise RowRefused(
            Column.DEPARTMENT, "This department takes no cases any more; an open case needs one that does."
        )
    return replace(past, department_id=holder)


def _with_publication(row: _Row, past: PastCase) -> PastCase:
    """When it was published, if the writer had agreed; the answer's moment where the row doesn't say."""
    said = row.raw(Column.PUBLIC)
    if said not in ("", "yes", "no"):
        raise RowRefused(Column.PUBLIC, f"“{said[:40]}” is none of: yes, no.")
    if said != "yes":
        return past
    at = row.moment(Column.PUBLISHED_AT) or (past.answer.at if past.answer else past.submitted_at)
    if at < past.submitted_at:
        raise RowRefused(Column.PUBLISHED_AT, "It lies before submitted_at.")
    answer = past.answer.text if past.answer else ""
    return replace(past, published_at=at, exposes=bool(exposures(past.text) or exposures(answer)))
