"""The mail of the morning and the notices at the desk: the same events, told once each, through a real mail server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic.accounts.services import NewAbsence, enter_absence
from civic.cases import queries as cases
from civic.cases import services
from civic.cases.rules import Resolution
from civic.cases.services import sweep
from civic.core.config import Settings
from civic.core.db import unit_of_work
from civic.core.delivery import deliver_due, recover_claims
from civic.core.extensions import db
from civic.core.outbox import OutboxMessage, OutboxStatus
from civic.notices.services.digests import STAFF_DIGEST_MAIL, write_digests
from civic.supervision.services import opinions
from civic.supervision.services.opinions import NewOpinion
from tests.factories.pages import submit
from tests.integration.desk.office import MONDAY, REPLY, WORDS, Office, make_office
from tests.integration.notices.post import Mailbox, mail_server
from tests.statements import counted

OPENING = timedelta(hours=-1, minutes=-30)
"""From ten in the morning back to half past eight, when work begins."""


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def office(app: Flask, post: Mailbox) -> Office:
    given: Settings = app.extensions["settings"]
    given.smtp_host, given.smtp_port, given.smtp_tls = "127.0.0.1", post.port, "none"
    given.smtp_from, given.base_url = "plan@example.org", "https://plan.example"
    return make_office(app)


def do(office: Office, service: Any, who: str, reference: str, *given: Any, **named: Any) -> None:
    """One of the people does something with a case, at the office's moment."""
    with office.app.app_context():
        with unit_of_work():
            case_id = cases.case_id_of(reference)
            assert case_id is not None
            service(office.people[who], case_id, cases.version_of(case_id), *given, now=office.now, **named)
        db.session.remove()


def drafted(office: Office, reference: str) -> None:
    """The handler accepts the case and lays a reply before the lead."""
    do(office, services.accept_case, "handler", reference)
    do(office, services.draft_reply, "handler", reference, text=REPLY, resolution=Resolution.ADOPTED)
    do(office, services.send_for_approval, "handler", reference)


def morning(office: Office, post: Mailbox, days: int, *, hours: float = 0) -> dict[str, str]:
    """What the worker sends so many days after Monday at the start of work: the text by whose mail it is."""
    at = MONDAY + OPENING + timedelta(days=days, hours=hours)
    office.now = at
    office.browsers.clear()
    before = len(post.received)
    with office.app.app_context():
        with unit_of_work():
            sweep(at - timedelta(minutes=10))
        with unit_of_work():
            write_digests(at)
        deliver_due(at)
        table = db.metadata.tables["account"]
        names = {account.account_id: who for who, account in office.people.items()}
        rows = db.session.execute(select(table.c.id, table.c.email)).all()
        db.session.remove()
    addresses = {row.email: names[row.id] for row in rows}
    return {addresses[str(one["To"])]: str(one.get_content()) for one in post.received[before:]}


def part(text: str, heading: str) -> str:
    """What stands under a heading of a mail; '' if it has none."""
    found = re.search(
        rf"^[^\n*]*{re.escape(heading)}[^\n]*\n(.*?)(?=\n\n|\Z)", text, re.DOTALL | re.MULTILINE
    )
    return found.group(1) if found else ""


def states(office: Office) -> list[str]:
    with office.app.app_context():
        rows = select(OutboxMessage.status).where(OutboxMessage.kind == STAFF_DIGEST_MAIL)
        found = list(db.session.scalars(rows.order_by(OutboxMessage.id)))
        db.session.remove()
        return found


def test_each_is_told_what_is_theirs_once_a_working_day(office: Office, post: Mailbox) -> None:
    held, free, sent_back = (office.submit() for _ in range(3))
    lost = office.submit(item_id=None, text="不知道归谁管的一件事，请帮忙看看。")
    do(office, services.accept_case, "handler", held)
    drafted(office, sent_back)
    told = morning(office, post, 1)
    assert set(told) == {"lead", "dispatcher"}, (
        "deputies, admins and auditors get none, nor who has nothing to do"
    )
    assert sent_back in part(told["lead"], "等待您审签的答复 (1)")
    assert f"https://plan.example/desk/cases/{sent_back}" in told["lead"]
    assert free in part(told["lead"], "区水务局 · 尚无人认领")
    assert "待派单：1" in part(told["dispatcher"], "派单台待处理")
    assert lost not in told["dispatcher"], "a number is enough to find the way to triage"
    assert morning(office, post, 1, hours=2) == {}, "once a day, however often the job runs"

    do(office, services.send_back_reply, "lead", sent_back, reason="请写明完成日期。")
    do(office, services.assign_case, "lead", free, office.people["colleague"].account_id)
    told = morning(office, post, 2)
    assert sent_back in part(told["handler"], "退回、重新办理")
    assert free in part(told["colleague"], "新分派给您 (1)")
    assert held not in told["handler"], "nothing of it is due soon yet"
    assert morning(office, post, 5) == {}, "on a Saturday nobody works"

    told = morning(office, post, 8)
    assert "应于" in part(told["lead"], "本部门逾期"), "what is owed first is that it's accepted"
    told = morning(office, post, 14)
    assert held in part(told["handler"], "即将到期") or held in part(told["handler"], "上次邮件后新逾期")
    late = morning(office, post, 15)
    assert held in part(late["handler"], "上次邮件后新逾期"), late["handler"]
    assert held in part(late["lead"], "区水务局 · 本部门逾期")
    again = morning(office, post, 16)
    assert held in part(again["lead"], "区水务局 · 本部门逾期"), "the lead is told as long as it is so"
    assert not part(again.get("handler", ""), "上次邮件后新逾期"), "it becomes overdue once"
    everything = "".join(str(one.get_content()) for one in post.received)
    for secret in (WORDS, "林女士", "13800000000", "写明完成日期", "不知道归谁管"):
        assert secret not in everything


def test_the_mail_is_switched_off_where_it_says_and_never_comes_twice(office: Office, post: Mailbox) -> None:
    office.submit()
    told = morning(office, post, 1)
    link = told["lead"].strip().splitlines()[-1]
    assert link == "https://plan.example/staff/account#digest"
    browser = office.browser("lead")
    with office.at_work():
        page = browser.get("/staff/account").get_data(as_text=True)
        assert "办理期限照常计算" in page
        assert (
            submit(browser, "/staff/account/digest", {"wanted": "off"}, on="/staff/account").status_code
            == 302
        )
        assert "您目前不接收工作提醒邮件" in browser.get("/staff/account").get_data(as_text=True)
        assert 'id="digest"' not in office.get("deputy", "/staff/account").get_data(as_text=True)
    assert "lead" not in morning(office, post, 2)
    with office.at_work():
        submit(office.browser("lead"), "/staff/account/digest", {"wanted": "on"}, on="/staff/account")
    # A worker that dies with the mail in its hands: a person decides, and no second one leaves by itself.
    at = MONDAY + OPENING + timedelta(days=3)
    with office.app.app_context():
        for _worker in range(2):
            with unit_of_work():
                write_digests(at)
        claimed = db.session.scalars(
            select(OutboxMessage).where(OutboxMessage.status == OutboxStatus.WAITING.value)
        ).all()
        assert len(claimed) == len({one.key for one in claimed})
        with unit_of_work():
            for one in claimed:
                db.session.get_one(OutboxMessage, one.id).status = OutboxStatus.CLAIMED.value
        recover_claims(at)
        before = len(post.received)
        deliver_due(at)
        db.session.remove()
    assert len(post.received) == before
    assert set(states(office)[-len(claimed) :]) == {OutboxStatus.UNCERTAIN.value}
    assert "lead" in morning(office, post, 4), "the next day tells what that mail would have told"


def test_who_stands_in_is_told_and_who_is_away_is_not(office: Office, post: Mailbox) -> None:
    held = office.submit()
    do(office, services.accept_case, "handler", held)
    with office.app.app_context(), unit_of_work():
        people = office.people
        new = NewAbsence(
            account_id=people["handler"].account_id or 0, department_id=office.water,
            since=date(2026, 9, 8), until=date(2026, 9, 22), stand_in_id=people["colleague"].account_id,
        )  # fmt: skip
        enter_absence(people["lead"], new, office.now)
    told = {day: morning(office, post, day) for day in (11, 14, 15)}
    assert all("handler" not in each for each in told.values())
    assert any(held in part(each.get("colleague", ""), "即将到期") for each in told.values())
    assert held in part(told[15]["colleague"], "上次邮件后新逾期")
    back = morning(office, post, 16)
    assert held in part(back["handler"], "上次邮件后新逾期"), (
        "the first day back tells what happened meanwhile"
    )


def test_the_desk_tells_the_same_without_mail_until_it_is_seen(office: Office) -> None:
    office.app.extensions["settings"].smtp_host = ""
    office.pass_time(minutes=5)
    held, given = office.submit(), office.submit()
    do(office, services.accept_case, "handler", held)
    do(office, services.assign_case, "lead", given, office.people["handler"].account_id)
    assert given not in office.get("handler", "/en/desk/notices").get_data(as_text=True), "within a minute"
    office.pass_time(minutes=2)
    page = office.get("handler", "/en/desk/notices").get_data(as_text=True)
    assert given in part_of(page, "assigned")
    assert held not in page, "what one did oneself is no news"
    assert office.get("handler", "/desk/changes").get_json()["counts"]["notices"] == 1
    assert office.get("lead", "/desk/changes").get_json()["counts"]["notices"] == 0
    form = {"until": re.search(r'name="until" value="([^"]+)"', page).group(1)}  # type: ignore[union-attr]

    later = office.submit()
    do(office, services.assign_case, "lead", later, office.people["handler"].account_id)
    with office.at_work():
        answer = submit(office.browser("handler"), "/en/desk/notices/seen", form, on="/en/desk/notices")
    assert answer.status_code == 302
    office.pass_time(minutes=2)
    page = office.get("handler", "/en/desk/notices").get_data(as_text=True)
    assert given not in page
    assert later in page, "what came after the page was made isn't seen"
    with office.at_work():
        submit(
            office.browser("handler"),
            "/en/desk/notices/seen",
            {"until": "2099-01-01T00:00:00+00:00"},
            on="/en/desk/notices",
        )
    assert "Nothing new since then" in office.get("handler", "/en/desk/notices").get_data(as_text=True)

    office.pass_time(days=15, hours=1)
    with office.app.app_context(), unit_of_work():
        sweep(office.now - timedelta(minutes=5))
    with counted(office.app) as statements:
        page = office.get("handler", "/en/desk/notices").get_data(as_text=True)
    assert held in part_of(page, "overdue")
    assert given in part_of(page, "overdue")
    of_notices = [one for one in statements if "case_event" in one or "FROM case_file" in one]
    assert any("action IN ('became_overdue', " in one for one in of_notices), "as its index is written"
    assert len(of_notices) == 4, "what happened, what came due, the cases of both together, and their marks"
    assert len(statements) <= 18
    with counted(office.app) as statements:
        office.get("handler", "/desk/?view=mine")
    assert not [
        one for one in statements if "JOIN case_file ON case_file.id = case_event.case_id + 0" in one
    ], "no page of the desk counts them itself"


def test_a_lead_is_told_of_opinions_too(office: Office, post: Mailbox) -> None:
    deputy = office.people["deputy"]
    with office.app.app_context(), unit_of_work():
        new = NewOpinion("关于步道照明", "台江步道夜间照明不足，请贵局说明原因。", "water")
        opinion_id = opinions.write_opinion(deputy, new, office.now)
        opinions.send_opinion(deputy, opinion_id, 1, office.now + timedelta(minutes=1))
    office.pass_time(minutes=5)
    number = "督办〔2026〕1号"
    assert number in part_of(office.get("lead", "/desk/notices").get_data(as_text=True), "opinions")
    assert number not in office.get("handler", "/desk/notices").get_data(as_text=True)
    soon, late = morning(office, post, 44), morning(office, post, 45)
    assert f"{number} · 2026年10月21日到期" in part(soon["lead"], "代表对本部门的督办意见 (1)")
    assert f"{number} · 已于2026年10月21日到期" in part(late["lead"], "代表对本部门的督办意见 (1)")
    assert set(soon) == set(late) == {"lead"}
    assert "步道照明" not in soon["lead"], "its title is the deputy's words"


def part_of(page: str, kind: str) -> str:
    """The section of a kind of notice; '' if the page has none."""
    found = re.search(rf'<section aria-labelledby="notices-{kind}">.*?</section>', page, re.DOTALL)
    return found.group(0) if found else ""
