"""The sweep: reads what residents said, finds topics and groups of like messages, and puts them in place of the last.

It may take minutes, so it runs outside any transaction and opens short ones for what it writes: on SQLite a
transaction that writes holds up everybody else. Only worker and command line run it; they alone load the word cutter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select, update

from civic.cases import queries as cases
from civic.cases.queries import Spoken
from civic.cases.rules import CaseAction, CaseChanged, CaseStatus
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.scripts import simplified, traditional
from civic.core.text import normalise
from civic.departments import queries as departments
from civic.supervision.models import Topic, TopicSweep, TopicVoice
from civic.supervision.rules.phrases import FoundTopic, Run, Word, runs_of, topics_of
from civic.supervision.rules.topics import REACH_DAYS, alike_groups

MOST_READ = 20_000
"""Messages that one sweep reads, the newest first; where there are more, topics reach less far back."""
BATCH = 5_000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What a sweep found. ``since`` is the first day of which every message was read."""

    since: date
    voices: tuple[Spoken, ...]
    topics: tuple[FoundTopic, ...]
    alike: Mapping[int, int]


def sweep_topics(now: datetime) -> Found:
    """Read all messages anew and replace what the last sweep found. Opens its own transactions."""
    found = find_topics(now)
    with unit_of_work():
        sweep = TopicSweep(at=now, since=found.since)
        db.session.add(sweep)
        db.session.flush()
        sweep_id = sweep.id
    _insert(TopicVoice, _voice_rows(sweep_id, found))
    _insert(Topic, _topic_rows(sweep_id, found.topics))
    _put_in_place(sweep_id, found.since)
    return found


def find_topics(now: datetime) -> Found:
    """Everything that a sweep reads and computes; it writes nothing."""
    first = departments.local_day(now) - timedelta(days=REACH_DAYS - 1)
    voices = cases.spoken_since(first, MOST_READ)
    # With more messages than are read, some of the first day's are missing.
    since = voices[0].day + timedelta(days=1) if len(voices) == MOST_READ else first
    kept = tuple(voice for voice in voices if voice.day >= since)
    texts = {voice.case_id: simplified(voice.text) for voice in kept}
    names = [street.name for street in departments.streets(include_inactive=True)]
    names += [community.name for community in departments.communities(include_inactive=True)]
    private = {voice.case_id for voice in kept if not voice.published}
    topics = topics_of({key: words_of(text) for key, text in texts.items()}, names, private)
    return Found(since, kept, topics, alike_groups(texts, private))


def words_of(text: str) -> tuple[Run, ...]:
    """The words of a text that can be part of a phrase; the same word is the same object, to save memory."""
    import rjieba

    return runs_of(_KNOWN.setdefault(word, word) for word in rjieba.tag(normalise(text)))


_KNOWN: dict[Word, Word] = {}


def _insert(table: type[Any], rows: Iterator[Row]) -> None:
    while batch := list(islice(rows, BATCH)):
        with unit_of_work():
            db.session.execute(insert(table), batch)


def _voice_rows(sweep_id: int, found: Found) -> Iterator[Row]:
    writers: dict[str, int] = {}
    topics = _numbers_by_case(topic.keys for topic in found.topics)
    named = _numbers_by_case(topic.named for topic in found.topics)
    for voice in found.voices:
        # Whoever left no way to be reached is known by the very words alone.
        who = voice.writer or f"text {normalise(voice.text)}"
        yield {
            "sweep_id": sweep_id, "case_id": voice.case_id, "day": voice.day, "item_id": voice.item_id,
            "street_id": voice.street_id, "published": voice.published, "alike": found.alike.get(voice.case_id),
            "writer": writers.setdefault(who, len(writers)), "topics": topics.get(voice.case_id, []),
            "named": named.get(voice.case_id, []),
        }  # fmt: skip


def _topic_rows(sweep_id: int, topics: Iterable[FoundTopic]) -> Iterator[Row]:
    for number, topic in enumerate(topics):
        yield {
            "sweep_id": sweep_id, "number": number, "phrase": topic.name, "phrase_hant": traditional(topic.name),
            "also": list(topic.also),
        }  # fmt: skip


def _numbers_by_case(cases_of: Iterable[frozenset[int]]) -> Mapping[int, list[int]]:
    """For each case the numbers of the topics, in order, that have it."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, case_ids in enumerate(cases_of):
        for case_id in case_ids:
            found[case_id].append(number)
    return found


def _put_in_place(sweep_id: int, since: date) -> None:
    """Show the sweep and drop those before it. What was taken down, withdrawn or erased meanwhile, isn't in it."""
    with unit_of_work():
        standing = cases.still_spoken(since)
        voices = select(TopicVoice.case_id, TopicVoice.published).where(TopicVoice.sweep_id == sweep_id)
        for case_id, published in db.session.execute(voices).all():
            if case_id not in standing:
                _forget(case_id)
            elif published and not standing[case_id]:
                _hide(case_id)
        db.session.execute(update(TopicSweep).where(TopicSweep.id == sweep_id).values(complete=True))
    former = select(TopicSweep.id).where(TopicSweep.id < sweep_id)
    for table in (Topic, TopicVoice):
        with unit_of_work():
            db.session.execute(delete(table).where(table.sweep_id.in_(former)))
    with unit_of_work():
        db.session.execute(delete(TopicSweep).where(TopicSweep.id < sweep_id))


def follow_case(change: CaseChanged) -> None:
    """What the public can't read any more is no example from now on; what is erased or withdrawn counts no more."""
    gone = change.status in (CaseStatus.WITHDRAWN, CaseStatus.DECLINED)
    if gone or CaseAction.ERASE_WORDS in change.actions:
        _forget(change.case_id)
    elif change.was_visible and (not change.visible or CaseAction.REMASK in change.actions):
        _hide(change.case_id)


def _hide(case_id: int) -> None:
    db.session.execute(update(TopicVoice).where(TopicVoice.case_id == case_id).values(published=False))


def _forget(case_id: int) -> None:
    db.session.execute(delete(TopicVoice).where(TopicVoice.case_id == case_id))
