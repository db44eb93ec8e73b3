"""What the page of a year's working days shows: twelve months, the notice, and how far it is certain."""

from __future__ import annotations

from calendar import Calendar as Months
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import format_date

from civic.core.workdays import DayKind
from civic.departments import queries as departments
from civic.departments.queries import YearRow
from civic.departments.rules import CalendarFile, SpecialDay, write_calendar

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a month's grid."""

    day: date
    why: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class MonthGrid:
    """A month in weeks from Monday on; None where a week reaches into another month."""

    first: date
    weeks: tuple[tuple[DayCell | None, ...], ...]
    working_days: int


@dataclass(frozen=True, slots=True)
class YearSummary:
    """A year in the list; ``notice`` is None while no notice is known, and deadlines in it are provisional."""

    year: int
    notice: YearRow | None


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """One year."""

    year: int
    notice: YearRow | None
    months: tuple[MonthGrid, ...]
    working_days: int
    weekdays: tuple[str, ...]


def year_list(now: datetime) -> tuple[YearSummary, ...]:
    """The years whose notice is known, with this year and the next in any case, newest first."""
    known = {row.year: row for row in departments.calendar_years()}
    this_year = departments.local_day(now).year
    years = sorted({*known, this_year, this_year + 1}, reverse=True)
    return tuple(YearSummary(year, known.get(year)) for year in years)


def calendar_page(year: int) -> CalendarPage:
    """The months of a year as deadlines are counted today."""
    months = tuple(_month(date(year, month, 1)) for month in range(1, 13))
    return CalendarPage(year, _notice(year), months, sum(month.working_days for month in months), _weekdays())


def year_as_text(year: int) -> str:
    """The year as the form shows it: what stands, or the frame of a new one."""
    row = _notice(year)
    if row is None:
        return NEW_YEAR.format(year=year)
    days = tuple(SpecialDay(*special) for special in row.days)
    return write_calendar(
        CalendarFile(year, row.notice_title, row.notice_number, row.notice_date, row.url, days)
    )


NEW_YEAR = """\
year: {year}
notice:
  title: ""
  number: ""
  date:
  url: ""
holidays:
  - name: 元旦
    from: {year}-01-01
    to: {year}-01-01
    makeup: []
"""


def _notice(year: int) -> YearRow | None:
    return next((row for row in departments.calendar_years() if row.year == year), None)


def _weekdays() -> tuple[str, ...]:
    """Monday to Sunday, short, in the reader's language."""
    return tuple(str(format_date(date(2024, 1, day), "EEE")) for day in range(1, 8))


def _month(first: date) -> MonthGrid:
    calendar = departments.calendar()
    weeks = tuple(
        tuple(
            DayCell(day, calendar.kind_of(day), calendar.name_of(day)) if day.month == first.month else None
            for day in week
        )
        for week in Months().monthdatescalendar(first.year, first.month)
    )
    working = sum(cell is not None and calendar.is_workday(cell.day) for week in weeks for cell in week)
    return MonthGrid(first, weeks, working)
