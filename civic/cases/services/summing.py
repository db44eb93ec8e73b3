"""Summing the counters up by month and year, apart from whoever changes a case.

A sum of a department's month is a row that everyone would write. So a change only notes its differences
(:func:`note`), and they are added to the sums by the worker, or by whoever loads many cases (:func:`sum_up`). Reads
take sums and notes together, in one statement, so what they say is exact at any moment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, text, union

from civic.cases.models import CaseStat, case_posting, case_sum, case_sum_group
from civic.cases.queries.layout import OtherLayout, sums_fit
from civic.cases.rules import NOBODY, CounterKey, FeedbackKind, Measure
from civic.cases.rules.packing import Cells, joined, packed, unpacked
from civic.cases.rules.sums import (
    ALL_AXES,
    AXES,
    DAYS,
    GROUPED,
    LAYOUT,
    LAYOUT_KEY,
    MONTHS,
    Counted,
    Grain,
    ItemGroups,
    SumKey,
    add_years,
    firsts,
    month_number,
    sums_of,
    taken_away,
)
from civic.core.bulk import insert_rows, values_at
from civic.core.extensions import db
from civic.plans import queries as plans

CHUNK = 20_000
"""Differences added to the sums in one go."""
ITEMS_AT_ONCE = 10
"""Items that come into other groups in one go: a few hundred thousand counters, with a million cases."""
KEY = ("measure", "day", "department_id", "item_id", "street_id", "kind", "bucket")


@dataclass(frozen=True, slots=True)
class SumDifference:
    """A number of one sum that isn't what the counters add up to; ``part`` is its day or month."""

    key: SumKey
    code: int
    part: int
    stored: int
    counted: int


def note(rows: list[dict[str, Any]]) -> None:
    """Keep differences of counters until they are summed up."""
    insert_rows(case_posting, rows)


def sum_up(now: datetime | None = None, most: int = CHUNK) -> int:
    """Add the oldest differences to the sums; how many they were. A job is given the time, which changes nothing."""
    _alone()
    if not sums_fit():
        raise OtherLayout
    taken = select(case_posting.c.id).order_by(case_posting.c.id).limit(most)
    columns = [case_posting.c[name] for name in (*KEY, "n")]
    rows = db.session.execute(
        delete(case_posting).where(case_posting.c.id.in_(taken.scalar_subquery())).returning(*columns)
    ).all()
    if rows:
        _add(map(tuple, rows), stored_groups())
        _say_layout()
    return len(rows)


def rebuild_sums(told: Callable[[int, int], object] = lambda _portion, _of: None) -> None:
    """Make the sums again from the counters; ``told`` is called for each of so many portions, before it is made."""
    _alone()
    db.session.execute(delete(case_posting))
    db.session.execute(delete(case_sum))
    groups = _keep(_groups_of_plans())
    places = {portion: place for place, portion in enumerate(_portions(), 1)}
    begun = 0
    for _, _, portion, sums in _counted(groups):
        if places[portion] > begun:
            begun = places[portion]
            told(begun, len(places))
        _write(sums)
    _say_layout()


def renew_sums(told: Callable[[int, int], object]) -> bool:
    """Make them again if they are of another layout; whether they were."""
    _alone()
    if sums_fit():
        return False
    rebuild_sums(told)
    return True


def _say_layout() -> None:
    row = dict(zip(COLUMNS, (*LAYOUT_KEY, LAYOUT.encode()), strict=True))
    insert_rows(case_sum, [row], lambda new: {"packed": new.packed})


def regroup(_imported: object = None) -> None:
    """Follow the plans where items came into another chapter or area; in the transaction that changed the plan."""
    _alone()
    if not sums_fit():
        return  # Whoever makes them anew groups them as the plans say then.
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
        _add(map(taken_away, counters), old, GROUPED)
        _add(counters, new, GROUPED)
    db.session.execute(delete(case_sum).where(case_sum.c.axes.in_(sorted(GROUPED)), case_sum.c.packed == b""))
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
    groups = stored_groups()
    return [
        difference
        for grain, first, portion, counted in _counted(groups)
        for difference in _apart(_stored(grain, first, portion, groups), counted, PARTS[grain])
    ]


def _apart(
    stored: Mapping[SumKey, Cells], counted: Mapping[SumKey, Cells], parts: int
) -> Iterator[SumDifference]:
    nothing = [0] * parts
    for key in sorted(counted.keys() | stored.keys()):
        there, right = stored.get(key, {}), counted.get(key, {})
        for code in sorted(there.keys() | right.keys()):
            pairs = zip(there.get(code, nothing), right.get(code, nothing), strict=True)
            for part, (one, other) in enumerate(pairs, 1):
                if one != other:
                    yield SumDifference(key, code, part, one, other)


PARTS = {Grain.MONTH: DAYS, Grain.YEAR: MONTHS}
KEYS_AT_ONCE = 2000
COLUMNS = (*SumKey._fields, "packed")


def _add(counters: Iterable[Counted], groups: ItemGroups, among: Collection[str] = ALL_AXES) -> None:
    """Add counters to their sums, axes by axes, so that not all are in memory at once."""
    counters = list(counters)
    for axes in among:
        sums = sums_of(counters, groups, (axes,))
        years: dict[SumKey, Cells] = {}
        add_years(sums, years)
        sums |= years
        keys = sorted(sums)
        for start in range(0, len(keys), KEYS_AT_ONCE):
            some = keys[start : start + KEYS_AT_ONCE]
            for place, held in values_at(case_sum.c.packed, SumKey._fields, some):
                key = some[place]
                sums[key] = joined(unpacked(held, PARTS[Grain(key.grain)]), sums[key])
            _write({key: sums.pop(key) for key in some})


def _write(sums: Mapping[SumKey, Cells]) -> None:
    """Put sums in the place of those that are there."""
    rows = [dict(zip(COLUMNS, (*key, packed(cells)), strict=True)) for key, cells in sums.items()]
    insert_rows(case_sum, rows, lambda new: {"packed": new.packed})


@dataclass(frozen=True, slots=True)
class Portion:
    """Some of the sums, so that not all are in memory at once: of some axes, and of one street if those have it."""

    axes: frozenset[str]
    street_id: int | None = None

    def holds(self, columns: Any) -> list[Any]:
        """The conditions on the columns of counters or sums."""
        return [] if self.street_id is None else [columns.street_id == self.street_id]


BY_STREET = frozenset(name for name, kept in AXES.items() if "street_id" in kept)


def _portions() -> list[Portion]:
    noted, sums = case_posting.c.street_id, case_sum.c
    streets = union(
        select(CaseStat.street_id),
        select(noted),
        select(sums.street_id).where(sums.axes.in_(sorted(BY_STREET))),
    )
    found = sorted(db.session.scalars(streets))
    return [Portion(frozenset(ALL_AXES) - BY_STREET), *(Portion(BY_STREET, street_id) for street_id in found)]


def _counted(groups: ItemGroups) -> Iterator[tuple[Grain, date, Portion, dict[SumKey, Cells]]]:
    """What the counters add up to, by month and by year, one portion after the other."""
    months = list(_months())
    for portion in _portions():
        years: dict[SumKey, Cells] = {}
        for month in months:
            counters = _counters(CaseStat.day >= month, CaseStat.day < _next(month), *portion.holds(CaseStat))
            sums = sums_of(counters, groups, portion.axes)
            add_years(sums, years)
            yield Grain.MONTH, month, portion, sums
            if month.month == MONTHS or month == months[-1]:
                yield Grain.YEAR, date(month.year, 1, 1), portion, years
                years = {}


def _months() -> Iterator[date]:
    """The first day of each month from the first counter, or sum, to the last."""
    ends = [
        db.session.execute(select(func.min(c), func.max(c))).one() for c in (CaseStat.day, case_posting.c.day)
    ]
    sums = db.session.execute(
        select(func.min(case_sum.c.month), func.max(case_sum.c.month)).where(case_sum.c.axes.in_(ALL_AXES))
    ).one()
    numbers = [month_number(day) for pair in ends for day in pair if day is not None]
    numbers += [number for number in sums if number is not None]
    for number in range(min(numbers), max(numbers) + 1) if numbers else ():
        yield date(number // 12, number % 12 + 1, 1)


def _counters_about(item_ids: list[int]) -> Iterator[Counted]:
    """The counters of some items that the sums hold already: without what is posted and not yet added."""
    yield from _counters(CaseStat.item_id.in_(item_ids))
    c = case_posting.c
    taken = select(*(c[name] for name in KEY), -c.n).where(c.item_id.in_(item_ids))
    yield from map(tuple, db.session.execute(taken))


def _counters(*where: Any) -> Iterator[Counted]:
    query = select(*(getattr(CaseStat, name) for name in (*KEY, "n"))).where(*where)
    yield from map(tuple, db.session.execute(query.execution_options(yield_per=5000)))


def _stored(grain: Grain, first: date, portion: Portion, groups: ItemGroups) -> dict[SumKey, Cells]:
    """The sums of a month or year with what isn't added yet; those that are nothing are left out."""
    after = _next(first) if grain is Grain.MONTH else date(first.year + 1, 1, 1)
    c = case_posting.c
    noted = select(*(c[name] for name in (*KEY, "n"))).where(c.day >= first, c.day < after, *portion.holds(c))
    found = sums_of(map(tuple, db.session.execute(noted)), groups, portion.axes)
    if grain is Grain.YEAR:
        months, found = found, {}
        add_years(months, found)
    query = select(*(case_sum.c[name] for name in COLUMNS)).where(
        case_sum.c.axes.in_(sorted(portion.axes)), case_sum.c.grain == grain.value,
        case_sum.c.month == month_number(first), *portion.holds(case_sum.c),
    )  # fmt: skip
    for row in db.session.execute(query):
        key = SumKey(*row[:-1])
        found[key] = joined(found.get(key, {}), unpacked(row.packed, PARTS[grain]))
    return {key: cells for key, cells in found.items() if cells}


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def counter_of(values: Any) -> CounterKey:
    """The counter that columns of a row name, in the order of :data:`KEY`."""
    measure, day, department_id, item_id, street_id, kind, bucket = values
    return CounterKey(Measure(measure), day, department_id, item_id, street_id, FeedbackKind(kind), bucket)
