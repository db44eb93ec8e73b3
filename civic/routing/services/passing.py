"""Rules pass with a department that is merged or split; each keeps its history."""

from __future__ import annotations

from sqlalchemy import select

from civic.core import dated
from civic.core.actor import SYSTEM
from civic.core.extensions import db
from civic.departments.rules import Handover, Holding
from civic.departments.services import dating
from civic.routing.models import RoutingRule
from civic.routing.services.editing import RULE


def rule_holdings(department_id: int) -> tuple[Holding, ...]:
    """The rules that send cases to a department, in the order of the table."""
    rows = db.session.execute(
        select(RoutingRule.code, RoutingRule.name, RoutingRule.name_hant)
        .where(RoutingRule.department_id == department_id, RoutingRule.active)
        .order_by(RoutingRule.position, RoutingRule.id)
    )
    return tuple(
        Holding(f"rule:{row.code}", f"{row.code} {row.name}", f"{row.code} {row.name_hant}") for row in rows
    )


def move_rules(handover: Handover) -> None:
    """The rules of the former department send cases to the other one."""
    rows = db.session.scalars(
        select(RoutingRule).where(RoutingRule.department_id == handover.source_id).order_by(RoutingRule.id)
    ).all()
    for row in rows:
        if handover.takes(f"rule:{row.code}"):
            values = {"department_id": handover.target_id}
            dated.change(SYSTEM, RULE, row.id, values, dating(handover), handover.at, handover.on)
