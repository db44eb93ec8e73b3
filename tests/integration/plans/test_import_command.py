"""``flask civic import-plan`` on the real plan: what it prints, what it writes, what it refuses."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic.core.extensions import db
from civic.plans import cli
from civic.plans.importer import parse_plan
from civic.plans.rules import Coverage, ParsedPlan

PLAN = Path(__file__).resolve().parents[3] / "civic" / "data" / "taijiang" / "taijiang-14fyp.md"
SOURCE = PLAN.read_text("utf-8")


def run(app: Flask, *command: str | Path, fails: bool = False) -> str:
    """What a command prints; it must end with 0, or with 1 where it ``fails``."""
    result = app.test_cli_runner().invoke(args=["civic", *map(str, command)])
    assert result.exit_code == int(fails), result.output
    return result.output


def rows(app: Flask) -> int:
    """How many rows of plans and items there are."""
    with app.app_context(), db.engine.connect() as connection:
        tables = [db.metadata.tables[name] for name in ("plan", "item", "paragraph", "plan_table", "erratum")]
        return sum(connection.scalar(select(func.count()).select_from(t)) or 0 for t in tables)


def test_one_command_reads_the_plan_and_its_finished_predecessor(app: Flask) -> None:
    said = run(app, "import-plan", PLAN)
    assert "coverage 100.00 %" in said
    assert "Time: " in said
    report = json.loads(run(app, "plan-report", "taijiang-14", "--json"))
    counts = {"preface": 1, "chapter": 9, "section": 36, "clause": 107, "indicator": 18, "project": 93}
    assert {kind: report["counts"][kind] for kind in counts} == counts
    assert report["characters"]["unplaced"] == 0
    assert report["status"] == "draft"
    assert [w["line"] for w in report["warnings"] if w["text"].startswith("T2-06")] == [250]
    finished = json.loads(run(app, "plan-report", "taijiang-13", "--json"))
    assert finished["counts"]["indicator"] == 18
    assert all(w["text"].startswith("T1-") for w in finished["warnings"])
    plan = json.loads(run(app, "export-plan", "taijiang-14", "--json"))["plan"]
    assert (plan["slug"], plan["first_year"], plan["last_year"]) == ("taijiang-14", 2021, 2025)


def test_a_dry_run_says_everything_and_writes_nothing(app: Flask) -> None:
    outcome = json.loads(run(app, "import-plan", PLAN, "--dry-run", "--json"))
    assert outcome["characters"] == {"in": 35277, "placed": 35277, "unplaced": 0, "coverage": "100.00"}
    assert len(outcome["plans"]["taijiang-14"]["added"]) == 264
    assert len(outcome["plans"]["taijiang-13"]["added"]) == 18
    assert outcome["seconds"] > 0
    assert rows(app) == 0


def test_importing_again_changes_nothing(app: Flask) -> None:
    run(app, "import-plan", PLAN)
    before = run(app, "export-plan", "taijiang-14")
    outcome = json.loads(run(app, "import-plan", PLAN, "--json"))
    assert outcome["plans"] == {
        slug: {"added": [], "changed": [], "withdrawn": []} for slug in ("taijiang-14", "taijiang-13")
    }
    assert run(app, "export-plan", "taijiang-14") == before


def test_plan_and_period_come_from_the_title_where_nobody_says_them(app: Flask, tmp_path: Path) -> None:
    copy = tmp_path / "scan.md"
    shutil.copy(PLAN, copy)
    assert "Plan taijiang-14:" in run(app, "import-plan", copy)
    other = tmp_path / "Hu Wan.md"
    other.write_text("湖湾县第十五个五年规划\n\n第一章 开头\n\n第一节 路\n\n修路。\n", "utf-8")
    run(app, "import-plan", other)
    plan = json.loads(run(app, "export-plan", "hu-wan"))["plan"]
    assert (plan["first_year"], plan["last_year"]) == (2026, 2030)
    unnamed = tmp_path / "notes.md"
    unnamed.write_text("第一章 开头\n\n第一节 路\n\n修路。\n", "utf-8")
    assert "--years" in run(app, "import-plan", unnamed, fails=True)
    run(app, "import-plan", unnamed, "--slug", "hu-wan-town", "--years", "2024-2026")
    assert json.loads(run(app, "export-plan", "hu-wan-town"))["plan"]["last_year"] == 2026


def test_a_copy_that_the_errata_were_not_written_for_is_read_with_a_warning(
    app: Flask, tmp_path: Path
) -> None:
    copy = tmp_path / PLAN.name
    copy.write_text("\n" + SOURCE, "utf-8")
    said = run(app, "import-plan", copy, "--dry-run")
    assert "line 366: an erratum does not fit here" in said
    assert "English word" in said


def line_of(text: str) -> int:
    return SOURCE[: SOURCE.index(text)].count("\n") + 1


def without_a_cell(text: str) -> str:
    line = next(row for row in text.split("\n") if "每万人发明专利拥有量" in row)
    return text.replace(line, line.rpartition("\t")[0])


def heading_line(number: str, nth: int = 0) -> int:
    """The line of a heading of the body, by its printed number."""
    found = [
        i
        for i, line in enumerate(SOURCE.split("\n"), 1)
        if line.lstrip("#* ").startswith(number) and line.startswith(("#", "**")) and i > 60
    ]
    return found[nth]


def changed(line: int, old: str, new: str) -> str:
    lines = SOURCE.split("\n")
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("第三章", "第五章", "expected number 3"),
        ("第三章", "第二章", "stands twice"),
        ("第二节", "第四节", "expected number 2"),
        ("第二节", "第一节", "stands twice"),
        ("三、", "六、", "expected number 3"),
        ("三、", "二、", "stands twice"),
    ],
)
def test_a_heading_whose_number_jumps_or_repeats(
    app: Flask, tmp_path: Path, old: str, new: str, words: str
) -> None:
    line = heading_line(old)
    copy = tmp_path / PLAN.name
    copy.write_text(changed(line, old, new), "utf-8")
    said = run(app, "import-plan", copy, fails=True)
    assert f"line {line}: " in said
    assert words in said
    assert rows(app) == 0


def test_a_ragged_row_is_refused_with_its_line(app: Flask, tmp_path: Path) -> None:
    copy = tmp_path / PLAN.name
    copy.write_text(without_a_cell(SOURCE), "utf-8")
    said = run(app, "import-plan", copy, fails=True)
    assert f"line {line_of('每万人发明专利拥有量')}: the row has" in said
    assert rows(app) == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plan.md", SOURCE.encode("gb18030"), "line 3: the file is not UTF-8"),
        ("plan.md", SOURCE.encode("utf-16"), "line 1: the file is not UTF-8"),
        ("plan.md", SOURCE.encode("utf-8") + "坏".encode("gb18030"), "line 870: the file is not UTF-8"),
        ("plan.md", b"", "line 1: the file is empty"),
        ("plan.md", b"\n \n", "line 1: the file is empty"),
        ("plan.png", b"\x89PNG\r\n\x1a\n" + bytes(99), "line 1: the file is a PNG picture"),
        ("plan.md", b"\x89PNG\r\n\x1a\n" + bytes(99), "line 1: the file is a PNG picture"),
        ("plan.docx", SOURCE.encode(), "line 1: the file is no Word document"),
        ("plan.md", b"# Dear all\n\nno plan here\n", "line 1: no chapter"),
    ],
)
def test_what_is_no_plan_is_refused_and_nothing_is_written(
    app: Flask, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert words in run(app, "import-plan", file, fails=True)
    assert rows(app) == 0


def test_a_character_that_is_on_no_item_stops_the_import(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def leaky(*given: Any, **named: Any) -> ParsedPlan:
        parsed = parse_plan(*given, **named)
        return replace(
            parsed, coverage=Coverage(parsed.coverage.total, parsed.coverage.total - 1, ((6, "路"),))
        )

    monkeypatch.setattr(cli, "parse_plan", leaky)
    file = tmp_path / "small.md"
    file.write_text("某县第十五个五年规划\n\n第一章 开头\n\n第一节 路\n\n修路。\n", "utf-8")
    said = run(app, "import-plan", file, fails=True)
    assert "line 6: not placed: 路" in said
    assert "100.00 %" not in said
    assert "1 characters are on no item (lines 6)" in said
    assert rows(app) == 0
    run(app, "import-plan", file, "--allow-gaps")
    report = json.loads(run(app, "plan-report", "small", "--json"))
    assert report["characters"]["unplaced"] == 1
    assert report["unplaced"] == [{"line": 6, "text": "路"}]
