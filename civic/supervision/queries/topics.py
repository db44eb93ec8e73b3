"""Reads of topics, as the last sweep found them: over a period and if wanted one chapter and one street."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, distinct, func, select

from civic.cases import queries as cases
from civic.cases.queries import VoiceRow
from civic.core.actor import Actor
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.supervision import policy
from civic.supervision.models import Topic, TopicMention, TopicSweep, TopicVoice
from civic.supervision.rows import NOBODY_KEY, EveryRow, Name, Rows
from civic.supervision.rules import Period, Scope
from civic.supervision.rules.phrases import NAMED_FROM_FEW
from civic.supervision.rules.topics import Mark, Seen, TopicChoice, heat, mark, may_be_shown, weeks

LISTED = 100
EXAMPLES = 3
VOICES = 50
"""Published messages that the page of a topic lists, the newest first."""
NOBODY = N_("Nobody talks about this in the chosen period and place, or too few for it to be shown.")
Conditions = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What the last sweep read: when, from which day on, and how many messages fall into the choice and before it."""

    at: datetime
    since: date
    messages: int
    before: int | None
    """In as many days before the period; None if the sweep doesn't reach so far."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A topic's or a group's messages in numbers. ``streets`` and ``weeks`` each add up to ``n``."""

    n: int
    published: int
    writers: int
    streets: tuple[tuple[Name, int], ...]
    weeks: tuple[tuple[date, int], ...]
    heat: float

    @property
    def private(self) -> int:
        return self.n - self.published

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
    """One topic (``row``) or one group of like messages, with those of its messages that the public can read."""

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
    found, every = _reading(choice)
    chapters, streets = every[Scope.CHAPTER].names, every[Scope.STREET].names
    if found is None:
        return TopicsPage(choice, None, (), (), chapters, streets)
    return TopicsPage(choice, found.read, found.topics(), found.groups(), chapters, streets)


def topic(actor: Actor, phrase: str, choice: TopicChoice) -> TopicPage:
    """One topic; raises :class:`NotFound` where it has none or may not be shown."""
    policy.can_read_summary(actor).require()
    found, _every = _reading(choice)
    row = found.topic(phrase) if found else None
    if found is None or row is None:
        raise NotFound(NOBODY)
    return TopicPage(choice, found.read, row, row.counted, found.voices_of(phrase))


def alike(actor: Actor, reference: str, choice: TopicChoice) -> TopicPage:
    """The group of messages that say nearly the same as a published one; raises :class:`NotFound`."""
    policy.can_read_summary(actor).require()
    case_id = cases.case_id_of(reference)
    found, _every = _reading(choice)
    counted = found.group(case_id) if found and case_id else None
    if found is None or case_id is None or counted is None:
        raise NotFound(NOBODY)
    return TopicPage(choice, found.read, None, counted, found.voices_like(case_id))


def _reading(choice: TopicChoice) -> tuple[_Reading | None, Mapping[Scope, Rows]]:
    """The last sweep, ready to be read for a choice, None before the first; and the rows that a choice can name."""
    every = EveryRow()
    asked = (
        (Scope.CHAPTER, choice.chapter, TopicVoice.item_id),
        (Scope.STREET, choice.street, TopicVoice.street_id),
    )
    places = tuple(
        every[scope].narrowing(key).holds(func.coalesce(column, 0)) for scope, key, column in asked if key
    )
    newest = select(TopicSweep).where(TopicSweep.complete.is_(True)).order_by(TopicSweep.id.desc()).limit(1)
    sweep = db.session.scalar(newest)
    return (_Reading(sweep, choice, places, every[Scope.STREET]) if sweep else None), every


def _within(period: Period) -> ColumnElement[bool]:
    return and_(TopicVoice.day >= period.since, TopicVoice.day <= period.until)


class _Reading:
    """One sweep read for one choice. ``key`` tells topics or groups apart in the queries that both share."""

    def __init__(self, sweep: TopicSweep, choice: TopicChoice, places: Conditions, streets: Rows) -> None:
        self.sweep_id, self.period = sweep.id, choice.period
        self.places: Conditions = (TopicVoice.sweep_id == sweep.id, *places)
        self.now: Conditions = (*self.places, _within(choice.period))
        before, n = choice.period.before, func.count()
        sums = [
            func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
            for condition in (_within(choice.period), _within(before), TopicVoice.day < choice.period.since)
        ]
        in_period, in_before, self.all_earlier = db.session.execute(
            select(*sums, n).where(*self.places)
        ).one()[:3]
        reaches = sweep.since <= before.since
        self.read = Read(sweep.at, sweep.since, in_period, in_before if reaches else None)
        self.street_names: dict[Any, Name] = {key: streets.names[row] for key, row in streets.key_of.items()}
        self.nobody = streets.names[NOBODY_KEY]

    def topics(self) -> tuple[TopicRow, ...]:
        """The hottest topics that may be shown, with examples."""
        counted = self._counted(TopicMention.topic_id, self.now)
        hottest = sorted(counted, key=lambda key: (-counted[key].heat, -counted[key].n, key))[:LISTED]
        return self._rows({key: counted[key] for key in hottest})

    def topic(self, phrase: str) -> TopicRow | None:
        """One topic by its phrase."""
        counted = self._counted(
            TopicMention.topic_id, (*self.now, TopicMention.topic_id.in_(_id_of(self.sweep_id, phrase)))
        )
        rows = self._rows(counted)
        return rows[0] if rows else None

    def groups(self) -> tuple[AlikeRow, ...]:
        """The largest groups of like messages that may be shown."""
        counted = self._counted(TopicVoice.alike, self.now)
        largest = sorted(counted, key=lambda key: (-counted[key].n, key))[:LISTED]
        examples = self._examples(TopicVoice.alike, largest, 1)
        return tuple(
            AlikeRow(examples[key][0].reference, examples[key][0], counted[key])
            for key in largest
            if key in examples
        )

    def group(self, case_id: int) -> Counted | None:
        """The group of one case."""
        counted = self._counted(
            TopicVoice.alike, (*self.now, TopicVoice.alike == _group_of(self.sweep_id, case_id))
        )
        return next(iter(counted.values()), None)

    def voices_of(self, phrase: str) -> tuple[VoiceRow, ...]:
        """The topic's messages that can be read."""
        mentions = select(TopicMention.case_id).where(
            TopicMention.topic_id.in_(_id_of(self.sweep_id, phrase))
        )
        return self._voices(TopicVoice.case_id.in_(mentions))

    def voices_like(self, case_id: int) -> tuple[VoiceRow, ...]:
        """The group's messages that can be read."""
        return self._voices(TopicVoice.alike == _group_of(self.sweep_id, case_id))

    def _voices(self, condition: ColumnElement[bool]) -> tuple[VoiceRow, ...]:
        newest = (
            select(TopicVoice.case_id)
            .where(*self.now, condition, TopicVoice.published.is_(True))
            .order_by(TopicVoice.day.desc(), TopicVoice.case_id.desc())
            .limit(VOICES)
        )
        ids = tuple(db.session.scalars(newest))
        rows = cases.voices_by_id(ids)
        return tuple(rows[key] for key in ids if key in rows)

    def _rows(self, counted: Mapping[int, Counted]) -> tuple[TopicRow, ...]:
        found = {row.id: row for row in db.session.scalars(select(Topic).where(Topic.id.in_(counted)))}
        before = self._numbers((*self.places, _within(self.period.before)), counted)
        elsewhere = [key for key in counted if not before.get(key)]
        earlier = before | self._numbers((*self.places, TopicVoice.day < self.period.since), elsewhere)
        examples = self._examples(TopicMention.topic_id, counted, EXAMPLES)
        covered = self.read.before is not None
        return tuple(
            TopicRow(
                found[key].phrase, found[key].phrase_hant, tuple(found[key].also), one,
                before.get(key, 0) if covered else None,
                mark(self._seen(one.n, before.get(key, 0), earlier.get(key, 0))),
                examples.get(key, ()),
            )
            for key, one in counted.items()
        )  # fmt: skip

    def _seen(self, n: int, before: int, earlier: int) -> Seen:
        return Seen(n, before, earlier, self.read.messages, self.read.before or 0, self.all_earlier)

    def _numbers(self, where: Conditions, keys: Collection[int]) -> dict[int, int]:
        """Messages of some topics."""
        column = TopicMention.topic_id
        query = _from(column, column, func.count()).where(*where, column.in_(keys)).group_by(column)
        return {row[0]: row[1] for row in db.session.execute(query)} if keys else {}

    def _counted(self, key: Any, where: Conditions) -> dict[int, Counted]:
        """Topics or groups that may be shown, in numbers."""
        published = func.sum(case((TopicVoice.published.is_(True), 1), else_=0))
        sums = _from(key, key, func.count(), published, func.count(distinct(TopicVoice.writer)))
        rows = db.session.execute(sums.where(*where, key.is_not(None)).group_by(key)).all()
        least = 2 if key is TopicVoice.alike else NAMED_FROM_FEW
        shown = {row[0]: row for row in rows if row[1] >= least and may_be_shown(row[1], int(row[2]))}
        if not shown:
            return {}
        where = (*where, key.in_(shown))
        days = self._by(key, TopicVoice.day, where)
        streets = self._by(key, TopicVoice.street_id, where)
        last = _from(key, key.label("key"), func.max(TopicVoice.day).label("day")).where(*where)
        newest = last.group_by(key, TopicVoice.writer).subquery()
        writers = self._grouped(
            select(newest.c.key, newest.c.day, func.count()).group_by(newest.c.key, newest.c.day)
        )
        return {
            one: Counted(
                n, int(public), who,
                self._named(streets[one]),
                weeks(days[one], self.period),
                heat(writers[one], (k for street, k in streets[one].items() if street), self.period.until),
            )
            for one, n, public, who in shown.values()
        }  # fmt: skip

    def _by(self, key: Any, column: Any, where: Conditions) -> dict[int, dict[Any, int]]:
        return self._grouped(_from(key, key, column, func.count()).where(*where).group_by(key, column))

    def _grouped(self, query: Any) -> dict[int, dict[Any, int]]:
        found: dict[int, dict[Any, int]] = defaultdict(dict)
        for key, value, n in db.session.execute(query):
            found[key][value] = n
        return found

    def _named(self, streets: Mapping[int | None, int]) -> tuple[tuple[Name, int], ...]:
        """Streets with their counts, most first."""
        found: dict[Name, int] = {}
        for street, n in streets.items():
            name = self.street_names.get(street, self.nobody)
            found[name] = found.get(name, 0) + n
        return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0].hans, pair[0].msgid)))

    def _examples(self, key: Any, keys: Iterable[int], most: int) -> dict[int, tuple[VoiceRow, ...]]:
        """The newest published messages of each topic or group, no two of one writer."""
        wanted = list(keys)
        if not wanted:
            return {}
        query = _from(key, key, TopicVoice.case_id, TopicVoice.writer).where(
            *self.now, key.in_(wanted), TopicVoice.published.is_(True)
        )
        picked: dict[int, dict[int, int]] = defaultdict(dict)
        for one, case_id, writer in db.session.execute(
            query.order_by(TopicVoice.day.desc(), TopicVoice.case_id.desc())
        ):
            if len(picked[one]) < most:
                picked[one].setdefault(writer, case_id)
        rows = cases.voices_by_id({case_id for ids in picked.values() for case_id in ids.values()})
        return {
            one: tuple(rows[case_id] for case_id in ids.values() if case_id in rows)
            for one, ids in picked.items()
        }


def _from(key: Any, *columns: Any) -> Any:
    """A query over messages, joined with their topics if ``key`` is a topic."""
    query = select(*columns).select_from(TopicVoice)
    if key is TopicMention.topic_id:
        joined = and_(
            TopicMention.sweep_id == TopicVoice.sweep_id, TopicMention.case_id == TopicVoice.case_id
        )
        query = query.join(TopicMention, joined)
    return query


def _id_of(sweep_id: int, phrase: str) -> Any:
    return select(Topic.id).where(Topic.sweep_id == sweep_id, Topic.phrase == phrase)


def _group_of(sweep_id: int, case_id: int) -> Any:
    own = (TopicVoice.sweep_id == sweep_id, TopicVoice.case_id == case_id, TopicVoice.published.is_(True))
    return select(TopicVoice.alike).where(*own).scalar_subquery()
