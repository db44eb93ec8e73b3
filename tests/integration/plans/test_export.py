"""The documented shape of the export: what docs/data-format.md says is what comes out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask

from civic.core.actor import SYSTEM
from civic.core.db import unit_of_work
from civic.progress import services
from civic.progress.rules.reported import Reported
from civic.progress.rules.targets import MoneyKind, NewBudget, NewTarget
from tests.integration.progress.conftest import NOW

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTED = (ROOT / "docs" / "data-format.md").read_text("utf-8")


def run(app: Flask, *command: str) -> str:
    result = app.test_cli_runner().invoke(args=["civic", *command])
    assert result.exit_code == 0, result.output
    return result.output


def keys(value: Any) -> Iterator[str]:
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys(inner)
    if isinstance(value, dict):
        yield from value


def test_the_export_is_what_the_documentation_says(taijiang: Flask) -> None:
    said = run(taijiang, "export-plan", "taijiang-14", "--json")
    plan = json.loads(said)
    assert said == run(taijiang, "export-plan", "taijiang-14")
    assert list(plan) == ["plan", "items", "indicators", "projects", "commitments", "adjustments"]
    finished = json.loads(run(taijiang, "export-plan", "taijiang-13", "--json"))
    report = json.loads(run(taijiang, "plan-report", "taijiang-14", "--json"))
    undocumented = {
        key
        for key in {*keys(plan), *keys(finished), *keys(report)}
        if not re.search(rf'[`"]{key}[`"]', DOCUMENTED)
    }
    assert undocumented == set()

    clause = next(item for item in plan["items"] if item["code"] == "6.3.1")
    assert set(clause) == {
        "code", "kind", "number", "title", "parent", "paragraphs", "departments", "source_lines",
    }  # fmt: skip
    assert (clause["kind"], clause["number"], clause["parent"]) == ("clause", "一、", "6.3")
    assert clause["departments"][0] == {"key": "mct", "role": "lead"}
    assert clause["source_lines"] == [642, 646]

    gdp = plan["indicators"][0]
    assert (gdp["code"], gdp["number"], gdp["nature"], gdp["target_kind"]) == (
        "T2-01",
        1,
        "expected",
        "growth",
    )
    assert gdp["baseline"] == {"year": 2020, "value": "600.81", "text": "600.81"}
    assert gdp["target"] == {"year": 2025, "value": "862.5", "text": "862.5"}
    assert (gdp["growth"], gdp["cumulative"]) == ("7.5", None)
    named = ("code", "box", "category", "name")
    assert [plan["projects"][0][key] for key in named] == ["B1-001", 1, "金融项目", "民生银行区域总部大楼"]
    assert [sum(p["box"] == box for p in plan["projects"]) for box in (1, 2, 3)] == [20, 52, 21]
    for part in ("items", "indicators", "projects", "commitments"):
        codes = [row["code"] for row in plan[part]]
        assert len(set(codes)) == len(codes)
    for row in (*plan["indicators"], *plan["projects"], *plan["commitments"]):
        assert [d["role"] for d in row["departments"]].count("lead") == 1
    texts = {item["code"]: item["paragraphs"] for item in plan["items"]}
    assert all(any(c["quote"] in text for text in texts[c["clause"]]) for c in plan["commitments"])


def test_the_finished_plan_states_its_real_values(taijiang: Flask) -> None:
    finished = json.loads(run(taijiang, "export-plan", "taijiang-13", "--json"))
    assert finished["plan"]["status"] == "finished"
    assert (finished["plan"]["first_year"], finished["plan"]["last_year"]) == (2016, 2020)
    assert len(finished["indicators"]) == 18
    for row in finished["indicators"]:
        assert [value["year"] for value in row["observations"]] == [2015, 2020]
        for value in (row["baseline"], row["target"], *row["observations"]):
            assert value["value"] is None or Decimal(value["value"]) is not None
    gdp, capital = finished["indicators"][0], finished["indicators"][7]
    assert gdp["target"] == {"year": 2020, "value": "570", "text": "570左右", "qualifier": "左右"}
    assert gdp["observations"][1]["value"] == "600.81"
    assert (capital["target_kind"], capital["observations"][1]["unit"]) == ("not_comparable", "亿元人民币")


def test_what_was_published_since_stands_beside_what_was_printed(taijiang: Flask) -> None:
    with taijiang.app_context(), unit_of_work():
        value = Reported(
            "T2-01", 2023, Decimal("746.40"), "亿元", "统计公报", source_document="台统〔2024〕1号"
        )
        services.record_observation(SYSTEM, "taijiang-14", value, NOW)
        target = NewTarget("T2-01", 2023, "750左右", "政府工作报告")
        services.set_annual_target(SYSTEM, "taijiang-14", target, NOW)
        money = NewBudget("B1-001", 2022, MoneyKind.PLANNED, Decimal("1250.5"), "部门预算")
        services.record_budget(SYSTEM, "taijiang-14", money, NOW)
    plan = json.loads(run(taijiang, "export-plan", "taijiang-14", "--json"))
    assert {key for key in keys(plan) if not re.search(rf'[`"]{key}[`"]', DOCUMENTED)} == set()
    gdp = plan["indicators"][0]
    assert [one["value"] for one in gdp["observations"]] == ["600.81", "746.40"]
    published = gdp["observations"][1]
    assert (published["about"], published["unit"], published["published_on"]) == (
        "indicator",
        "亿元",
        "2024-03-01",
    )
    assert published["source"]["document"] == "台统〔2024〕1号"
    assert [(one["year"], one["text"], one["value"]) for one in gdp["annual_targets"]] == [
        (2023, "750左右", "750")
    ]
    assert gdp["continues"] == {"plan": "taijiang-13", "code": "T1-01"}
    assert [(one["kind"], one["amount"]) for one in plan["projects"][0]["budget"]] == [("planned", "1250.5")]
    assert plan["projects"][1]["budget"] == []
