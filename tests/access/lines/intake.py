"""The resident's pages: the same for everyone, whoever is signed in; entering for a caller: who has a desk."""

from __future__ import annotations

from typing import Any

from civic.core import clock
from civic.intake.tickets import new_ticket
from tests.access.matrix import everyone, staff
from tests.access.stage import Stage
from tests.integration.cases.worlds import insert

ITEM = {"plan": "access-plan", "code": "1.1.1"}


def prepare(stage: Stage) -> None:
    """A published plan with one clause that our department leads."""
    with stage.app.app_context():
        plan_id = insert(
            "plan", slug=ITEM["plan"], title="测试规划", status="published", first_year=2026, last_year=2030
        )
        item_id = insert(
            "item", plan_id=plan_id, code=ITEM["code"], kind="clause", number="一、", title="路灯", position=1
        )
        insert("responsibility", item_id=item_id, department_id=stage.department_id, role="lead", position=1)


def filled_in(**typed: str) -> Any:
    """A form as it is sent; each time with a ticket of its own."""

    def form(stage: Stage) -> dict[str, str]:
        with stage.app.app_context():
            ticket = new_ticket(clock.now())
        words = {"kind": "suggestion", "text": "路灯坏了，请尽快修理。"}
        return {**words, "ticket": ticket, "looked": "1", **typed}

    return form


LINES = [
    everyone("intake.new_feedback_anywhere"),
    everyone("intake.new_feedback_anywhere", method="POST", data=filled_in(), status=302),
    everyone("intake.in_own_words", method="POST", data={"q": "路灯坏了"}),
    everyone("intake.new_feedback", ITEM),
    everyone("intake.new_feedback", {**ITEM, "code": "9.9.9"}, status=404),
    everyone("intake.new_feedback", ITEM, method="POST", data=filled_in(), status=302),
    everyone("intake.challenge"),
    everyone("intake.track"),
    everyone(
        "intake.track", method="POST", status=422,
        data={"reference": "TJ-2026-AAAAAA", "code": "AAAA-AAAA-AAAA-A"},
    ),
    # Nothing was sent or found in these browsers: they are asked for number and code.
    everyone("intake.receipt", status=302),
    everyone("intake.tracked", status=302),
    everyone("intake.own_file", {"attachment_id": 1}, status=404),
    everyone("intake.own_photo", {"number": 1, "size": "small"}, status=404),
    everyone("intake.step", {"slug": "withdraw"}, method="POST", status=302),
    everyone("intake.step", {"slug": "no-such-thing"}, method="POST", status=404),
    everyone("intake.own_data", status=302),
    everyone("intake.own_data", method="POST", data={"shape": "page"}, status=302),
    everyone("intake.erase", {"what": "words"}, status=302),
    everyone("intake.erase", {"what": "contact"}, method="POST", status=302),
    everyone("intake.leave", method="POST", status=302),
    # Without a number in a cookie nothing is counted; the page says so.
    everyone("intake.support", lambda s: {"reference": s.desk_case}),
    everyone("intake.support", lambda s: {"reference": s.desk_case}, method="POST", status=422),
    everyone("intake.support", {"reference": "TJ-2026-AAAAAA"}, status=404),
    everyone("intake.take_back_support", lambda s: {"reference": s.desk_case}, method="POST", status=422),
    staff("intake.assisted", handler=200, lead=200, other=200, dispatcher=200),
    staff(
        "intake.assisted", method="POST", data=filled_in(channel="hotline"),
        handler=302, lead=302, other=302, dispatcher=302,
    ),
    staff(
        "intake.assisted_receipt", {"reference": "TJ-2026-AAAAAA"},
        handler=302, lead=302, other=302, dispatcher=302,
    ),
]  # fmt: skip
