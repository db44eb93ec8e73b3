"""Parts that supporting departments owe: which place they give a case in a list, and what stands in its row."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, case, exists, func, literal, select, type_coerce

from civic.cases.models import Case, Support
from civic.cases.queries.rows import OwnPart
from civic.cases.rules import AT_DEPARTMENT
from civic.core.db import UtcDateTime
from civic.core.extensions import db

NO_DAY = datetime(9999, 1, 1, tzinfo=UTC)
GIVEN = datetime(9999, 12, 31, tzinfo=UTC)
"""Where a part without a day stands among those with one, and where one that was given does."""


def part_place(own: Collection[int]) -> ColumnElement[datetime]:
    """When the first part is due that a case asks of these departments: what orders the list of supported cases."""
    due = func.coalesce(Support.due_at, literal(NO_DAY, UtcDateTime()))
    place = func.min(case((Support.contributed, literal(GIVEN, UtcDateTime())), else_=due))
    asked = select(place).where(Support.case_id == Case.id, Support.department_id.in_(own))
    return type_coerce(asked.correlate(Case).scalar_subquery(), UtcDateTime())


def own_or_part_place(own: Collection[int]) -> ColumnElement[datetime]:
    """When what these departments owe is due, to their own cases or as a part to those of others."""
    place = case((Case.department_id.in_(own), Case.urgent_at), else_=part_place(own))
    return type_coerce(place, UtcDateTime())


def owes_part(own: Collection[int]) -> ColumnElement[bool]:
    """Whether one of these departments is asked for a part of a case and hasn't given it."""
    return exists().where(
        Support.case_id == Case.id, Support.department_id.in_(own), Support.contributed.is_(False)
    )


def parts_due(own: Collection[int], until: datetime) -> tuple[tuple[int, datetime], ...]:
    """The parts that these departments owe by then: each with its case."""
    if not own:
        return ()
    rows = db.session.execute(
        select(Support.case_id, Support.due_at)
        .join(Case, Case.id == Support.case_id)
        .where(
            Support.department_id.in_(own),
            Support.contributed.is_(False),
            Support.due_at <= until,
            Case.status.in_([status.value for status in AT_DEPARTMENT]),
        )
        .order_by(Support.case_id)
    )
    return tuple((row.case_id, row.due_at) for row in rows)


def own_parts(
    case_ids: Iterable[int], own: Collection[int], soon: tuple[datetime, datetime]
) -> dict[int, OwnPart]:
    """By case, the most urgent part that it asks of these departments; ``soon`` is from when until when one is."""
    asked = select(Support).where(Support.case_id.in_(list(case_ids)), Support.department_id.in_(own))
    rows = sorted(db.session.scalars(asked), key=_place, reverse=True)
    return {
        row.case_id: OwnPart(
            due_at=row.due_at,
            is_given=row.contributed,
            is_due_soon=not row.contributed and row.due_at is not None and soon[0] <= row.due_at <= soon[1],
        )
        for row in rows
    }


def _place(row: Support) -> tuple[datetime, int]:
    return (GIVEN if row.contributed else row.due_at or NO_DAY), row.department_id
