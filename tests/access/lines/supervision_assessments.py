"""Assessments: editors write, deputies and auditors watch, departments write their parts, all read what is sealed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.supervision import queries, services
from civic.supervision.models import Recommendation
from civic.supervision.rules.assessments import AssessmentKind, Opening
from civic.supervision.services import NewRecommendation, Prose
from tests.access.lines.intake import ITEM
from tests.access.matrix import everyone, staff
from tests.access.stage import Stage
from tests.factories import make_account

PLAN = ITEM["plan"]
OPENING = Opening(PLAN, AssessmentKind.ANNUAL, "年度监测", date(2025, 1, 1), date(2025, 12, 31))
PROSE = Prose("年度监测", "说明。", "结论。")


def prepare(stage: Stage) -> None:
    """A published assessment with a recommendation to us, and an open one with one of its own."""
    editor, now = stage.accounts["editor"], clock.now()
    with stage.app.app_context():
        second = make_account(Role.EDITOR)
        key = departments.department(stage.department_id).key
        stage.facts["assessment_department"] = key
        for name in ("sealed", "open"):
            with unit_of_work():
                one = services.open_assessment(editor, OPENING, now)
                services.write_assessment(editor, one, 1, PROSE, now)
                services.add_recommendation(editor, one, 2, NewRecommendation("建议公开。", key), now)
                if name == "sealed":
                    mark = queries.assessment_desk(second, one).parts_mark
                    services.approve_assessment(second, one, 3, now, seen_parts=mark)
                    services.publish_assessment(editor, one, 4, now)
                    query = select(Recommendation.id).where(Recommendation.assessment_id == one)
                    stage.facts["recommended"] = db.session.scalar(query)
                stage.facts[f"assessment_{name}"] = one
        db.session.remove()


def opened(stage: Stage) -> dict[str, Any]:
    return {"assessment_id": stage.assessment_open}


def first(stage: Stage) -> dict[str, Any]:
    return {**opened(stage), "number": 1}


def deed(name: str) -> Any:
    return lambda stage: {**opened(stage), "deed": name}


def part(stage: Stage) -> dict[str, Any]:
    return {**opened(stage), "key": stage.assessment_department}


def recommended(stage: Stage) -> dict[str, Any]:
    return {"recommendation_id": stage.recommended}


def no_part(stage: Stage) -> dict[str, Any]:
    return {**opened(stage), "key": "no-such-department"}


SEEN = {"version": "3", "parts": ""}
TYPED = {**SEEN, "title": "年度监测", "introduction": "说明。", "conclusion": "新的结论。"}
ADVICE = {**SEEN, "text": "再公开一些。"}
READERS = {"editor": 200, "deputy": 200, "auditor": 200}

LINES = [
    everyone("assessments.index"),
    everyone("assessments.page", {"plan": PLAN, "number": 1}),
    everyone("assessments.page", {"plan": PLAN, "number": 2}, 404),
    everyone("assessments.workbook", {"plan": PLAN, "number": 1}),
    everyone("assessments.workbook", {"plan": PLAN, "number": 2}, 404),
    everyone("assessments.document", {"plan": PLAN, "number": 1}),
    staff("supervision.assessments", **READERS),
    staff("supervision.assessment", opened, **READERS),
    staff("supervision.new_assessment", editor=200),
    staff("supervision.new_assessment", method="POST", editor=422),
    staff("supervision.write_assessment", opened, editor=200),
    staff("supervision.write_assessment", opened, method="POST", data=TYPED, editor=302),
    staff("supervision.new_recommendation", opened, editor=200),
    staff("supervision.new_recommendation", opened, method="POST", data=ADVICE, editor=422),
    staff("supervision.recommendation", first, editor=200),
    staff("supervision.recommendation", first, method="POST", data=ADVICE, editor=422),
    staff("supervision.remove_recommendation", first, method="POST", data=SEEN, editor=302),
    *(
        staff("supervision.decide_assessment", deed(name), method="POST", data=SEEN, editor=302)
        for name in ("renew", "discard")
    ),
    staff("supervision.decide_assessment", deed("approve"), method="POST", data=SEEN, editor=403),
    staff("supervision.decide_assessment", deed("no-such"), method="POST", data=SEEN, editor=404),
    staff("supervision.parts", handler=200, lead=200, other=200),
    staff("supervision.part", no_part, handler=404, lead=404, other=404),
    staff("supervision.part", part, handler=200, lead=200, other=404),
    staff(
        "supervision.part",
        part,
        method="POST",
        data={"version": "0", "text": "本部门按期完成了全部任务。", "then": "hand-in"},
        handler=403,
        lead=302,
        other=404,
    ),
    staff("supervision.follow_up", recommended, handler=200, lead=200, other=404),
    staff(
        "supervision.follow_up",
        recommended,
        method="POST",
        data={"status": "done", "text": "已全部公开。"},
        handler=403,
        lead=302,
        other=404,
    ),
]
