"""Signing in through the pages: both steps, what is never said, and how a session ends."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from civic import create_app
from civic.accounts import services, throttle
from civic.accounts.models import Account, StaffSession
from civic.accounts.throttle import Step
from civic.core import clock
from civic.core.actor import SYSTEM, Actor, Role
from civic.core.audit import AuditEntry
from civic.core.db import unit_of_work
from civic.core.extensions import db, limiter
from tests.conftest import make_settings
from tests.factories import PASSWORD, csrf_token, current_code, enrol, make_account, sign_in, submit

SIGN_IN = "/staff/sign-in"


@pytest.fixture
def editor(app: Flask) -> Actor:
    with app.app_context():
        return make_account(Role.EDITOR, email="editor@example.org")


def type_in(client: FlaskClient, email: str, password: str, address: str = SIGN_IN):  # type: ignore[no-untyped-def]
    return submit(client, address, {"email": email, "password": password})


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/staff/account").status_code == 200


def test_the_right_password_signs_in(client: FlaskClient, editor: Actor) -> None:
    answer = type_in(client, " Editor@Example.ORG", PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/staff/")
    assert is_signed_in(client)
    cookie = client.get_cookie("civic")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.secure is False, "a trial without https must be able to sign in"


def test_a_wrong_password_and_an_unknown_address_read_alike(client: FlaskClient, editor: Actor) -> None:
    def page(email: str, password: str) -> str:
        answer = type_in(client, email, password)
        assert answer.status_code == 422
        text = re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True))
        return re.sub(r'nonce="[^"]*"', "", text)

    assert page("editor@example.org", "wrong wrong wrong") == page("nobody@example.org", "wrong wrong wrong")
    assert PASSWORD not in page("nobody@example.org", PASSWORD)
    assert not is_signed_in(client)


def test_who_has_left_reads_like_a_stranger(app: Flask, client: FlaskClient, editor: Actor) -> None:
    with app.app_context():
        admin = make_account(Role.ADMIN)
        with unit_of_work():
            services.deactivate_account(admin, editor.account_id or 0, clock.now())
    assert type_in(client, "editor@example.org", PASSWORD).status_code == 422


@pytest.mark.parametrize(
    "target, leads_to",
    [
        ("/staff/account", "/staff/account"),
        ("/staff/account?x=1", "/staff/account?x=1"),
        ("https://evil.example/", "/staff/"),
        ("//evil.example/", "/staff/"),
        ("/\\evil.example", "/staff/"),
        ("\\\\evil.example", "/staff/"),
        ("/\t/evil.example", "/staff/"),
        ("javascript:alert(1)", "/staff/"),
        ("/staff/sign-out", "/staff/"),
        ("", "/staff/"),
    ],
)
def test_signing_in_leads_only_to_our_own_pages(
    client: FlaskClient, editor: Actor, target: str, leads_to: str
) -> None:
    address = client.application.url_map.bind("localhost").build("security.login", {"next": target})
    answer = type_in(client, "editor@example.org", PASSWORD, address)
    assert answer.headers["Location"] == leads_to


def test_the_language_stays(client: FlaskClient, editor: Actor) -> None:
    turned_away = client.get("/en/staff/account")
    assert turned_away.status_code == 302
    address = turned_away.headers["Location"]
    assert urlsplit(address).path == "/en/staff/sign-in"
    assert type_in(client, "editor@example.org", PASSWORD, address).headers["Location"] == "/en/staff/account"


@pytest.mark.parametrize(
    "page, leads_to",
    [("/staff/sign-in", "/en/staff/"), ("/zh-hant/staff/sign-in", "/zh-hant/staff/")],
)
def test_without_a_wish_the_persons_own_language_is_taken(
    app: Flask, client: FlaskClient, page: str, leads_to: str
) -> None:
    new = services.NewAccount("guest@example.org", "Guest", locale="en", password=PASSWORD)
    with app.app_context(), unit_of_work():
        services.create_account(SYSTEM, new, clock.now())
    assert type_in(client, "guest@example.org", PASSWORD, page).headers["Location"] == leads_to


def test_signing_out_takes_a_post_and_is_final(app: Flask, client: FlaskClient, editor: Actor) -> None:
    type_in(client, "editor@example.org", PASSWORD)
    stolen = client.get_cookie("civic")
    assert stolen is not None
    assert client.get("/staff/sign-out").status_code == 405
    assert is_signed_in(client)
    assert submit(client, "/staff/sign-out", {}, on="/staff/account").status_code == 302
    assert not is_signed_in(client)
    thief = app.test_client()
    thief.set_cookie("civic", stolen.value)
    assert not is_signed_in(thief)


def test_a_session_ends_after_a_working_day_however_busy(client: FlaskClient, editor: Actor) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        sign_in(client, editor)
        for hours in (3, 6, 9, 11.9):
            traveller.move_to(start + timedelta(hours=hours))
            assert is_signed_in(client)
        traveller.move_to(start + timedelta(hours=12, minutes=1))
        assert not is_signed_in(client)


def test_revoking_ends_every_session_at_once(app: Flask, editor: Actor) -> None:
    phone, desk = sign_in(app.test_client(), editor), sign_in(app.test_client(), editor)
    assert is_signed_in(phone)
    submit(desk, "/staff/account/sign-out-everywhere", {}, on="/staff/account")
    assert not is_signed_in(phone)
    assert not is_signed_in(desk)
    with app.app_context():
        assert all(s.ended_at for s in db.session.scalars(select(StaffSession)))


def test_deactivation_shows_on_the_next_request(app: Flask, client: FlaskClient, editor: Actor) -> None:
    sign_in(client, editor)
    assert is_signed_in(client)
    with app.app_context():
        admin = make_account(Role.ADMIN)
        with unit_of_work():
            services.deactivate_account(admin, editor.account_id or 0, clock.now())
    assert not is_signed_in(client)


def test_the_second_step_is_asked_and_a_code_is_good_once(
    app: Flask, client: FlaskClient, editor: Actor
) -> None:
    with app.app_context():
        seed = enrol(editor)
        code = current_code(seed)
    answer = type_in(client, "editor@example.org", PASSWORD, f"{SIGN_IN}?next=/staff/account")
    assert answer.headers["Location"] == "/staff/second-factor"
    assert not is_signed_in(client)
    assert submit(client, "/staff/second-factor", {"code": "000000"}).status_code == 422
    assert client.get("/staff/second-factor/set-up").headers["Location"] == "/staff/second-factor"
    answer = submit(client, "/staff/second-factor", {"code": f" {code[:3]} {code[3:]}"})
    assert answer.headers["Location"] == "/staff/account"
    assert is_signed_in(client)
    again = app.test_client()
    type_in(again, "editor@example.org", PASSWORD)
    assert submit(again, "/staff/second-factor", {"code": code}).status_code == 422
    assert not is_signed_in(again)


def test_a_recovery_code_signs_in_once(app: Flask, editor: Actor) -> None:
    with app.app_context():
        enrol(editor)
        with unit_of_work():
            code, *_ = services.make_recovery_codes(editor, clock.now())
    for attempt in (True, False):
        browser = app.test_client()
        type_in(browser, "editor@example.org", PASSWORD)
        submit(browser, "/staff/second-factor/recovery", {"code": code})
        assert is_signed_in(browser) is attempt


def test_the_second_step_can_not_be_kept_for_later(app: Flask, client: FlaskClient, editor: Actor) -> None:
    start = clock.now()
    with app.app_context():
        seed = enrol(editor)
    with time_machine.travel(start, tick=False) as traveller:
        type_in(client, "editor@example.org", PASSWORD)
        traveller.move_to(start + timedelta(minutes=11))
        with app.app_context():
            code = current_code(seed)
        assert client.get("/staff/second-factor").status_code == 302
        assert client.post("/staff/second-factor", data={"code": code}).status_code in {302, 400}
        assert not is_signed_in(client)


def test_where_a_second_factor_is_required_it_is_set_up_on_the_way_in(
    app: Flask, client: FlaskClient, editor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions["settings"], "second_factor_required", True)
    answer = type_in(client, "editor@example.org", PASSWORD)
    assert answer.headers["Location"] == "/staff/second-factor/set-up"
    assert not is_signed_in(client)
    page = client.get("/staff/second-factor/set-up").get_data(as_text=True)
    assert "<svg" in page
    assert "style=" not in page
    with client.session_transaction(SIGN_IN) as stored:
        seed = stored["second_factor_seed"]
    assert submit(client, "/staff/second-factor/set-up", {"code": "000000"}).status_code == 422
    assert not is_signed_in(client)
    with app.app_context():
        code = current_code(seed)
    shown = submit(client, "/staff/second-factor/set-up", {"code": code})
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert len(re.findall(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", shown.get_data(as_text=True))) == 10
    assert is_signed_in(client)
    with app.app_context():
        assert db.session.get_one(Account, editor.account_id).tf_primary_method == "authenticator"


@pytest.fixture
def limited_app(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application that counts failures."""
    for name in ("enabled", "_storage", "_limiter", "initialized"):
        monkeypatch.setattr(limiter, name, getattr(limiter, name))
    shutil.copy(sqlite_template, tmp_path / "civic.db")
    app = create_app(make_settings(tmp_path).model_copy(update={"rate_limits": True}))
    with app.app_context():
        limiter.reset()
    yield app
    with app.app_context():
        limiter.reset()
        db.engine.dispose()


def test_too_many_failures_close_the_door_for_a_while(limited_app: Flask) -> None:
    with limited_app.app_context():
        make_account(Role.EDITOR, email="editor@example.org")
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for _ in range(8):
            attempt = type_in(limited_app.test_client(), "editor@example.org", "wrong wrong wrong")
            assert attempt.status_code == 422
        refused = type_in(limited_app.test_client(), "editor@example.org", PASSWORD)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert "15" in refused.get_data(as_text=True)
        traveller.move_to(start + timedelta(minutes=16))
        again = type_in(limited_app.test_client(), "editor@example.org", PASSWORD)
        assert again.status_code == 302


def test_one_address_can_not_try_many_accounts(limited_app: Flask) -> None:
    with limited_app.app_context():
        for number in range(50):
            assert throttle.minutes_to_wait(Step.PASSWORD, "192.0.2.1", f"a{number}@example.org") == 0
            throttle.failed(Step.PASSWORD, "192.0.2.1", f"a{number}@example.org")
        assert throttle.minutes_to_wait(Step.PASSWORD, "192.0.2.1", "another@example.org") > 0
        assert throttle.minutes_to_wait(Step.PASSWORD, "192.0.2.2", "another@example.org") == 0


def test_a_stranger_does_not_lock_the_owner_out(limited_app: Flask) -> None:
    with limited_app.app_context():
        for _ in range(20):
            throttle.failed(Step.PASSWORD, "192.0.2.66", "editor@example.org")
        assert throttle.minutes_to_wait(Step.PASSWORD, "192.0.2.66", "editor@example.org") == 15
        assert throttle.minutes_to_wait(Step.PASSWORD, "192.0.2.1", "editor@example.org") == 0


def test_many_addresses_together_can_not_guess_a_code(limited_app: Flask) -> None:
    with limited_app.app_context():
        for number in range(40):
            assert throttle.minutes_to_wait(Step.CODE, f"198.51.100.{number}", "account:1") == 0
            throttle.failed(Step.CODE, f"198.51.100.{number}", "account:1")
        assert throttle.minutes_to_wait(Step.CODE, "203.0.113.1", "account:1") > 15


def test_what_happened_is_on_record_without_what_was_typed(
    app: Flask, client: FlaskClient, editor: Actor
) -> None:
    type_in(client, "secret-address@example.org", "secret-password-typed")
    type_in(client, "editor@example.org", PASSWORD)
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [e.action for e in entries][-2:] == ["sign_in_failed", "signed_in"]
        assert "secret" not in str([(e.subject_id, e.params) for e in entries])


def test_a_signed_in_request_asks_one_query_for_who_it_is(
    app: Flask, client: FlaskClient, editor: Actor
) -> None:
    sign_in(client, editor)
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    assert client.get("/staff/").status_code == 302
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 1


def test_tokens_in_headers_and_addresses_open_nothing(app: Flask, client: FlaskClient, editor: Actor) -> None:
    with app.app_context():
        token = db.session.get_one(Account, editor.account_id).get_auth_token()
    assert client.get("/staff/account", headers={"Authentication-Token": str(token)}).status_code == 302
    assert client.get(f"/staff/account?auth_token={token}").status_code == 302


def test_over_https_the_cookie_never_leaves_in_the_clear(app: Flask, editor: Actor) -> None:
    secure_app = create_app(app.extensions["settings"].model_copy(update={"https": True}))
    client = secure_app.test_client()
    here = "https://localhost"
    token = csrf_token(client.get(SIGN_IN, base_url=here))
    answer = client.post(
        SIGN_IN,
        base_url=here,
        headers={"Referer": f"{here}{SIGN_IN}"},
        data={"csrf_token": token, "email": "editor@example.org", "password": PASSWORD},
    )
    assert answer.status_code == 302
    cookie = client.get_cookie("civic")
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site) == (True, True, "Lax")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    with secure_app.app_context():
        db.engine.dispose()
