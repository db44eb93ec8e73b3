"""Which sums and notes of counters are read over periods, in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any, Protocol

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
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
from sqlalchemy.types import TypeEngine

from civic.cases.models import case_posting, case_sum
from civic.cases.queries.layout import ensure_sums_fit
from civic.cases.rules import NOBODY, Measure
from civic.cases.rules.counters import DURATIONS
from civic.cases.rules.sums import (
    AREA,
    AXES,
    CHAPTER,
    CODES,
    COUNTS,
    LIST,
    MONTHS,
    SUMMED_OVER,
    Grain,
    Part,
    axes_for,
)
from civic.core.db import BINARY
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


Read = Sequence[tuple[WindowLike, Sequence[Part]]]
"""Windows, and of which parts each is made."""


def codes_of(measures: frozenset[Measure]) -> tuple[int, ...]:
    return tuple(sorted(CODES[measure] for measure in measures - DURATIONS))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which sums of a grain are read: by months, and with ``so_far`` all up to a month."""

    grain: Grain
    single: bool
    so_far: bool


@dataclass(frozen=True, slots=True)
class _Shape:
    """All that a statement is made of besides the months, days and measures that are asked for."""

    axes: str
    column: str | None
    narrowed: tuple[NarrowingLike, ...]
    where: tuple[NarrowingLike, ...]
    asked: tuple[_Asked, ...]
    begin: tuple[bool, ...]
    """Of each window, whether it has a beginning."""


def rows_of(read: Read, by: By, where: Sequence[NarrowingLike]) -> Sequence[Any]:
    """(key, measure, grain, month, packed, bucket, n) of all sums that the windows touch, and of what is posted."""
    return _rows(read, *_kept(by, where), where)


def lists_of(read: Read) -> Sequence[Any]:
    """The same of lists: what is posted has an item as its key, a list has them as its codes."""
    return _rows(read, LIST, "item_id", (), ())


def _rows(
    read: Read,
    axes: str,
    column: str | None,
    narrowed: Sequence[NarrowingLike],
    where: Sequence[NarrowingLike],
) -> Sequence[Any]:
    ensure_sums_fit()
    asked: list[_Asked] = []
    values: dict[str, Any] = {}
    for number, ((grain, _), (measures, parts)) in enumerate(_spans(read, listed=axes == LIST).items()):
        single = sorted({month for part in parts for month in _months(part)})
        so_far = [part.last for part in parts if part.first is None]
        asked.append(_Asked(grain, bool(single), bool(so_far)))
        values |= {
            f"measures{number}": sorted(measures),
            f"months{number}": single,
            f"last{number}": max(so_far, default=None),
        }
    for number, (window, _) in enumerate(read):
        counted = sorted(one.value for one in window.measures)
        values |= {
            f"counted{number}": counted,
            f"since{number}": window.since,
            f"until{number}": window.until,
        }
    begin = tuple(window.since is not None for window, _ in read)
    shape = _Shape(axes, column, tuple(narrowed), tuple(where), tuple(asked), begin)
    return db.session.execute(_statement(shape), values, execution_options={BINARY: True}).all()


def _spans(read: Read, *, listed: bool) -> Mapping[tuple[Grain, bool], tuple[set[str], set[Part]]]:
    """What is read of sums and when, by grain; durations and all else by themselves, lists as they are called."""
    found: dict[tuple[Grain, bool], tuple[set[str], set[Part]]] = {}
    for window, parts in read:
        lasting = {measure.value for measure in window.measures & DURATIONS}
        if listed:
            counts = {measure.value for measure in window.measures}
        else:
            counts = {COUNTS} if codes_of(window.measures) else set()
        for part, (names, is_lasting) in product(parts, ((lasting, True), (counts, False))):
            if names:
                measures, spans = found.setdefault((part.grain, is_lasting), (set(), set()))
                measures |= names
                spans.add(part)
    return found


@lru_cache(maxsize=64)
def _statement(shape: _Shape) -> CompoundSelect[Any]:
    """To make it takes as long as to execute it, and there are few shapes: any month is asked for like any other."""
    c = case_sum.c
    columns = (
        _key(case_sum, shape.column),
        c.measure,
        c.grain,
        c.month,
        c.packed,
        _NONE.label("bucket"),
        _NONE.label("n"),
    )
    fixed = [
        c.axes == shape.axes,
        *_summed_over(shape.axes),
        *_any_street(shape.axes, shape.narrowed),
        *_narrowed(c, shape.narrowed),
    ]
    return union_all(
        *(
            select(*columns).where(
                c.grain == one.grain.value,
                c.measure.in_(_values(f"measures{number}", String)),
                _in_months(one, number),
                *fixed,
            )
            for number, one in enumerate(shape.asked)
        ),
        _posted(shape),
    )


def _values(name: str, of: type[TypeEngine[Any]]) -> BindParameter[Any]:
    return bindparam(name, expanding=True, type_=of)


_NONE: ColumnElement[int] = literal_column("0", Integer)


def _kept(by: By, where: Sequence[NarrowingLike]) -> tuple[str, str | None, Sequence[NarrowingLike]]:
    """The sums to be read, their column, and what is to be asked of them: of chapters or areas, or of their items."""
    whole = [one.whole or one for one in where]
    for column, narrowed in product(dict.fromkeys((by.whole or by.column, by.column)), (whole, where)):
        axes = axes_for({*(one.column for one in narrowed), *([column] if column else [])})
        if axes is not None:
            return axes, column, narrowed
    raise ValueError(f"no sums tell {by.column} apart")


def _in_months(asked: _Asked, number: int) -> ColumnElement[bool]:
    """In one of the months: as a list, because a range would end the way down the key."""
    month, months = case_sum.c.month, _values(f"months{number}", Integer)
    if not asked.so_far:
        return month.in_(months)
    known = _KNOWN.c
    inside = known.month <= bindparam(f"last{number}", type_=Integer)
    if asked.single:
        inside = or_(inside, known.month.in_(months))
    return month.in_(
        select(known.month).where(known.axes == SMALLEST, known.grain == asked.grain.value, inside)
    )


_KNOWN, _STREETS = case_sum.alias("known"), case_sum.alias("streets")
SMALLEST = next(iter(AXES))
"""The sums of which there are the fewest: they say of which months there are any."""


def _months(part: Part) -> Iterable[int]:
    if part.first is None:
        return ()
    return range(part.first, part.last + 1, MONTHS if part.grain is Grain.YEAR else 1)


def _summed_over(axes: str) -> Iterator[ColumnElement[bool]]:
    """What stands in the columns that aren't told apart: to say so leads straight to the rows."""
    c, kept = case_sum.c, set(AXES.get(axes, ()))
    for name in ("street_id", "department_id"):
        if name not in kept:
            yield c[name] == SUMMED_OVER
    if "kind" not in kept:
        yield c.kind == ""
    if kept.isdisjoint({"item_id", CHAPTER, AREA}):
        yield c.item_id == SUMMED_OVER


def _any_street(axes: str, where: Sequence[NarrowingLike]) -> Iterator[ColumnElement[bool]]:
    """Where what comes behind the street in the key is narrowed: each street, because a gap would end the way down."""
    if {"street_id", "item_id"} <= set(AXES.get(axes, ())) and all(
        one.column != "street_id" for one in where
    ):
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


def _posted(shape: _Shape) -> Select[Any]:
    """What isn't added to the sums yet."""
    c = case_posting.c
    columns = (
        _key(case_posting, shape.column),
        c.measure,
        literal_column("''", String),
        month_of(c.day),
        null(),
    )
    within_days = or_(false(), *(_in_window(number, begins) for number, begins in enumerate(shape.begin)))
    return select(*columns, c.bucket, c.n).where(within_days, *_narrowed(c, shape.where))


def _in_window(number: int, begins: bool) -> ColumnElement[bool]:
    c = case_posting.c
    since = [c.day >= bindparam(f"since{number}", type_=Date)] if begins else []
    counted = c.measure.in_(_values(f"counted{number}", String))
    return and_(counted, c.day <= bindparam(f"until{number}", type_=Date), *since)


def _key(table: Any, column: str | None) -> Any:
    key = table.c["item_id" if column in (CHAPTER, AREA) else column] if column else literal(NOBODY)
    return key.label("key")


def _narrowed(columns: Any, where: Sequence[NarrowingLike]) -> Iterator[ColumnElement[bool]]:
    for one in where:
        yield one.holds(columns["item_id" if one.column in (CHAPTER, AREA) else one.column])
