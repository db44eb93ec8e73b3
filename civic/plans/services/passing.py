"""Responsibilities pass with a department that is merged or split; each item keeps its history."""

from __future__ import annotations

from sqlalchemy import select

from civic.core import dated
from civic.core.actor import SYSTEM
from civic.core.errors import N_
from civic.core.extensions import db
from civic.departments.rules import Handover, Holding
from civic.departments.services import dating
from civic.plans.models import Item, Plan, Responsibility
from civic.plans.services.editing import RESPONSIBLE, responsible_values


def item_holdings(department_id: int) -> tuple[Holding, ...]:
    """The items that a department leads or supports, in the order of the plans."""
    rows = db.session.execute(
        select(Item.id, Item.code, Item.title, Item.title_hant, Responsibility.role)
        .join(Responsibility, Responsibility.item_id == Item.id)
        .join(Plan, Plan.id == Item.plan_id)
        .where(Responsibility.department_id == department_id, ~Item.withdrawn)
        .order_by(Plan.first_year.desc(), Plan.id, Item.position)
    )
    details = {"lead": N_("Lead"), "support": N_("Support")}
    return tuple(
        Holding(
            f"item:{row.id}", f"{row.code} {row.title}", f"{row.code} {row.title_hant}", details[row.role]
        )
        for row in rows
    )


def move_responsibilities(handover: Handover) -> None:
    """The other department leads what the former one led and supports what it supported; it never does both."""
    for holding in item_holdings(handover.source_id):
        if not handover.takes(holding.key):
            continue
        item_id = int(holding.key.removeprefix("item:"))
        before = responsible_values(item_id)
        lead = handover.target_id if before["lead"] == handover.source_id else before["lead"]
        support = [handover.target_id if one == handover.source_id else one for one in before["support"]]
        after = {"lead": lead, "support": [one for one in dict.fromkeys(support) if one != lead]}
        dated.change(SYSTEM, RESPONSIBLE, item_id, after, dating(handover), handover.at, handover.on)
