"""Invitations: who has yet to set a password, links sent by mail or shown, sent anew and revoked; and closed doors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.accounts import services
from civic.accounts.devices import Device
from civic.core import clock
from civic.core.actor import Actor, Role
from civic.core.audit import AuditEntry
from civic.core.db import unit_of_work
from civic.core.delivery import deliver_due
from civic.core.extensions import db
from civic.core.outbox import OutboxMessage
from tests.factories import PASSWORD, make_account, sign_in, submit
from tests.integration.notices.post import Mailbox, mail_server

START = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
LIN = {
    "name": "林小红", "email": "lin@example.org", "locale": "en", "role": "auditor", "department": "",
}  # fmt: skip
NEW = {"password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def now() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def admin(app: Flask, client: FlaskClient, now: time_machine.Coordinates) -> FlaskClient:
    with app.app_context():
        return sign_in(client, make_account(Role.ADMIN))


@pytest.fixture
def post(app: Flask) -> Iterator[Mailbox]:
    with mail_server() as box:
        given = app.extensions["settings"]
        given.smtp_host, given.smtp_port, given.smtp_tls = "127.0.0.1", box.port, "none"
        given.smtp_from = "台江规划 <plan@example.org>"
        yield box


def deliver(app: Flask) -> int:
    with app.app_context():
        return deliver_due(clock.now())


def link_in(text: str) -> str:
    found = re.search(r"http\S+/staff/set-password/\S+?(?=[\s<])", text)
    assert found
    return urlsplit(found[0]).path


def test_without_mail_a_link_is_shown_listed_until_it_is_used_and_revoked(
    app: Flask, admin: FlaskClient, now: time_machine.Coordinates
) -> None:
    first = link_in(submit(admin, "/en/admin/accounts/new", LIN).get_data(as_text=True))
    listed = admin.get("/en/admin/accounts?invited=1").get_data(as_text=True)
    assert "lin@example.org" in listed
    assert "link good until 8 Sep 2026, 10:00" in listed
    assert "1 person is invited" in admin.get("/en/admin/accounts").get_data(as_text=True)
    account = re.findall(r"/en/admin/accounts/\d+", listed)[0]

    submit(admin, f"{account}/password-link/revoke", {}, on=account)
    assert admin.get(first).status_code == 410
    page = admin.get(account).get_data(as_text=True)
    assert "no link is open" in page
    assert "password-link/revoke" not in page
    second = link_in(submit(admin, f"{account}/password-link", {}, on=account).get_data(as_text=True))
    assert [admin.get(link).status_code for link in (first, second)] == [410, 200]
    now.move_to(START + timedelta(hours=24))
    with app.app_context():
        sign_in(admin, make_account(Role.ADMIN))
    assert admin.get(second).status_code == 410
    assert "link was good until 8 Sep 2026, 10:00" in admin.get(account).get_data(as_text=True)
    third = link_in(submit(admin, f"{account}/password-link", {}, on=account).get_data(as_text=True))
    assert submit(app.test_client(), third, NEW).status_code == 302
    assert "lin@example.org" not in admin.get("/en/admin/accounts?invited=1").get_data(as_text=True)
    assert "is invited" not in admin.get("/en/admin/accounts").get_data(as_text=True)


def test_with_mail_nobody_but_the_owner_reads_the_link(
    app: Flask, admin: FlaskClient, now: time_machine.Coordinates, post: Mailbox
) -> None:
    answer = submit(admin, "/en/admin/accounts/new", LIN)
    account = urlsplit(answer.headers["Location"]).path
    assert "lin@example.org within a minute" in admin.get(account).get_data(as_text=True)
    now.move_to(START + timedelta(hours=3))
    assert deliver(app) == 1
    assert post.received[0]["To"] == "lin@example.org"
    assert "an account was set up for you" in post.text()
    assert "until 8 Sep 2026, 10:00" in post.text(), "as long as the list says, however late it left"
    first = link_in(post.text())
    assert first.startswith("/en/")
    assert app.test_client().get(first).status_code == 200
    kept = stored(app)
    assert "set-password" not in kept
    assert first.rpartition("/")[2] not in kept
    assert "lin@example.org" not in kept

    # Sent anew, the first one is void; revoked before it leaves, none arrives.
    submit(admin, f"{account}/password-link", {}, on=account)
    assert deliver(app) == 1
    second = link_in(post.text())
    assert [app.test_client().get(link).status_code for link in (first, second)] == [410, 200]
    now.shift(timedelta(minutes=1))
    submit(admin, f"{account}/password-link", {}, on=account)
    submit(admin, f"{account}/password-link/revoke", {}, on=account)
    assert deliver(app) == 0
    assert app.test_client().get(second).status_code == 410
    now.shift(timedelta(minutes=1))
    submit(admin, f"{account}/password-link", {}, on=account)
    now.shift(timedelta(hours=8))
    assert deliver(app) == 1
    third = link_in(post.text())
    now.move_to(START + timedelta(hours=27, minutes=3))
    assert app.test_client().get(third).status_code == 410, (
        "24 hours after it was asked for, not after it left"
    )
    assert len(post.received) == 3

    # Whoever has a password already is told so.
    with app.app_context():
        known = make_account(Role.EDITOR, email="editor@example.org")
        sign_in(admin, make_account(Role.ADMIN))
    account = f"/en/admin/accounts/{known.account_id}"
    submit(admin, f"{account}/password-link", {}, on=account)
    assert deliver(app) == 1
    assert "在您设置新密码之前，旧密码仍然有效" in post.text()


def test_the_owner_of_an_address_is_told_once_a_day_that_attempts_were_stopped(
    app: Flask, now: time_machine.Coordinates, post: Mailbox
) -> None:
    with app.app_context():
        editor: Actor = make_account(Role.EDITOR, email="editor@example.org")

    def fail(email: str, times: int) -> None:
        """The last of so many attempts closes the door for a quarter of an hour."""
        with app.app_context(), unit_of_work():
            for left in reversed(range(times)):
                services.note_failed_sign_in(email, Device("edge", "windows"), 0 if left else 15, clock.now())

    for email in ("editor@example.org", "nobody@example.org"):
        fail(email, 8)
    with app.app_context():
        waiting = db.session.scalars(select(OutboxMessage.kind)).all()
    assert waiting == ["sign_in_closed"] * 2, "a stranger's address leaves the same traces as an account's"
    assert deliver(app) == 1
    assert post.received[0]["To"] == "editor@example.org"
    assert "8 次" in post.text()
    assert "10:15" in post.text()
    assert "editor@example.org" not in stored(app)
    fail("editor@example.org", 8)
    assert deliver(app) == 0
    now.shift(timedelta(days=1))
    fail("editor@example.org", 1)
    assert deliver(app) == 1
    assert editor.account_id


def stored(app: Flask) -> str:
    """Everything that outbox and audit trail keep."""
    with app.app_context():
        rows = [*db.session.scalars(select(OutboxMessage)), *db.session.scalars(select(AuditEntry))]
        return json.dumps(
            [{c.name: getattr(row, c.name) for c in row.__table__.c} for row in rows], default=str
        )
