"""A refused form is never the end of what somebody typed, and staff stay among their own pages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civic.core.actor import Role
from tests.factories import make_account, sign_in

WORDS = "来电人反映：二环路三号桥下的路灯坏了一个星期。"


@pytest.fixture
def dispatcher(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        return sign_in(client, make_account(Role.DISPATCHER))


def test_a_form_that_was_open_too_long_shows_what_was_typed(dispatcher: FlaskClient) -> None:
    typed = {"text": WORDS, "name": "林小红", "phone": "13800138000"}
    hidden = {"ticket": "t" * 40, "password": "x" * 20, "kind": "report", "street": "17"}
    answer = dispatcher.post("/desk/intake/new", data={**typed, **hidden})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert all(value in page for value in typed.values())
    assert page.count('id="typed-') == len(typed)
    assert "回到我的工作" in page


def test_so_does_a_session_that_has_ended(client: FlaskClient, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        answer = client.post("/desk/intake/new", data={"text": WORDS})
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert answer.status_code == 401
    assert WORDS in answer.get_data(as_text=True)


def test_staff_find_back_to_their_work(dispatcher: FlaskClient, client: FlaskClient) -> None:
    page = dispatcher.get("/desk/cases/TJ-2026-ABCDEF")
    assert page.status_code == 404
    assert "/staff/" in page.get_data(as_text=True)
    outside = client.application.test_client().get("/nowhere").get_data(as_text=True)
    assert "回到我的工作" not in outside
