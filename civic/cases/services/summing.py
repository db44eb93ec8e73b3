"""Summing the counters up by month and year, apart from whoever changes a case.

A sum of a department's month is a row that everyone would write. So a change only notes its differences
(:func:`note`), and they are added to the sums by the worker, or by whoever loads many cases (:func:`sum_up`). Reads
take sums and notes together, in one statement, so what they say is exact at any moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import delete, func, insert, select, text, tuple_
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from civic.cases.models import CaseStat, case_posting, case_sum, case_sum_group
from civic.cases.rules import NOBODY, CounterKey, FeedbackKind, Measure
from civic.cases.rules.counters import DURATIONS
from civic.cases.rules.sums import (
    AXES,
    DAYS,
    GROUPED,
    MONTHS,
    Cells,
    Grain,
    ItemGroups,
    SumKey,
    add_up,
    firsts,
    joined,
    month_number,
    packed,
    sums_of,
    unpacked,
)
from civic.core.extensions import db
from civic.plans import queries as plans

CHUNK = 20_000
"""Differences added to the sums in one go."""
ITEMS_AT_ONCE = 10
"""Items that come into other groups in one go: a few hundred thousand counters, with a million cases."""
NUMBERS = ("n", *(f"p{number}" for number in range(1, DAYS + 1)))
KEY = ("measure", "day", "department_id", "item_id", "street_id", "kind", "bucket")


@dataclass(frozen=True, slots=True)
class SumDifference:
    """One sum that isn't what the counters add up to; ``part`` is its day or month, 0 the whole."""

    key: SumKey
    bucket: int
    part: int
    stored: int
    counted: int


def note(rows: list[dict[str, Any]]) -> None:
    """Keep differences of counters until they are summed up."""
    db.session.execute(insert(case_posting), rows)


def sum_up(now: datetime | None = None, most: int = CHUNK) -> int:
    """Add the oldest differences to the sums; how many they were. A job is given the time, which changes nothing."""
    _alone()
    taken = select(case_posting.c.id).order_by(case_posting.c.id).limit(most)
    columns = [case_posting.c[name] for name in (*KEY, "n")]
    rows = db.session.execute(
        delete(case_posting).where(case_posting.c.id.in_(taken.scalar_subquery())).returning(*columns)
    ).all()
    _add(((counter_of(row[:7]), row.n) for row in rows), stored_groups())
    return len(rows)


def rebuild_sums() -> None:
    """Make the sums again from the counters."""
    _alone()
    db.session.execute(delete(case_posting))
    db.session.execute(delete(case_sum))
    groups = _keep(_groups_of_plans())
    for month in _months():
        _add(_counters_of(month), groups)


def regroup(_imported: object = None) -> None:
    """Follow the plans where items came into another chapter or area; in the transaction that changed the plan."""
    _alone()
    old, new = stored_groups(), _groups_of_plans()
    moved = [
        item_id
        for item_id in sorted(old.chapter.keys() | old.area.keys() | new.chapter.keys() | new.area.keys())
        if _place(old, item_id) != _place(new, item_id)
    ]
    if not moved:
        return
    for start in range(0, len(moved), ITEMS_AT_ONCE):
        counters = list(_counters_about(moved[start : start + ITEMS_AT_ONCE]))
        _add(((counter, -n) for counter, n in counters), old, GROUPED)
        _add(counters, new, GROUPED)
    db.session.execute(delete(case_sum).where(case_sum.c.axes.in_(sorted(GROUPED)), *_EMPTY))
    _keep(new)


def stored_groups() -> ItemGroups:
    """By which chapters and areas the sums hold the items."""
    rows = db.session.execute(select(case_sum_group)).all()
    return ItemGroups(
        {row.item_id: row.chapter for row in rows if row.chapter != NOBODY},
        {row.item_id: row.area for row in rows if row.area != NOBODY},
    )


def _groups_of_plans() -> ItemGroups:
    places = plans.item_places()
    return ItemGroups(
        firsts({place.item_id: (place.plan_slug, place.chapter_code) for place in places}),
        firsts({place.item_id: place.area for place in places if place.area is not None}),
    )


def _keep(groups: ItemGroups) -> ItemGroups:
    """Remember by what the sums hold the items."""
    db.session.execute(delete(case_sum_group))
    rows = [
        {"item_id": item_id, "chapter": chapter, "area": area}
        for item_id in sorted(groups.chapter.keys() | groups.area.keys())
        for chapter, area in (_place(groups, item_id),)
    ]
    if rows:
        db.session.execute(insert(case_sum_group), rows)
    return groups


def _place(groups: ItemGroups, item_id: int) -> tuple[int, int]:
    return groups.chapter.get(item_id, NOBODY), groups.area.get(item_id, NOBODY)


def _alone() -> None:
    """Let no other add to the sums, or group them otherwise, until this transaction ends; who reads doesn't wait."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE case_sum IN SHARE ROW EXCLUSIVE MODE"))


def check_sums() -> list[SumDifference]:
    """Where the sums, with what isn't added yet, differ from the counters; empty if all is well."""
    found: list[SumDifference] = []
    groups, year, counted_year = stored_groups(), None, dict[SumKey, Cells]()
    for month in _months():
        if year not in (None, month.year):
            found += _apart(Grain.YEAR, date(month.year - 1, 1, 1), counted_year, groups)
            counted_year = {}
        year = month.year
        sums = sums_of(_counters_of(month), groups)
        found += _apart(Grain.MONTH, month, sums, groups)
        for key, cells in sums.items():
            if key.grain == Grain.YEAR:
                counted_year[key] = joined(counted_year.get(key, {}), cells)
    if year is not None:
        found += _apart(Grain.YEAR, date(year, 1, 1), counted_year, groups)
    return found


def _apart(
    grain: Grain, first: date, counted: Mapping[SumKey, Cells], groups: ItemGroups
) -> Iterator[SumDifference]:
    """Where the sums that are stored of a month or year aren't what was counted."""
    stored, whole = _stored(grain, first, groups), {key for key in counted if key.grain == grain}
    for key in sorted(whole | stored.keys()):
        there, right = stored.get(key, {}), counted.get(key, {})
        for bucket in sorted(there.keys() | right.keys()):
            pairs = zip(there.get(bucket, _NOTHING), right.get(bucket, _NOTHING), strict=True)
            for part, (one, other) in enumerate(pairs):
                if one != other:
                    yield SumDifference(key, bucket, part, one, other)


_NOTHING = [0] * (DAYS + 1)
_EMPTY = (case_sum.c.days == b"", *(case_sum.c[name] == 0 for name in NUMBERS))
KEYS_AT_ONCE = 500


def _add(
    counters: Iterable[tuple[CounterKey, int]], groups: ItemGroups, among: Collection[str] = tuple(AXES)
) -> None:
    """Add counters to their sums."""
    sums = sums_of(counters, groups, among)
    keys = sorted(sums)
    for start in range(0, len(keys), KEYS_AT_ONCE):
        _add_some({key: sums[key] for key in keys[start : start + KEYS_AT_ONCE]})


def _add_some(sums: Mapping[SumKey, Cells]) -> None:
    lasted = [key for key in sums if key.measure in DURATIONS]
    days = dict.fromkeys(lasted, b"")
    if lasted:
        columns = [case_sum.c[name] for name in SumKey._fields]
        query = select(*columns, case_sum.c.days).where(tuple_(*columns).in_(lasted))
        days |= {SumKey(*row[:-1]): row[-1] for row in db.session.execute(query)}
    rows = [
        dict(zip((*SumKey._fields, *NUMBERS), (*key, *add_up(cells)), strict=True))
        | {"days": _packed(key, joined(unpacked(days[key]), cells)) if key in days else b""}
        for key, cells in sums.items()
    ]
    db.session.connection().exec_driver_sql(_adding(db.engine.dialect.name), rows)


def _packed(key: SumKey, cells: Cells) -> bytes:
    return packed(cells, DAYS if key.grain == Grain.MONTH else MONTHS)


@cache
def _adding(dialect: str) -> str:
    """As text, with rows straight to the driver: to look through forty columns takes longer than to add them."""
    on_sqlite = dialect == "sqlite"
    statement = (sqlite_insert if on_sqlite else postgresql_insert)(case_sum)
    adding = statement.on_conflict_do_update(
        index_elements=list(SumKey._fields),
        set_={
            "days": statement.excluded.days,
            **{name: case_sum.c[name] + statement.excluded[name] for name in NUMBERS},
        },
    )
    plain = sqlite.dialect(paramstyle="named") if on_sqlite else db.engine.dialect
    return str(adding.compile(dialect=plain))


def _months() -> Iterator[date]:
    """The first day of each month from the first counter, or sum, to the last."""
    ends = [
        db.session.execute(select(func.min(c), func.max(c))).one() for c in (CaseStat.day, case_posting.c.day)
    ]
    sums = db.session.execute(select(func.min(case_sum.c.month), func.max(case_sum.c.month))).one()
    numbers = [month_number(day) for pair in ends for day in pair if day is not None]
    numbers += [number for number in sums if number is not None]
    for number in range(min(numbers), max(numbers) + 1) if numbers else ():
        yield date(number // 12, number % 12 + 1, 1)


def _counters_of(month: date) -> Iterator[tuple[CounterKey, int]]:
    """The counters of a month."""
    yield from _counters(CaseStat.day >= month, CaseStat.day < _next(month))


def _counters_about(item_ids: list[int]) -> Iterator[tuple[CounterKey, int]]:
    """The counters of some items that the sums hold already: without what is posted and not yet added."""
    yield from _counters(CaseStat.item_id.in_(item_ids))
    c = case_posting.c
    posted = select(*(c[name] for name in KEY), c.n).where(c.item_id.in_(item_ids))
    for row in db.session.execute(posted):
        yield counter_of(row[:7]), -row.n


def _counters(*where: Any) -> Iterator[tuple[CounterKey, int]]:
    query = select(*(getattr(CaseStat, name) for name in KEY), CaseStat.n).where(*where)
    for row in db.session.execute(query.execution_options(yield_per=5000)):
        yield counter_of(row[:7]), row.n


def _stored(grain: Grain, first: date, groups: ItemGroups) -> dict[SumKey, Cells]:
    """The sums of a month or year with what isn't added yet; those that are nothing are left out."""
    after = _next(first) if grain is Grain.MONTH else date(first.year + 1, 1, 1)
    noted = select(*(case_posting.c[name] for name in (*KEY, "n"))).where(
        case_posting.c.day >= first, case_posting.c.day < after
    )
    found = sums_of(((counter_of(row[:7]), row.n) for row in db.session.execute(noted)), groups)
    columns = [case_sum.c[name] for name in (*SumKey._fields, "days", *NUMBERS)]
    query = select(*columns).where(case_sum.c.grain == grain.value, case_sum.c.month == month_number(first))
    width = len(SumKey._fields)
    for row in db.session.execute(query):
        key, numbers = SumKey(*row[:width]), list(row[width + 1 :])
        cells = unpacked(row[width]) if key.measure in DURATIONS else {0: numbers}
        if add_up(cells) != numbers:
            cells = {**cells, WRONG: numbers}
        found[key] = joined(found.get(key, {}), cells)
    kept = {key: joined({}, cells) for key, cells in found.items() if key.grain == grain}
    return {key: cells for key, cells in kept.items() if cells}


WRONG = -1
"""In place of a bucket: the numbers beside the days of a duration aren't those of the days."""


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def counter_of(values: Any) -> CounterKey:
    """The counter that columns of a row name, in the order of :data:`KEY`."""
    measure, day, department_id, item_id, street_id, kind, bucket = values
    return CounterKey(Measure(measure), day, department_id, item_id, street_id, FeedbackKind(kind), bucket)
