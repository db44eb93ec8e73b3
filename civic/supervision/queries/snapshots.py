"""Reads of sealed summaries: the list, one of them, and whether each still is what the events say."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from civic.cases import queries as cases
from civic.cases.rules import CounterKey, Measure
from civic.cases.rules.counters import Count
from civic.cases.services import recount
from civic.core.actor import Actor
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.core.paging import Page, decode_cursor, encode_cursor
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.supervision import policy
from civic.supervision.models import Snapshot
from civic.supervision.queries.facts import standings
from civic.supervision.queries.opinions import has_opinions, opinions_part, replayed_part
from civic.supervision.queries.summaries import EVERY_MEASURE
from civic.supervision.queries.told_topics import has_topics, topics_part
from civic.supervision.rows import EveryRow, Name, Rows, narrowings
from civic.supervision.rules import Choice, Period, Scope, windows
from civic.supervision.rules.assessments import canonical
from civic.supervision.rules.snapshots import (
    DOCUMENT_VERSION,
    SEALED_SCOPES,
    SECOND_OWN_UP_TO,
    Counts,
    as_sealed,
    counted,
)
from civic.supervision.rules.topics import TopicChoice

PAGE_SIZE = 50
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """One line of the list of sealed summaries."""

    number: int
    period: str
    since: date
    until: date
    sealed_at: datetime
    seal: str


@dataclass(frozen=True, slots=True)
class SnapshotPage:
    """A sealed summary; ``document`` as it was sealed, ``text`` its very bytes. ``may_open``: the reader may read the
    lists of opinions behind its figures."""

    row: SnapshotRow
    document: Mapping[str, Any]
    text: str
    may_open: bool


@dataclass(frozen=True, slots=True)
class SnapshotCheck:
    """Whether a snapshot is intact: its bytes fit the seal, and the events up to it give the same bytes again."""

    number: int
    period: str
    fits_seal: bool
    reproduced: bool

    @property
    def intact(self) -> bool:
        return self.fits_seal and self.reproduced


def snapshots(actor: Actor, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[SnapshotRow]:
    """All sealed summaries, the newest first."""
    policy.can_read_summary(actor).require()
    query = select(Snapshot).order_by(Snapshot.number.desc()).limit(size + 1)
    after = decode_cursor(cursor, 1)
    if after is not None and str(after[0]).isdecimal():
        query = query.where(Snapshot.number < int(after[0]))
    rows = db.session.scalars(query).all()
    more = len(rows) > size
    return Page(tuple(map(_row, rows[:size])), encode_cursor(rows[size - 1].number) if more else None)


def snapshot(actor: Actor, number: int) -> SnapshotPage:
    """One of them; raises :class:`NotFound`."""
    policy.can_read_summary(actor).require()
    row = db.session.scalar(select(Snapshot).where(Snapshot.number == number))
    if row is None:
        raise NotFound(N_("There is no such sealed summary."))
    may_open = bool(policy.can_read_opinions(actor))
    return SnapshotPage(_row(row), json.loads(row.document), row.document, may_open)


def _row(row: Snapshot) -> SnapshotRow:
    return SnapshotRow(row.number, row.period, row.since, row.until, row.sealed_at, row.seal)


def period_document(
    number: int, text: str, period: Period, last_events: tuple[int, int], now: datetime
) -> Json:
    """The document of a period as counters and rows have it now; ``last_events``: of cases, and of opinions."""
    places = _places(EveryRow())
    return {
        "version": DOCUMENT_VERSION,
        "number": number,
        "period": text,
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "sealed_at": now.astimezone(UTC).isoformat(timespec="microseconds"),
        "last_event": last_events[0],
        "last_opinion_event": last_events[1],
        "places": places,
        "plans": [standings(slug, period) for slug in _plan_of(period)],
        "opinions": opinions_part(period, period.until, places),
        "topics": topics_part(TopicChoice(period)),
        "counted_since": _iso(cases.counted_since()),
        **counted(period, places, _stored_counts),
    }


def _plan_of(period: Period) -> list[str]:
    """The plan that ran at the end of a period, or the last one before: its address, or none."""
    begun = [plan for plan in plans.plans() if plan.first_year <= period.until.year]
    return [max(begun, key=lambda plan: plan.first_year).slug] if begun else []


def live_document(actor: Actor, choice: Choice, now: datetime) -> tuple[Json, tuple[Name, ...]]:
    """The same of any days and narrowed to anything, as it stands now, with the names of what it is narrowed to.

    ``begun_until`` and ``judged_until`` say up to which day it speaks, ``over`` whether that was all. Of a period that
    lies ahead there is nothing but its days.
    """
    policy.can_read_summary(actor).require()
    every, judged = EveryRow(), departments.last_judged_day(now)
    today = departments.local_day(now)
    begun = choice.period.begun_by(today)
    names = tuple(every[scope].names[key] for scope, key in choice.narrowed)
    document: Json = {
        "since": choice.period.since.isoformat(),
        "until": choice.period.until.isoformat(),
        "begun_until": _iso(begun.until if begun else None),
        "judged_until": judged.isoformat(),
        "over": choice.period.is_over(today),
        "narrowed": {scope.value: key for scope, key in choice.narrowed},
    }
    if begun is None:
        return document, names
    where = narrowings(choice, every)

    def counts(period: Period, column: str | None) -> list[Count]:
        return cases.stat_sums(windows(EVERY_MEASURE, period, judged), column, where=where)

    places = _places(every)
    document |= {
        "places": places,
        "counted_since": _iso(cases.counted_since()),
        **counted(choice.period, places, counts, today),
    }
    if has_opinions(choice):
        asked = places[Scope.DEPARTMENT.value]["members"].get(choice.keys.get(Scope.DEPARTMENT), [None])
        document["opinions"] = opinions_part(choice.period, judged, places, asked[0])
    if has_topics(choice):
        chapter, street = choice.keys.get(Scope.CHAPTER), choice.keys.get(Scope.STREET)
        document["topics"] = topics_part(TopicChoice(begun, chapter, street))
    return document, names


def _places(every: Mapping[Scope, Rows]) -> Json:
    """What falls into which row of which scope, and how each row is called."""
    return {scope.value: _place(rows) for scope, rows in every.items() if scope in SEALED_SCOPES}


def _place(rows: Rows) -> Json:
    members: dict[str, list[int | str]] = {key: [] for key in rows.names}
    for value, key in rows.key_of.items():
        members[key].append(value)
    return {
        "column": rows.column,
        "order": list(rows.names),
        "members": members,
        "names": {
            key: {"hans": name.hans, "hant": name.hant, "en": name.english, "msgid": name.msgid}
            for key, name in rows.names.items()
        },
    }


def _stored_counts(period: Period, column: str | None) -> list[Count]:
    return cases.stat_sums(windows(EVERY_MEASURE, period, period.until), column)


def verify_snapshots(numbers: Sequence[int] = ()) -> tuple[SnapshotCheck, ...]:
    """Compute each snapshot again from the events that were there when it was sealed; all without ``numbers``.

    What a plan's indicators and promises stood at is taken as sealed: it follows from published values, not from
    events of cases. So are topics: they follow from texts, which may have been taken down or erased since.
    """
    query = select(Snapshot).order_by(Snapshot.number)
    if numbers:
        query = query.where(Snapshot.number.in_(numbers))
    found: list[SnapshotCheck] = []
    # A month, its quarter and its year are sealed at once: the events up to there are counted once.
    sealed = ((row, json.loads(row.document)) for row in db.session.scalars(query))
    for (last, second_own), rows in groupby(
        sealed, key=lambda one: (one[0].last_event, _counts_second_own(one[1]))
    ):
        total = recount(up_to=last, second_own=second_own)
        found.extend(_checked(row, document, total) for row, document in rows)
    return tuple(found)


def _counts_second_own(document: Json) -> bool:
    return bool(document["version"] <= SECOND_OWN_UP_TO)


def _checked(row: Snapshot, document: Json, total: Counter[CounterKey]) -> SnapshotCheck:
    period = Period(date.fromisoformat(document["since"]), date.fromisoformat(document["until"]))
    received = (key.day for key, n in total.items() if key.measure is Measure.RECEIVED and n)
    said = {
        "counted_since": _iso(min(received, default=None)),
        **counted(period, document["places"], replayed_counts(total)),
    }
    if "opinions" in document:
        said["opinions"] = replayed_part(document["last_opinion_event"], period, document["places"])
    again = {**document, **as_sealed(document, said)}
    fits = hashlib.sha256(row.document.encode()).hexdigest() == row.seal
    return SnapshotCheck(row.number, row.period, fits, canonical(again).decode() == row.document)


def replayed_counts(total: Counter[CounterKey]) -> Counts:
    """The counters of a period out of a recount: the same sums by other means than those that sealed it."""

    def counts(period: Period, column: str | None) -> list[Count]:
        found: Counter[tuple[int | str, Measure, int]] = Counter()
        span = {
            measure: window
            for window in windows(EVERY_MEASURE, period, period.until)
            for measure in window.measures
        }
        for key, n in total.items():
            window = span.get(key.measure)
            if window is None or key.day > window.until or (window.since and key.day < window.since):
                continue
            value = _column(key, column)
            found[value, key.measure, key.bucket] += n
        return [Count(key, measure, bucket, n) for (key, measure, bucket), n in found.items() if n]

    return counts


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _column(key: CounterKey, column: str | None) -> int | str:
    if column is None:
        return 0
    value: int | str = getattr(key, column)
    return str(value) if column == "kind" else value
