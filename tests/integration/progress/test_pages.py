"""The pages of indicators: real results with their status, targets as printed, and nothing that isn't known."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from civic.core.actor import SYSTEM
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.plans import queries as plans
from civic.progress import services
from civic.progress.rules.reported import Reported
from tests.integration.progress.conftest import NOW


def test_both_plans_in_every_language(taijiang: Flask) -> None:
    client = taijiang.test_client()
    finished = client.get("/plans/taijiang-13/indicators").text
    assert finished.count('<article class="indicator"') == 18
    assert finished.count('<svg class="chart"') == 17, "values that can't be compared are not drawn"
    assert re.search(r"已实现 <strong class=\"num\">11<", finished)
    assert re.search(r"未实现 <strong class=\"num\">5<", finished)
    for printed in ("570左右", "[1000]", "80以上", "&lt;0.035", "控制在市下达指标内"):
        assert printed in finished

    running = client.get("/plans/taijiang-14/indicators").text
    assert running.count('<article class="indicator"') == 18
    assert running.count("尚未公布进展") >= 18
    assert "不高于全市平均水平" in running
    assert "区发展和改革局" in running
    assert "12.76" in running
    assert re.search(r"href=\"[^\"]*T2-08[^\"]*feedback|href=\"[^\"]*feedback[^\"]*T2-08", running)

    assert "Missed" in client.get("/en/plans/taijiang-13/indicators").text
    assert "未實現" in client.get("/zh-hant/plans/taijiang-13/indicators").text
    assert client.get("/indicators").headers["Location"].endswith("/plans/taijiang-14/indicators")
    assert client.get("/plans/none/indicators").status_code == 404
    ids = re.findall(r' id="([^"]+)"', finished)
    assert len(ids) == len(set(ids))

    item = client.get("/plans/taijiang-13/T1-03").text
    assert "22.88 × (1 + 5%)^5 = 29.2" in item
    assert "24.99 &lt; 29.2" in item


def test_a_published_value_shows_at_once_and_costs_no_query_more(taijiang: Flask) -> None:
    client = taijiang.test_client()
    address = "/plans/taijiang-14/indicators"
    before, tag = _queries(taijiang, address), client.get(address).headers["ETag"]
    with taijiang.app_context(), unit_of_work():
        for code, unit in (("T2-01", "亿元"), ("T2-02", "万元"), ("T2-04", "%")):
            one = Reported(
                code, 2023, Decimal("746.4"), unit, "Bulletin <2023>", source_link="https://example.org/b"
            )
            services.record_observation(SYSTEM, "taijiang-14", one, NOW)
    answer = client.get(address, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert '<a href="https://example.org/b" rel="noopener">Bulletin &lt;2023&gt;</a>' in answer.text
    assert "746.4" in answer.text
    assert _queries(taijiang, address) == before <= 6


def _queries(app: Flask, address: str) -> int:
    """How many SELECTs a page takes once the plan is in memory."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    client = app.test_client()
    client.get(address)
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(statement.startswith("SELECT") for statement in seen)


def test_the_command_gives_each_status_with_its_numbers(taijiang: Flask) -> None:
    runner = taijiang.test_cli_runner()
    result = runner.invoke(args=["civic", "indicator-status", "taijiang-13", "--json"])
    report = json.loads(result.output)
    rows = {row["code"]: row for row in report["indicators"]}
    assert [row["status"] for row in report["indicators"]].count("achieved") == 11
    gdp = rows["T1-01"]
    assert (gdp["kind"], gdp["target"]["text"], gdp["observed"]) == (
        "growth", "570左右", {"year": 2020, "value": "600.81"},
    )  # fmt: skip
    assert gdp["other_verdicts"][0]["status"] == "missed"
    assert rows["T1-08"]["reason"] == "basis_changed"
    assert "台政综〔2021〕12号" in gdp["observations"][0]["source"]

    said = runner.invoke(args=["civic", "indicator-status", "taijiang-14"]).output
    assert said.count("undetermined (no_data)") == 18
    assert runner.invoke(args=["civic", "indicator-status", "none"]).exit_code == 1


DOCUMENTED = (Path(__file__).parents[3] / "docs" / "progress.md").read_text("utf-8")


@pytest.mark.parametrize("plan", ["taijiang-13", "taijiang-14"])
def test_the_report_has_all_rows_in_the_documented_shape(taijiang: Flask, plan: str) -> None:
    result = taijiang.test_cli_runner().invoke(args=["civic", "indicator-status", plan, "--json"])
    report = json.loads(result.output)
    table = {"taijiang-13": "T1", "taijiang-14": "T2"}[plan]
    assert [row["code"] for row in report["indicators"]] == [f"{table}-{n:02}" for n in range(1, 19)]
    assert sum(count["count"] for count in report["counts"]) == 18
    assert report["cut_offs"]["ahead_by"] == "0.05"
    for row in report["indicators"]:
        assert [key for key in row if not re.search(rf"[`,\s]{key}[`,\[\s]", DOCUMENTED)] == []
        assert (row["status"] == "undetermined") == (row["reason"] is not None)
        if row["status"] != "undetermined":
            assert row["explanation"]
            assert row["observed"]
    gdp = report["indicators"][0]
    before = {"plan": "taijiang-13", "code": "T1-01", "changed": None}
    assert gdp["continues"] == (before if plan == "taijiang-14" else None)


def test_an_indicator_that_goes_on_is_one_series_over_two_plans(taijiang: Flask) -> None:
    client = taijiang.test_client()
    pages = {
        code: client.get(f"/plans/taijiang-14/{code}").text for code in ("T2-01", "T2-10", "T2-17", "T2-03")
    }
    before = client.get("/plans/taijiang-13/T1-01").text
    for page in (pages["T2-01"], before):
        assert "2015—2025：两个规划" in page
        assert 'class="chart chart--series"' in page
        for shown in ("369.6", "600.81", "862.5", "570左右"):
            assert shown in page
    assert 'href="/plans/taijiang-13/T1-01"' in pages["T2-01"]
    assert 'href="/plans/taijiang-14/T2-01"' in before
    assert "两个规划之间不连线" in pages["T2-10"]
    assert "chart--series" not in pages["T2-10"], "another unit: no line is drawn through"
    assert "chart--series" in pages["T2-17"]
    assert "两个规划" not in pages["T2-03"]
    assert "億元" in client.get("/zh-hant/plans/taijiang-14/T2-01").text
    assert "控制在市下達指標內" in client.get("/zh-hant/plans/taijiang-14/T2-15").text
    for address in ("/plans/taijiang-14/T2-01", "/plans/taijiang-13/T1-01", "/plans/taijiang-14/B1-001"):
        assert _queries(taijiang, address) <= 6, address


def test_what_goes_on_has_the_same_unit_and_value_where_the_plans_meet(taijiang: Flask) -> None:
    with taijiang.app_context():
        old = {row.ref.id: row for row in plans.indicators("taijiang-13")}
        linked = [row for row in plans.indicators("taijiang-14") if row.continues_id]
    assert [row.ref.code for row in linked] == ["T2-01", "T2-02", "T2-04", "T2-08", "T2-10", "T2-17"]
    for row in linked:
        before = old[row.continues_id or 0]
        meet = (before.unit, before.printed["result"]["value"]) == (
            row.unit,
            row.printed["baseline"]["value"],
        )
        assert meet is (row.series_break is None)
