"""The finished plan before: its indicators stand in a table of its successor, with real results."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from civic.core.actor import Actor
from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import Plan
from civic.plans.rules import ParsedPlan, ParsedTable, PlanStatus
from civic.plans.services.diffs import Diff
from civic.plans.services.gate import Approval, Gate
from civic.plans.services.importing import PlanSpec, note_import, report_of
from civic.plans.services.indicators import save_indicators


def import_finished_plan(
    actor: Actor,
    spec: PlanSpec,
    successor: ParsedPlan,
    now: datetime,
    *,
    approval: Approval | None = None,
) -> Diff:
    """Write the plan whose results are printed in table ``spec.table`` of its successor.

    It has no text of its own here, only that table. Raises :class:`Invalid` if there is none, or if
    printed figures that are published change without an ``approval``.
    """
    table = next((t for t in successor.tables if t.number == spec.table), None)
    if table is None:
        raise Invalid(N_("The document has no table %(number)s."), number=spec.table or 0)
    plan = db.session.scalar(select(Plan).where(Plan.slug == spec.slug))
    if plan is None:
        plan = Plan(slug=spec.slug, status=PlanStatus.DRAFT.value)
        db.session.add(plan)
    plan.title, plan.title_hant = table.title, traditional(table.title)
    plan.short_name, plan.short_name_hant = spec.short_name, traditional(spec.short_name)
    plan.short_name_en = spec.short_name_en
    plan.first_year, plan.last_year = spec.first_year, spec.last_year
    plan.document_number = successor.metadata.document_number
    plan.issued_on, plan.issued_by = successor.metadata.issued_on, successor.metadata.issued_by
    db.session.flush()
    diff = Diff()
    gate = Gate(actor, plan, now, approval)
    save_indicators(gate, table, spec.hints, diff)
    gate.close()
    note_import(gate, diff, _report(successor, table, spec))
    return diff


def _report(successor: ParsedPlan, table: ParsedTable, spec: PlanSpec) -> dict[str, Any]:
    """The successor's report, as far as it is about this table: its characters stand in the other plan."""
    warnings = tuple(odd for odd in successor.warnings if odd[0] in table.lines)
    return {
        **report_of(successor, warnings, spec),
        "characters": {"in": 0, "placed": 0},
        "unplaced": [],
        "errata": [],
    }
