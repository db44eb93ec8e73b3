"""An assessment on the real district: two editors, the lead department of an item, another one, what they write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.core.actor import SYSTEM, Actor, Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.progress import services as progress
from civic.progress.rules.reported import Reported
from civic.supervision import queries, services
from civic.supervision.models import Recommendation
from civic.supervision.rules.assessments import AssessmentKind, FollowUpStatus, Opening
from civic.supervision.services import NewRecommendation, Prose
from tests.factories import make_account, sign_in
from tests.integration.progress.conftest import NOW as PROGRESS_NOW

PLAN = "taijiang-14"
NOW = PROGRESS_NOW
OPENING = Opening(PLAN, AssessmentKind.ANNUAL, "2023年度监测", date(2023, 1, 1), date(2023, 12, 31))
PROSE = Prose(
    "2023年度监测报告", "本报告依据已发布数据编制。\n\n数据截至年末。", "进展总体平稳，个别事项需加快。"
)
ADVICE = "=建议加快公布民生实事进展。"


@dataclass
class Bureau:
    """Who takes part, and the assessment."""

    app: Flask
    editor: Actor
    second: Actor
    department_id: int
    key: str
    handler: Actor
    lead: Actor
    stranger: Actor
    number: int = 0
    now: datetime = NOW

    def browser(self, account: Actor) -> FlaskClient:
        return sign_in(self.app.test_client(), account)

    def do(self, service: Any, *args: Any, **given: Any) -> Any:
        """Run a service in a transaction of its own, a minute after the one before."""
        self.now += timedelta(minutes=1)
        with unit_of_work():
            return service(*args, self.now, **given)

    def version(self, key: int) -> int:
        return queries.assessment_desk(self.editor, key).row.version

    def open(self, opening: Opening = OPENING) -> int:
        return int(self.do(services.open_assessment, self.editor, opening))

    def hand_in(self, key: int, text: str = "本部门按期完成全部年度任务。") -> None:
        page = queries.part_page(self.lead, key, self.key)
        self.do(services.save_part, self.lead, key, self.key, page.part.version, text, hand_in=True)

    def recommend(self, key: int, text: str = ADVICE, item: str = "6.3.1") -> None:
        new = NewRecommendation(text, self.key, item, date(2024, 12, 31))
        self.do(services.add_recommendation, self.editor, key, self.version(key), new)

    def approve(self, key: int) -> None:
        desk = queries.assessment_desk(self.second, key)
        self.do(services.approve_assessment, self.second, key, desk.row.version, seen_parts=desk.parts_mark)

    def publish(self, key: int) -> str:
        return str(self.do(services.publish_assessment, self.editor, key, self.version(key)))

    def whole_life(self, opening: Opening = OPENING) -> int:
        """Open, write, hand in, recommend, approve, publish; returns the id."""
        key = self.open(opening)
        self.do(services.write_assessment, self.editor, key, self.version(key), PROSE)
        self.hand_in(key)
        self.recommend(key)
        self.approve(key)
        self.publish(key)
        return key

    def follow(self, key: int, status: FollowUpStatus, text: str) -> int:
        row = db.session.scalar(select(Recommendation.id).where(Recommendation.assessment_id == key))
        return int(self.do(services.publish_follow_up, self.lead, row, status, text))

    def observe(self, code: str, year: int, value: str, unit: str) -> None:
        from decimal import Decimal

        with unit_of_work():
            one = Reported(code, year, Decimal(value), unit, source_title="统计公报")
            progress.record_observation(SYSTEM, PLAN, one, self.now)


def open_bureau(app: Flask, code: str = "6.3.1") -> Bureau:
    """Accounts; needs an application context."""
    ours = plans.lead_department_id(plans.item_by_code(PLAN, code).id)
    assert ours is not None
    concerned = queries.concerned_departments(PLAN)
    elsewhere = next(one for one in concerned if one != ours)
    return Bureau(
        app,
        make_account(Role.EDITOR, name="甲编辑"),
        make_account(Role.EDITOR, name="乙编辑"),
        ours,
        departments.department(ours).key,
        make_account(Role.HANDLER, department_id=ours, name="陈经办"),
        make_account(Role.LEAD, department_id=ours, name="林局长"),
        make_account(Role.HANDLER, Role.LEAD, department_id=elsewhere),
    )


LATER = datetime(2025, 2, 1, 4, 0, tzinfo=UTC)
