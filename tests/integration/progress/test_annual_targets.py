"""Targets of single years and money of projects: entered or imported, shown with their source, never edited."""

from __future__ import annotations

import html
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from werkzeug.test import TestResponse

from civic.core.actor import SYSTEM, Role
from civic.core.db import unit_of_work
from civic.progress import services
from civic.progress.queries import IndicatorStatus, indicator_statuses
from civic.progress.rules import Status
from civic.progress.rules.reported import Reported
from tests.factories import csrf_token, make_account, sign_in, submit
from tests.integration.progress.conftest import NOW

PLAN = "taijiang-14"
TARGET = {
    "indicator": "taijiang-14/T2-01", "year": "2023", "target": "750", "document_title": "2023年政府工作报告",
    "document_number": "台政〔2023〕1号", "link": "https://example.org/2023", "date": "2023-01-12",
}  # fmt: skip
MONEY = {
    "project": "taijiang-14/B1-001", "year": "2022", "kind": "planned", "amount": "1250.5",
    "source_title": "2022年部门预算", "source_document": "台财〔2022〕3号",
}  # fmt: skip


@pytest.fixture
def editor(taijiang: Flask, client: FlaskClient) -> FlaskClient:
    with taijiang.app_context():
        account = make_account(Role.EDITOR)
    return sign_in(client, account)


def observe(app: Flask, code: str, year: int, value: str, unit: str) -> None:
    with app.app_context(), unit_of_work():
        services.record_observation(SYSTEM, PLAN, Reported(code, year, Decimal(value), unit, "公报"), NOW)


def status(app: Flask, code: str) -> IndicatorStatus:
    with app.app_context():
        found = indicator_statuses(PLAN, date(2024, 3, 1))
        return next(one for one in found if one.row.ref.code == code)


def test_the_target_of_the_year_decides_its_status(taijiang: Flask, editor: FlaskClient) -> None:
    observe(taijiang, "T2-01", 2023, "746.4", "亿元")
    assert status(taijiang, "T2-01").verdict.status is Status.ON_TRACK
    refused = submit(editor, "/progress/targets/new", {**TARGET, "target": "尽量提高"})
    assert refused.status_code == 422
    assert "尽量提高" in refused.text
    assert submit(editor, "/progress/targets/new", TARGET).status_code == 302

    verdict = status(taijiang, "T2-01").verdict
    assert verdict.status is Status.BEHIND
    assert verdict.annual
    assert (verdict.annual.goal, verdict.annual.by_plan) == (Decimal(750), Status.ON_TRACK)
    public = taijiang.test_client().get("/plans/taijiang-14/T2-01").text
    for shown in ("2023年政府工作报告", "台政〔2023〕1号", "746.4 &lt; 750", "年度目标"):
        assert shown in public

    assert submit(editor, "/progress/targets/new", {**TARGET, "target": "740"}).status_code == 302
    assert status(taijiang, "T2-01").verdict.status is Status.ON_TRACK
    listed = editor.get("/progress/targets").text
    assert "740" in listed
    assert "750" in listed, "the target that was superseded is kept"
    with taijiang.app_context():
        for attempt in ("UPDATE annual_target SET printed = '1'", "DELETE FROM annual_target"):
            with pytest.raises(DatabaseError, match="append-only"), unit_of_work() as session:
                session.execute(text(attempt))


def test_a_sheet_of_targets_is_previewed_and_taken_whole(taijiang: Flask, editor: FlaskClient) -> None:
    head = ("indicator", "year", "target", "as_rate", "document_title")
    good = (
        ("T2-01", 2023, "7%左右", "是", "报告"),
        ("T2-10", 2023, 0.7, None, "报告"),
        ("T2-09", 2023, "<3.5", None, "报告"),
    )
    bad = (
        ("T2-01", 2026, "900", None, "报告"),
        ("T2-99", 2023, 1, None, "报告"),
        ("T2-01", 2022, "7%", None, "报告"),
    )
    refused = upload(editor, head, *good, *bad)
    assert refused.status_code == 422
    assert [row in refused.text for row in ("第 5 行", "第 6 行", "第 7 行", "第 2 行")] == [
        True,
        True,
        True,
        False,
    ]

    preview = upload(editor, head, *good)
    assert preview.status_code == 200
    observe(taijiang, "T2-09", 2023, "3.1", "%")
    assert status(taijiang, "T2-09").verdict.status is Status.UNDETERMINED, "a preview publishes nothing"
    content = re.search(r'name="content"[^>]*value="([^"]*)"', preview.text)
    assert content
    data = {"csrf_token": csrf_token(preview), "plan": PLAN, "content": html.unescape(content[1])}
    assert editor.post("/progress/targets/apply", data=data).status_code == 302
    assert status(taijiang, "T2-09").verdict.status is Status.ON_TRACK, "the year's target says a number"
    assert editor.get("/progress/targets/template.xlsx").data.startswith(b"PK")
    assert b"document_title" in editor.get("/progress/targets/template.csv").data


def upload(client: FlaskClient, *rows: tuple[object, ...]) -> TestResponse:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    token = csrf_token(client.get("/progress/targets/import"))
    sheet = (io.BytesIO(out.getvalue()), "targets.xlsx")
    return client.post("/progress/targets/import", data={"csrf_token": token, "plan": PLAN, "sheet": sheet})


def test_money_of_a_project_is_added_up_and_shows_its_source(taijiang: Flask, editor: FlaskClient) -> None:
    page = "/plans/taijiang-14/B1-001"
    assert "尚未公布资金数据" in taijiang.test_client().get(page).text
    for wrong in ({"amount": "1,250"}, {"kind": "spent", "year": "2099"}, {"year": "1999"}, {"amount": "-3"}):
        assert submit(editor, "/progress/budgets/new", {**MONEY, **wrong}).status_code == 422
    assert submit(editor, "/progress/budgets/new", MONEY).status_code == 302
    assert (
        submit(editor, "/progress/budgets/new", {**MONEY, "year": "2023", "amount": "800"}).status_code == 302
    )
    spent = {**MONEY, "kind": "spent", "amount": "1190.25", "source_title": "2022年决算"}
    assert submit(editor, "/progress/budgets/new", spent).status_code == 302
    shown = taijiang.test_client().get(page).text
    for figure in (
        "1,250.5",
        "800",
        "2,050.5",
        "1,190.25",
        "2022年部门预算",
        "台财〔2022〕3号",
        "2022年决算",
    ):
        assert figure in shown, figure
    assert submit(editor, "/progress/budgets/new", {**MONEY, "amount": "1300"}).status_code == 302
    corrected = taijiang.test_client().get(page).text
    assert "2,100" in corrected
    assert "原为" in corrected
    assert "2,100" in editor.get("/progress/budgets").text
    with taijiang.app_context(), pytest.raises(DatabaseError, match="append-only"), unit_of_work() as session:
        session.execute(text("UPDATE budget SET amount = '1'"))
