"""An editor publishes values: one by the form, a sheet after its preview; a slip keeps what was typed."""

from __future__ import annotations

import html
import io
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civic.core.actor import Role
from civic.progress.queries import indicator_statuses
from civic.progress.rules import Status
from tests.factories import csrf_token, make_account, sign_in, submit

VALUE = {
    "indicator": "taijiang-14/T2-01", "year": "2023", "value": "746.4", "unit": "亿元", "about": "indicator",
    "source_title": "Bulletin of 2023", "source_link": "https://example.org/2023", "source_date": "2024-03-01",
}  # fmt: skip
SHEET = "indicator,year,value,unit,source_title\nT2-04,2023,88.5,%,Bulletin\nT2-08,2023,6.8,万元,Bulletin\n"


@pytest.fixture
def editor(taijiang: Flask, client: FlaskClient) -> FlaskClient:
    with taijiang.app_context():
        account = make_account(Role.EDITOR)
    return sign_in(client, account)


def status(app: Flask, code: str) -> Status:
    with app.app_context():
        found = indicator_statuses("taijiang-14", date(2026, 1, 1))
        return next(one.verdict.status for one in found if one.row.ref.code == code)


def test_one_value_and_a_sheet(taijiang: Flask, editor: FlaskClient) -> None:
    wrong = submit(editor, "/progress/values/new", {**VALUE, "unit": "亿美元"})
    assert wrong.status_code == 422
    assert "746.4" in wrong.text, "what was typed stays"
    assert "亿美元" in wrong.text
    assert status(taijiang, "T2-01") is Status.UNDETERMINED

    assert submit(editor, "/progress/values/new", VALUE).status_code == 302
    assert status(taijiang, "T2-01") is Status.ON_TRACK
    public = taijiang.test_client().get("/plans/taijiang-14/T2-01").text
    assert "Bulletin of 2023" in public

    preview = upload(editor, SHEET)
    assert preview.status_code == 200
    assert status(taijiang, "T2-04") is Status.UNDETERMINED, "a preview publishes nothing"
    content = re.search(r'name="content"[^>]*value="([^"]*)"', preview.text)
    assert content
    data = {"csrf_token": csrf_token(preview), "plan": "taijiang-14", "content": html.unescape(content[1])}
    assert editor.post("/progress/values/apply", data=data).status_code == 302
    assert status(taijiang, "T2-04") is Status.AHEAD
    assert status(taijiang, "T2-08") is Status.ON_TRACK

    refused = upload(editor, SHEET + "T2-99,2023,1,%,Bulletin\nT2-05,2019,1,%,Bulletin\n")
    assert refused.status_code == 422
    assert "第 4 行" in refused.text
    assert "第 5 行" in refused.text
    assert "第 2 行" not in refused.text
    assert upload(editor, "\x00").status_code == 422


def upload(client: FlaskClient, content: str):  # type: ignore[no-untyped-def]
    token = csrf_token(client.get("/progress/values/import"))
    sheet = (io.BytesIO(content.encode()), "values.csv")
    return client.post(
        "/progress/values/import", data={"csrf_token": token, "plan": "taijiang-14", "sheet": sheet}
    )
