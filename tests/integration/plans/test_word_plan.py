"""A plan that comes as a Word document: imported beside the district's own, published, and read like any other."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask

from civic.core.actor import SYSTEM
from civic.core.db import unit_of_work
from civic.plans import services
from civic.plans.errata import read_errata
from tests.factories.documents import word_plan
from tests.integration.progress.conftest import NOW

DATA = Path(__file__).resolve().parents[3] / "civic" / "data" / "taijiang"


def run(app: Flask, *command: str) -> str:
    result = app.test_cli_runner().invoke(args=["civic", *command])
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_two_plans_live_side_by_side(taijiang: Flask, tmp_path: Path) -> None:
    file = tmp_path / "riverside.docx"
    source = (DATA / "taijiang-14fyp.md").read_text("utf-8")
    file.write_bytes(word_plan(source, read_errata(DATA / "errata.yaml")))
    said = run(
        taijiang, "import-plan", str(file), "--slug", "riverside-14", "--years", "2021-2025", "--table", "2"
    )
    assert "coverage 100.00 %" in said
    report = json.loads(run(taijiang, "plan-report", "riverside-14", "--json"))
    counts = {"preface": 1, "chapter": 9, "section": 36, "clause": 107, "indicator": 18, "project": 93}
    assert {kind: report["counts"][kind] for kind in counts} == counts

    client = taijiang.test_client()
    assert client.get("/plans/riverside-14/").status_code == 404, "a plan is a draft until it is published"
    with taijiang.app_context(), unit_of_work():
        services.publish_plan(SYSTEM, "riverside-14", NOW)
    own, word = (json.loads(run(taijiang, "export-plan", plan)) for plan in ("taijiang-14", "riverside-14"))
    for part, keys in (
        ("items", ("code", "kind", "number", "title", "parent", "paragraphs")),
        ("indicators", ("code", "name", "unit", "baseline", "target", "target_kind")),
        ("projects", ("code", "category", "name", "action")),
    ):
        both = [[{key: row[key] for key in keys} for row in plan[part]] for plan in (own, word)]
        assert both[0] == both[1]
    for address in ("", "6.3.1", "T2-01", "B1-001", "indicators", "projects"):
        for plan in ("taijiang-14", "riverside-14"):
            assert client.get(f"/plans/{plan}/{address}").status_code == 200
    listed = client.get("/plans/").text
    assert "/plans/riverside-14/" in listed
    assert "/plans/taijiang-13/" in listed
    again = run(taijiang, "import-plan", str(file), "--slug", "riverside-14", "--dry-run")
    assert "Nothing changes" in again
