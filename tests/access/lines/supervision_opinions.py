"""Opinions: a deputy writes and rates, its department answers, deputies and auditors read, all what both agree to."""

from __future__ import annotations

from typing import Any

from civic.cases.rules import RatingLevel
from civic.core import clock
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.supervision.rules.opinions import AnswerClass
from civic.supervision.services import opinions as services
from tests.access.matrix import everyone, staff
from tests.access.stage import Stage

TEXT = "请说明进展，并写明完成时限。"
TYPED = {"title": "进展", "text": TEXT, "department": "ours", "item": "", "references": "", "then": "save"}


def prepare(stage: Stage) -> None:
    """Opinions to us in every state that lines need, by name."""
    deputy, handler, lead = (stage.accounts[name] for name in ("deputy", "handler", "lead"))
    now = clock.now()
    with stage.app.app_context():
        new = services.NewOpinion("进展", TEXT, departments.department(stage.department_id).key)
        for name in ("draft", "sent", "waiting", "answered", "public"):
            with unit_of_work():
                one = services.write_opinion(deputy, new, now)
                stage.facts[f"opinion_{name}"] = one
                if name != "draft":
                    services.send_opinion(deputy, one, 1, now)
                if name in ("waiting", "answered", "public"):
                    services.draft_answer(handler, one, 2, AnswerClass.SOLVED, TEXT, now, send=True)
                if name in ("answered", "public"):
                    services.approve_answer(lead, one, 3, now, agrees=True)
                if name == "public":
                    services.rate_answer(deputy, one, 4, RatingLevel.SATISFIED, "", now, agrees=True)
        db.session.remove()


def about(name: str, slug: str = "") -> Any:
    def arguments(stage: Stage) -> dict[str, Any]:
        found = {"opinion_id": stage.facts[f"opinion_{name}"]}
        return found | {"slug": slug} if slug else found

    return arguments


def seen(version: int, **data: str) -> dict[str, str]:
    return {"version": str(version), **data}


ANSWER = seen(2, answer_class="A", text=TEXT, then="save")
RATING = seen(4, level="satisfied", reason="")
READERS = {"deputy": 200, "auditor": 200}
OURS = {"handler": 200, "lead": 200, "other": 404}

LINES = [
    everyone("opinions.index"),
    everyone("opinions.page", {"year": 1999, "serial": 1}, 404),
    everyone("opinions.page", lambda stage: {"year": clock.now().year, "serial": 4}),
    staff("supervision.opinions", **READERS),
    staff("supervision.opinion", about("sent"), **READERS),
    staff("supervision.opinion", about("draft"), deputy=200, auditor=404),
    staff("supervision.new_opinion", deputy=200),
    staff("supervision.new_opinion", method="POST", data=TYPED, deputy=302),
    staff("supervision.write_opinion", about("draft"), deputy=200),
    staff("supervision.write_opinion", about("sent"), deputy=302),
    staff("supervision.write_opinion", about("draft"), method="POST", data=seen(1, **TYPED), deputy=302),
    staff("supervision.act_on_opinion", about("draft", "send"), method="POST", data=seen(1), deputy=302),
    staff("supervision.act_on_opinion", about("sent", "withdraw"), method="POST", data=seen(2), deputy=302),
    staff("supervision.act_on_opinion", about("sent", "no-such"), method="POST", data=seen(2), deputy=404),
    staff("supervision.rate_opinion", about("answered"), method="POST", data=RATING, deputy=302),
    staff("desk.opinions", handler=200, lead=200, other=200),
    staff("desk.opinion", about("sent"), **OURS),
    staff("desk.opinion", about("draft"), handler=404, lead=404, other=404),
    staff("desk.answer_opinion", about("sent"), **OURS),
    staff("desk.answer_opinion", about("sent"), method="POST", data=ANSWER, handler=302, lead=302, other=404),
    staff(
        "desk.act_on_opinion",
        about("waiting", "approve"),
        method="POST",
        data=seen(3),
        handler=403,
        lead=302,
        other=404,
    ),
    staff(
        "desk.send_back_answer",
        about("waiting"),
        method="POST",
        data=seen(3, remark="请写明时限。"),
        handler=403,
        lead=302,
        other=404,
    ),
    staff(
        "desk.act_on_opinion",
        about("public", "department-refuses"),
        method="POST",
        data=seen(5),
        handler=403,
        lead=302,
        other=404,
    ),
]
