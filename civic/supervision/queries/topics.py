"""Reads of topics, as the last sweep found them: over a period and if wanted one chapter and one street.

Every figure counts public messages alone, so that none, whatever it is compared with, tells of a private one. Those
are one number for all that was read, in fives (decision 029).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from civic.cases import queries as cases
from civic.cases.queries import VoiceRow
from civic.core.actor import Actor
from civic.core.errors import N_, Invalid, NotFound
from civic.core.extensions import db
from civic.core.paging import Page, decode_cursor, encode_cursor
from civic.supervision import policy
from civic.supervision.models import Topic, TopicSweep, TopicVoice
from civic.supervision.rows import NOBODY_KEY, EveryRow, Name, Rows
from civic.supervision.rules import Period, Scope
from civic.supervision.rules.phrases import NAMED_FROM_FEW
from civic.supervision.rules.tally import (
    KeysOf,
    Talk,
    Tally,
    Voice,
    group_of_voice,
    hottest,
    newest_of,
    seen_of,
    shown_tallies,
    talk_of,
    topics_of_voice,
)
from civic.supervision.rules.topics import ALL, Mark, TopicChoice, Within, mark, monday_of, told_of, weeks

LISTED = 100
EXAMPLES = 3
NO_TOPIC = -1
VOICES = 50
"""Messages on a page of those of a topic, the newest first."""
NOBODY = N_("Nobody talks about this in the chosen period and place, or too few for it to be shown.")


@dataclass(frozen=True, slots=True)
class Read:
    """What the last sweep read: when, from which day on, and how many public messages fall into the choice and before
    it."""

    at: datetime
    since: date
    messages: int
    before: int | None
    """In as many days before the period; None if the sweep doesn't reach so far."""


@dataclass(frozen=True, slots=True)
class InStreet:
    """How many messages come from a street; ``key`` is how an address names it."""

    key: str
    name: Name
    n: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A topic's or a group's public messages in numbers; ``streets`` and ``weeks`` each add up to ``n``.

    ``private``: at least so many private ones, in fives, in all that was read, whatever the choice.
    """

    n: int
    private: int
    writers: int
    streets: tuple[InStreet, ...]
    weeks: tuple[tuple[date, int], ...]
    heat: float

    @property
    def street_count(self) -> int:
        """Streets that are named; no street given isn't one."""
        return sum(not street.name.msgid for street in self.streets)


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic; ``before`` counts as many days before the period, None if the sweep doesn't reach so far."""

    phrase: str
    phrase_hant: str
    also: tuple[str, ...]
    counted: Counted
    before: int | None
    mark: Mark | None
    examples: tuple[VoiceRow, ...]


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """Messages that say nearly the same, with one that can be read; ``key`` is its reference."""

    key: str
    example: VoiceRow
    counted: Counted


@dataclass(frozen=True, slots=True)
class TopicsPage:
    """What residents talk about; ``read`` is None before the first sweep. The rows are the first of ``row_count``
    topics, the groups of ``group_count``."""

    choice: TopicChoice
    read: Read | None
    rows: tuple[TopicRow, ...]
    row_count: int
    groups: tuple[AlikeRow, ...]
    group_count: int
    chapters: Mapping[str, Name]
    streets: Mapping[str, Name]


@dataclass(frozen=True, slots=True)
class TopicPage:
    """One topic (``row``) or one group of like messages, with its messages that the public can read: ``listed`` are
    ``within`` what was asked for."""

    choice: TopicChoice
    read: Read
    row: TopicRow | None
    counted: Counted
    within: Within
    listed: int
    voices: Page[VoiceRow]

    @property
    def place(self) -> Name | None:
        """The street whose messages are listed; None: of all."""
        return next((street.name for street in self.counted.streets if street.key == self.within.place), None)


def topics(actor: Actor, choice: TopicChoice) -> TopicsPage:
    """The topics of a choice, the hottest first, and groups of messages that say nearly the same, the largest first.

    Raises :class:`~civic.core.errors.NotAllowed`, or :class:`~civic.core.errors.NotFound` for an unknown place.
    """
    policy.can_read_summary(actor).require()
    found, every = reading(choice)
    chapters, streets = every[Scope.CHAPTER].names, every[Scope.STREET].names
    if found is None:
        return TopicsPage(choice, None, (), 0, (), 0, chapters, streets)
    return TopicsPage(choice, found.read, *found.topics(), *found.groups(), chapters, streets)


def topic(
    actor: Actor, phrase: str, choice: TopicChoice, within: Within = ALL, cursor: str | None = None
) -> TopicPage:
    """One topic; raises :class:`NotFound` where it has none or may not be shown."""
    policy.can_read_summary(actor).require()
    found, _every = reading(choice)
    row = found.topic(phrase) if found else None
    if found is None or row is None:
        raise NotFound(NOBODY)
    listed = found.listed(found.voices_of(phrase), within, cursor)
    return TopicPage(choice, found.read, row, row.counted, within, *listed)


def alike(
    actor: Actor, reference: str, choice: TopicChoice, within: Within = ALL, cursor: str | None = None
) -> TopicPage:
    """The group of messages that say nearly the same as a published one; raises :class:`NotFound`."""
    policy.can_read_summary(actor).require()
    case_id = cases.case_id_of(reference)
    found, _every = reading(choice)
    counted = found.group(case_id) if found and case_id else None
    if found is None or case_id is None or counted is None:
        raise NotFound(NOBODY)
    listed = found.listed(found.voices_like(case_id), within, cursor)
    return TopicPage(choice, found.read, None, counted, within, *listed)


def reading(choice: TopicChoice) -> tuple[Reading | None, Mapping[Scope, Rows]]:
    """The last sweep, ready to be read for a choice, None before the first; and the rows that a choice can name."""
    every = EveryRow()
    asked = (
        (Scope.CHAPTER, choice.chapter, TopicVoice.item_id),
        (Scope.STREET, choice.street, TopicVoice.street_id),
    )
    places = [
        every[scope].narrowing(key).holds(func.coalesce(column, 0)) for scope, key, column in asked if key
    ]
    newest = select(TopicSweep).where(TopicSweep.complete.is_(True)).order_by(TopicSweep.id.desc()).limit(1)
    sweep = db.session.scalar(newest)
    if sweep is None:
        return None, every
    columns = (
        TopicVoice.case_id, TopicVoice.day, TopicVoice.street_id, TopicVoice.writer, TopicVoice.alike,
        TopicVoice.topics, TopicVoice.named,
    )  # fmt: skip
    until = TopicVoice.day <= choice.period.until
    query = select(*columns).where(
        TopicVoice.sweep_id == sweep.id, TopicVoice.published.is_(True), until, *places
    )
    talk = talk_of((Voice(*row) for row in db.session.execute(query)), choice.period)
    return Reading(sweep, choice.period, talk, _hidden_of(sweep.id), every[Scope.STREET]), every


@dataclass(frozen=True, slots=True)
class _Hidden:
    """How many private messages each topic and each group has, in all that a sweep read."""

    topics: Counter[int]
    groups: Counter[int]


def _hidden_of(sweep_id: int) -> _Hidden:
    own = (TopicVoice.sweep_id == sweep_id, TopicVoice.published.is_(False))
    hidden = _Hidden(Counter(), Counter())
    for alike, numbers in db.session.execute(select(TopicVoice.alike, TopicVoice.topics).where(*own)):
        hidden.topics.update(numbers)
        if alike is not None:
            hidden.groups[alike] += 1
    return hidden


class Reading:
    """One sweep read for one choice."""

    def __init__(self, sweep: TopicSweep, period: Period, talk: Talk, hidden: _Hidden, streets: Rows) -> None:
        self.sweep_id, self.period, self.talk, self.hidden = sweep.id, period, talk, hidden
        self.reaches = sweep.since <= period.before.since
        before = len(talk.before) if self.reaches else None
        self.read = Read(sweep.at, sweep.since, len(talk.now), before)
        self.streets = streets

    def topics(self) -> tuple[tuple[TopicRow, ...], int]:
        """The hottest topics that may be shown, and of how many."""
        tallies = self._topic_tallies()
        first = hottest(tallies, self.period.until, LISTED)
        return self._rows({key: tallies[key] for key in first}), len(tallies)

    def topic(self, phrase: str) -> TopicRow | None:
        """One topic by its phrase."""
        number = self._number_of(phrase)
        rows = self._rows(self._topic_tallies({number}))
        return rows[0] if rows else None

    def groups(self) -> tuple[tuple[AlikeRow, ...], int]:
        """The largest groups of like messages that may be shown, and of how many."""
        tallies = self._group_tallies()
        largest = sorted(tallies, key=lambda key: (-tallies[key].n, key))[:LISTED]
        examples = self._examples(group_of_voice, largest, 1)
        rows = (
            AlikeRow(
                examples[key][0].reference,
                examples[key][0],
                self._counted(tallies[key], self.hidden.groups[key]),
            )
            for key in largest
            if examples[key]
        )
        return tuple(rows), len(tallies)

    def group(self, case_id: int) -> Counted | None:
        """The group of one published case."""
        tallies = self._group_tallies(self._group_of(case_id))
        return next((self._counted(one, self.hidden.groups[key]) for key, one in tallies.items()), None)

    def voices_of(self, phrase: str) -> Iterator[Voice]:
        """The topic's messages that can be read."""
        number = self._number_of(phrase)
        return (voice for voice in self.talk.now if number in voice.topics)

    def voices_like(self, case_id: int) -> Iterator[Voice]:
        """The group's messages that can be read."""
        groups = self._group_of(case_id)
        return (voice for voice in self.talk.now if voice.alike in groups)

    def listed(
        self, voices: Iterable[Voice], within: Within, cursor: str | None
    ) -> tuple[int, Page[VoiceRow]]:
        """How many of the messages are within what was asked for, and a page of them, the newest first."""
        keys = [(voice.day.isoformat(), voice.case_id) for voice in voices if self._is_within(voice, within)]
        after = decode_cursor(cursor, 2)
        rest = sorted((key for key in keys if after is None or key < _key(after)), reverse=True)
        first = rest[:VOICES]
        rows = cases.voices_by_id([case_id for _day, case_id in first])
        more = encode_cursor(*first[-1]) if len(rest) > VOICES else None
        return len(keys), Page(tuple(rows[case_id] for _day, case_id in first if case_id in rows), more)

    def _is_within(self, voice: Voice, within: Within) -> bool:
        if within.week is not None and monday_of(voice.day) != within.week:
            return False
        return within.place in (None, self._street_key(voice.street_id))

    def found(self, numbers: Collection[int]) -> dict[int, Topic]:
        """Topics of the sweep by number."""
        own = (Topic.sweep_id == self.sweep_id, Topic.number.in_(numbers))
        return {row.number: row for row in db.session.scalars(select(Topic).where(*own))}

    def by_street(self, tally: Tally) -> list[tuple[str, int]]:
        """A tally's messages by the key of their street, most first."""
        found: Counter[str] = Counter()
        for street, n in tally.streets.items():
            found[self._street_key(street)] += n
        names = self.streets.names
        return sorted(found.items(), key=lambda pair: (-pair[1], names[pair[0]].hans, pair[0]))

    def _street_key(self, street: int | None) -> str:
        return NOBODY_KEY if street is None else self.streets.key_of.get(street, NOBODY_KEY)

    def _topic_tallies(self, only: Collection[int] | None = None) -> dict[int, Tally]:
        return shown_tallies(self.talk.now, self.hidden.topics, topics_of_voice, NAMED_FROM_FEW, only)

    def _group_tallies(self, only: Collection[int] | None = None) -> dict[int, Tally]:
        return shown_tallies(self.talk.now, self.hidden.groups, group_of_voice, 2, only)

    def _number_of(self, phrase: str) -> int:
        own = (Topic.sweep_id == self.sweep_id, Topic.phrase == phrase)
        found = db.session.scalar(select(Topic.number).where(*own))
        return NO_TOPIC if found is None else found

    def _group_of(self, case_id: int) -> frozenset[int]:
        own = (voice for voice in self.talk.now if voice.case_id == case_id)
        return frozenset(key for voice in own for key in group_of_voice(voice))

    def _rows(self, tallies: Mapping[int, Tally]) -> tuple[TopicRow, ...]:
        found = self.found(tallies)
        seen = seen_of(self.talk, tallies.keys())
        examples = self._examples(topics_of_voice, tallies.keys(), EXAMPLES)
        return tuple(
            TopicRow(
                found[key].phrase, found[key].phrase_hant, tuple(found[key].also),
                self._counted(one, self.hidden.topics[key]),
                seen[key].before if self.reaches else None,
                mark(seen[key]) if self.reaches else None,
                examples[key],
            )
            for key, one in tallies.items()
        )  # fmt: skip

    def _counted(self, tally: Tally, private: int) -> Counted:
        streets = tuple(InStreet(key, self.streets.names[key], n) for key, n in self.by_street(tally))
        return Counted(
            tally.n, told_of(private), len(tally.newest), streets, weeks(tally.days, self.period),
            tally.heat(self.period.until),
        )  # fmt: skip

    def _examples(self, keys_of: KeysOf, keys: Collection[int], most: int) -> dict[int, tuple[VoiceRow, ...]]:
        picked = newest_of(self.talk.now, keys_of, keys, most)
        rows = cases.voices_by_id({case_id for ids in picked.values() for case_id in ids})
        return {key: tuple(rows[one] for one in ids if one in rows) for key, ids in picked.items()}


def _key(after: tuple[Any, ...]) -> tuple[str, int]:
    """The day and number of the last message of the page before; raises :class:`Invalid` for anything else."""
    day, case_id = after
    if not isinstance(day, str) or not isinstance(case_id, int):
        raise Invalid(
            N_("This page of the list can't be opened. Go back to its beginning."), code="bad_cursor"
        )
    return day, case_id
