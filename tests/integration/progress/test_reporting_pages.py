"""The pages of reports: nothing typed is lost, files come in with the form, the lead sees what differs."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.core.db import unit_of_work
from civic.files import storage
from civic.progress.queries import reports
from civic.progress.queries.updates import published_updates
from civic.progress.services import updating
from tests.factories import csrf_token, submit
from tests.integration.progress.conftest import NOW
from tests.integration.progress.office import (
    CODE,
    ITEM,
    PLAN,
    PUBLIC,
    REPORT,
    WORDS,
    Office,
    browser,
    open_office,
    photo_with_place,
    typed,
)


@pytest.fixture(autouse=True)
def _in_march() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(taijiang: Flask) -> Office:
    with taijiang.app_context():
        return open_office()


@pytest.fixture
def handler(taijiang: Flask, office: Office) -> FlaskClient:
    return browser(taijiang, office.handler)


@pytest.fixture
def lead(taijiang: Flask, office: Office) -> FlaskClient:
    return browser(taijiang, office.lead)


def send(client: FlaskClient, data: dict[str, object], then: str = "save") -> TestResponse:
    return submit(client, f"{ITEM}/report", {**data, "then": then})


def value_of(page: TestResponse, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text) or re.search(
        rf'value="([^"]*)"[^>]*name="{name}"', page.text
    )
    assert found, name
    return html.unescape(found[1])


def press(client: FlaskClient, page: str, deed: str, **data: str) -> TestResponse:
    """Press a button of a page: its form's own hidden fields, and what was typed."""
    shown = client.get(page)
    action = re.search(rf'action="([^"]*/updates/\d+/{deed})"', shown.text)
    assert action, shown.text
    return client.post(
        action[1], data={"csrf_token": csrf_token(shown), "version": value_of(shown, "version"), **data}
    )


def test_the_whole_way_through_the_pages(
    taijiang: Flask, office: Office, handler: FlaskClient, lead: FlaskClient
) -> None:
    listed = handler.get(f"/progress/items?text={CODE}")
    assert f'href="{ITEM}"' in listed.text
    photo = {"uploads-0-upload": (io.BytesIO(photo_with_place()), "现场.jpg"), "uploads-0-title": "选址现场"}
    assert send(handler, {**typed(), **photo}, "send").status_code == 302
    waiting = handler.get(ITEM).text
    assert "待审签" in waiting
    assert handler.get("/progress/approvals").status_code == 403

    queue = lead.get("/progress/approvals").text
    page = re.search(r'href="(/progress/approvals/\d+)"', queue)
    assert page
    shown = lead.get(page[1]).text
    assert WORDS in shown
    inside = re.search(r'src="(/progress/updates/\d+/files/[^"]+)"', shown)
    assert inside
    assert lead.get(inside[1]).mimetype == "image/jpeg"
    assert b"SecretCamera" not in lead.get(inside[1]).data
    assert browser(taijiang, office.stranger).get(inside[1]).status_code == 404
    assert WORDS not in taijiang.test_client().get(PUBLIC).text

    assert press(lead, page[1], "approve").status_code == 302
    public = taijiang.test_client().get(PUBLIC).text
    assert WORDS in public
    address = re.search(r'src="(/files/[^"]+)"', public)
    assert address
    image = taijiang.test_client().get(html.unescape(address[1]))
    assert image.status_code == 200
    for secret in (b"SecretCamera", b"SecretComment", b"Exif"):
        assert secret not in image.data
    assert lead.get(page[1]).status_code == 404, "nothing waits any more"


def test_a_slip_keeps_what_was_typed_and_the_file_that_came_with_it(
    office: Office, handler: FlaskClient
) -> None:
    with handler.application.app_context():
        before = set(storage.stored_keys())
    wrong = typed(status="", as_of="2024-13-01", text="短", percent="很多", milestones__0__title="")
    document = {
        "uploads-1-upload": (io.BytesIO(b"%PDF-1.7\n%%EOF"), "批复.pdf"),
        "uploads-1-title": "用地批复",
    }
    page = send(handler, {**wrong, **document, "uploads-0-upload": (io.BytesIO(b"GIF89a"), "a.gif")})
    assert page.status_code == 422
    for kept in ("2024-13-01", "很多", "2024-01-31", "选址公示", "用地批复", "批复.pdf"):
        assert kept in page.text
    assert 'href="#as_of"' in page.text
    assert 'href="#percent"' in page.text
    assert 'href="#status-0"' in page.text
    assert "不接受这种文件" in page.text
    with handler.application.app_context():
        (key,) = set(storage.stored_keys()) - before
    assert key in page.text, "a browser sends a file once"

    again = typed()
    again["evidence-1-file"], again["evidence-1-title"] = key, "用地批复"
    assert send(handler, again).status_code == 302
    with handler.application.app_context():
        item = reports.reported_item(office.handler, PLAN, CODE, date(2024, 3, 1))
        assert item.open
        assert [(one.kind.value, one.title) for one in item.open.report.evidence] == [
            ("link", "选址公示"), ("document", "用地批复"),
        ]  # fmt: skip


def test_nobody_names_a_file_of_somebody_else(office: Office, handler: FlaskClient) -> None:
    with handler.application.app_context(), unit_of_work():
        from civic.core import clock
        from civic.files.services import store_file

        row = store_file(office.stranger, b"%PDF-1.7\n%%EOF", "秘密.pdf", clock.now())
    page = send(handler, typed(evidence__1__file=row.key, evidence__1__title="别人的文件"))
    assert page.status_code == 422
    assert "秘密.pdf" not in page.text


def test_a_stale_save_shows_both_texts(office: Office, handler: FlaskClient, lead: FlaskClient) -> None:
    with handler.application.app_context():
        row = office.write()
    mine = "我写的这一段应当原样留在表单里。"
    stale = typed(text=mine, version=str(row.version))
    with handler.application.app_context():
        office.write(replace(REPORT, text="同事抢先保存的另一段话。"), office.lead, version=row.version)
    page = send(handler, stale)
    assert page.status_code == 409
    assert mine in page.text
    assert "同事抢先保存的另一段话。" in page.text
    assert "林局长" in page.text
    assert value_of(page, "version") == "2", "saved once more, knowingly, it goes through"
    assert send(handler, typed(text=mine, version="2")).status_code == 302


def test_the_lead_sees_what_differs_and_sends_it_back(
    office: Office, handler: FlaskClient, lead: FlaskClient
) -> None:
    with handler.application.app_context():
        office.publish()
        row = office.write(replace(REPORT, percent=45, text=WORDS.replace("年内", "明年三月")))
        with unit_of_work():
            updating.send_report(office.handler, row.id, row.version, NOW)
    page = f"/progress/approvals/{row.id}"
    shown = lead.get(page).text
    assert "<del>年内</del><ins>明年三月</ins>" in shown
    assert "<del>30%</del>" in shown
    nothing_said = press(lead, page, "send-back", note="")
    assert nothing_said.status_code == 422
    assert press(lead, page, "send-back", note="请附施工许可。").status_code == 302
    assert "请附施工许可。" in handler.get(f"{ITEM}/report").text
    assert press(handler, ITEM, "discard").status_code == 302
    begun = handler.get(f"{ITEM}/report").text
    assert "开工建设" in begun, "the latest milestones carry on"
    assert f">{WORDS}</textarea>" not in begun, "the words don't"


def test_a_correction_starts_from_what_it_corrects(office: Office, handler: FlaskClient) -> None:
    with handler.application.app_context():
        first = office.publish()
    page = handler.get(f"{ITEM}/report?corrects={first.id}")
    assert WORDS in page.text
    fixed = typed(corrects=str(first.id), text=WORDS.replace("年内", "明年"))
    assert send(handler, fixed, "send").status_code == 302
    with handler.application.app_context():
        item = reports.reported_item(office.handler, PLAN, CODE, date(2024, 3, 1))
        assert item.open
        assert item.open.corrects_id == first.id
    assert handler.get(f"{ITEM}/report?corrects=999").status_code == 302


def test_a_file_that_shows_too_much_is_taken_down(
    taijiang: Flask, office: Office, handler: FlaskClient, lead: FlaskClient
) -> None:
    photo = {"uploads-0-upload": (io.BytesIO(photo_with_place()), "现场.jpg"), "uploads-0-title": "选址现场"}
    send(handler, {**typed(), **photo}, "send")
    waiting = re.search(r'href="(/progress/approvals/\d+)"', lead.get("/progress/approvals").text)
    assert waiting
    press(lead, waiting[1], "approve")
    public = html.unescape(re.search(r'src="(/files/[^"]+)"', taijiang.test_client().get(PUBLIC).text)[1])  # type: ignore[index]
    with taijiang.app_context():
        (row,) = published_updates([office.item_id])
    take_down = f"/progress/updates/{row.id}/files/{row.files[0]}/withdraw"
    assert submit(handler, take_down, {}, on=ITEM).status_code == 403
    assert submit(lead, take_down, {}, on=ITEM).status_code == 302
    assert taijiang.test_client().get(public).status_code == 404
    page = taijiang.test_client().get(PUBLIC).text
    assert "撤下" in page
    assert WORDS in page, "the report itself stays"


def test_lists_filter_and_page(office: Office, handler: FlaskClient) -> None:
    with handler.application.app_context():
        office.publish()
        everything = reports.my_items(office.handler, reports.ReportFilter(), None, date(2024, 3, 1))
        counts = everything.counts
        assert counts[reports.ReportView.ALL] == counts[reports.ReportView.NEVER] + 1
        seen, cursor = [], None
        while True:
            page = reports.my_items(office.handler, reports.ReportFilter(), cursor, date(2024, 3, 1)).page
            seen += [line.ref.id for line in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == counts[reports.ReportView.ALL]
        late = date(2025, 1, 1)
        found = reports.my_items(
            office.handler, reports.ReportFilter(reports.ReportView.LATE), None, late
        ).page.rows
        assert office.item_id in {line.ref.id for line in found}
    for query in ("view=never", "view=late", "view=open", "kind=project", "view=nonsense", "after=xxx"):
        assert handler.get(f"/progress/items?{query}").status_code in {200, 422}
