"""Figures of opinions for a summary, and the opinions behind each: both are one and the same condition on rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from civic.cases.rules import RatingLevel
from civic.core.actor import Actor
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.supervision import policy
from civic.supervision.models import OpinionRound
from civic.supervision.rows import NOBODY_KEY
from civic.supervision.rules import Choice, Period, Scope
from civic.supervision.rules.opinions import (
    LAST_ROUND,
    OpinionFigure,
    OpinionFigures,
    opinion_row,
    summed,
)


@dataclass(frozen=True, slots=True)
class OpinionSummary:
    """All figures of a period: the total, and {department: its own}; those without any are left out."""

    total: OpinionFigures
    by_department: Mapping[int, OpinionFigures]


@dataclass(frozen=True, slots=True)
class FigureChoice:
    """One figure over a period; ``judged_until``: the last day whose deadlines have all passed."""

    figure: OpinionFigure
    period: Period
    judged_until: date
    department_id: int | None = None


def opinion_figures(period: Period, now: datetime, department_id: int | None = None) -> OpinionSummary:
    """The figures of opinions over a period, each department for what it was asked; of one, or of all. One query.

    Open to whoever may read the summary: it holds counts only.
    """
    counted = counts_by_department(period, departments.last_judged_day(now), department_id)
    return OpinionSummary(summed(counted.values()), {key: opinion_row(row) for key, row in counted.items()})


def counts_by_department(
    period: Period, judged_until: date, department_id: int | None = None
) -> dict[int, dict[str, int]]:
    """{department: {figure: n}}, of those in which anything was counted; one query."""
    conditions = _conditions(period, judged_until)
    columns = [func.count().filter(conditions[one]).label(one.value) for one in OpinionFigure]
    query = select(OpinionRound.department_id, *columns).group_by(OpinionRound.department_id)
    if department_id is not None:
        query = query.where(OpinionRound.department_id == department_id)
    rows = (row._mapping for row in db.session.execute(query))
    found = {row["department_id"]: {one.value: row[one.value] for one in OpinionFigure} for row in rows}
    return {key: row for key, row in found.items() if any(row.values())}


@dataclass(frozen=True, slots=True)
class OpinionTable:
    """The figures of a summary's period by department; ``may_open``: the reader may read the lists behind them."""

    period: Period
    rows: tuple[tuple[DepartmentRow, OpinionFigures], ...]
    total: OpinionFigures
    narrowed_to: str
    may_open: bool


def has_opinions(choice: Choice) -> bool:
    """Whether opinions can be told apart as a summary is narrowed: they are to a department, which they always name."""
    return not choice.keys.keys() - {Scope.DEPARTMENT} and choice.keys.get(Scope.DEPARTMENT) != NOBODY_KEY


def opinion_table(actor: Actor, choice: Choice, now: datetime) -> OpinionTable | None:
    """Opinions in a summary; None where it is narrowed to what opinions don't have, or of a period that lies ahead."""
    policy.can_read_summary(actor).require()
    if not has_opinions(choice) or choice.period.begun_by(departments.local_day(now)) is None:
        return None
    places = {row.key: row for row in departments.departments(include_inactive=True)}
    narrowed = places.get(choice.keys.get(Scope.DEPARTMENT, ""))
    found = opinion_figures(choice.period, now, narrowed.id if narrowed else None)
    rows = tuple(
        (row, found.by_department[row.id]) for row in places.values() if row.id in found.by_department
    )
    may_open = bool(policy.can_read_opinions(actor))
    return OpinionTable(choice.period, rows, found.total, narrowed.key if narrowed else "", may_open)


def behind_figure(choice: FigureChoice) -> Select[Any]:
    """The ids of the opinions that a figure counts: as many as the figure says."""
    query = select(OpinionRound.opinion_id).where(
        _conditions(choice.period, choice.judged_until)[choice.figure]
    )
    if choice.department_id is not None:
        query = query.where(OpinionRound.department_id == choice.department_id)
    return query


def _conditions(period: Period, judged_until: date) -> dict[OpinionFigure, ColumnElement[bool]]:
    """Which rounds each figure counts."""
    row = OpinionRound
    first, again = row.number == 1, row.number > 1
    counts = or_(row.withdrawn_day.is_(None), row.withdrawn_day > row.due_day)
    judged = and_(row.due_day.between(period.since, min(period.until, judged_until)), counts)
    met = and_(judged, row.answered_at <= row.due_at)
    ended = func.coalesce(row.answered_day, row.withdrawn_day)
    standing = and_(row.opened_day <= period.until, or_(ended.is_(None), ended > period.until))
    rated = row.rated_day.between(period.since, period.until)
    content = row.rating != RatingLevel.DISSATISFIED.value
    closing = and_(rated, or_(content, row.number >= LAST_ROUND))
    unrated = or_(row.rated_day.is_(None), row.rated_day > period.until)
    return {
        OpinionFigure.GIVEN: and_(first, row.opened_day.between(period.since, period.until)),
        OpinionFigure.DUE: and_(first, judged),
        OpinionFigure.ON_TIME: and_(first, met),
        OpinionFigure.AGAIN_DUE: and_(again, judged),
        OpinionFigure.AGAIN_ON_TIME: and_(again, met),
        OpinionFigure.OPEN: standing,
        OpinionFigure.OVERDUE: and_(standing, row.due_day <= min(period.until, judged_until)),
        OpinionFigure.UNRATED: and_(row.answered_day <= period.until, unrated),
        OpinionFigure.GONE_BACK: and_(rated, not_(content), row.number < LAST_ROUND),
        OpinionFigure.CLOSED_SATISFIED: and_(closing, row.rating == RatingLevel.SATISFIED.value),
        OpinionFigure.CLOSED_BASICALLY: and_(closing, row.rating == RatingLevel.BASICALLY_SATISFIED.value),
        OpinionFigure.CLOSED_DISSATISFIED: and_(closing, not_(content)),
        OpinionFigure.RATED: and_(first, rated),
        OpinionFigure.SATISFIED: and_(first, rated, content),
        OpinionFigure.AGAIN_RATED: and_(again, rated),
        OpinionFigure.AGAIN_SATISFIED: and_(again, rated, content),
    }
