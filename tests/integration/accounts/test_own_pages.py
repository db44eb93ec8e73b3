"""The own account: what matters asks for the password again, and links from the administrator work once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from civic.accounts import services
from civic.core import clock
from civic.core.actor import SYSTEM, Actor, Role
from civic.core.db import unit_of_work
from tests.factories import PASSWORD, current_code, enrol, make_account, sign_in, submit

NEW = "three blue kettles whistle"


@pytest.fixture
def editor(app: Flask) -> Actor:
    with app.app_context():
        return make_account(Role.EDITOR, email="editor@example.org")


def test_a_stale_session_is_asked_for_the_password(client: FlaskClient, editor: Actor) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        sign_in(client, editor)
        assert client.get("/staff/password").status_code == 200
        traveller.move_to(start + timedelta(minutes=16))
        for page in ("/staff/password", "/staff/second-factor/set-up"):
            answer = client.get(page)
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/staff/confirm-password?next=")
        ask = "/staff/confirm-password?next=/staff/password"
        assert submit(client, ask, {"password": "wrong wrong wrong"}).status_code == 422
        assert client.get("/staff/password").status_code == 302
        assert submit(client, ask, {"password": PASSWORD}).headers["Location"] == "/staff/password"
        assert client.get("/staff/password").status_code == 200


def test_with_a_second_factor_a_stolen_session_and_password_are_not_enough(
    app: Flask, client: FlaskClient, editor: Actor
) -> None:
    with app.app_context():
        seed = enrol(editor)
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        sign_in(client, editor)
        traveller.move_to(start + timedelta(minutes=16))
        ask = "/staff/confirm-password?next=/staff/second-factor/set-up"
        assert submit(client, ask, {"password": PASSWORD}).status_code == 422
        assert submit(client, ask, {"password": PASSWORD, "code": "000000"}).status_code == 422
        assert client.get("/staff/second-factor/set-up").status_code == 302
        with app.app_context():
            code = current_code(seed)
        assert submit(client, ask, {"password": PASSWORD, "code": code}).status_code == 302
        assert client.get("/staff/second-factor/set-up").status_code == 200


def test_a_new_password_ends_all_other_sessions(app: Flask, client: FlaskClient, editor: Actor) -> None:
    other = sign_in(app.test_client(), editor)
    sign_in(client, editor)
    assert submit(client, "/staff/password", {"password": NEW, "again": NEW + "!"}).status_code == 422
    assert (
        submit(client, "/staff/password", {"password": "password2026!", "again": "password2026!"}).status_code
        == 422
    )
    assert other.get("/staff/account").status_code == 200
    assert submit(client, "/staff/password", {"password": NEW, "again": NEW}).status_code == 302
    assert client.get("/staff/account").status_code == 200
    assert other.get("/staff/account").status_code == 302


def test_the_link_sets_the_password_once(app: Flask, client: FlaskClient, editor: Actor) -> None:
    with app.app_context(), unit_of_work():
        token = services.issue_password_link(SYSTEM, editor.account_id or 0, clock.now())
    link = f"/staff/set-password/{token}"
    assert submit(client, link, {"password": NEW, "again": NEW}).headers["Location"] == "/staff/sign-in"
    assert client.get(link).status_code == 410
    answer = submit(client, "/staff/sign-in", {"email": "editor@example.org", "password": NEW})
    assert answer.status_code == 302


def test_the_link_is_void_after_a_day(app: Flask, client: FlaskClient, editor: Actor) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        with app.app_context(), unit_of_work():
            token = services.issue_password_link(SYSTEM, editor.account_id or 0, clock.now())
        traveller.move_to(start + timedelta(hours=25))
        assert client.get(f"/staff/set-password/{token}").status_code == 410


def test_new_recovery_codes_are_shown_once(app: Flask, client: FlaskClient, editor: Actor) -> None:
    sign_in(client, editor)
    with app.app_context():
        enrol(editor)
    shown = submit(client, "/staff/recovery-codes", {}, on="/staff/account")
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/staff/sign-in", "/en/staff/sign-in", "/zh-hant/staff/sign-in"])
def test_no_page_carries_inline_style_or_script(client: FlaskClient, address: str) -> None:
    page = client.get(address)
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert " style=" not in text
    assert "<style" not in text
