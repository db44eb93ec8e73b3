"""What mail server and gateway say is believed; what they don't say is uncertain; each message is handed over once."""

from __future__ import annotations

import json

import pytest
import structlog
from sqlalchemy import select

from civic.cases.rules import (
    CaseAction,
    CaseChanged,
    CaseStatus,
)
from civic.core.config import Settings
from civic.core.db import unit_of_work
from civic.core.events import publish
from civic.core.extensions import db
from civic.core.outbox import OutboxMessage
from tests.integration.intake.conftest import Resident
from tests.integration.intake.telling import (
    EMAIL,
    NUMBER,
    deliver,
    outbox,
    reference_of,
    send,
)
from tests.integration.notices.post import Mailbox
from tests.integration.notices.telephone import Gateway

pytestmark = pytest.mark.usefixtures("ways_out")


def test_logs_carry_no_address_and_no_text(resident: Resident, post: Mailbox, gateway: Gateway) -> None:
    send(resident)
    post.refuse, gateway.status = f"550 <{EMAIL}> no such mailbox here", 422
    with structlog.testing.capture_logs() as lines:
        assert deliver(resident) == 0
    assert [(line["code"], line["kind"]) for line in lines] == [
        ("recipient_550", "notice_mail"), ("http_422", "notice_sms"),
    ]  # fmt: skip
    written = json.dumps(lines, default=repr)
    assert EMAIL not in written
    assert NUMBER[3:] not in written
    assert [row[1] for row in outbox()] == ["failed", "failed"]


@pytest.mark.parametrize(
    ("refuse", "answer", "state", "code"),
    [
        ("450 try later", "250 OK", "waiting", "recipient_450"),
        ("550 no such mailbox", "250 OK", "failed", "recipient_550"),
        ("", "451 disk full", "waiting", "text_451"),
        ("", "554 looks like spam", "failed", "text_554"),
    ],
)
def test_what_a_mail_server_says_is_believed(
    resident: Resident, post: Mailbox, refuse: str, answer: str, state: str, code: str
) -> None:
    send(resident, tell_by_sms="")
    post.refuse, post.answer = refuse, answer
    assert deliver(resident) == 0
    assert outbox() == [("mail", state, code)]


@pytest.mark.parametrize(
    ("status", "state"),
    [(500, "waiting"), (503, "waiting"), (429, "waiting"), (400, "failed"), (404, "failed"), (301, "failed"),
     (502, "uncertain"), (504, "uncertain"), (200, "done"), (204, "done")],
)  # fmt: skip
def test_what_a_gateway_says_is_believed(
    resident: Resident, gateway: Gateway, status: int, state: str
) -> None:
    send(resident, tell_by_email="")
    gateway.status = status
    deliver(resident)
    code = "" if state == "done" else f"http_{status}"
    assert outbox() == [("sms", state, code)]


def test_servers_that_are_away_lose_nothing_and_get_nothing_twice(
    resident: Resident, post: Mailbox, gateway: Gateway, ways_out: Settings
) -> None:
    first, second = send(resident), send(resident, text="这段路也没有灯，请装。")
    ways_out.smtp_port, ways_out.sms_url = 9, "http://127.0.0.1:9/send"
    assert deliver(resident) == 0
    waiting = db.session.execute(
        select(OutboxMessage.kind, OutboxMessage.attempts).where(OutboxMessage.kind.like("notice%"))
    ).all()
    assert sorted(n for _, n in waiting) == [0, 0, 1, 1], "the kind rests: one try, not one for each message"
    ways_out.smtp_port, ways_out.sms_url = post.port, gateway.url
    assert deliver(resident) == 2
    assert deliver(resident, minutes=1) == 2
    assert deliver(resident, minutes=10) == 0
    subjects = sorted(message["Subject"].partition("：")[0] for message in post.received)
    assert subjects == sorted([reference_of(first), reference_of(second)])
    assert len({one["id"] for one in gateway.received}) == len(gateway.received) == 2


def test_no_answer_after_the_text_was_handed_over_is_uncertain_and_not_tried_again(
    resident: Resident, post: Mailbox, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civic.notices.smtp.TIMEOUT_SECONDS", 0.5)
    monkeypatch.setattr("civic.notices.gateway.TIMEOUT_SECONDS", 0.5)
    send(resident)
    post.after = gateway.after = 1.5
    assert deliver(resident) == 0
    assert [row[1] for row in outbox()] == ["uncertain", "uncertain"]
    post.after = gateway.after = 0
    assert deliver(resident, hours=12) == 0
    assert (len(post.received), len(gateway.received)) == (1, 1), "they had it: not twice"


def test_a_wrong_key_is_seen_by_the_gateway(resident: Resident, gateway: Gateway, ways_out: Settings) -> None:
    send(resident, tell_by_email="")
    ways_out.sms_key = "another"
    assert deliver(resident) == 0
    assert (gateway.unsigned, gateway.received) == (1, [])
    assert outbox() == [("sms", "failed", "http_401")]


def test_events_are_written_down_once_however_often_they_are_told(resident: Resident) -> None:
    case_id = send(resident)
    before = outbox()
    change = CaseChanged(
        case_id=case_id, actions=(CaseAction.ROUTE,), first_seq=2, before=None, status=CaseStatus.ROUTED,
        at=resident.world.now, item_id=None, visible=False, was_visible=False,
    )  # fmt: skip
    with unit_of_work():
        publish(change)
        publish(change)
    assert outbox() == before
