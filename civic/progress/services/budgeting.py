"""Publishing money of projects (the plan's 9.2.3); an amount is superseded, never edited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.errors import N_, Stale
from civic.core.extensions import db
from civic.departments.queries import local_day
from civic.plans import queries as plans
from civic.progress.models import BudgetRow
from civic.progress.policy import can_record_budget
from civic.progress.queries.budgets import current_amounts
from civic.progress.rules.targets import NewBudget, check_budget
from civic.progress.services.refusing import RowsRefused
from civic.web.caching import renew_reference


def record_budget(actor: Actor, plan_slug: str, one: NewBudget, now: datetime) -> int:
    """Publish one amount and return its id; an amount of the same year and kind is superseded.

    Raises :class:`~civic.core.errors.NotAllowed`, :class:`RowsRefused` with the one problem.
    """
    can_record_budget(actor).require()
    plan = plans.plan_by_slug(plan_slug)
    ids = {row.ref.code: row.ref.id for row in plans.projects(plan_slug)}
    item_id = ids.get(one.project)
    problem = check_budget(one, item_id, local_day(now).year, plan.first_year, plan.last_year)
    if problem is not None or item_id is None:
        raise RowsRefused([problem] if problem else [])
    known = {(row.year, row.kind): row for row in current_amounts([item_id])}
    old = known.get((one.year, one.kind.value))
    cells = {
        "amount": f"{one.amount:f}",
        "source_title": one.source_title,
        "source_link": one.source_link,
        "source_document": one.source_document,
        "source_date": one.source_date,
        "note": one.note,
    }
    if old is not None and all(getattr(old, name) == value for name, value in cells.items()):
        return old.id
    row = BudgetRow(
        item_id=item_id, year=one.year, kind=one.kind.value, recorded_at=now, recorded_by=actor.account_id,
        supersedes_id=old.id if old else None, **cells,
    )  # fmt: skip
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise Stale(
            N_("Someone else has just published an amount for that year. Look at it first.")
        ) from None
    record(actor, "budget.record", "budget", row.id, now, item_id=item_id)
    renew_reference()
    return row.id
