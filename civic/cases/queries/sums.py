"""Sums of counters over periods, read from years, months and days instead of from every counter."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from operator import add
from typing import Any, Protocol, TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    and_,
    cast,
    extract,
    false,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from civic.cases.models import case_posting, case_sum
from civic.cases.rules import NOBODY, Measure
from civic.cases.rules.counters import DURATIONS, Totals
from civic.cases.rules.packing import taken, within
from civic.cases.rules.sums import (
    AREA,
    AXES,
    CHAPTER,
    CODES,
    COUNTED,
    COUNTS,
    DAYS,
    MONTHS,
    SUMMED_OVER,
    Grain,
    Part,
    axes_for,
    parts_of,
)
from civic.core.extensions import db


class WindowLike(Protocol):
    """Days over which some measures are summed; ``since`` None means from the beginning of time."""

    @property
    def measures(self) -> frozenset[Measure]: ...
    @property
    def since(self) -> date | None: ...
    @property
    def until(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Span:
    """A window of this feature's own."""

    measures: frozenset[Measure]
    since: date | None
    until: date


AT_ANY_TIME = date(9999, 12, 30)
"""The end of a span that has none."""


class NarrowingLike(Protocol):
    """What of a column counts; ``whole`` says the same of the chapters or areas that items are in, if it can."""

    @property
    def column(self) -> str: ...
    @property
    def whole(self) -> NarrowingLike | None: ...
    def holds(self, value: Any) -> ColumnElement[bool]: ...


@dataclass(frozen=True, slots=True)
class By:
    """The column by which sums are told apart, and ``whole`` if its items are told apart by chapter or area only."""

    column: str | None = None
    whole: str | None = None


Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class _Use:
    """What one window takes of a sum: ``codes`` of those that aren't durations, and from which part to which."""

    codes: tuple[int, ...]
    first: int
    last: int


@dataclass(slots=True)
class _Adding:
    """``numbers`` stand in the order of the codes that a window takes."""

    numbers: dict[tuple[int, ...], tuple[int, ...]] = field(default_factory=dict)
    days: dict[str, dict[int, int]] = field(default_factory=dict)

    def counts(self, wanted: tuple[int, ...], more: tuple[int, ...]) -> None:
        so_far = self.numbers.get(wanted)
        self.numbers[wanted] = more if so_far is None else tuple(map(add, so_far, more))

    def lasted(self, measure: str, buckets: Iterable[int], numbers: Iterable[int]) -> None:
        found = self.days.get(measure)
        if found is None:
            self.days[measure] = dict(zip(buckets, numbers, strict=True))
            return
        for bucket, n in zip(buckets, numbers, strict=True):
            if n:
                found[bucket] = found.get(bucket, 0) + n

    def totals(self) -> Totals | None:
        """The same with names; None if all of it is nothing."""
        numbers: dict[Measure, int] = {}
        for wanted, found in self.numbers.items():
            for code, n in zip(wanted, found, strict=True):
                if n:
                    measure = COUNTED[code]
                    numbers[measure] = numbers.get(measure, 0) + n
        lasted = {name: _without_nothing(found) for name, found in self.days.items()}
        days = {_MEASURES[name]: found for name, found in lasted.items() if found}
        return Totals(numbers, days) if numbers or days else None


def _without_nothing(found: dict[int, int]) -> dict[int, int]:
    return {bucket: n for bucket, n in found.items() if n} if 0 in found.values() else found


_MEASURES = {measure.value: measure for measure in Measure}


def added_up(
    windows: Iterable[WindowLike],
    by: By,
    where: Sequence[NarrowingLike],
    named: Callable[[Any, int], Name],
    *,
    by_month: bool = False,
) -> dict[Name, Totals]:
    """What the counters of all windows add up to under each name, which is made of the key and, if asked for, the
    month; each measure is in one window only.

    ``by_month``: read from months only, so that names can tell them apart. All is read in one statement, so that
    nothing is missed or read twice while somebody adds up.
    """
    found = [(w, parts_of(w.since, w.until, by_month=by_month)) for w in windows]
    uses: dict[tuple[str, int, str], list[_Use]] = {}
    adding: dict[Name, _Adding] = {}
    for key, measure, grain, month, packed, bucket, n in db.session.execute(_query(found, by, where)).all():
        name = named(key, month)
        sums = adding.get(name)
        if sums is None:
            sums = adding[name] = _Adding()
        if packed is None:
            _add_posted(sums, measure, bucket, n)
            continue
        place = (grain, month, measure)
        if place not in uses:
            uses[place] = list(_uses(found, *place))
        for use in uses[place]:
            if measure != COUNTS:
                sums.lasted(measure, *within(packed, use.first, use.last))
            elif (counted := taken(packed, use.first, use.last, use.codes)) is not None:
                sums.counts(use.codes, counted)
    totals = {name: sums.totals() for name, sums in adding.items()}
    return {name: one for name, one in totals.items() if one is not None}


def _add_posted(sums: _Adding, measure: str, bucket: int, n: int) -> None:
    """What isn't added to the sums yet."""
    one = _MEASURES[measure]
    if one in DURATIONS:
        sums.lasted(measure, (bucket,), (n,))
    else:
        sums.counts((CODES[one],), (n,))


Read = Sequence[tuple[WindowLike, Sequence[Part]]]
"""Windows, and of which parts each is made."""


def _uses(read: Read, grain: str, month: int, measure: str) -> Iterator[_Use]:
    for window, parts in read:
        codes = _codes(window.measures) if measure == COUNTS else ()
        if codes or measure in window.measures:
            for part in parts:
                if part.grain == grain and (part.first is None or part.first <= month) and month <= part.last:
                    first, last = part.only or (1, MONTHS if part.grain is Grain.YEAR else DAYS)
                    yield _Use(codes, first, last)


def _codes(measures: frozenset[Measure]) -> tuple[int, ...]:
    return tuple(sorted(CODES[measure] for measure in measures - DURATIONS))


def _query(read: Read, by: By, where: Sequence[NarrowingLike]) -> CompoundSelect[Any]:
    """(key, measure, grain, month, packed, bucket, n) of all sums that the windows touch, and of what is posted."""
    axes, column, narrowed = _kept(by, where)
    asked: dict[tuple[Grain, bool], tuple[set[str], set[Part]]] = {}
    for window, parts in read:
        lasting = {measure.value for measure in window.measures & DURATIONS}
        for part in parts:
            for names, is_lasting in (
                (lasting, True),
                ({COUNTS} if _codes(window.measures) else set(), False),
            ):
                if names:
                    measures, spans = asked.setdefault((part.grain, is_lasting), (set(), set()))
                    measures |= names
                    spans.add(part)
    c = case_sum.c
    columns = (
        _key(case_sum, column),
        c.measure,
        c.grain,
        c.month,
        c.packed,
        _NONE.label("bucket"),
        _NONE.label("n"),
    )
    fixed = [c.axes == axes, *_summed_over(axes), *_any_street(axes, narrowed), *_narrowed(c, narrowed)]
    return union_all(
        *(
            select(*columns).where(
                c.grain == grain.value, c.measure.in_(sorted(measures)), _in_months(grain, spans), *fixed
            )
            for (grain, _), (measures, spans) in asked.items()
        ),
        _posted([window for window, _ in read], column, where),
    )


_NONE: ColumnElement[int] = literal_column("0", Integer)


def _kept(by: By, where: Sequence[NarrowingLike]) -> tuple[str, str | None, Sequence[NarrowingLike]]:
    """The sums to be read, their column, and what is to be asked of them: of chapters or areas, or of their items."""
    whole = [one.whole or one for one in where]
    for column, narrowed in product(dict.fromkeys((by.whole or by.column, by.column)), (whole, where)):
        axes = axes_for({*(one.column for one in narrowed), *([column] if column else [])})
        if axes is not None:
            return axes, column, narrowed
    raise ValueError(f"no sums tell {by.column} apart")


def _in_months(grain: Grain, parts: Iterable[Part]) -> ColumnElement[bool]:
    """In one of the parts: as a list of months, because a range would end the way down the key."""
    month = case_sum.c.month
    single = sorted({number for part in parts for number in _months(part)})
    after = [part for part in parts if part.first is None]
    if not after:
        return month.in_(single)
    known = _KNOWN.c
    inside = or_(known.month <= max(part.last for part in after), known.month.in_(single))
    return month.in_(select(known.month).where(known.axes == SMALLEST, known.grain == grain.value, inside))


_KNOWN, _STREETS = case_sum.alias("known"), case_sum.alias("streets")
SMALLEST = next(iter(AXES))
"""The sums of which there are the fewest: they say of which months there are any."""


def _months(part: Part) -> Iterable[int]:
    if part.first is None:
        return ()
    return range(part.first, part.last + 1, MONTHS if part.grain is Grain.YEAR else 1)


def _summed_over(axes: str) -> Iterator[ColumnElement[bool]]:
    """What stands in the columns that aren't told apart: to say so leads straight to the rows."""
    c, kept = case_sum.c, set(AXES[axes])
    for name in ("street_id", "department_id"):
        if name not in kept:
            yield c[name] == SUMMED_OVER
    if "kind" not in kept:
        yield c.kind == ""
    if kept.isdisjoint({"item_id", CHAPTER, AREA}):
        yield c.item_id == SUMMED_OVER


def _any_street(axes: str, where: Sequence[NarrowingLike]) -> Iterator[ColumnElement[bool]]:
    """Where what comes behind the street in the key is narrowed: each street, because a gap would end the way down."""
    if {"street_id", "item_id"} <= set(AXES[axes]) and all(one.column != "street_id" for one in where):
        known = _STREETS.c
        streets = select(known.street_id).where(known.axes == STREETS, known.grain == Grain.YEAR.value)
        yield case_sum.c.street_id.in_(streets)


STREETS = axes_for(["street_id"])


def month_of(day: Any) -> ColumnElement[int]:
    """The number of a day's month, as :func:`~civic.cases.rules.sums.month_number` counts."""
    found: ColumnElement[int] = (
        cast(extract("year", day), Integer) * 12 + cast(extract("month", day), Integer) - 1
    )
    return found


def _posted(windows: Sequence[WindowLike], column: str | None, where: Sequence[NarrowingLike]) -> Select[Any]:
    """What isn't added to the sums yet."""
    c = case_posting.c
    columns = (_key(case_posting, column), c.measure, literal_column("''", String), month_of(c.day), null())
    within_days = or_(false(), *(_in_window(window) for window in windows))
    return select(*columns, c.bucket, c.n).where(within_days, *_narrowed(c, where))


def _in_window(window: WindowLike) -> ColumnElement[bool]:
    c = case_posting.c
    since = [] if window.since is None else [c.day >= window.since]
    measures = sorted(one.value for one in window.measures)
    return and_(c.measure.in_(measures), c.day <= window.until, *since)


def _key(table: Any, column: str | None) -> Any:
    key = table.c["item_id" if column in (CHAPTER, AREA) else column] if column else literal(NOBODY)
    return key.label("key")


def _narrowed(columns: Any, where: Sequence[NarrowingLike]) -> Iterator[ColumnElement[bool]]:
    for one in where:
        yield one.holds(columns["item_id" if one.column in (CHAPTER, AREA) else one.column])
