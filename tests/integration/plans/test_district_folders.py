"""A district is a folder of data: each loads through the same command, and loading again changes nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from civic.core.extensions import db

LINSHUI = Path(__file__).resolve().parents[2] / "data" / "linshui"


def run(app: Flask, *command: str | Path, fails: bool = False) -> str:
    """What a command prints; it must end with 0, or with 1 where it ``fails``."""
    result = app.test_cli_runner().invoke(args=["civic", *map(str, command)])
    assert result.exit_code == int(fails), result.output
    return result.output


def export(app: Flask, plan: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(app, "export-plan", plan, "--json"))
    return found


def everything(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, to see whether anything changed."""
    with app.app_context():
        tables = [table.name for table in db.metadata.sorted_tables]
        with db.engine.connect() as connection:
            return {
                name: sorted(
                    tuple(map(str, row)) for row in connection.execute(text(f'SELECT * FROM "{name}"'))
                )
                for name in tables
            }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the invented district that a test may change."""
    target = tmp_path / "linshui"
    shutil.copytree(LINSHUI, target)
    return target


def test_an_invented_district_of_two_chapters_loads_through_the_same_command(app: Flask) -> None:
    said = run(app, "load", LINSHUI)
    assert "coverage 100.00 %" in said
    plan = export(app, "hewan-15")
    assert plan["plan"]["title"] == "临水市河湾区国民经济和社会发展第十五个五年规划纲要"
    assert plan["plan"]["document_number"] == "河政〔2026〕3号"
    assert (plan["plan"]["approved_on"], plan["plan"]["issued_on"]) == ("2026-01-20", "2026-03-02")
    codes = ["preface", "1", "1.1", "1.2", "2", "2.1", "2.1.1", "2.1.2", "2.2", "2.2.1"]
    assert [item["code"] for item in plan["items"]] == codes
    clause = plan["items"][6]
    assert clause["paragraphs"] == ["到2028年建成步行桥2座，桥上设休息座椅。", "渡口照常开放，票价不变。"]
    assert clause["departments"] == [
        {"key": "roads", "role": "lead"},
        {"key": "street-north", "role": "support"},
    ]
    assert [(p["code"], p["category"], p["name"], p["action"]) for p in plan["projects"]] == [
        ("B1-001", "桥梁项目", "东渡步行桥", None),
        ("B1-002", "桥梁项目", "西渡步行桥（含引桥、亲水台阶）", None),
        ("B1-003", "公园项目", "柳湾公园", "改扩建"),
        ("B1-004", "公园项目", "竹湾公园", "改扩建"),
        ("B1-005", "公园项目", "北岸驿站", "新建"),
    ]
    assert plan["indicators"][1]["cumulative"] == "15"
    assert plan["indicators"][1]["nature"] == "binding"
    (promise,) = plan["commitments"]
    assert (promise["clause"], promise["quote"]) == ("2.1.1", "到2028年建成步行桥2座")


def test_errata_are_the_only_way_a_text_is_mended_and_each_is_shown(app: Flask) -> None:
    run(app, "load", LINSHUI)
    plan = export(app, "hewan-15")
    assert plan["items"][3]["paragraphs"] == ["河湾区三面环水，渡口是居民出行的老办法，桥梁才是新办法。"]
    report = json.loads(run(app, "plan-report", "hewan-15", "--json"))
    assert report["errata"] == [{"line": 37, "old": "三面临水", "new": "三面环水", "why": "样本中的一处更正"}]
    assert report["characters"] == {"in": 332, "placed": 332, "unplaced": 0, "coverage": "100.00"}


def test_loading_again_changes_not_one_row(app: Flask) -> None:
    run(app, "load", LINSHUI)
    before = everything(app)
    assert "unchanged" in run(app, "load", LINSHUI)
    assert everything(app) == before


def test_a_changed_duty_is_loaded_and_ids_stay(app: Flask, folder: Path) -> None:
    run(app, "load", folder)
    before = everything(app)
    duties = folder / "responsibilities.yaml"
    duties.write_text(
        duties.read_text("utf-8").replace('"2.1.2": {lead: roads}', '"2.1.2": {lead: homes}'), "utf-8"
    )
    run(app, "load", folder)
    after = everything(app)
    assert export(app, "hewan-15")["items"][7]["departments"] == [{"key": "homes", "role": "lead"}]
    assert [row[:4] for row in after["item"]] == [row[:4] for row in before["item"]]
    assert after["content_version"] != before["content_version"]


def test_a_published_text_changes_only_with_an_adjustment(app: Flask, folder: Path) -> None:
    run(app, "load", folder)
    document = folder / "linshui-15.md"
    document.write_text(document.read_text("utf-8").replace("首班车不晚于6时", "首班车不晚于5时"), "utf-8")
    before = everything(app)
    assert "2.1.2" in run(app, "load", folder, fails=True)
    assert "2.1.2" in run(app, "import-plan", document, "--slug", "hewan-15", fails=True)
    assert everything(app) == before
    said = run(
        app, "import-plan", document, "--slug", "hewan-15", "--adjustment", "河人常〔2027〕1号", "--dry-run"
    )
    assert "2.1.2 - 新增社区公交线路3条，首班车不晚于6时。" in said
    assert "2.1.2 + 新增社区公交线路3条，首班车不晚于5时。" in said
    assert "首班车不晚于5时" not in run(app, "export-plan", "hewan-15")
    assert "--approved-by" in run(app, "load", folder, "--adjustment", "河人常〔2027〕1号", fails=True)
    assert everything(app) == before
    approved = (
        "--adjustment",
        "河人常〔2027〕1号",
        "--approved-by",
        "河湾区人大常委会",
        "--approved-on",
        "2026-03-01",
    )
    run(app, "load", folder, *approved)
    plan = export(app, "hewan-15")
    assert plan["items"][7]["paragraphs"] == ["新增社区公交线路3条，首班车不晚于5时。"]
    ids = {row[2]: row[0] for row in before["item"]}
    assert {row[2]: row[0] for row in everything(app)["item"]} == ids


def test_a_district_may_start_without_promises_and_division_of_work(app: Flask, folder: Path) -> None:
    for name in (
        "commitments.yaml",
        "responsibilities.yaml",
        "synonyms.yaml",
        "routing.yaml",
        "warnings.yaml",
    ):
        (folder / name).unlink()
    run(app, "load", folder)
    plan = export(app, "hewan-15")
    assert plan["commitments"] == []
    assert all(item["departments"] == [] for item in plan["items"])


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("commitments.yaml", "到2028年建成步行桥2座", "到2028年建成步行桥3座", "not word for word"),
        ("commitments.yaml", "area: mobility", "area: traffic", "traffic"),
        ("commitments.yaml", "lead: roads", "lead: nobody", "nobody"),
        ("responsibilities.yaml", '"2.1.2"', '"2.1.9"', "2.1.9"),
        ("responsibilities.yaml", "{lead: homes, support", "{support", "line 8: 'lead' is missing"),
        ("departments.yaml", "key: homes", "key: roads", "line 3"),
        ("district.yaml", "reference_prefix: HW", "reference_prefix: hw", "line 6"),
        ("errata.yaml", "三面临水", "四面临水", "line 37"),
        ("routing.yaml", "department: roads", "department: trams", "trams"),
        ("synonyms.yaml", "[渡口]", "渡口", "line 1"),
        ("warnings.yaml", "red: 15", "red: 4", "line 2: 'red' must not be less than 'yellow'"),
    ],
)
def test_a_wrong_data_file_is_refused_whole_with_its_place(
    app: Flask, folder: Path, file: str, old: str, new: str, said: str
) -> None:
    empty = everything(app)
    path = folder / file
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert said in run(app, "load", folder, fails=True)
    assert everything(app) == empty
