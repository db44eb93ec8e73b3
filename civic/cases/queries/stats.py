"""Sums of the counters, and the cases behind them.

A list is drawn from the projections (assignments, rounds, the case's row), whose columns
follow from the same facts as the counters; it has one row per counted unit, so its length
is the figure. A test compares the two for every measure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    false,
    func,
    null,
    or_,
    select,
    union_all,
)

from civic.cases.models import Assignment, Case, CaseStat
from civic.cases.queries.counted import BUCKET_COLUMNS, assigned, sources_of
from civic.cases.queries.sum_rows import By, Span, WindowLike
from civic.cases.queries.sums import added_up, added_up_by_item
from civic.cases.rules import (
    NOBODY,
    CaseStatus,
    FeedbackKind,
    Measure,
)
from civic.cases.rules.counters import Count, Totals
from civic.cases.rules.sums import LISTED
from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.core.paging import Page, decode_cursor, encode_cursor

PAGE = 50

StatKey = int | str
"""A value of such a column: an id (0 = none), or a kind."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Only what has one of ``values`` in a column (0 = none); with ``others`` everything except them.

    ``whole`` says the same of a column of the sums alone, where items are whole chapters or areas.
    """

    column: str
    values: frozenset[StatKey]
    others: bool = False
    whole: Narrowing | None = None

    def holds(self, value: Any) -> ColumnElement[bool]:
        """The condition on the column, given as SQL."""
        inside: ColumnElement[bool] = value.in_(sorted(self.values))
        return ~inside if self.others else inside


@dataclass(frozen=True, slots=True)
class Selection:
    """Which units a list shows: those counted by ``windows`` that pass every one of ``where``.

    ``minus`` are the measures that make a stock (``left``, ``left_overdue``). ``days`` keeps only
    durations from the first to the second number of working days; None for no end.
    """

    windows: Sequence[WindowLike]
    minus: frozenset[Measure] = frozenset()
    where: Sequence[Narrowing] = ()
    days: tuple[int, int | None] | None = None


@dataclass(frozen=True, slots=True)
class BehindRow:
    """One unit behind a figure: no contact, no text.

    ``day`` is the day on which it counts, ``days`` the working days it took, where the figure is a duration.
    """

    case_id: int
    reference: str
    day: date
    kind: FeedbackKind
    status: CaseStatus
    visible: bool
    item_id: int | None
    department_id: int | None
    submitted_day: date
    due_day: date | None
    days: int | None = None


def stat_totals(
    windows: Iterable[WindowLike],
    column: str | None = None,
    *,
    where: Sequence[Narrowing] = (),
    groups: Mapping[StatKey, str] | None = None,
    whole: str | None = None,
) -> dict[StatKey, Totals]:
    """What the counters add up to over each measure's days, per value of ``column``; values with nothing are left out.

    ``groups`` name what the column's values belong to: then the key is that name, '' for all others; ``whole`` says
    that they are the chapters or areas by which items are summed up.
    """

    windows = tuple(windows)
    if (column, groups, whole) == ("item_id", None, None) and not where and _are_listed(windows):
        return added_up_by_item(windows)

    def named(key: StatKey, _month: int) -> StatKey:
        return key if groups is None else groups.get(key, "")

    return added_up(windows, By(column, whole), where, named)


def _are_listed(windows: Sequence[WindowLike]) -> bool:
    return all(window.measures <= LISTED for window in windows)


def stat_sums(
    windows: Iterable[WindowLike], column: str | None = None, *, where: Sequence[Narrowing] = ()
) -> list[Count]:
    """The same one by one: per value of ``column``, per measure and per bucket."""
    totals = stat_totals(windows, column, where=where)
    return [count for key, one in totals.items() for count in one.counts(key)]


def stat_months(
    measures: Iterable[Measure], since: date, until: date, *, where: Sequence[Narrowing] = ()
) -> dict[tuple[Measure, date], int]:
    """The counters of some days summed by measure and calendar month (its first day)."""
    window = Span(frozenset(measures), since, until)
    totals = added_up([window], By(), where, lambda _key, month: month, by_month=True)
    found: Counter[tuple[Measure, date]] = Counter()
    for month, one in totals.items():
        for count in one.counts(month):
            found[count.measure, date(month // 12, month % 12 + 1, 1)] += count.n
    return {place: n for place, n in found.items() if n}


def counted_since() -> date | None:
    """The first day on which a case was received; None before the first."""
    return db.session.scalar(select(func.min(CaseStat.day)).where(CaseStat.measure == Measure.RECEIVED.value))


def count_behind(selection: Selection) -> int:
    """How many units the list has: the figure."""
    units = units_of(selection)
    return db.session.scalar(select(func.count()).select_from(units)) or 0


def cases_behind(selection: Selection, cursor: str | None = None, size: int = PAGE) -> Page[BehindRow]:
    """The units behind a figure, newest first."""
    units = units_of(selection)
    newest = (units.c.day.desc(), units.c.case_id.desc(), units.c.part.desc())
    query = select(units, Case).join(Case, Case.id == units.c.case_id).order_by(*newest).limit(size + 1)
    after = decode_cursor(cursor, 3)
    if after is not None:
        day, case_id, part = _key_of(after)
        query = query.where(
            or_(
                units.c.day < day,
                and_(units.c.day == day, units.c.case_id < case_id),
                and_(units.c.day == day, units.c.case_id == case_id, units.c.part < part),
            )
        )
    rows = db.session.execute(query).all()
    last = rows[size - 1] if len(rows) > size else None
    return Page(
        tuple(_behind(row.Case, row.day, row.department_id, row.days) for row in rows[:size]),
        encode_cursor(last.day.isoformat(), last.case_id, last.part) if last else None,
    )


def _key_of(after: tuple[Any, ...]) -> tuple[date, int, int]:
    try:
        return date.fromisoformat(str(after[0])), int(after[1]), int(after[2])
    except (TypeError, ValueError) as error:
        raise Invalid(N_("This page of the list can't be opened. Go back to its beginning.")) from error


def _behind(case: Case, day: date, department_id: int | None, days: int | None) -> BehindRow:
    return BehindRow(
        case_id=case.id,
        reference=case.reference,
        day=day,
        kind=FeedbackKind(case.kind),
        status=CaseStatus(case.status),
        visible=case.visible,
        item_id=case.item_id,
        department_id=department_id,
        submitted_day=case.submitted_day,
        due_day=case.due_day,
        days=days,
    )


def units_of(selection: Selection) -> Any:
    """All counted units as a subquery of (case_id, part, day, department_id, days)."""
    stock = _stock(selection)
    parts = [stock] if stock is not None else list(_flows(selection))
    return union_all(*parts).subquery()


def _stock(selection: Selection) -> Select[Any] | None:
    """What is open or overdue at the end: came by then, and had not left."""
    if not selection.minus:
        return None
    until = {measure: window.until for window in selection.windows for measure in window.measures}
    if Measure.LEFT in selection.minus:
        came: Any = Assignment.since_day
        has_come, left_by = came <= until[Measure.OPENED], until[Measure.LEFT]
    else:
        came, left_by = Assignment.overdue_from, until[Measure.LEFT_OVERDUE]
        already = Assignment.came_overdue.is_(True)
        has_come = or_(
            and_(~already, came <= until[Measure.BECAME_OVERDUE]),
            and_(already, came <= until[Measure.CAME_OVERDUE]),
        )
    still = or_(Assignment.ended_day.is_(None), Assignment.ended_day > left_by)
    query = _lasting(assigned(came).where(has_come, still), None, selection.days)
    return _scoped(query, Assignment.department_id, selection)


def _flows(selection: Selection) -> Iterable[Select[Any]]:
    for window in selection.windows:
        for measure in sorted(window.measures):
            for source, day, department in sources_of(measure):
                query = source if window.since is None else source.where(day >= window.since)
                query = _lasting(query, BUCKET_COLUMNS.get(measure), selection.days)
                yield _scoped(query.where(day <= window.until), department, selection)


def _lasting(query: Select[Any], duration: Any, days: tuple[int, int | None] | None) -> Select[Any]:
    """With how long it took, and only what took as long as asked for."""
    query = query.add_columns((cast(null(), Integer) if duration is None else duration).label("days"))
    if days is None:
        return query
    if duration is None:
        return query.where(false())
    least, most = days
    return query.where(duration >= least, *([] if most is None else [duration <= most]))


def _scoped(query: Select[Any], department: Any, selection: Selection) -> Select[Any]:
    columns = {
        "department_id": func.coalesce(department, NOBODY),
        "item_id": func.coalesce(Case.item_id, NOBODY),
        "street_id": func.coalesce(Case.street_id, NOBODY),
        "kind": Case.kind,
    }
    return query.where(*(one.holds(columns[one.column]) for one in selection.where))
