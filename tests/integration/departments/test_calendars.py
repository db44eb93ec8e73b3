"""Working days as loaded: a year without its notice is provisional until the district's own file is there."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from flask import Flask

from civic.core.clock import now
from civic.core.db import unit_of_work
from civic.departments import queries, services
from civic.departments.rules import LevelKey

LINSHUI = Path(__file__).resolve().parents[2] / "data" / "linshui"
YEAR = """
year: 2027
notice: {title: 样本通知, number: 样发〔2026〕1号, date: 2026-11-03, url: 'https://example.org/'}
holidays:
  - {name: 元旦, from: 2027-01-01, to: 2027-01-04, makeup: [2027-01-09]}
"""


def load(folder: Path) -> services.LoadReport:
    with unit_of_work():
        return services.load_district(folder, now())


def test_deadlines_into_a_year_without_a_notice_are_provisional_until_it_is_there(
    app_context: Flask, tmp_path: Path
) -> None:
    folder = tmp_path / "linshui"
    shutil.copytree(LINSHUI, folder)
    load(folder)
    calendar = queries.calendar()
    assert not calendar.deadline(date(2026, 12, 14), 10).provisional
    before = calendar.deadline(date(2026, 12, 28), 5)
    assert before.provisional
    assert before.due_day == date(2027, 1, 5), "the first of January is off by law"
    (folder / "calendars").mkdir()
    (folder / "calendars" / "2027.yaml").write_text(YEAR, "utf-8")
    assert "days of 2027" in load(folder).changed
    after = queries.calendar().deadline(date(2026, 12, 28), 5)
    assert not after.provisional
    assert after.due_day == date(2027, 1, 6)
    assert queries.calendar().is_workday(date(2027, 1, 9))


def test_national_calendars_come_with_every_district_and_its_own_hours_hold(app_context: Flask) -> None:
    load(LINSHUI)
    assert {year.year for year in queries.calendar_years()} == set(range(2021, 2027))
    deadline = queries.calendar().deadline(date(2026, 9, 30), 1)
    assert deadline.due_day == date(2026, 10, 8)
    assert deadline.due_at.isoformat() == "2026-10-08T09:00:00+00:00"
    assert queries.service_levels().days(LevelKey.SUGGESTION) == 7
    assert queries.service_levels().days(LevelKey.QUESTION) == 5


def test_what_is_gone_from_the_files_is_retired_never_deleted(app_context: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "linshui"
    shutil.copytree(LINSHUI, folder)
    load(folder)
    ids = queries.department_ids()
    streets = folder / "streets.yaml"
    streets.write_text(streets.read_text("utf-8").replace("990101001001", "990101001002"), "utf-8")
    assert load(folder).retired == ["community 990101001001"]
    assert [community.code for community in queries.communities()] == ["990101001002"]
    assert queries.department_ids() == ids
