"""A resident who asks for it is told what happens, once, by mail and text message, and ends it with one tap."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from civic.cases import services
from civic.cases.models import Case
from civic.cases.rules import (
    DeclineCode,
    NoticeChannel,
    Resolution,
)
from civic.cases.services import NewContact
from civic.core.actor import RESIDENT, Role
from civic.core.config import Settings
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.outbox import OutboxMessage
from civic.notices.rules.residents import NoticeKind
from civic.notices.rules.texting import MOST_SEGMENTS, segments
from civic.notices.services.residents import remind_of_closing
from tests.factories import make_account, sign_in
from tests.integration.desk.office import forms_of
from tests.integration.intake.conftest import ITEM, Resident
from tests.integration.intake.telling import (
    BOTH,
    EMAIL,
    NUMBER,
    PHONE,
    STOP,
    code_on_receipt,
    deliver,
    link,
    outbox,
    press,
    reference_of,
    send,
)
from tests.integration.notices.post import Mailbox
from tests.integration.notices.telephone import Gateway

pytestmark = pytest.mark.usefixtures("ways_out")


def test_from_the_form_to_the_answer_each_message_once(
    resident: Resident, post: Mailbox, gateway: Gateway
) -> None:
    case_id = send(resident)
    reference, code = reference_of(case_id), code_on_receipt(resident)
    assert deliver(resident) == 2
    assert post.received[0]["Subject"] == f"{reference}：您的诉求已收到"
    assert post.received[0]["X-To"] == EMAIL
    assert "2026年9月20日前给您答复。" in post.text()
    assert gateway.to(NUMBER)[0].startswith(
        f"【规划与民声】您的诉求{reference}已收到。2026年9月20日前给您答复。"
    )
    resident.world.answered(case_id)
    assert deliver(resident) == 2
    assert post.received[1]["Subject"] == f"{reference}：您的诉求已答复"
    assert "请您评价是否满意" in post.text()
    assert "已答复。请您评价。" in gateway.to(NUMBER)[1]
    assert deliver(resident, minutes=5) == 0
    assert (len(post.received), len(gateway.received), gateway.unsigned) == (2, 2, 0)
    for words in (post.text(), gateway.to(NUMBER)[1]):
        assert "路灯" not in words, "neither the resident's words nor the answer's"
        assert code not in words.replace("-", "")
    db.session.rollback()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(table.select()):
            assert EMAIL not in str(tuple(row)), table.name
            assert "13800001234" not in str(tuple(row)), table.name


@pytest.mark.parametrize(
    ("prefix", "subject", "text"),
    [
        ("/en", "your message has arrived", "You get an answer by 20 Sep 2026."),
        ("/zh-hant", "您的訴求已收到", "前給您答覆"),
    ],
)
def test_messages_speak_the_language_of_the_form(
    resident: Resident, post: Mailbox, gateway: Gateway, prefix: str, subject: str, text: str
) -> None:
    page = resident.open(prefix + ITEM)
    form = resident.form(page, ITEM)
    resident.wait(seconds=60)
    typed = {"kind": "suggestion", "text": "河边没有路灯，请尽快装灯。", **BOTH, "looked": "1"}
    assert resident.client.post(prefix + ITEM, data={**form.fields, **typed}).status_code == 302
    assert deliver(resident) == 2
    assert subject in post.received[0]["Subject"]
    assert text in post.text()
    assert text in gateway.to(NUMBER)[0]
    for found in (link(post.text()), link(post.text(), STOP), link(gateway.to(NUMBER)[0])):
        assert found.startswith(f"{prefix}/n/")
    assert press(resident, link(gateway.to(NUMBER)[0])).location == f"{prefix}/track/case"


def test_without_the_consent_nothing_is_sent(resident: Resident, post: Mailbox, gateway: Gateway) -> None:
    page = resident.open(ITEM).get_data(as_text=True)
    for name in ("tell_by_email", "tell_by_sms"):
        box = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert box
        assert "checked" not in box[0], "never ticked beforehand"
    case_id = send(resident, tell_by_email="", tell_by_sms="")
    resident.world.answered(case_id)
    assert deliver(resident) == 0
    assert outbox() == []


def test_a_site_that_sends_nothing_asks_for_no_consent(resident: Resident, ways_out: Settings) -> None:
    ways_out.sms_url = ""
    page = resident.open(ITEM).get_data(as_text=True)
    assert ("tell_by_email" in page, "tell_by_sms" in page) == (True, False)
    case_id = send(resident)
    assert [kind for kind, _, _ in outbox()] == ["mail"], "a box that wasn't there is ticked by nobody"
    ways_out.smtp_host = ""
    assert "tell_by" not in resident.open(ITEM).get_data(as_text=True)
    resident.world.answered(case_id)
    assert len(outbox()) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "lin@localhost"}, "email"),
        ({"phone": ""}, "phone"),
        ({"phone": "0591-83850000"}, "phone"),
    ],
)
def test_a_consent_without_an_address_is_told_at_the_field(
    resident: Resident, typed: dict[str, str], field: str
) -> None:
    answer = resident.write(**{**BOTH, "looked": "1", **typed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.get_data(as_text=True)


def test_each_kind_says_what_happened_and_what_next_and_fits_two_parts(
    resident: Resident, post: Mailbox, gateway: Gateway
) -> None:
    world = resident.world
    contact = NewContact(email=EMAIL, phone=PHONE, tell_by=frozenset(NoticeChannel))
    told: dict[str, set[str]] = {kind: set() for kind in NoticeKind}
    for locale in ("zh_Hans", "zh_Hant", "en"):
        one, two, three = (
            world.submit(contact=contact, locale=locale, text=f"{n}号桥没有灯，请装。").case_id
            for n in range(3)
        )
        world.do(services.accept_case, world.handler, one)
        world.do(services.ask_resident, world.handler, one, "是哪一段？")
        deliver(resident)
        world.do(services.add_information, RESIDENT, one, "从三号桥到五号桥。")
        world.do(services.request_extension, world.handler, one, 5, reason="材料未到。")
        world.do(services.approve_extension, world.dispatcher, one)
        world.do(services.merge_case, world.dispatcher, two, one, reason="同一事项。")
        deliver(resident)
        world.do(services.unmerge_case, world.dispatcher, two)
        world.answered(one)
        world.do(
            services.correct_reply,
            world.lead,
            one,
            "十四盏。",
            resolution=Resolution.ADOPTED,
            reason="数目有误。",
        )
        world.do(
            services.decline_case, world.dispatcher, three, DeclineCode.NOT_THIS_LEVEL, explanation="省里管。"
        )
        deliver(resident)
        close_at = db.session.scalar(select(Case.close_at).where(Case.id == one))
        assert close_at
        world.now = close_at - timedelta(days=2, hours=7)
        with unit_of_work():
            assert remind_of_closing(world.now) == 1
            assert remind_of_closing(world.now) == 1
        deliver(resident)
        world.do(services.reopen_case, RESIDENT, one, "仍然太暗。")
        deliver(resident)
        world.pass_time(days=1)
    rows = db.session.execute(
        select(OutboxMessage.payload, OutboxMessage.status).where(
            OutboxMessage.kind.in_(["notice_mail", "notice_sms"])
        )
    ).all()
    db.session.rollback()
    assert {row.status for row in rows} == {"done"}
    for row in rows:
        told[row.payload["notice"]].add(row.status)
        assert set(row.payload) == {"case_id", "notice", "cause"}
    assert all(told.values()), told
    assert len(gateway.received) == len(post.received) == len(rows) / 2
    for text in gateway.to(NUMBER):
        assert segments(text) <= MOST_SEGMENTS, text
    for secret in ("十二盏", "十四盏", "哪一段", "材料", "省里", "太暗", "五号桥", "数目"):
        assert all(secret not in text for text in gateway.to(NUMBER)), secret
        assert all(secret not in post.text(n) for n in range(len(post.received))), secret


def test_those_whose_case_was_merged_are_told_the_answer_under_their_own_number(
    resident: Resident, post: Mailbox
) -> None:
    first = send(resident, tell_by_email="", tell_by_sms="")
    second = send(resident, text="这段路晚上没有灯，请装。", tell_by_sms="")
    world = resident.world
    world.do(services.merge_case, world.dispatcher, second, first, reason="同一事项。")
    deliver(resident)
    world.answered(first)
    deliver(resident)
    subjects = [message["Subject"] for message in post.received]
    assert subjects[-2:] == [
        f"{reference_of(second)}：您的诉求已并案办理",
        f"{reference_of(second)}：您的诉求已答复",
    ]
    assert "您和其他居民反映的同一事项已答复" in post.text()


def test_the_reminder_comes_once_by_day_and_not_to_who_has_judged(
    resident: Resident, gateway: Gateway
) -> None:
    case_id = send(resident, tell_by_email="")
    world = resident.world
    world.answered(case_id)
    deliver(resident)
    close_at = db.session.scalar(select(Case.close_at).where(Case.id == case_id))
    assert close_at
    for at, expected in (
        (close_at - timedelta(days=4), 0),
        (midnight(close_at - timedelta(days=2)), 0),
        (close_at - timedelta(days=2, hours=5), 1),
    ):
        with unit_of_work():
            assert remind_of_closing(at) == expected
    assert resident.step("rate", level="satisfied", solved="solved").location == "/track/case"
    world.now = close_at - timedelta(days=2)
    assert deliver(resident) == 0
    assert outbox()[-1] == ("sms", "dropped", "overtaken")
    assert len(gateway.received) == 2


def midnight(at: datetime) -> datetime:
    return at.replace(hour=17, minute=0)


def test_a_telephone_does_not_ring_at_night(resident: Resident, post: Mailbox, gateway: Gateway) -> None:
    case_id = send(resident)
    deliver(resident)
    resident.world.now = resident.world.now.replace(hour=14, minute=30)
    resident.world.answered(case_id)
    assert deliver(resident) == 1
    assert (len(post.received), len(gateway.received)) == (2, 1)
    assert deliver(resident, hours=9, minutes=29) == 0
    assert deliver(resident, minutes=1) == 1
    assert len(gateway.received) == 2


def test_nobody_is_flooded_through_the_form(resident: Resident, post: Mailbox, gateway: Gateway) -> None:
    for n in range(7):
        send(resident, text=f"第{n}盏路灯坏了，请修。", tell_by_email="")
    deliver(resident)
    assert len(gateway.received) == 5
    assert [row[1:] for row in outbox()].count(("dropped", "too_many")) == 2


def test_what_is_held_is_confirmed_only_once_a_person_lets_it_go_on(
    resident: Resident, gateway: Gateway
) -> None:
    case_id = send(resident, website="https://spam.example", tell_by_email="")
    assert deliver(resident) == 0
    assert outbox() == []
    resident.world.do(services.release_held, resident.world.dispatcher, case_id)
    assert deliver(resident) == 1
    assert "已收到" in gateway.to(NUMBER)[0]


def test_staff_tick_it_for_a_caller(app: Flask, resident: Resident, gateway: Gateway) -> None:
    with time_machine.travel(resident.world.now, tick=False):
        clerk = sign_in(app.test_client(), make_account(Role.HANDLER, department_id=resident.world.water))
        form = next(f for f in forms_of(clerk.get("/desk/intake/new")) if "ticket" in f.fields)
        given = {"kind": "report", "text": "河边没有灯。", "channel": "hotline", "looked": "1", "item": "6.3.1",
                 "phone": PHONE, "tell_by_sms": "y"}  # fmt: skip
        assert clerk.post("/desk/intake/new", data={**form.fields, **given}).status_code == 302
    assert deliver(resident) == 1
    assert len(gateway.to(NUMBER)) == 1
