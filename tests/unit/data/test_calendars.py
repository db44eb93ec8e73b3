"""The calendar files against the notices they cite and, day by day, against ``chinesecalendar``."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from civic.core.workdays import Calendar
from civic.departments.rules import CalendarFile, read_calendar, read_yaml

HOME = Path(__file__).resolve().parents[3] / "civic" / "data" / "calendars"
YEARS = (2021, 2022, 2023, 2024, 2025, 2026)


def calendar_file(year: int) -> CalendarFile:
    path = HOME / f"{year}.yaml"
    return read_calendar(path.name, read_yaml(path.name, path.read_text("utf-8")))


def calendar_of(*files: CalendarFile) -> Calendar:
    days = {special.day: special.works for file in files for special in file.days}
    return Calendar(days, frozenset(file.year for file in files))


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_chinesecalendar(year: int) -> None:
    ours = calendar_of(calendar_file(year))
    day, wrong = date(year, 1, 1), []
    while day.year == year:
        if ours.is_workday(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


@pytest.mark.parametrize("year", YEARS)
def test_each_file_names_its_notice(year: int) -> None:
    file = calendar_file(year)
    assert file.year == year
    assert file.notice_title == f"国务院办公厅关于{year}年部分节假日安排的通知"
    assert re.fullmatch(rf"国办发明电〔{year - 1}〕\d+号", file.notice_number)
    assert file.notice_date is not None
    assert date(year - 1, 10, 1) <= file.notice_date < date(year, 1, 1)
    assert file.url.startswith("https://www.gov.cn/")


def test_exactly_the_published_years_have_a_file() -> None:
    assert sorted(int(path.stem) for path in HOME.glob("*.yaml")) == list(YEARS)


def test_a_deadline_that_reaches_into_2027_is_provisional() -> None:
    ours = calendar_of(*map(calendar_file, YEARS))
    assert not ours.deadline(date(2026, 12, 1), 10).provisional
    assert ours.deadline(date(2026, 12, 28), 10).provisional


def test_make_up_days_count_and_holidays_do_not() -> None:
    ours = calendar_of(*map(calendar_file, YEARS))
    # Spring Festival 2026: Saturday 14 worked, off from Sunday 15 to Monday 23 February.
    deadline = ours.deadline(date(2026, 2, 13), 2)
    assert deadline.due_day == date(2026, 2, 24)
    assert [entry.day for entry in deadline.counted_days if entry.number] == [
        date(2026, 2, 14),
        date(2026, 2, 24),
    ]
