"""An editor adjusts the plan: proposed changes nothing, in force changes everything that says the value, for good."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.cases import queries as cases_read
from civic.cases import services as cases
from civic.cases.rules import CaseAction, FeedbackKind
from civic.cases.services import NewFeedback
from civic.core import clock
from civic.core.actor import RESIDENT, SYSTEM, Role
from civic.core.audit import AuditEntry
from civic.core.db import unit_of_work
from civic.core.errors import Invalid, NotAllowed, Stale
from civic.core.extensions import db
from civic.core.ids import new_nonce
from civic.departments.queries import local_day
from civic.plans import queries as plans
from civic.plans.rules import AdjustmentSubject as Subject
from civic.plans.services import Approval, read_target
from civic.progress import queries, services
from civic.progress.rules import Status
from civic.progress.services import NewAdjustment, NoticePeriod
from civic.search import queries as search
from tests.factories import csrf_token, make_account, sign_in

PLAN = "taijiang-14"
APPROVAL = Approval("台人常〔2024〕8号", "区人大常委会", date(2024, 1, 10), "https://example.org/8")
NEW = "/progress/adjustments/new"
LIST = f"/plans/{PLAN}/adjustments"


@pytest.fixture
def editor(taijiang: Flask, client: FlaskClient) -> FlaskClient:
    with taijiang.app_context():
        account = make_account(Role.EDITOR)
    return sign_in(client, account)


def fill(
    editor: FlaskClient, address: str, data: dict[str, Any], page: TestResponse | None = None
) -> TestResponse:
    """Send a form as it stands on ``page`` (by default, as it stands now) with ``data`` filled in."""
    page = page or editor.get(address)
    hidden = dict(
        re.findall(r'<input id="(?:seen|version)" name="(\w+)" type="hidden" value="([^"]*)"', page.text)
    )
    return editor.post(address, data={"csrf_token": csrf_token(page), **hidden, **data})


def item_id(code: str) -> int:
    return plans.item_by_code(PLAN, code).id


def target(code: str, text: str, rate: str = "", year: int = 2025) -> NewAdjustment:
    found = item_id(code)
    return NewAdjustment(found, Subject.TARGET, read_target(found, text, rate, year), "形势变化。")


def public(app: Flask, address: str) -> str:
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    return answer.text


def only(code: str) -> queries.AdjustmentRow:
    (row,) = queries.adjustments_of(plans.plan_by_slug(PLAN).id, {item_id(code)})
    return row


def test_from_announcement_to_force(taijiang: Flask, editor: FlaskClient) -> None:
    with taijiang.app_context():
        today = local_day(clock.now())
    assert "未作过调整" in public(taijiang, LIST)
    form = {
        "target": "92", "target_rate": "", "target_year": "2025", "reason": "产业结构升级快于预期。",
        "how": "announce", "notice_from": today.isoformat(), "notice_until": today.isoformat(),
    }  # fmt: skip
    first = fill(editor, NEW, {"plan": PLAN, "code": "T2-04", "subject": "target"})
    assert first.status_code == 303
    empty = fill(editor, first.location, {**form, "reason": ""})
    assert empty.status_code == 422
    assert 'value="92"' in empty.text, "what was typed stays"
    saved = fill(editor, first.location, form)
    assert saved.status_code == 303

    page = public(taijiang, f"/plans/{PLAN}/T2-04")
    assert "拟调整" in page
    assert "产业结构升级快于预期" in page
    shown = public(taijiang, LIST)
    assert "公示中" in shown
    assert f"/plans/{PLAN}/T2-04/feedback" in shown, "one can say something about it"
    with taijiang.app_context():
        row = only("T2-04")
        stands = plans.standing(row.item_id, Subject.TARGET)
        assert stands["target"]["text"] == "90", "a proposal changes nothing"
        assert row.item_id not in queries.adjusted_items()
    early = fill(editor, f"/progress/adjustments/{row.id}/force", {**decision(today)})
    assert early.status_code == 422, "not before the notice period is over"

    with taijiang.app_context():
        with unit_of_work():
            after = clock.now() + timedelta(days=2)
            services.put_into_force(SYSTEM, row.id, row.version, APPROVAL, after)
        assert plans.standing(row.item_id, Subject.TARGET)["target"]["text"] == "92"
        assert row.item_id in queries.adjusted_items()
        marked = queries.item_progress([row.item_id], today=today)[row.item_id]
        assert marked.adjusted
        assert marked.nothing, "the mark of an adjustment is no progress"
        acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_type == "adjustment"))
        assert list(acts) == ["adjustment.announce", "adjustment.in_force"]
    page = public(taijiang, f"/plans/{PLAN}/T2-04")
    for said in (
        "已调整",
        "90",
        "92",
        "区人大常委会",
        "台人常〔2024〕8号",
        "https://example.org/8",
        "2024年1月10日",
    ):
        assert said in page, said
    assert "须按程序提请市人大常委会审查批准" in public(taijiang, LIST), "what the plan says of it"
    assert "本级人民代表大会常务委员会" in public(taijiang, LIST), "and what the law says"
    again = fill(editor, f"/progress/adjustments/{row.id}/withdraw", {"reason": "x"})
    assert again.status_code == 422, "in force is for good"


def decision(day: date) -> dict[str, str]:
    return {"approving_body": "区人大常委会", "document_number": "1号", "approved_on": day.isoformat()}


def test_status_is_judged_by_the_target_in_force(taijiang: Flask) -> None:
    with taijiang.app_context():
        found = queries.indicator_statuses("taijiang-13", date(2021, 6, 1))
        assert next(one for one in found if one.row.ref.code == "T1-03").verdict.status is Status.MISSED
        ref = plans.item_by_code("taijiang-13", "T1-03")
        new = read_target(ref.id, "24", "1%", 2020)
        with unit_of_work():
            wanted = NewAdjustment(ref.id, Subject.TARGET, new, "营改增后口径变化。")
            services.record_adjustment(SYSTEM, wanted, APPROVAL, clock.now())
        found = queries.indicator_statuses("taijiang-13", date(2021, 6, 1))
        assert next(one for one in found if one.row.ref.code == "T1-03").verdict.status is Status.ACHIEVED


def test_a_paragraph_takes_its_promises_along_and_keeps_its_anchor(taijiang: Flask) -> None:
    with taijiang.app_context():
        promise = next(row for row in plans.commitments(PLAN) if row.ref.code == "M-1.5.1-1")
        old = next(p for p in plans.paragraphs([promise.clause.id]) if promise.quote in p.text)
        quote = promise.quote.replace("90%", "92%")
        text = old.text.replace(promise.quote, quote)
        wanted = NewAdjustment(promise.clause.id, Subject.TEXT, {"text": text}, "空气更好。", old.anchor)
        with pytest.raises(Invalid, match=r"M-1\.5\.1-1"), unit_of_work():
            services.record_adjustment(SYSTEM, wanted, APPROVAL, clock.now())
        wanted = NewAdjustment(
            promise.clause.id, Subject.TEXT, {"text": text, "quotes": {promise.ref.code: quote}}, "空气更好。",
            old.anchor,
        )  # fmt: skip
        with unit_of_work():
            services.record_adjustment(SYSTEM, wanted, APPROVAL, clock.now())
        now = plans.paragraph(promise.clause.id, old.anchor)
        assert now is not None
        assert now.text == text
        assert "92%" in now.text_hant
        assert next(r for r in plans.commitments(PLAN) if r.ref.code == promise.ref.code).quote == quote
        assert only(promise.ref.code).document_number == APPROVAL.number
    assert quote in public(taijiang, f"/plans/{PLAN}/M-1.5.1-1")
    assert "<del>90%</del>" in public(taijiang, f"/plans/{PLAN}/1.5.1")


def test_titles_days_and_measures(taijiang: Flask) -> None:
    with taijiang.app_context():
        now = clock.now()
        changes = (
            ("6.3.1", Subject.TITLE, {"title": "建设镜湖滑冰馆"}),
            ("B1-001", Subject.DEADLINE, {"deadline": "2026-06-30"}),
            ("M-1.5.1-1", Subject.DEADLINE, {"deadline": "2026-12-31"}),
            ("M-1.5.1-1", Subject.TARGET, {"measure": {"text": "92%以上", "kind": "floor", "value": "92"}}),
            ("T2-10", Subject.DEADLINE, {"target_year": 2026}),
        )
        for code, subject, new in changes:
            with unit_of_work():
                wanted = NewAdjustment(item_id(code), subject, new, "样例")
                services.record_adjustment(SYSTEM, wanted, APPROVAL, now)
            stands = plans.standing(item_id(code), subject)
            assert {name: stands[name] for name in new} == new
    with taijiang.app_context():
        assert search.search("镜湖滑冰馆").found[0].ref.code == "6.3.1", "search follows"
    assert "2026年6月30日" in public(taijiang, f"/plans/{PLAN}/B1-001")
    assert "鏡湖" in public(taijiang, f"/zh-hant/plans/{PLAN}/6.3.1")


def test_what_is_refused(taijiang: Flask, editor: FlaskClient) -> None:
    with taijiang.app_context():
        now = clock.now()
        today = local_day(now)
        notice = NoticePeriod(today, today + timedelta(days=3))
        handler = make_account(Role.DEPUTY)
        with pytest.raises(NotAllowed), unit_of_work():
            services.announce_adjustment(handler, target("T2-04", "92"), notice, now)
        with pytest.raises(Invalid, match="same"), unit_of_work():
            services.record_adjustment(SYSTEM, target("T2-04", "90", "[4.7]"), APPROVAL, now)
        for missing, field in (
            (Approval("", "区人大常委会", today), "document_number"),
            (Approval("1号", "", today), "approving_body"),
            (Approval("1号", "区人大常委会"), "approved_on"),
            (Approval("1号", "区人大常委会", today + timedelta(days=1)), "approved_on"),
        ):
            with pytest.raises(Invalid) as refused, unit_of_work():
                services.record_adjustment(SYSTEM, target("T2-04", "92"), missing, now)
            assert refused.value.field == field
        with unit_of_work():
            first = services.announce_adjustment(SYSTEM, target("T2-04", "92", year=2026), notice, now)
        with pytest.raises(Invalid, match="open already"), unit_of_work():
            services.announce_adjustment(SYSTEM, target("T2-04", "93"), notice, now)
        with unit_of_work():
            later = NewAdjustment(item_id("T2-04"), Subject.DEADLINE, {"target_year": 2027}, "样例")
            services.record_adjustment(SYSTEM, later, APPROVAL, now)
        with pytest.raises(Stale, match="no longer says"), unit_of_work():
            services.put_into_force(SYSTEM, first, 1, APPROVAL, now + timedelta(days=9))
        with unit_of_work():
            services.withdraw_adjustment(SYSTEM, first, 1, "已另行调整。", now)
        with pytest.raises(Stale), unit_of_work():
            services.put_into_force(SYSTEM, first, 1, APPROVAL, now + timedelta(days=9))
    assert "已另行调整。" in public(taijiang, LIST), "a withdrawn proposal stays to be read"
    wrong = fill(editor, NEW, {"plan": PLAN, "code": "T9-99", "subject": "target"})
    assert wrong.status_code == 422
    assert "T9-99" in wrong.text
    wrong = fill(editor, NEW, {"plan": PLAN, "code": "6.3.1", "subject": "target"})
    assert "6.3.1可以调整的内容" in wrong.text


def test_a_form_that_is_out_of_date_keeps_what_was_typed(taijiang: Flask, editor: FlaskClient) -> None:
    address = f"{NEW}/{PLAN}/T2-04/target"
    page = editor.get(address)
    with taijiang.app_context(), unit_of_work():
        services.record_adjustment(SYSTEM, target("T2-04", "91"), APPROVAL, clock.now())
    form = {
        "target": "93", "target_rate": "", "target_year": "2025", "reason": "样例", "how": "in_force",
        **decision(date(2024, 1, 1)),
    }  # fmt: skip
    stale = fill(editor, address, form, page)
    assert stale.status_code == 422
    assert 'value="93"' in stale.text
    assert "91" in stale.text, "what stands now is shown"
    assert fill(editor, address, form, stale).status_code == 303


def test_the_decision_can_be_read_as_a_file(taijiang: Flask, editor: FlaskClient) -> None:
    form = {
        "deadline": "2026-06-30", "reason": "样例", "how": "in_force", **decision(date(2024, 1, 1)),
    }  # fmt: skip
    address = f"{NEW}/{PLAN}/B1-001/deadline"
    wrong = fill(editor, address, {**form, "file": (io.BytesIO(b"<html>"), "决定.html")})
    assert wrong.status_code == 422
    assert "2026-06-30" in wrong.text
    pdf = b"%PDF-1.7 a decision"
    assert fill(editor, address, {**form, "file": (io.BytesIO(pdf), "决定.pdf")}).status_code == 303
    found = re.search(r'href="(/files/[^"]+)"', public(taijiang, f"/plans/{PLAN}/B1-001"))
    assert found
    assert taijiang.test_client().get(found[1]).data == pdf


def test_voices_of_the_notice_period(taijiang: Flask) -> None:
    with taijiang.app_context():
        now = clock.now()
        today = local_day(now)
        with unit_of_work():
            notice = NoticePeriod(today, today + timedelta(days=3))
            services.announce_adjustment(SYSTEM, target("T2-04", "92"), notice, now)
        say(item_id("T2-04"), "我赞成提高服务业的目标。")
    page = public(taijiang, f"/plans/{PLAN}/T2-04")
    assert "公示期内收到1条意见" in page
    assert page.count("我赞成提高服务业的目标") == 2, "with the proposal, and among the voices"
    assert "公示期内收到1条意见" in public(taijiang, LIST)


def say(about: int, words: str) -> None:
    """A published voice about an item."""
    dispatcher = make_account(Role.DISPATCHER)
    new = NewFeedback(
        kind=FeedbackKind.SUGGESTION, text=words, nonce=new_nonce(), item_id=about, wants_publication=True
    )
    with unit_of_work():
        receipt = cases.submit_feedback(RESIDENT, new, clock.now())
    with unit_of_work():
        version = cases_read.case_page(dispatcher, receipt.case_id, clock.now()).version
        cases.review_publication(dispatcher, receipt.case_id, version, CaseAction.PUBLISH, now=clock.now())
