"""The pages of an assessment: public, editors', departments'; and its workbook, compared with the page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from docx import Document
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import event

from civic.core.extensions import db
from civic.supervision import queries, services
from civic.supervision.queries import PublicAssessment
from civic.supervision.rules.assessments import FollowUpStatus
from tests.factories import submit
from tests.integration.supervision.bureau import ADVICE, NOW, PLAN, PROSE, Bureau, open_bureau

PUBLIC = f"/plans/{PLAN}/assessments/1"
STAFF = "/supervision/assessments"


@pytest.fixture
def bureau(taijiang: Flask) -> Bureau:
    """Without a context that stays: a request must find its own."""
    with taijiang.app_context():
        return open_bureau(taijiang)


@pytest.fixture
def published(bureau: Bureau) -> int:
    with bureau.app.app_context():
        bureau.observe("T2-01", 2023, "700", "亿元")
        bureau.observe("T2-12", 2023, "8.5", "人")
        return bureau.whole_life()


def shown_of(bureau: Bureau) -> PublicAssessment:
    with bureau.app.app_context():
        return queries.public_assessment(PLAN, 1)


def read(bureau: Bureau, address: str) -> str:
    found = bureau.app.test_client().get(address)
    assert found.status_code == 200, address
    return found.get_data(as_text=True)


@pytest.mark.parametrize("language", ["", "/zh-hant", "/en"])
def test_what_is_published_stands_on_its_page(bureau: Bureau, published: int, language: str) -> None:
    page = read(bureau, f"{language}{PUBLIC}")
    shown = shown_of(bureau)
    assert PROSE.title in read(bureau, "/assessments")
    assert shown.row.seal in page
    assert page.count("<h1") == 1
    assert "统计公报" in page
    assert ADVICE in page
    assert page.count('<article class="recommendation"') == 2, "one recommendation, one part"


def test_a_page_asks_six_queries_and_sets_no_cookie(bureau: Bureau, published: int) -> None:
    client = bureau.app.test_client()
    client.get(PUBLIC)
    asked: list[str] = []
    with bureau.app.app_context():
        bureau.follow(published, FollowUpStatus.DONE, "进展资料已全部公开。")
        event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    found = client.get(PUBLIC)
    assert found.status_code == 200
    assert "进展资料已全部公开。" in found.get_data(as_text=True)
    assert "Set-Cookie" not in found.headers
    assert "csrf" not in found.get_data(as_text=True)
    reads = [one for one in asked if one.lstrip().upper().startswith("SELECT")]
    assert len(reads) <= 6, reads


def test_nobody_outside_reads_what_is_not_published(bureau: Bureau) -> None:
    with bureau.app.app_context():
        key = bureau.open()
        bureau.do(
            services.save_part, bureau.handler, key, bureau.key, 0, "机密草稿，尚未定稿。", hand_in=False
        )
        bureau.do(services.write_assessment, bureau.editor, key, 1, PROSE)
    client = bureau.app.test_client()
    assert client.get(PUBLIC).status_code == 404
    assert client.get(f"{PUBLIC}.xlsx").status_code == 404
    assert PROSE.title not in read(bureau, "/assessments")
    with bureau.app.app_context():
        bureau.approve(key)
        bureau.publish(key)
    page = read(bureau, PUBLIC)
    assert "机密草稿" not in page, "a part that was not handed in stays the department's own"
    assert "陈经办" not in page
    assert "甲编辑" not in page
    book = client.get(f"{PUBLIC}.xlsx").data
    assert all(
        "机密草稿" not in str(cell) for sheet in load_workbook(io.BytesIO(book)) for cell in sheet.values
    )


def test_the_workbook_says_what_the_page_says(bureau: Bureau, published: int) -> None:
    first = bureau.app.test_client().get(f"{PUBLIC}.xlsx")
    assert first.status_code == 200
    assert first.data == bureau.app.test_client().get(f"{PUBLIC}.xlsx").data, "the same bytes each time"
    book = load_workbook(io.BytesIO(first.data))
    page, shown = read(bureau, PUBLIC), shown_of(bureau)
    rows = list(book["指标"].values)
    assert len(rows) == 1 + len(shown.facts["indicators"])
    for cells, one in zip(rows[1:], shown.facts["indicators"], strict=True):
        assert (cells[0], cells[1]) == (one["code"], one["title"])
        assert f">{cells[14]}<" in page
    gdp = rows[1]
    assert gdp[10] == 700
    assert gdp[12] == pytest.approx(0.4226)
    assert "统计公报" in gdp[11]
    assert "42.3%" in page
    assert ">100%<" in page, "the whole way, written as the rest of the site writes it"
    assert "100.0%" not in page
    promises = list(book["承诺"].values)
    assert len(promises) == 1 + len(shown.facts["commitments"])
    days = [cells[5] for cells in promises[1:] if cells[5] is not None]
    assert all(isinstance(day, datetime) for day in days)
    chapters = list(book["大家的声音"].values)[1:]
    assert [cells[0] for cells in chapters] == [one["code"] for one in shown.facts["chapters"]]
    advice = list(book["评估建议"].values)[1]
    assert advice[1] == f"'{ADVICE}", "a spreadsheet must not take a text for a formula"
    assert advice[4].date() == date(2024, 12, 31)
    seal = dict(list(book["封存校验"].values)[1:])
    assert shown.row.seal in seal.values()
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert book["指标解释"].max_row > 8


def test_the_word_file_says_what_the_workbook_says(bureau: Bureau, published: int) -> None:
    client = bureau.app.test_client()
    first = client.get(f"{PUBLIC}.docx")
    assert first.status_code == 200
    assert first.data == client.get(f"{PUBLIC}.docx").data, "the same bytes each time"
    document, shown = Document(io.BytesIO(first.data)), shown_of(bureau)
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == shown.row.title
    assert "一、指标" in texts
    assert any(text.startswith("附件：1. 指标解释") for text in texts)
    tables = {table.rows[0].cells[1].text: table for table in document.tables}
    indicators = [[cell.text for cell in row.cells] for row in tables["指标"].rows]
    book = load_workbook(io.BytesIO(client.get(f"{PUBLIC}.xlsx").data))
    cells = list(book["指标"].values)
    assert [row[0] for row in indicators] == [row[0] for row in cells]
    assert [row[8] for row in indicators] == [row[14] for row in cells]
    gdp = indicators[1]
    assert (gdp[5], gdp[6]) == ("700", "42.3%")
    assert indicators[12][6] == "100%"
    assert "42.3%" in read(bureau, PUBLIC)
    assert shown.row.seal in document.tables[-1].rows[1].cells[1].text
    height = document.sections[0].page_height
    assert height is not None
    assert round(height.mm) == 297


@pytest.fixture
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_editors_and_a_department_go_the_whole_way_through_their_pages(today: None, bureau: Bureau) -> None:
    editor, lead = bureau.browser(bureau.editor), bureau.browser(bureau.lead)
    typed = {
        "plan": PLAN,
        "kind": "annual",
        "title": "年度监测",
        "since": "2023-01-01",
        "until": "2023-12-31",
    }
    refused = submit(editor, f"{STAFF}/new", {**typed, "until": "2033-12-31"})
    assert refused.status_code == 422
    assert "不能评估尚未到来的日期" in refused.get_data(as_text=True)
    opened = submit(editor, f"{STAFF}/new", typed)
    address = opened.headers["Location"]
    key = int(address.rsplit("/", 1)[1])
    part = f"{STAFF}/{key}/parts/{bureau.key}"
    mine = lead.get("/supervision/parts").get_data(as_text=True)
    assert part in mine
    handed = submit(lead, part, {"version": "0", "text": "本部门按期完成全部任务。", "then": "hand-in"})
    assert handed.status_code == 302
    late = submit(lead, part, {"version": "0", "text": "我写的另一个版本。", "then": "save"})
    assert late.status_code == 409
    both = late.get_data(as_text=True)
    assert "我写的另一个版本。" in both
    assert "本部门按期完成全部任务。" in both
    prose = {"version": "1", "title": "年度监测", "introduction": "说明。", "conclusion": "结论。"}
    assert submit(editor, f"{address}/text", prose).status_code == 302
    stale = submit(editor, f"{address}/text", {**prose, "conclusion": "另一结论。"})
    assert stale.status_code == 409
    assert "另一结论。" in stale.get_data(as_text=True)
    advice = {
        "version": "2",
        "text": "建议公开。",
        "department": bureau.key,
        "item": "6.3.1",
        "due_on": "2024-12-31",
    }
    assert submit(editor, f"{address}/recommendations/new", {**advice, "department": ""}).status_code == 422
    assert submit(editor, f"{address}/recommendations/new", advice).status_code == 302
    page = editor.get(address).get_data(as_text=True)
    assert f"{address}/approve" not in page, "whoever wrote last is not offered the button"
    second = bureau.browser(bureau.second)
    assert press(second, address, "approve").status_code == 302
    assert press(second, address, "publish").status_code == 302
    public = read(bureau, PUBLIC)
    assert "本部门按期完成全部任务。" in public
    follow = re.search(
        r"/supervision/recommendations/\d+", lead.get("/supervision/parts").get_data(as_text=True)
    )
    assert follow
    empty = submit(lead, follow[0], {"status": "done", "text": ""})
    assert empty.status_code == 422
    assert submit(lead, follow[0], {"status": "done", "text": "已全部公开。"}).status_code == 302
    assert "已全部公开。" in read(bureau, PUBLIC)
    stranger = bureau.browser(bureau.stranger)
    assert stranger.get(part).status_code == 404
    assert stranger.get(follow[0]).status_code == 404


def press(browser, address: str, deed: str):  # type: ignore[no-untyped-def]
    """Press a button of the desk, with what its form carries."""
    page = browser.get(address).get_data(as_text=True)
    form = re.search(rf'action="[^"]*/{deed}">(.*?)</form>', page, re.S)
    assert form, deed
    carried = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))
    return browser.post(f"{address}/{deed}", data=carried)
