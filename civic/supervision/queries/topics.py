"""Reads of topics, as the last sweep found them: over a period and if wanted one chapter and one street.

Every figure counts public messages alone, so that none, whatever it is compared with, tells of a private one. Those
are one number for all that was read, in fives (decision 029).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from civic.cases import queries as cases
from civic.cases.queries import VoiceRow
from civic.core.actor import Actor
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
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
from civic.supervision.rules.topics import Mark, TopicChoice, mark, told_of, weeks

LISTED = 100
EXAMPLES = 3
NO_TOPIC = -1
VOICES = 50
"""Messages that the page of a topic lists, the newest first."""
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
class Counted:
    """A topic's or a group's public messages in numbers; ``streets`` and ``weeks`` each add up to ``n``.

    ``private``: at least so many private ones, in fives, in all that was read, whatever the choice.
    """

    n: int
    private: int
    writers: int
    streets: tuple[tuple[Name, int], ...]
    weeks: tuple[tuple[date, int], ...]
    heat: float

    @property
    def street_count(self) -> int:
        """Streets that are named; no street given isn't one."""
        return sum(not name.msgid for name, _ in self.streets)


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
    """What residents talk about; ``read`` is None before the first sweep."""

    choice: TopicChoice
    read: Read | None
    rows: tuple[TopicRow, ...]
    groups: tuple[AlikeRow, ...]
    chapters: Mapping[str, Name]
    streets: Mapping[str, Name]


@dataclass(frozen=True, slots=True)
class TopicPage:
    """One topic (``row``) or one group of like messages, with its messages that the public can read."""

    choice: TopicChoice
    read: Read
    row: TopicRow | None
    counted: Counted
    voices: tuple[VoiceRow, ...]


def topics(actor: Actor, choice: TopicChoice) -> TopicsPage:
    """The topics of a choice, the hottest first, and groups of messages that say nearly the same, the largest first.

    Raises :class:`~civic.core.errors.NotAllowed`, or :class:`~civic.core.errors.NotFound` for an unknown place.
    """
    policy.can_read_summary(actor).require()
    found, every = reading(choice)
    chapters, streets = every[Scope.CHAPTER].names, every[Scope.STREET].names
    if found is None:
        return TopicsPage(choice, None, (), (), chapters, streets)
    return TopicsPage(choice, found.read, found.topics(), found.groups(), chapters, streets)


def topic(actor: Actor, phrase: str, choice: TopicChoice) -> TopicPage:
    """One topic; raises :class:`NotFound` where it has none or may not be shown."""
    policy.can_read_summary(actor).require()
    found, _every = reading(choice)
    row = found.topic(phrase) if found else None
    if found is None or row is None:
        raise NotFound(NOBODY)
    return TopicPage(choice, found.read, row, row.counted, found.voices_of(phrase))


def alike(actor: Actor, reference: str, choice: TopicChoice) -> TopicPage:
    """The group of messages that say nearly the same as a published one; raises :class:`NotFound`."""
    policy.can_read_summary(actor).require()
    case_id = cases.case_id_of(reference)
    found, _every = reading(choice)
    counted = found.group(case_id) if found and case_id else None
    if found is None or case_id is None or counted is None:
        raise NotFound(NOBODY)
    return TopicPage(choice, found.read, None, counted, found.voices_like(case_id))


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

    def topics(self) -> tuple[TopicRow, ...]:
        """The hottest topics that may be shown."""
        tallies = self._topic_tallies()
        return self._rows({key: tallies[key] for key in hottest(tallies, self.period.until, LISTED)})

    def topic(self, phrase: str) -> TopicRow | None:
        """One topic by its phrase."""
        number = self._number_of(phrase)
        rows = self._rows(self._topic_tallies({number}))
        return rows[0] if rows else None

    def groups(self) -> tuple[AlikeRow, ...]:
        """The largest groups of like messages that may be shown."""
        tallies = self._group_tallies()
        largest = sorted(tallies, key=lambda key: (-tallies[key].n, key))[:LISTED]
        examples = self._examples(group_of_voice, largest, 1)
        return tuple(
            AlikeRow(
                examples[key][0].reference,
                examples[key][0],
                self._counted(tallies[key], self.hidden.groups[key]),
            )
            for key in largest
            if examples[key]
        )

    def group(self, case_id: int) -> Counted | None:
        """The group of one published case."""
        tallies = self._group_tallies(self._group_of(case_id))
        return next((self._counted(one, self.hidden.groups[key]) for key, one in tallies.items()), None)

    def voices_of(self, phrase: str) -> tuple[VoiceRow, ...]:
        """The topic's messages that can be read."""
        number = self._number_of(phrase)
        return self._voices(voice for voice in self.talk.now if number in voice.topics)

    def voices_like(self, case_id: int) -> tuple[VoiceRow, ...]:
        """The group's messages that can be read."""
        groups = self._group_of(case_id)
        return self._voices(voice for voice in self.talk.now if voice.alike in groups)

    def found(self, numbers: Collection[int]) -> dict[int, Topic]:
        """Topics of the sweep by number."""
        own = (Topic.sweep_id == self.sweep_id, Topic.number.in_(numbers))
        return {row.number: row for row in db.session.scalars(select(Topic).where(*own))}

    def by_street(self, tally: Tally) -> list[tuple[str, int]]:
        """A tally's messages by the key of their street, most first."""
        found: Counter[str] = Counter()
        for street, n in tally.streets.items():
            found[NOBODY_KEY if street is None else self.streets.key_of.get(street, NOBODY_KEY)] += n
        names = self.streets.names
        return sorted(found.items(), key=lambda pair: (-pair[1], names[pair[0]].hans, pair[0]))

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

    def _voices(self, voices: Iterable[Voice]) -> tuple[VoiceRow, ...]:
        dated = [(voice.day, voice.case_id) for voice in voices]
        ids = [case_id for _, case_id in sorted(dated, reverse=True)[:VOICES]]
        rows = cases.voices_by_id(ids)
        return tuple(rows[case_id] for case_id in ids if case_id in rows)

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
        streets = tuple((self.streets.names[key], n) for key, n in self.by_street(tally))
        return Counted(
            tally.n, told_of(private), len(tally.newest), streets, weeks(tally.days, self.period),
            tally.heat(self.period.until),
        )  # fmt: skip

    def _examples(self, keys_of: KeysOf, keys: Collection[int], most: int) -> dict[int, tuple[VoiceRow, ...]]:
        picked = newest_of(self.talk.now, keys_of, keys, most)
        rows = cases.voices_by_id({case_id for ids in picked.values() for case_id in ids})
        return {key: tuple(rows[one] for one in ids if one in rows) for key, ids in picked.items()}
