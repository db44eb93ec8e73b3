"""The record of adjustments as the importer of plans asks for it (``civic.plans.services.Ledger``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.departments.queries import local_day
from civic.plans.services import Approval, Change, Place
from civic.progress.models import Adjustment
from civic.progress.policy import can_adjust
from civic.progress.rules.adjusting import AdjustmentState
from civic.progress.services.adjusting import check_approval, in_both_scripts


class AdjustmentLedger:
    """Reads and writes the table of adjustments for an import."""

    def superseded(self, plan_id: int) -> Mapping[Place, list[Any]]:
        """What adjustments in force have replaced, oldest first, by item, field and anchor."""
        query = select(Adjustment).where(
            Adjustment.plan_id == plan_id, Adjustment.state == AdjustmentState.IN_FORCE.value
        )
        found: dict[Place, list[Any]] = {}
        for row in db.session.scalars(query.order_by(Adjustment.id)):
            for name, value in row.old.items():
                found.setdefault((row.item_id, name, row.anchor), []).append(value)
        return found

    def record(self, actor: Actor, plan_id: int, change: Change, approval: Approval, now: datetime) -> int:
        """Write an adjustment that is in force at once; the caller changes the plan. Raises as recording does."""
        can_adjust(actor).require()
        check_approval(approval, local_day(now))
        row = Adjustment(
            plan_id=plan_id, item_id=change.item_id, subject=change.subject.value, anchor=change.anchor,
            state=AdjustmentState.IN_FORCE.value, version=1, old=in_both_scripts(change.old),
            new=in_both_scripts(change.new), reason=approval.reason, reason_hant=traditional(approval.reason),
            approving_body=approval.body.strip(), approving_body_hant=traditional(approval.body.strip()),
            document_number=approval.number.strip(),
            approved_on=approval.on, link=approval.link, file=approval.file,
            in_force_on=local_day(now), in_force_at=now,
            recorded_by=actor.account_id, recorded_at=now,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        record(
            actor, "adjustment.in_force", "adjustment", row.id, now, item_id=row.item_id, subject=row.subject
        )
        return row.id
