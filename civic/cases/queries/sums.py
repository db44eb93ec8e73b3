"""Sums of counters over periods, read from years, months and days instead of from every counter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    cast,
    extract,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from civic.cases.models import case_posting, case_sum
from civic.cases.rules import NOBODY, Measure
from civic.cases.rules.counters import DURATIONS
from civic.cases.rules.sums import AREA, CHAPTER, DAYS, MONTHS, Grain, Part, axes_for, parts_of


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


def summed(
    windows: Iterable[WindowLike], column: str | None, where: Sequence[NarrowingLike]
) -> Select[*tuple[Any, ...]] | CompoundSelect[Any] | None:
    """(key, measure, bucket, n, days, first, last) of all windows, told apart by a column; None if only the counters
    themselves can say.

    The column may be ``chapter`` or ``area``: then a key is one of the items in it, not always the same. A row with
    ``days`` holds, packed, the durations of its parts from the first to the last. All in one statement, so that
    nothing is missed or read twice while somebody adds up.
    """
    kept = _kept(column, where)
    if kept is None:
        return None
    axes, narrowed = kept
    found = list(windows)
    plain = [
        _of_part(axes, window.measures - DURATIONS, part, column, narrowed)
        for window in found
        for part in parts_of(window.since, window.until)
        if window.measures - DURATIONS
    ]
    rows = union_all(*plain, _posted(found, column, where)).subquery()
    numbers = select(
        *(rows.c.key, rows.c.measure, rows.c.bucket, func.sum(rows.c.n).label("n")),
        *(null().label("days"), literal_column("0").label("first"), literal_column("0").label("last")),
    ).group_by(rows.c.key, rows.c.measure, rows.c.bucket)
    lasted = [
        _days_of_part(axes, window.measures & DURATIONS, part, column, narrowed)
        for window in found
        for part in parts_of(window.since, window.until)
        if window.measures & DURATIONS
    ]
    return union_all(numbers, *lasted) if lasted else numbers


def summed_months(
    measures: frozenset[Measure], since: date, until: date, where: Sequence[NarrowingLike]
) -> Select[*tuple[Any, ...]] | None:
    """(measure, month, n) of some days; months are numbered as sums are. None as for :func:`summed`."""
    kept = _kept(None, where)
    if kept is None:
        return None
    axes, narrowed = kept
    c = case_posting.c
    posted = select(c.measure, month_of(c.day).label("month"), c.n).where(
        _among(c.measure, measures), c.day.between(since, until), *_narrowed(c, where)
    )
    parts = [
        select(case_sum.c.measure, case_sum.c.month, _of_part_n(part).label("n")).where(
            *_in_part(axes, measures, part, narrowed)
        )
        for part in parts_of(since, until, by_month=True)
    ]
    rows = union_all(*parts, posted).subquery()
    told = (rows.c.measure, rows.c.month)
    return select(*told, func.sum(rows.c.n).label("n")).group_by(*told)


def _kept(column: str | None, where: Sequence[NarrowingLike]) -> tuple[str, Sequence[NarrowingLike]] | None:
    """The sums to be read and what is to be asked of them: of whole chapters or areas if that does, or of items."""
    for narrowed in ([one.whole or one for one in where], where):
        axes = axes_for({*(one.column for one in narrowed), *([column] if column else [])})
        if axes is not None:
            return axes, narrowed
    return None


def month_of(day: Any) -> ColumnElement[int]:
    """The number of a day's month, as :func:`~civic.cases.rules.sums.month_number` counts."""
    found: ColumnElement[int] = (
        cast(extract("year", day), Integer) * 12 + cast(extract("month", day), Integer) - 1
    )
    return found


def _of_part(
    axes: str, measures: frozenset[Measure], part: Part, column: str | None, where: Sequence[NarrowingLike]
) -> Select[Any]:
    return _rows(case_sum, column, _of_part_n(part)).where(*_in_part(axes, measures, part, where))


def _days_of_part(
    axes: str, measures: frozenset[Measure], part: Part, column: str | None, where: Sequence[NarrowingLike]
) -> Select[Any]:
    first, last = part.only or (1, DAYS if part.grain is Grain.MONTH else MONTHS)
    c = case_sum.c
    return select(
        *(
            _key(case_sum, column),
            c.measure,
            literal_column("0").label("bucket"),
            literal_column("0").label("n"),
        ),
        *(c.days, literal_column(str(first)).label("first"), literal_column(str(last)).label("last")),
    ).where(*_in_part(axes, measures, part, where))


def _of_part_n(part: Part) -> Any:
    if part.only is None:
        return case_sum.c.n
    return _days(*part.only)


@cache
def _days(first: int, last: int) -> Any:
    """The parts from the first to the last added up; as text, for making thirty columns takes longer than reading."""
    added = " + ".join(f"{case_sum.name}.p{number}" for number in range(first, last + 1))
    return literal_column(f"({added})", Integer)


def _in_part(
    axes: str, measures: frozenset[Measure], part: Part, where: Sequence[NarrowingLike]
) -> Iterator[ColumnElement[bool]]:
    c = case_sum.c
    yield c.axes == axes
    yield c.grain == part.grain.value
    if part.first == part.last:
        yield c.month == part.last
    else:
        yield c.month <= part.last if part.first is None else c.month.between(part.first, part.last)
    yield _among(c.measure, measures)
    yield from _narrowed(c, where)


def _posted(windows: Sequence[WindowLike], column: str | None, where: Sequence[NarrowingLike]) -> Select[Any]:
    """What isn't added to the sums yet."""
    c = case_posting.c
    return _rows(case_posting, column, c.n).where(
        or_(false(), *(_in_window(window) for window in windows)), *_narrowed(c, where)
    )


def _in_window(window: WindowLike) -> ColumnElement[bool]:
    c = case_posting.c
    since = [] if window.since is None else [c.day >= window.since]
    return and_(_among(c.measure, window.measures), c.day <= window.until, *since)


def _rows(table: Any, column: str | None, n: Any) -> Select[Any]:
    bucket = table.c.bucket if "bucket" in table.c else literal_column("0").label("bucket")
    return select(_key(table, column), table.c.measure, bucket, n.label("n"))


def _key(table: Any, column: str | None) -> Any:
    key = table.c["item_id" if column in (CHAPTER, AREA) else column] if column else literal(NOBODY)
    return key.label("key")


def _among(measure: Any, measures: frozenset[Measure]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = measure.in_(sorted(one.value for one in measures))
    return found


def _narrowed(columns: Any, where: Sequence[NarrowingLike]) -> Iterator[ColumnElement[bool]]:
    for one in where:
        yield one.holds(columns["item_id" if one.column in (CHAPTER, AREA) else one.column])
