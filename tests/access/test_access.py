"""Every endpoint is really requested by every role, and answers as the table says."""

from __future__ import annotations

import pytest
from flask import url_for

from civic.web.access import undeclared
from tests.access.lines import all_lines
from tests.access.matrix import Line
from tests.access.stage import PERSONAS, Stage

LINES = all_lines()
NOTED = {"desk.case", "desk.pane", "desk.original_photo", "desk.attachment"}
"""What an auditor sees of a case from inside is noted in the audit trail, so there this one GET writes a row."""


def test_the_table_lists_every_endpoint_and_method(stage: Stage) -> None:
    there = {
        (rule.endpoint, method)
        for rule in stage.app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    listed = {(line.endpoint, line.method) for line in LINES}
    assert {"missing": sorted(there - listed), "gone": sorted(listed - there)} == {"missing": [], "gone": []}


def test_every_view_declares_who_may_call_it(stage: Stage) -> None:
    assert undeclared(stage.app) == []


@pytest.mark.parametrize("line", [line for line in LINES if line.method == "GET"], ids=str)
def test_who_may_read(line: Line, stage: Stage) -> None:
    clients = {persona: stage.client(persona) for persona in PERSONAS}
    answers, changed = {}, set()
    with stage.app.test_request_context():
        address = url_for(line.endpoint, **line.address(stage))
    for persona, client in clients.items():
        watch = stage.watched()
        with client.get(address) as answer:
            answers[persona] = answer.status_code
        if watch.has_changed():
            changed.add(persona)
            stage.restore()
    assert answers == dict(line.expected)
    assert changed <= ({"auditor"} if line.endpoint in NOTED else set()), "a GET changes nothing"
    assert changed or line.endpoint not in NOTED or answers["auditor"] != 200, "a look leaves a trace"


@pytest.mark.parametrize("line", [line for line in LINES if line.method != "GET"], ids=str)
def test_who_may_change(line: Line, stage: Stage) -> None:
    answers, changed = {}, set()
    for persona in PERSONAS:
        client = stage.client(persona)
        with stage.app.test_request_context():
            address = url_for(line.endpoint, **line.address(stage))
        form = line.form(stage)
        watch = stage.watched()
        answers[persona] = client.open(address, method=line.method, data=form).status_code
        if watch.has_changed():
            stage.restore()
            if answers[persona] in {401, 403, 404}:
                changed.add(persona)
    assert answers == dict(line.expected)
    assert changed == set(), "who is refused changes nothing"


@pytest.mark.parametrize("line", [line for line in LINES if line.method == "GET"], ids=str)
def test_pages_open_to_all_set_no_cookie_and_vary_with_none(line: Line, stage: Stage) -> None:
    from civic.web.access import is_public

    if not is_public(stage.app, line.endpoint):
        return
    with stage.app.test_request_context():
        address = url_for(line.endpoint, **line.address(stage))
    for client in (stage.client("nobody"), stage.client("handler")):
        with client.get(address) as answer:
            assert "Set-Cookie" not in answer.headers
            assert "cookie" not in answer.headers.get("Vary", "").lower()


KEEPS_ITS_TEXT = {
    "intake.new_feedback", "intake.new_feedback_anywhere", "intake.track", "intake.step", "intake.support",
    "intake.take_back_support", "intake.own_data", "intake.erase", "intake.in_own_words", "notices.open_case",
    "notices.switch",
}  # fmt: skip
"""Residents' forms without a valid token come back as they were filled in, instead of an error page."""


SIGNED_ADDRESS = {"notices.end", "notices.stop"}
"""Mail programs post here without a cookie (RFC 8058): the signed address itself is what authorises."""


def test_no_form_is_accepted_without_its_token(stage: Stage) -> None:
    accepted = []
    stage.app.config["WTF_CSRF_ENABLED"] = True
    try:
        for line in (line for line in LINES if line.method != "GET"):
            client = stage.client("admin")
            with stage.app.test_request_context():
                address = url_for(line.endpoint, **line.address(stage))
            watch = stage.watched()
            answer = client.open(address, method=line.method, data=line.form(stage))
            came_back = not watch.has_changed() and line.endpoint in KEEPS_ITS_TEXT
            if answer.status_code != 400 and not came_back and line.endpoint not in SIGNED_ADDRESS:
                accepted.append(str(line))
    finally:
        stage.app.config["WTF_CSRF_ENABLED"] = False
        stage.restore()
    assert accepted == []
