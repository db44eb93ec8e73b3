"""Adjustments: editors write them, everyone reads them."""

from __future__ import annotations

from datetime import timedelta

from civic.core import clock
from civic.core.actor import SYSTEM
from civic.core.db import unit_of_work
from civic.departments.queries import local_day
from civic.plans import queries as plans
from civic.plans.rules import AdjustmentSubject
from civic.progress import services
from tests.access.lines.intake import ITEM
from tests.access.matrix import everyone, staff
from tests.access.stage import Stage


def prepare(stage: Stage) -> None:
    """A proposal to decide."""
    with stage.app.app_context(), unit_of_work():
        now = clock.now()
        found = plans.item_by_code(ITEM["plan"], ITEM["code"]).id
        wanted = services.NewAdjustment(found, AdjustmentSubject.TITLE, {"title": "路灯照明"}, "样例")
        notice = services.NoticePeriod(local_day(now), local_day(now) + timedelta(days=9))
        stage.facts["adjustment"] = services.announce_adjustment(SYSTEM, wanted, notice, now)


def _proposal(stage: Stage) -> dict[str, int]:
    return {"adjustment_id": stage.adjustment}


TITLE = {**ITEM, "subject": "title"}

LINES = [
    everyone("portal.adjustments", {"plan": ITEM["plan"]}),
    everyone("portal.adjustments", {"plan": "no-such-plan"}, status=404),
    staff("progress.adjustments", editor=200),
    staff("progress.choose_adjusted", editor=200),
    staff("progress.choose_adjusted", method="POST", editor=422),
    staff("progress.new_adjustment", TITLE, editor=200),
    staff("progress.new_adjustment", TITLE, method="POST", editor=422),
    staff("progress.new_adjustment", {**TITLE, "subject": "target"}, editor=422),
    staff("progress.new_adjustment", {**TITLE, "code": "9.9.9"}, editor=404),
    staff("progress.show_adjustment", _proposal, editor=200),
    staff("progress.show_adjustment", {"adjustment_id": 999_999}, editor=404),
    staff("progress.force_adjustment", _proposal, editor=200),
    staff("progress.force_adjustment", _proposal, method="POST", editor=422),
    staff("progress.withdraw_adjustment", _proposal, editor=200),
    staff("progress.withdraw_adjustment", _proposal, method="POST", editor=422),
]
