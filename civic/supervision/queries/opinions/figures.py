"""Figures of opinions for a summary, and the opinions behind each: both are one and the same condition on rounds.

A deadline is judged in the period in which it falls, answered or not, so that a backlog can't hide; what was
withdrawn before its deadline isn't judged. A second round is counted apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from civic.cases.rules import RatingLevel
from civic.core.actor import Actor
from civic.core.errors import N_
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.supervision import policy
from civic.supervision.models import OpinionRound
from civic.supervision.rules import Choice, Period, Rate, Scope


class OpinionFigure(StrEnum):
    """What is counted; each opens its list."""

    GIVEN = "given"
    DUE = "due"
    ON_TIME = "on_time"
    AGAIN_DUE = "again_due"
    AGAIN_ON_TIME = "again_on_time"
    OPEN = "open"
    OVERDUE = "overdue"
    RATED = "rated"
    SATISFIED = "satisfied"
    AGAIN_RATED = "again_rated"
    AGAIN_SATISFIED = "again_satisfied"


OPINION_FIGURES: Mapping[OpinionFigure, tuple[str, str]] = {
    OpinionFigure.GIVEN: (N_("Opinions given"), N_("Opinions sent to the department in the period.")),
    OpinionFigure.DUE: (
        N_("Answer due"),
        N_("Opinions whose deadline falls in the period, answered or not, so that a backlog can’t hide. "
           "Not counted: withdrawn before the deadline."),
    ),
    OpinionFigure.ON_TIME: (
        N_("Answered on time"),
        N_("Of the opinions whose deadline falls in the period, those answered by it."),
    ),
    OpinionFigure.AGAIN_DUE: (
        N_("Second answer due"),
        N_("Opinions sent back to the department whose new deadline falls in the period."),
    ),
    OpinionFigure.AGAIN_ON_TIME: (
        N_("Second answer on time"),
        N_("Of the opinions sent back whose new deadline falls in the period, those answered again by it."),
    ),
    OpinionFigure.OPEN: (
        N_("Open"), N_("Opinions that the department still has to answer at the end of the period.")
    ),
    OpinionFigure.OVERDUE: (
        N_("Overdue"), N_("Open opinions past their deadline at the end of the period.")
    ),
    OpinionFigure.RATED: (
        N_("First answer rated"),
        N_("First answers that the deputy rated in the period. Dissatisfied sends the opinion back."),
    ),
    OpinionFigure.SATISFIED: (
        N_("Satisfied with the first answer"),
        N_("Of the first answers rated in the period, those rated satisfied or basically satisfied."),
    ),
    OpinionFigure.AGAIN_RATED: (
        N_("Second answer rated"), N_("Second answers that the deputy rated in the period.")
    ),
    OpinionFigure.AGAIN_SATISFIED: (
        N_("Satisfied with the second answer"),
        N_("Of the second answers rated in the period, those rated satisfied or basically satisfied."),
    ),
}  # fmt: skip
"""Name and definition of each (msgids)."""


@dataclass(frozen=True, slots=True)
class OpinionFigures:
    """The figures of one department, or of all. ``open`` and ``overdue`` are stocks at the period's end."""

    given: int
    answered: Rate
    again: Rate
    open: int
    overdue: int
    satisfied: Rate
    satisfied_again: Rate


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
    judged = departments.last_judged_day(now)
    columns = [
        func.count().filter(_condition(FigureChoice(one, period, judged))).label(one.value)
        for one in OpinionFigure
    ]
    query = select(OpinionRound.department_id, *columns).group_by(OpinionRound.department_id)
    if department_id is not None:
        query = query.where(OpinionRound.department_id == department_id)
    counted = {row.department_id: dict(row._mapping) for row in db.session.execute(query)}
    total = {one.value: sum(row[one.value] for row in counted.values()) for one in OpinionFigure}
    return OpinionSummary(
        _figures(total),
        {key: _figures(row) for key, row in counted.items() if any(row[one.value] for one in OpinionFigure)},
    )


@dataclass(frozen=True, slots=True)
class OpinionTable:
    """The figures of a summary's period by department; ``may_open``: the reader may read the lists behind them."""

    period: Period
    rows: tuple[tuple[DepartmentRow, OpinionFigures], ...]
    total: OpinionFigures
    narrowed_to: str
    may_open: bool


def opinion_table(actor: Actor, choice: Choice, now: datetime) -> OpinionTable | None:
    """Opinions in a summary; None where nothing was counted, or where it is narrowed to what opinions don't have."""
    policy.can_read_summary(actor).require()
    keys = choice.keys
    if keys.keys() - {Scope.DEPARTMENT}:
        return None
    places = {row.key: row for row in departments.departments(include_inactive=True)}
    narrowed = places.get(keys.get(Scope.DEPARTMENT, ""))
    if keys and narrowed is None:
        return None
    found = opinion_figures(choice.period, now, narrowed.id if narrowed else None)
    rows = tuple(
        (row, found.by_department[row.id]) for row in places.values() if row.id in found.by_department
    )
    if not rows:
        return None
    may_open = bool(policy.can_read_opinions(actor))
    return OpinionTable(choice.period, rows, found.total, narrowed.key if narrowed else "", may_open)


def behind_figure(choice: FigureChoice) -> Select[Any]:
    """The ids of the opinions that a figure counts: as many as the figure says."""
    query = select(OpinionRound.opinion_id).where(_condition(choice))
    if choice.department_id is not None:
        query = query.where(OpinionRound.department_id == choice.department_id)
    return query


def _figures(n: Mapping[str, int]) -> OpinionFigures:
    return OpinionFigures(
        n["given"], Rate(n["on_time"], n["due"]), Rate(n["again_on_time"], n["again_due"]),
        n["open"], n["overdue"], Rate(n["satisfied"], n["rated"]),
        Rate(n["again_satisfied"], n["again_rated"]),
    )  # fmt: skip


def _condition(choice: FigureChoice) -> ColumnElement[bool]:
    """Which rounds a figure counts."""
    row, period = OpinionRound, choice.period
    first, again = row.number == 1, row.number > 1
    counts = or_(row.withdrawn_day.is_(None), row.withdrawn_day > row.due_day)
    judged = and_(row.due_day.between(period.since, min(period.until, choice.judged_until)), counts)
    met = and_(judged, row.answered_at <= row.due_at)
    ended = func.coalesce(row.answered_day, row.withdrawn_day)
    standing = and_(row.opened_day <= period.until, or_(ended.is_(None), ended > period.until))
    rated = row.rated_day.between(period.since, period.until)
    content = row.rating != RatingLevel.DISSATISFIED.value
    return {
        OpinionFigure.GIVEN: and_(first, row.opened_day.between(period.since, period.until)),
        OpinionFigure.DUE: and_(first, judged),
        OpinionFigure.ON_TIME: and_(first, met),
        OpinionFigure.AGAIN_DUE: and_(again, judged),
        OpinionFigure.AGAIN_ON_TIME: and_(again, met),
        OpinionFigure.OPEN: standing,
        OpinionFigure.OVERDUE: and_(standing, row.due_day <= min(period.until, choice.judged_until)),
        OpinionFigure.RATED: and_(first, rated),
        OpinionFigure.SATISFIED: and_(first, rated, content),
        OpinionFigure.AGAIN_RATED: and_(again, rated),
        OpinionFigure.AGAIN_SATISFIED: and_(again, rated, content),
    }[choice.figure]
