"""Whoever runs the accounts sees no case: its words are on no page that an administrator can open."""

from __future__ import annotations

from flask import url_for

from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from tests.access.lines import all_lines
from tests.access.stage import Stage

INSIDE = ("desk.", "admin.", "supervision.", "staff.", "progress.", "intake.", "reports.")


def test_the_words_of_a_case_are_on_no_page_of_an_administrator(stage: Stage) -> None:
    from civic.cases import services
    from civic.cases.rules import FeedbackKind
    from civic.cases.services import NewFeedback
    from civic.core import clock
    from civic.core.ids import new_nonce

    marker, secret = "榕荫夜谈记号", []
    try:
        with stage.app.app_context(), unit_of_work():
            given = NewFeedback(kind=FeedbackKind.COMPLAINT, text=f"{marker}，请保密。", nonce=new_nonce())
            secret.append(services.submit_feedback(RESIDENT, given, clock.now()).reference)
        admin, dispatcher = stage.client("admin"), stage.client("dispatcher")
        opened = 0
        for line in all_lines():
            if line.method != "GET" or not line.endpoint.startswith(INSIDE):
                continue
            with stage.app.test_request_context():
                address = url_for(line.endpoint, **line.address(stage))
            with admin.get(address) as answer:
                opened += answer.status_code == 200
                text = answer.get_data(as_text=True)
                assert marker not in text, address
                assert secret[0] not in text, address
        case = f"/desk/cases/{secret[0]}"
        for own in (case, "/desk/?view=all"):
            assert marker not in admin.get(own).get_data(as_text=True), own
        assert marker in dispatcher.get(case).get_data(as_text=True), "whoever may see it does"
        assert opened > 15
    finally:
        stage.restore()
