"""A department's report: two people stand behind it, others see nothing of it, and published it stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from civic.core.audit import AuditEntry
from civic.core.db import unit_of_work
from civic.core.delivery import deliver_due
from civic.core.errors import DomainError, Invalid, NotAllowed, NotFound, Stale
from civic.core.extensions import db
from civic.progress.models import ProgressUpdate
from civic.progress.queries import Square, item_progress
from civic.progress.queries.updates import current_updates, published_updates
from civic.progress.rules.updates import Evidence, EvidenceKind, UpdateState, UpdateStatus
from civic.progress.services import updating
from civic.web.caching import content_version
from tests.factories import make_account
from tests.integration.progress.conftest import NOW
from tests.integration.progress.office import CODE, ITEM, PLAN, PUBLIC, REPORT, WORDS, browser, open_office

TODAY = date(2024, 3, 1)


@pytest.fixture(autouse=True)
def _in_march() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_report_goes_from_draft_to_the_public_through_two_people(taijiang: Flask) -> None:
    with taijiang.app_context():
        office = open_office()
        row = office.write()
        assert (row.state, row.version) == (UpdateState.DRAFT, 1)
        assert [one.key for one in row.report.milestones] == ["m1", "m2"]
        assert published_updates([office.item_id]) == ()
        before = content_version()
        with unit_of_work():
            sent = updating.send_report(office.handler, row.id, row.version, NOW)
            done = updating.approve_report(office.lead, row.id, sent.version, NOW)
        assert done.state is UpdateState.PUBLISHED
        assert done.approved_by == office.lead.account_id
        assert content_version() > before, "pages that were kept are asked for anew"
        shown = item_progress([office.item_id], (), today=TODAY)[office.item_id]
        assert (shown.square, shown.label, shown.on) == (Square.GOING, "Under way", TODAY)
        acts = db.session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_type == "update").order_by(AuditEntry.id)
        )
        assert list(acts) == ["update.save", "update.submit", "update.publish"]
        db.session.rollback()
    page = taijiang.test_client().get(PUBLIC).text
    for words in (WORDS, "完成选址", "选址公示", "30%", "进行中"):
        assert words in page


def test_whoever_wrote_a_report_does_not_approve_it(taijiang: Flask) -> None:
    with taijiang.app_context():
        office = open_office()
        row = office.write(actor=office.lead)
        with unit_of_work():
            sent = updating.send_report(office.lead, row.id, row.version, NOW)
        with pytest.raises(NotAllowed, match="somebody else"), unit_of_work():
            updating.approve_report(office.lead, row.id, sent.version, NOW)
        with pytest.raises(NotAllowed), unit_of_work():
            updating.approve_report(office.handler, row.id, sent.version, NOW)
        # the database says the same to whoever comes with SQL
        publish = "UPDATE progress_update SET state = 'published', published_at = CURRENT_TIMESTAMP, approved_by = :who"
        with pytest.raises(DatabaseError, match="four_eyes"), unit_of_work() as session:
            session.execute(text(publish), {"who": office.lead.account_id})
        other = make_account("lead", department_id=office.department_id)
        with unit_of_work():
            updating.approve_report(other, row.id, sent.version, NOW)


def test_another_department_finds_nothing(taijiang: Flask) -> None:
    with taijiang.app_context():
        office = open_office()
        row = office.write()
        deeds = [
            lambda: updating.save_report(office.stranger, office.item_id, REPORT, NOW, version=0),
            lambda: updating.send_report(office.stranger, row.id, row.version, NOW),
            lambda: updating.discard_report(office.stranger, row.id, row.version, NOW),
            lambda: updating.approve_report(office.stranger, row.id, row.version, NOW),
            lambda: updating.send_back_report(office.stranger, row.id, row.version, NOW, note="改"),
        ]
        for deed in deeds:
            with pytest.raises(NotFound), unit_of_work():
                deed()
        client = browser(taijiang, office.stranger)
    for address in (ITEM, f"{ITEM}/report", f"/progress/approvals/{row.id}"):
        assert client.get(address).status_code == 404
    assert f'href="{ITEM}"' not in client.get(f"/progress/items?text={CODE}").text


def test_what_is_published_stays_and_is_corrected_by_a_newer_report(taijiang: Flask) -> None:
    with taijiang.app_context():
        office = open_office()
        first = office.publish()
        for attempt in ("SET text = '全部完成。'", "SET status = 'done'", "SET state = 'discarded'"):
            with pytest.raises(DatabaseError, match="never edited"), unit_of_work() as session:
                session.execute(text(f"UPDATE progress_update {attempt}"))
        with pytest.raises(Stale), unit_of_work():
            updating.discard_report(office.handler, first.id, first.version, NOW)

        later = replace(REPORT, as_of=date(2024, 2, 28), text="用地手续已办结，施工单位已进场，开始打桩。")
        second = office.publish(later, NOW + timedelta(hours=1))
        fixed = replace(REPORT, percent=20, text=WORDS.replace("年内", "明年"))
        third = office.publish(fixed, NOW + timedelta(hours=2), corrects_id=first.id)
        assert third.corrects_id == first.id
        current = current_updates([office.item_id])[office.item_id]
        assert current.as_of == second.report.as_of, "mending an old report doesn't make it the newest"
        with pytest.raises(Stale), unit_of_work():
            updating.save_report(office.handler, office.item_id, fixed, NOW, version=0, corrects_id=first.id)
        db.session.rollback()
    history = taijiang.test_client().get(f"{PUBLIC}/history").text
    assert f'href="#u{first.id}"' in history
    assert f'href="#u{third.id}"' in history
    assert "<del>年内</del><ins>明年</ins>" in history
    assert "<del>30%</del>" in history.replace("\n", "")


def test_a_correction_of_the_report_that_counts_takes_its_place(taijiang: Flask) -> None:
    with taijiang.app_context():
        office = open_office()
        first = office.publish(replace(REPORT, status=UpdateStatus.DONE, percent=None, milestones=()))
        assert item_progress([office.item_id], (), today=TODAY)[office.item_id].square is Square.DONE
        office.publish(corrects_id=first.id)
        assert item_progress([office.item_id], (), today=TODAY)[office.item_id].square is Square.GOING


def test_sent_back_changed_and_given_up(taijiang: Flask) -> None:
    with taijiang.app_context():
        office = open_office()
        row = office.write()
        with unit_of_work():
            row = updating.send_report(office.handler, row.id, row.version, NOW)
        with pytest.raises(Invalid), unit_of_work():
            updating.send_back_report(office.lead, row.id, row.version, NOW, note=" ")
        with unit_of_work():
            row = updating.send_back_report(office.lead, row.id, row.version, NOW, note="请写明开工日期。")
        assert (row.state, row.sent_back_note) == (UpdateState.DRAFT, "请写明开工日期。")
        row = office.write(version=row.version)
        with unit_of_work():
            sent = updating.send_report(office.handler, row.id, row.version, NOW)
        assert sent.sent_back_note == ""
        changed = office.write(version=sent.version)
        assert changed.state is UpdateState.DRAFT, "what is changed has to be sent once more"
        with unit_of_work():
            updating.discard_report(office.handler, changed.id, changed.version, NOW)
        assert office.write().id != changed.id
        assert db.session.scalar(select(func.count(ProgressUpdate.id))) == 2
        db.session.rollback()


def test_a_save_that_comes_too_late_changes_nothing(taijiang: Flask) -> None:
    with taijiang.app_context():
        office = open_office()
        row = office.write()
        for version in (0, row.version + 1):
            with pytest.raises(Stale):
                office.write(replace(REPORT, text="别人写的另一段话，长度足够。"), version=version)
        with unit_of_work():
            sent = updating.send_report(office.handler, row.id, row.version, NOW)
            updating.approve_report(office.lead, row.id, sent.version, NOW)
        with pytest.raises(Stale), unit_of_work():
            updating.approve_report(office.lead, row.id, sent.version, NOW)


def test_contradictions_are_refused_all_at_once(taijiang: Flask) -> None:
    with taijiang.app_context():
        office = open_office()
        wrong = replace(
            REPORT, status=UpdateStatus.DONE, text="好", as_of=TODAY + timedelta(days=1),
            evidence=(Evidence(EvidenceKind.LINK, "", "javascript:alert(1)"),),
        )  # fmt: skip
        with pytest.raises(updating.ReportRefused) as refused:
            office.write(wrong)
        places = {flaw.place for flaw in refused.value.flaws}
        assert places == {
            "as_of", "percent", "text", "milestones-1-actual_on", "evidence-0-title", "evidence-0-url",
        }  # fmt: skip
        with pytest.raises(DomainError):
            office.write(
                replace(REPORT, evidence=(Evidence(EvidenceKind.PHOTO, "别人的照片", file="x" * 43),))
            )


def test_the_worker_writes_traditional_characters(taijiang: Flask) -> None:
    with taijiang.app_context():
        office = open_office()
        office.publish()
    client = taijiang.test_client()
    assert WORDS in client.get(f"/zh-hant{PUBLIC}").text, "until then Simplified, which is never wrong"
    with taijiang.app_context():
        deliver_due(NOW)
    page = client.get(f"/zh-hant{PUBLIC}").text
    assert "智慧體育公園已完成選址" in page
    assert "選址公示" in page


def test_what_is_not_done_is_late_from_the_districts_midnight_on(taijiang: Flask) -> None:
    client = taijiang.test_client()
    with taijiang.app_context():
        open_office().publish(replace(REPORT, expected_on=date(2024, 3, 10)))
    last_minute = datetime(2024, 3, 10, 15, 59, tzinfo=UTC)
    for moment, label in ((last_minute, "进行中"), (last_minute + timedelta(minutes=2), "已过期限")):
        with time_machine.travel(moment, tick=False):
            margin = client.get(PUBLIC).text.split('class="margin"')[1].split("</aside>")[0]
        assert label in margin


def test_without_a_report_the_page_says_so_and_who_answers(taijiang: Flask) -> None:
    for address in (PUBLIC, f"{PUBLIC}/history"):
        page = taijiang.test_client().get(address).text
        assert "尚未公布进展" in page or "尚无进展" in page
        assert "区文化体育和旅游局" in page
    assert taijiang.test_client().get(f"/plans/{PLAN}/6/history").status_code == 404
