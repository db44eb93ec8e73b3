"""What could not be delivered waits for an administrator, who sees neither text nor address, and decides once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.admin.rules import DELIVERY_NAMES
from civic.core.actor import Role
from civic.core.audit import AuditEntry
from civic.core.extensions import db
from civic.core.outbox import OutboxMessage
from tests.factories import make_account, sign_in, submit
from tests.integration.cases.worlds import insert

NOW = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
LIST = "/admin/deliveries"


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    with app.app_context():
        return sign_in(app.test_client(), make_account(Role.ADMIN))


def put(app: Flask, key: str, status: str, kind: str = "notice_sms", code: str = "") -> int:
    with app.app_context():
        return insert(
            "outbox_message", kind=kind, key=key, payload={"case_id": 4711}, status=status, attempts=3,
            created_at=NOW, due_at=NOW, last_error=code,
        )  # fmt: skip


def test_whatever_is_delivered_has_a_name(sqlite_app: Flask) -> None:
    assert sqlite_app.extensions["civic.outbox"].keys() == DELIVERY_NAMES.keys()


def state(app: Flask, message_id: int) -> str:
    with app.app_context():
        found = db.session.scalar(select(OutboxMessage.status).where(OutboxMessage.id == message_id))
    return str(found)


def test_an_empty_list_says_so(admin: FlaskClient) -> None:
    page = admin.get(LIST).get_data(as_text=True)
    assert "没有需要处理的" in page
    assert "还没有发送过通知" in page


def test_what_waits_is_listed_with_its_reason_and_without_anybody_in_it(
    app: Flask, admin: FlaskClient
) -> None:
    put(app, "notice:4711:received:4711.2:sms", "done")
    put(app, "notice:4711:answered:4711.9:sms", "failed", code="http_422")
    put(app, "notice:4711:answered:4711.9:email", "uncertain", "notice_mail", "worker_stopped")
    page = admin.get(LIST).get_data(as_text=True)
    assert "短信网关没有接受这条短信" in page
    assert "发送过程中后台程序中断" in page
    assert page.count(f'href="{LIST}/') == 2
    assert "4711" not in page


def test_a_decision_says_what_it_leads_to_is_taken_once_and_is_on_record(
    app: Flask, admin: FlaskClient
) -> None:
    failed, uncertain = put(app, "a", "failed"), put(app, "b", "uncertain")
    assert "重新发送" in admin.get(f"{LIST}/{failed}").get_data(as_text=True)
    assert "就会收到两次" in admin.get(f"{LIST}/{uncertain}").get_data(as_text=True)
    assert (state(app, failed), state(app, uncertain)) == ("failed", "uncertain")
    on = f"{LIST}/{failed}"
    assert submit(admin, f"{on}/again", {}, on=on).location == LIST
    on = f"{LIST}/{uncertain}"
    assert submit(admin, f"{on}/leave", {}, on=on).location == LIST
    assert (state(app, failed), state(app, uncertain)) == ("waiting", "left")
    answer = submit(admin, f"{on}/again", {}, on="/admin/accounts/new")
    assert "已不需要处理" in admin.get(answer.location).get_data(as_text=True)
    assert state(app, uncertain) == "left"
    with app.app_context():
        rows = db.session.execute(
            select(AuditEntry.action, AuditEntry.subject_id).where(AuditEntry.subject_type == "delivery")
        ).all()
    assert sorted(tuple(row) for row in rows) == [
        ("delivery.again", str(failed)), ("delivery.left", str(uncertain)),
    ]  # fmt: skip
    assert "通知不再重发" in admin.get("/admin/audit").get_data(as_text=True)


def test_a_long_list_is_paged_by_key(app: Flask, admin: FlaskClient) -> None:
    ids = [put(app, f"key {n}", "failed") for n in range(53)]
    first = admin.get(LIST).get_data(as_text=True)
    following = next(part for part in first.split('"') if part.startswith(f"{LIST}?after="))
    second = admin.get(following).get_data(as_text=True)
    shown = [[one for one in ids if f'{LIST}/{one}"' in page] for page in (first, second)]
    assert [len(one) for one in shown] == [50, 3]
    assert sorted(shown[0] + shown[1]) == ids
    assert admin.get(f"{LIST}?after=forged").status_code == 422
