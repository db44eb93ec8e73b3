"""Changes of a scope, newest first: moves of its items, and answers to public voices about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from civic.cases import queries as cases
from civic.cases.queries import AnswerRow
from civic.core.errors import N_, NotFound
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.plans import queries as plans
from civic.plans.queries import ItemRef, PlanDocument
from civic.progress import queries as progress
from civic.progress.queries import Move

NEWEST = 50
"""How many changes a feed carries."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is followed: an item with everything under it, a department with all it leads, or, with neither, all."""

    item: ItemRef | None = None
    department: DepartmentRow | None = None


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Change:
    """One public change: a move of progress, or an answer. ``key`` names it for good (``update/12``)."""

    key: str
    at: datetime
    item: ItemRef | None
    department: DepartmentRow | None
    move: Move | None = None
    answer: AnswerRow | None = None


def item_scope(plan_slug: str, code: str) -> Scope:
    """An item of a published plan; raises :class:`~civic.core.errors.NotFound`."""
    return Scope(item=plans.document(plan_slug).item(code))


def department_scope(key: str) -> Scope:
    """A department by its key; raises :class:`~civic.core.errors.NotFound`."""
    found = next((row for row in departments.departments(include_inactive=True) if row.key == key), None)
    if found is None:
        raise NotFound(N_("There is no such department."))
    return Scope(department=found)


def scope_of(item_id: int | None, department_id: int | None) -> Scope | None:
    """The scope behind a stored subscription; None if it is no longer public."""
    if department_id is not None:
        standing = departments.heirs().get(department_id, department_id)
        return Scope(department=departments.department_names([standing]).get(standing))
    for document in plans.documents():
        if item_id in document.by_id:
            return Scope(item=document.by_id[item_id])
    return None


def led_items(department_id: int, *, running: bool = False) -> tuple[tuple[PlanDocument, ItemRef], ...]:
    """Everything a department leads in published plans, in order (``running``: without finished plans)."""
    return tuple(
        (document, ref)
        for document in plans.documents()
        if not running or document.plan.status == "published"
        for ref in document.items
        if (duty := document.lead(ref)) is not None and duty.department_id == department_id
    )


def changes(
    scope: Scope,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = NEWEST,
    with_answers: bool = True,
) -> tuple[Change, ...]:
    """Public changes of a scope after ``since`` and up to ``until``, newest first; four queries."""
    ids = _item_ids(scope)
    moved = progress.moves(ids, since=since, until=until, limit=limit)
    answered: tuple[AnswerRow, ...] = ()
    if with_answers and scope.department is not None:
        answered = cases.answers(department_id=scope.department.id, since=since, until=until, limit=limit)
    elif with_answers:
        answered = cases.answers(ids, since=since, until=until, limit=limit)
    refs = {ref.id: ref for document in plans.documents() for ref in document.items}
    leads = {
        item_id: duty.department_id
        for document in plans.documents()
        for item_id, duties in document.responsibilities.items()
        for duty in duties
        if duty.role == "lead"
    }
    units = {row.ref.id: row.unit for document in plans.documents() for row in document.indicators}
    names = {row.id: row for row in departments.departments(include_inactive=True)}
    found = [
        Change(
            f"{move.kind}/{move.id}", move.at, refs[move.item_id],
            names.get(move.department_id or leads.get(move.item_id, 0)),
            move=replace(move, unit=move.unit or units.get(move.item_id, "")),
        )
        for move in moved
        if move.item_id in refs
    ]  # fmt: skip
    found += [
        Change(
            f"answer/{row.reply_id}", row.at, refs.get(row.item_id or 0), names.get(row.department_id),
            answer=row,
        )
        for row in answered
    ]  # fmt: skip
    found.sort(key=lambda one: (one.at, one.key), reverse=True)
    return tuple(found[:limit])


def _item_ids(scope: Scope) -> tuple[int, ...] | None:
    if scope.item is not None:
        return tuple(ref.id for ref in plans.document(scope.item.plan_slug).below(scope.item))
    if scope.department is not None:
        return tuple(ref.id for _, ref in led_items(scope.department.id))
    return None
