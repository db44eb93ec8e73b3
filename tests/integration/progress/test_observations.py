"""Values of indicators: published, corrected, refused, imported whole or not at all."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook

from civic.core.actor import RESIDENT, SYSTEM
from civic.core.db import unit_of_work
from civic.core.errors import NotAllowed
from civic.plans import queries as plans
from civic.progress import services
from civic.progress.queries import Square, indicator_statuses, item_progress
from civic.progress.queries.exporting import exported_values
from civic.progress.queries.observations import published
from civic.progress.rules import Reason, Status
from civic.progress.rules.reported import About, Reported
from civic.web.caching import content_version
from tests.integration.progress.conftest import NOW

PLAN = "taijiang-14"
GDP = Reported("T2-01", 2023, Decimal("746.4"), "亿元", "Statistical communiqué of 2023")
HEAD = "indicator,year,value,unit,source_title\n"


def record(reported: Reported) -> int:
    with unit_of_work():
        return services.record_observation(SYSTEM, PLAN, reported, NOW)


def status(code: str) -> tuple[Status, Reason | None]:
    found = next(one for one in indicator_statuses(PLAN, date(2024, 3, 1)) if one.row.ref.code == code)
    return found.verdict.status, found.verdict.reason


def test_life_of_an_observation(taijiang: Flask) -> None:
    with taijiang.app_context():
        gdp = plans.item_by_code(PLAN, "T2-01").id
        assert status("T2-01") == (Status.UNDETERMINED, Reason.NO_DATA)
        assert item_progress([gdp], today=date(2024, 3, 1)) == {}

        first = record(GDP)
        assert record(GDP) == first
        assert status("T2-01") == (Status.ON_TRACK, None)
        shown = item_progress([gdp], today=date(2024, 3, 1))[gdp]
        assert (shown.square, shown.label, shown.on) == (Square.GOING, "On track", NOW.date())

        corrected = record(replace(GDP, value=Decimal(700), source_title="Final accounts of 2023"))
        assert corrected != first
        assert status("T2-01") == (Status.BEHIND, None)
        (one,) = published([gdp])[gdp].observations
        assert (one.value, one.source.text) == (Decimal(700), "Final accounts of 2023")

        back = record(GDP)
        assert back not in (first, corrected)
        assert status("T2-01") == (Status.ON_TRACK, None)


def test_nothing_is_claimed_without_a_reference_or_in_another_unit(taijiang: Flask) -> None:
    with taijiang.app_context():
        own = Reported("T2-09", 2023, Decimal("3.1"), "%", "Employment bulletin")
        record(own)
        assert status("T2-09") == (Status.UNDETERMINED, Reason.REFERENCE_MISSING)
        record(replace(own, about=About.REFERENCE, value=Decimal("3.0"), source_title="City average"))
        assert status("T2-09") == (Status.BEHIND, None)

        dollars = replace(GDP, unit="亿美元")
        with pytest.raises(services.RowsRefused):
            record(dollars)
        record(replace(dollars, basis_changed=True))
        assert status("T2-01") == (Status.UNDETERMINED, Reason.BASIS_CHANGED)


def test_residents_publish_nothing(app_context: Flask) -> None:
    with unit_of_work(), pytest.raises(NotAllowed):
        services.record_observation(RESIDENT, PLAN, GDP, NOW)


def run(app: Flask, file: Path, *options: str, code: int = 0) -> str:
    result = app.test_cli_runner().invoke(
        args=["civic", "import-observations", str(file), "--plan", PLAN, *options]
    )
    assert result.exit_code == code, result.output
    return str(result.output)


def test_a_sheet_is_taken_whole(taijiang: Flask, tmp_path: Path) -> None:
    sheet = tmp_path / "values.csv"
    rows = [
        "T2-01,2021,650.5,亿元,Communiqué",
        "T2-10,2021,0.9,万人,Communiqué",
        "T2-10,2022,0.8,万人,Communiqué",
    ]
    sheet.write_text(HEAD + "\n".join(rows), encoding="utf-8-sig")
    with taijiang.app_context():
        version = content_version()
    assert "Dry run" in run(taijiang, sheet, "--dry-run")
    with taijiang.app_context():
        assert status("T2-01")[0] is Status.UNDETERMINED
    said = run(taijiang, sheet)
    assert "add T2-01 indicator 2021: 650.5 亿元" in said
    with taijiang.app_context():
        assert status("T2-01") == (Status.ON_TRACK, None)
        assert status("T2-10") == (Status.AHEAD, None)
        assert content_version() > version
    assert run(taijiang, sheet).count("keep") == 3
    sheet.write_text(HEAD + "T2-01,2021,640,亿元,Revision", encoding="utf-8")
    assert "correct T2-01 indicator 2021: 640 (was 650.5) 亿元" in run(taijiang, sheet)


def write(sheet: Path, rows: list[str]) -> None:
    """The rows under their header as CSV, or as a workbook with real numbers in it."""
    if sheet.suffix == ".csv":
        sheet.write_text(HEAD + "\n".join(rows), encoding="utf-8")
        return
    book = Workbook()
    for line in [HEAD.strip(), *rows]:
        cells: list[object] = list(line.split(","))
        for number, cell in enumerate(cells):
            if re.fullmatch(r"[\d.]+", str(cell)):
                cells[number] = float(str(cell)) if "." in str(cell) else int(str(cell))
        book.worksheets[0].append(cells)
    book.save(sheet)


def test_three_bad_rows_of_a_workbook_change_nothing_and_are_named(taijiang: Flask, tmp_path: Path) -> None:
    sheet = tmp_path / "values.xlsx"
    good = ["T2-01,2021,650.5,亿元,Communiqué", "T2-04,2022,87.1,%,Communiqué"]
    write(
        sheet,
        [good[0], "T2-77,2021,1,亿元,x", good[1], "T2-02,2021,about 13,万元,x", "T2-08,2019,5.9,万元,x"],
    )
    said = run(taijiang, sheet, code=1)
    assert re.findall(r"^row (\d+): ", said, re.MULTILINE) == ["3", "5", "6"]
    with taijiang.app_context():
        assert published([row.ref.id for row in plans.indicators(PLAN)]) == {}
    write(sheet, good)
    run(taijiang, sheet)
    with taijiang.app_context():
        gdp = plans.item_by_code(PLAN, "T2-01").id
        (one,) = published([gdp])[gdp].observations
        assert str(one.value) == "650.5", "exactly as typed, though a workbook keeps binary fractions"


@pytest.mark.parametrize("name", ["values.csv", "values.xlsx"])
def test_bad_rows_are_named_and_nothing_is_half_applied(taijiang: Flask, tmp_path: Path, name: str) -> None:
    sheet = tmp_path / name
    rows = [
        "T2-01,2021,650.5,亿元,Communiqué",
        "T2-99,2021,1,亿元,Communiqué",
        "T2-02,2021,one,万元,Communiqué",
        "T2-08,2021,5.9,万元,Communiqué",
        "T2-04,2031,86,%,Communiqué",
        "T2-01,2021,651,亿元,Communiqué",
        "T2-12,2021,8.1,人,",
    ]
    write(sheet, rows)
    said = run(taijiang, sheet, code=1)
    for row in (3, 4, 6, 7, 8):
        assert f"row {row}: " in said
    for row in (2, 5):
        assert f"row {row}: " not in said
    with taijiang.app_context():
        ids = [row.ref.id for row in plans.indicators(PLAN)]
        assert published(ids) == {}


def test_a_value_published_in_the_evening_has_the_day_of_the_district(taijiang: Flask) -> None:
    late = datetime(2024, 3, 1, 17, tzinfo=UTC)
    with taijiang.app_context():
        with unit_of_work():
            services.record_observation(SYSTEM, PLAN, GDP, late)
        gdp = plans.item_by_code(PLAN, "T2-01").id
        assert item_progress([gdp], today=date(2024, 3, 2))[gdp].on == date(2024, 3, 2)
        exported = exported_values(PLAN)["T2-01"]["observations"]
        assert exported[-1]["published_on"] == "2024-03-02"
