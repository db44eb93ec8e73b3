"""The finished plan before: its indicators stand in a table of its successor, with real results."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.errors import N_, Invalid
from civic.core.events import publish
from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import Plan
from civic.plans.rules import ParsedPlan, PlanStatus
from civic.plans.services.importing import Diff, PlanImported, PlanSpec
from civic.plans.services.indicators import save_indicators
from civic.plans.services.revisions import new_revision


def import_finished_plan(actor: Actor, spec: PlanSpec, successor: ParsedPlan, now: datetime) -> Diff:
    """Write the plan whose results are printed in table ``spec.table`` of its successor.

    It has no text of its own here, only that table. Raises :class:`Invalid` if there is none.
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
    plan.report = {"characters": {"in": 0, "placed": 0}, "unplaced": [], "warnings": [], "errata": []}
    db.session.flush()
    diff = Diff()
    save_indicators(plan.id, table, spec.hints, diff)
    if diff:
        record(actor, "plan.import", "plan", plan.id, now, changed=len(diff.changed))
    new_revision(plan.id)
    publish(PlanImported(plan.id, plan.slug))
    return diff
