"""A plan is a draft until it's published; from then on its text changes only with an adjustment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.plans.models import Plan
from civic.plans.rules import PlanStatus
from civic.web.caching import renew_reference


def publish_plan(actor: Actor, slug: str, now: datetime, *, finished: bool = False) -> None:
    """Show a plan to the public, as running or as finished. Publishing twice changes nothing."""
    plan = db.session.scalar(select(Plan).where(Plan.slug == slug))
    if plan is None:
        raise NotFound(N_("There is no plan %(slug)s."), slug=slug)
    status = PlanStatus.FINISHED if finished else PlanStatus.PUBLISHED
    if plan.status == status.value:
        return
    plan.status, plan.published_at = status.value, plan.published_at or now
    renew_reference()
    record(actor, "plan.publish", "plan", plan.id, now, status=status.value)
