"""Targets of single years (年度目标, the plan's 9.2.1): set one by one or by a sheet; superseded, never edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.errors import N_, Stale
from civic.core.extensions import db
from civic.plans import queries as plans
from civic.plans.rules import TargetKind
from civic.progress.models import AnnualTargetRow
from civic.progress.policy import can_record_observation
from civic.progress.queries.targets import current_targets
from civic.progress.rules.reported import Problem, Sheet
from civic.progress.rules.targets import NewTarget, TargetAsked, check_target, read_target
from civic.progress.services.observing import ChangeKind
from civic.progress.services.refusing import RowsRefused
from civic.web.caching import renew_reference


@dataclass(frozen=True, slots=True)
class TargetChange:
    """One row of a preview. ``old`` is the target (as printed) that it would supersede."""

    row: int
    kind: ChangeKind
    target: NewTarget
    item_id: int
    unit: str
    old: str = ""
    old_id: int | None = None


def set_annual_target(actor: Actor, plan_slug: str, target: NewTarget, now: datetime) -> int:
    """Publish the target of one year and return its id; one that is set already is superseded.

    Raises :class:`~civic.core.errors.NotAllowed`, :class:`RowsRefused` with the one problem.
    """
    can_record_observation(actor).require()
    return _apply(actor, _changes(plan_slug, [(1, target)])[0], now)


def preview_targets(plan_slug: str, sheet: Sheet) -> tuple[TargetChange, ...]:
    """What importing a sheet would do; raises :class:`RowsRefused` with every row that doesn't fit."""
    unreadable = {problem.row for problem in sheet.problems}
    read = [(n, read_target(n, cells)) for n, cells in sheet.rows if n not in unreadable]
    problems = [*sheet.problems, *(one for _, one in read if isinstance(one, Problem))]
    return _changes(plan_slug, [(n, one) for n, one in read if isinstance(one, NewTarget)], problems)


def import_targets(actor: Actor, plan_slug: str, sheet: Sheet, now: datetime) -> tuple[TargetChange, ...]:
    """Publish a whole sheet, or nothing of it; returns what was done. Raises as :func:`preview_targets`."""
    can_record_observation(actor).require()
    changes = preview_targets(plan_slug, sheet)
    for change in changes:
        _apply(actor, change, now)
    return changes


def _changes(
    plan_slug: str, numbered: Sequence[tuple[int, NewTarget]], problems: Sequence[Problem] = ()
) -> tuple[TargetChange, ...]:
    asked = {
        row.ref.code: TargetAsked(
            row.ref.id, row.unit, TargetKind(row.target_kind), row.baseline_year, row.target_year
        )
        for row in plans.indicators(plans.plan_by_slug(plan_slug).slug)
    }
    found = list(problems)
    first: dict[tuple[str, int], int] = {}
    for number, one in numbered:
        problem = check_target(number, one, asked.get(one.indicator))
        key = (one.indicator, one.year)
        if problem is None and key in first:
            text = N_("Row %(first)s already gives this indicator a target for %(year)s")
            problem = Problem(number, text, {"first": str(first[key]), "year": str(one.year)})
        first.setdefault(key, number)
        if problem is not None:
            found.append(problem)
    if found:
        raise RowsRefused(found)
    ids = {asked[one.indicator].item_id for _, one in numbered}
    known = {(row.item_id, row.year): row for row in current_targets(ids)}
    return tuple(_change(n, one, asked[one.indicator], known) for n, one in numbered)


def _change(
    number: int, one: NewTarget, asked: TargetAsked, known: Mapping[tuple[int, int], AnnualTargetRow]
) -> TargetChange:
    old = known.get((asked.item_id, one.year))
    if old is None:
        return TargetChange(number, ChangeKind.ADD, one, asked.item_id, asked.unit)
    same = all(getattr(old, name) == value for name, value in _cells(one).items())
    kind = ChangeKind.KEEP if same else ChangeKind.CORRECT
    return TargetChange(number, kind, one, asked.item_id, asked.unit, old.printed, old.id)


def _cells(one: NewTarget) -> dict[str, object]:
    return {
        "printed": one.printed,
        "as_rate": one.as_rate,
        "source_title": one.document_title,
        "source_number": one.document_number,
        "source_link": one.link,
        "set_on": one.set_on,
        "note": one.note,
    }


def _apply(actor: Actor, change: TargetChange, now: datetime) -> int:
    if change.kind is ChangeKind.KEEP and change.old_id is not None:
        return change.old_id
    row = AnnualTargetRow(
        item_id=change.item_id, year=change.target.year, recorded_at=now, recorded_by=actor.account_id,
        supersedes_id=change.old_id, **_cells(change.target),
    )  # fmt: skip
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise Stale(N_("Someone else has just set a target for that year. Look at it first.")) from None
    record(actor, f"annual_target.{change.kind.value}", "annual_target", row.id, now, item_id=change.item_id)
    renew_reference()
    return row.id
