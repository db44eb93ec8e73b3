"""Links in messages and the switches of the own page: by a button, for one purpose, void once switched off."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, select

from civic.cases import queries, services
from civic.cases.models import Contact
from civic.core.actor import RESIDENT
from civic.core.audit import AuditEntry
from civic.core.db import unit_of_work
from civic.core.extensions import db
from tests.integration.desk.office import forms_of
from tests.integration.intake.conftest import Resident
from tests.integration.intake.telling import (
    BASE,
    NUMBER,
    STOP,
    deliver,
    last_case,
    link,
    outbox,
    press,
    reference_of,
    send,
)
from tests.integration.notices.post import Mailbox
from tests.integration.notices.telephone import Gateway

pytestmark = pytest.mark.usefixtures("ways_out")


def test_the_link_opens_the_case_by_a_button_only(resident: Resident, gateway: Gateway) -> None:
    case_id = send(resident)
    deliver(resident)
    address = link(gateway.to(NUMBER)[0])
    stranger = Resident(resident.client.application.test_client(), resident.world, resident.clock)
    assert stranger.open(address).status_code == 200
    assert stranger.client.get("/track/case").location == "/track", (
        "a program that looks at links opens nothing"
    )
    assert press(stranger, address).location == "/track/case"
    assert reference_of(case_id) in stranger.open("/track/case").get_data(as_text=True)
    assert stranger.client.get("/feedback/receipt").location == "/track", "the query code stays where it is"
    stranger.wait(days=61)
    assert stranger.client.get(address).status_code == 410


def test_one_tap_ends_text_messages_and_leaves_mail(
    resident: Resident, post: Mailbox, gateway: Gateway
) -> None:
    case_id = send(resident)
    deliver(resident)
    address = link(gateway.to(NUMBER)[0])
    page = resident.open(address)
    assert "138****1234" in page.get_data(as_text=True)
    assert "13800001234" not in page.get_data(as_text=True)
    target = re.search(r'action="(/n/stop/[A-Z2-9]+)"', page.get_data(as_text=True))
    assert target
    answer = resident.client.post(target[1], data=resident.form(page, target[1]).fields)
    assert "不再向138****1234发送" in answer.get_data(as_text=True)
    again = resident.client.post(target[1])
    assert (again.status_code, "已停止" in again.get_data(as_text=True)) == (200, True)
    assert resident.client.get(address).status_code == 410, "earlier links open nothing any more"
    resident.world.answered(case_id)
    assert deliver(resident) == 1
    assert (len(post.received), len(gateway.received)) == (2, 1)


def test_a_mail_program_ends_it_without_cookie_and_token(resident: Resident, post: Mailbox) -> None:
    send(resident)
    deliver(resident)
    stop = link(post.text(), STOP)
    assert post.received[0]["List-Unsubscribe"].strip() == f"<{BASE}{stop}>"
    assert post.received[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stranger = resident.client.application.test_client()
    assert stranger.get(stop).status_code == 200
    db.session.rollback()
    assert db.session.scalar(select(Contact.email_nonce)) is not None, "looking at the page ends nothing"
    db.session.rollback()
    assert stranger.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert db.session.execute(select(Contact.email_nonce, Contact.phone_nonce)).one()[0] is None
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    db.session.rollback()
    assert actions == ["case.notices_on", "case.notices_on", "case.notices_off"]


def test_links_are_good_for_one_purpose_and_nothing_else(
    resident: Resident, post: Mailbox, gateway: Gateway
) -> None:
    send(resident)
    deliver(resident)
    opens, stops = link(post.text()), link(post.text(), STOP)
    assert resident.client.get(opens.replace("/n/", "/n/stop/")).status_code == 200
    resident.client.post(opens.replace("/n/", "/n/stop/"))
    db.session.rollback()
    assert db.session.scalar(select(Contact.email_nonce)) is not None, "a link that opens ends nothing"
    assert resident.client.get(stops.replace("/n/stop/", "/n/")).status_code == 410
    token = opens.rsplit("/", 1)[1]
    by_phone = link(gateway.to(NUMBER)[0]).rsplit("/", 1)[1]
    other = "B" if token[0] == "A" else "A"
    for forged in (
        token[:-1] + "Z",
        other + token[1:],
        token[:20],
        token + "2",
        by_phone[:20] + token[20:],
        "x",
        "A" * 40,
    ):
        assert resident.client.get(f"/n/{forged}").status_code == 410, forged


def switch(resident: Resident, channel: str, wanted: str) -> str:
    page = resident.open("/track/case")
    form = next(form for form in forms_of(page) if form.fields.get("channel") == channel)
    assert form.fields["wanted"] == wanted
    assert resident.client.post("/track/case/notices", data=form.fields).location == "/track/case"
    return resident.open("/track/case").get_data(as_text=True)


def test_the_own_page_shows_what_is_on_and_switches_it(
    resident: Resident, post: Mailbox, gateway: Gateway
) -> None:
    case_id = send(resident, tell_by_email="")
    page = resident.open("/track/case").get_data(as_text=True)
    assert "138****1234" in page
    assert "l***@example.org" in page
    assert (page.count("已开启"), page.count("已关闭")) == (1, 1)
    page = switch(resident, "email", "on")
    assert page.count('class="badge">已开启') == 2
    page = switch(resident, "sms", "off")
    resident.world.answered(case_id)
    deliver(resident)
    assert (len(post.received), len(gateway.received)) == (1, 0)
    assert outbox()[0] == ("sms", "dropped", "switched_off"), "and the row says why nothing was sent"


def test_own_data_says_since_and_until_when_messages_were_wanted(resident: Resident) -> None:
    case_id = send(resident)
    began = resident.world.now
    resident.wait(days=1)
    switch(resident, "sms", "off")
    found = {
        one.what: (one.at, one.ended_at) for one in queries.own_data(case_id, resident.world.now).consents
    }
    db.session.rollback()
    assert found == {"email": (began, None), "sms": (began, resident.world.now)}
    form = resident.form(resident.open("/track/case/data"), "/track/case/data")
    answer = resident.client.post("/track/case/data", data={**form.fields, "shape": "page"})
    page = answer.get_data(as_text=True)
    assert "用短信接收办理通知" in page
    resident.wait(days=1)
    resident.world.do(services.erase_contact, RESIDENT, case_id)
    found = {
        one.what: (one.at, one.ended_at) for one in queries.own_data(case_id, resident.world.now).consents
    }
    assert found["email"] == (began, resident.world.now)


def test_a_switch_never_strikes_another_message_opened_in_the_same_browser(resident: Resident) -> None:
    send(resident)
    form = next(f for f in forms_of(resident.open("/track/case")) if f.fields.get("channel") == "sms")
    send(resident, text="这段路晚上也没有灯，请装。")
    resident.client.post("/track/case/notices", data=form.fields)
    assert "又打开了另一件诉求" in resident.open("/track/case").get_data(as_text=True)
    db.session.rollback()
    assert None not in db.session.scalars(select(Contact.phone_nonce)).all()


def test_nobody_switches_without_the_case_open(resident: Resident) -> None:
    send(resident)
    stranger = resident.client.application.test_client()
    data = {"channel": "sms", "wanted": "off"}
    assert stranger.post("/track/case/notices", data=data).location == "/track"
    assert (
        resident.client.post("/track/case/notices", data={**data, "channel": "fax"}).location == "/track/case"
    )
    db.session.rollback()
    assert db.session.scalar(select(Contact.phone_nonce)) is not None


def test_an_erased_contact_is_told_nothing_and_its_links_are_void(
    resident: Resident, post: Mailbox, gateway: Gateway
) -> None:
    send(resident)
    deliver(resident)
    resident.world.answered(last_case())
    with unit_of_work() as session:
        session.execute(delete(Contact))
    assert deliver(resident) == 0
    assert [row[1:] for row in outbox()[2:]] == [("dropped", "switched_off")] * 2
    assert resident.client.get(link(post.text())).status_code == 410
    assert "notices-title" not in resident.open("/track/case").get_data(as_text=True)
