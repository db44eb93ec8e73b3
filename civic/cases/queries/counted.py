"""Which rows a measure counts: one per unit, drawn from the projections whose columns follow from the same facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, literal, select

from civic.cases.models import Assignment, Case, CaseJudgement, CaseRound, LoneSignature
from civic.cases.rules import CaseStatus, Measure, RatingLevel, RoundKind

Source = tuple[Select[Any], Any, Any]
"""A query of (case_id, part, day, department_id), the day on which its units count, and whose they are."""


def sources_of(measure: Measure) -> tuple[Source, ...]:
    """Where the units of a measure come from."""
    return _SOURCES[measure]()


def assigned(day: Any) -> Select[Any]:
    """One unit per time of a department with a case."""
    return _select(Assignment.case_id, Assignment.number, day, Assignment.department_id).join(
        Case, Case.id == Assignment.case_id
    )


def _select(case_id: Any, part: Any, day: Any, department: Any) -> Select[Any]:
    return select(
        case_id.label("case_id"),
        part.label("part"),
        day.label("day"),
        department.label("department_id"),
    )


def _of_case(day: Any, *conditions: Any) -> Source:
    query = _select(Case.id, literal(0), day, Case.department_id)
    return query.where(day.is_not(None), *conditions), day, Case.department_id


def _assigned(day: Any, *conditions: Any) -> Source:
    return assigned(day).where(day.is_not(None), *conditions), day, Assignment.department_id


def _rounds(day: Any, *conditions: Any, department: Any = None) -> Source:
    whose = CaseRound.department_id if department is None else department
    query = _select(CaseRound.case_id, CaseRound.number, day, whose).join(Case, Case.id == CaseRound.case_id)
    return query.where(day.is_not(None), *conditions), day, whose


_FIRST = CaseRound.kind != RoundKind.REOPENED.value
_AGAIN = CaseRound.kind == RoundKind.REOPENED.value

_SOURCES: dict[Measure, Callable[[], tuple[Source, ...]]] = {
    Measure.RECEIVED: lambda: (_of_case(Case.submitted_day),),
    Measure.PUBLIC: lambda: (_of_case(Case.published_day, Case.visible.is_(True)),),
    Measure.OPENED: lambda: (_assigned(Assignment.since_day),),
    Measure.LEFT: lambda: (_assigned(Assignment.ended_day),),
    Measure.ACCEPT_DUE: lambda: (_assigned(Assignment.accept_due_day, Assignment.accept_counts.is_(True)),),
    Measure.ACCEPT_ON_TIME: lambda: (
        _assigned(Assignment.accept_due_day, Assignment.accept_on_time.is_(True)),
    ),
    Measure.ACCEPT_DAYS: lambda: (_assigned(Assignment.accepted_day),),
    Measure.REPLY_DUE: lambda: (_rounds(CaseRound.due_day, _FIRST, CaseRound.counts.is_(True)),),
    Measure.REPLY_ON_TIME: lambda: (_rounds(CaseRound.due_day, _FIRST, CaseRound.on_time.is_(True)),),
    Measure.REPLY_DAYS: lambda: (_rounds(CaseRound.replied_day, _FIRST),),
    Measure.AGAIN_DUE: lambda: (_rounds(CaseRound.due_day, _AGAIN, CaseRound.counts.is_(True)),),
    Measure.AGAIN_ON_TIME: lambda: (_rounds(CaseRound.due_day, _AGAIN, CaseRound.on_time.is_(True)),),
    Measure.AGAIN_DAYS: lambda: (_rounds(CaseRound.replied_day, _AGAIN),),
    Measure.OWN_DUE: lambda: (_assigned(Assignment.own_due_day, Assignment.own_counts.is_(True)),),
    Measure.OWN_ON_TIME: lambda: (_assigned(Assignment.own_due_day, Assignment.own_on_time.is_(True)),),
    Measure.HELD_DAYS: lambda: (
        _assigned(
            Assignment.ended_day, Assignment.department_id.is_not(None), Assignment.held_days.is_not(None)
        ),
    ),
    Measure.BECAME_OVERDUE: lambda: (_assigned(Assignment.overdue_from, Assignment.came_overdue.is_(False)),),
    Measure.CAME_OVERDUE: lambda: (_assigned(Assignment.overdue_from, Assignment.came_overdue.is_(True)),),
    Measure.LEFT_OVERDUE: lambda: (_assigned(Assignment.ended_day, Assignment.overdue_from.is_not(None)),),
    Measure.SOLVED: lambda: (_of_case(Case.ended_day, Case.solved.is_(True)),),
    Measure.NOT_SOLVED: lambda: (_of_case(Case.ended_day, Case.solved.is_(False)),),
    Measure.RATED_SATISFIED: lambda: _rated(RatingLevel.SATISFIED),
    Measure.RATED_BASICALLY: lambda: _rated(RatingLevel.BASICALLY_SATISFIED),
    Measure.RATED_DISSATISFIED: lambda: _rated(RatingLevel.DISSATISFIED),
    Measure.REOPENED: lambda: (_rounds(CaseRound.opened_day, _AGAIN, department=CaseRound.reopened_from),),
    Measure.RETURNED: lambda: (_assigned(Assignment.returned_day),),
    Measure.EXTENDED: lambda: (_assigned(Assignment.extended_day),),
    Measure.ESCALATED: lambda: (_of_case(Case.escalated_day),),
    Measure.DECLINED: lambda: (_of_case(Case.ended_day, Case.status == CaseStatus.DECLINED.value),),
    Measure.WITHDRAWN: lambda: (_of_case(Case.ended_day, Case.status == CaseStatus.WITHDRAWN.value),),
    Measure.MERGED: lambda: (_of_case(Case.ended_day, Case.status == CaseStatus.MERGED.value),),
    Measure.SINGLE_SIGNATURE: lambda: (_signed_alone(),),
}

BUCKET_COLUMNS: dict[Measure, Any] = {
    Measure.ACCEPT_DAYS: Assignment.accept_days,
    Measure.REPLY_DAYS: CaseRound.days,
    Measure.AGAIN_DAYS: CaseRound.days,
    Measure.HELD_DAYS: Assignment.held_days,
}
"""The bucket of a measure that is a duration."""


def _signed_alone() -> Source:
    day, whose = LoneSignature.day, LoneSignature.department_id
    query = _select(LoneSignature.case_id, LoneSignature.number, day, whose)
    return query.join(Case, Case.id == LoneSignature.case_id), day, whose


def _rated(level: RatingLevel) -> tuple[Source, ...]:
    """Answers judged by whom they were given to, and by writers of messages that were merged into the case."""
    day, whose = CaseJudgement.day, CaseJudgement.department_id
    # Numbered downwards, so that no unit of a case has the place of another one.
    query = _select(CaseJudgement.case_id, -CaseJudgement.number, day, whose)
    shared = query.join(Case, Case.id == CaseJudgement.case_id).where(CaseJudgement.level == level.value)
    return _rounds(CaseRound.rated_day, CaseRound.rating == level.value), (shared, day, whose)
