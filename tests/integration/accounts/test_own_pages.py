"""The own account: what matters asks for the password again, and links from the administrator work once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from civic.accounts import services
from civic.accounts.models import Account
from civic.core import clock
from civic.core.actor import SYSTEM, Actor, Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
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


PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605.1.15 MicroMessenger/8.0 Safari/604.1"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


def test_each_device_is_named_and_can_be_signed_out_alone(
    app: Flask, client: FlaskClient, editor: Actor
) -> None:
    def browser(user_agent: str) -> FlaskClient:
        found = app.test_client()
        found.environ_base["HTTP_USER_AGENT"] = user_agent
        submit(found, "/staff/sign-in", {"email": "editor@example.org", "password": PASSWORD})
        return found

    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        phone, desk, third = browser(PHONE), browser(DESK), browser("")
        page = desk.get("/en/staff/account").get_data(as_text=True)
        assert "WeChat on iPhone" in page
        assert "Edge on Windows computer" in page
        assert "another browser on another device" in page
        assert page.count("this device") == 1
        assert len(re.findall(r"/account/sessions/\d+/end\"", page)) == 2, "not for the session in use"
        traveller.move_to(start + timedelta(minutes=50))
        assert phone.get("/staff/account").status_code == 200
        later = desk.get("/en/staff/account").get_data(as_text=True)
        assert later.count("used within the last half an hour") == 1
        assert later.count("last used about") == 1
        (row,) = [row for row in later.split("<li") if "WeChat" in row]
        of_phone = re.findall(r'action="(\S+/end)"', row)[0]
        stranger = app.test_client()
        with app.app_context():
            sign_in(stranger, make_account(Role.DEPUTY))
        assert submit(stranger, of_phone, {}, on="/staff/account").status_code == 404
        assert submit(desk, of_phone, {}, on="/staff/account").status_code == 302
        assert [one.get("/staff/account").status_code for one in (phone, desk, third)] == [302, 200, 200]
        assert submit(desk, of_phone, {}, on="/staff/account").status_code == 404, "it has ended"
        submit(desk, "/staff/account/sessions/end-others", {}, on="/staff/account")
        assert [one.get("/staff/account").status_code for one in (phone, desk, third)] == [302, 200, 302]


def test_the_owner_and_the_administrator_read_of_many_failures(
    app: Flask, client: FlaskClient, editor: Actor
) -> None:
    with app.app_context():
        seed = enrol(editor)
        admin = sign_in(app.test_client(), make_account(Role.ADMIN))
    thief = app.test_client()
    thief.environ_base["HTTP_USER_AGENT"] = DESK
    for email in ("editor@example.org", "nobody@example.org"):
        pages = [
            submit(thief, "/en/staff/sign-in", {"email": email, "password": "wrong wrong wrong"})
            for _ in range(4)
        ]
        assert {page.status_code for page in pages} == {422}
    submit(thief, "/staff/sign-in", {"email": "editor@example.org", "password": PASSWORD})
    assert submit(thief, "/staff/second-factor", {"code": "000000"}).status_code == 422

    account = admin.get(f"/en/admin/accounts/{editor.account_id}").get_data(as_text=True)
    assert "5 since the last sign-in" in account
    assert "Edge on Windows computer" in account
    assert "with the right password" in account

    def come_in() -> str:
        browser = app.test_client()
        submit(browser, "/en/staff/sign-in", {"email": "editor@example.org", "password": PASSWORD})
        with app.app_context(), unit_of_work():
            db.session.get_one(Account, editor.account_id).tf_last_counter = None
        with app.app_context():
            code = current_code(seed)
        answer = submit(browser, "/en/staff/second-factor", {"code": code})
        return browser.get(answer.headers["Location"], follow_redirects=True).get_data(as_text=True)

    first = come_in()
    assert "5 attempts to sign in to your account failed" in first
    assert "knew your password" in first
    assert "attempts to sign in" not in come_in(), "said once"
