"""Working days: worked cases from the State Council's notices, and properties for any calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.core.workdays import Calendar, DayKind, add_workdays, is_workday, workdays_between

# National Day 2025: 1 to 8 October off; 28 September and 11 October are working days (国办发明电〔2024〕12号).
OCTOBER_2025 = Calendar(
    days={date(2025, 10, day): False for day in range(1, 9)}
    | {date(2025, 9, 28): True, date(2025, 10, 11): True},
    known_years=frozenset({2025}),
)

days = st.dates(date(2021, 1, 1), date(2030, 12, 31))
lengths = st.integers(1, 60)
calendars = st.builds(
    Calendar,
    days=st.dictionaries(days, st.booleans(), max_size=60),
    known_years=st.frozensets(st.integers(2021, 2031)),
)


def test_day_one_is_the_next_working_day_and_it_is_due_at_close_of_work() -> None:
    monday_evening = datetime(2025, 9, 15, 21, 0, tzinfo=UTC)  # already Tuesday in the district
    deadline = add_workdays(OCTOBER_2025, monday_evening, 1)
    assert deadline.due_day == date(2025, 9, 17)
    assert deadline.due_at == datetime(2025, 9, 17, 9, 30, tzinfo=UTC)
    assert not deadline.provisional


def test_holidays_are_skipped_and_make_up_days_count() -> None:
    deadline = add_workdays(OCTOBER_2025, date(2025, 9, 26), 5)
    assert [(d.day.day, d.why, d.number) for d in deadline.counted_days if d.number] == [
        (28, DayKind.MAKEUP, 1),
        (29, DayKind.WORKDAY, 2),
        (30, DayKind.WORKDAY, 3),
        (9, DayKind.WORKDAY, 4),
        (10, DayKind.WORKDAY, 5),
    ]
    assert [d.why for d in deadline.skipped] == [DayKind.WEEKEND] + [DayKind.HOLIDAY] * 8


def test_a_year_without_a_notice_makes_the_deadline_provisional() -> None:
    assert add_workdays(OCTOBER_2025, date(2025, 12, 30), 2).provisional
    assert not add_workdays(OCTOBER_2025, date(2025, 12, 30), 1).provisional


def test_a_year_without_a_notice_is_never_one_without_holidays() -> None:
    """What the law fixes to a day is off; on weekends it is moved to a day that only the notice names."""
    deadline = add_workdays(OCTOBER_2025, date(2026, 12, 31), 1)
    assert (deadline.due_day, deadline.provisional) == (date(2027, 1, 4), True)
    assert [(d.day.day, d.why, d.name) for d in deadline.skipped] == [
        (1, DayKind.HOLIDAY, "元旦"),
        (2, DayKind.WEEKEND, ""),
        (3, DayKind.WEEKEND, ""),
    ]
    off = [day for day in EVERY_DAY_OF_2030 if OCTOBER_2025.kind_of(day) is DayKind.HOLIDAY]
    assert [(day.month, day.day) for day in off] == [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]
    assert is_workday(OCTOBER_2025, date(2024, 5, 2)), "the second of May is a holiday since 2025"
    assert is_workday(OCTOBER_2025, date(2025, 5, 1)), "a year with a notice is as the notice has it"


EVERY_DAY_OF_2030 = [date(2030, 1, 1) + timedelta(days=n) for n in range(365)]


def test_paused_days_are_skipped_and_said_so() -> None:
    paused = ((date(2025, 9, 17), date(2025, 9, 19)),)
    deadline = OCTOBER_2025.deadline(date(2025, 9, 15), 3, paused)
    assert deadline.due_day == date(2025, 9, 22)
    assert [d.why for d in deadline.skipped] == [DayKind.PAUSED] * 2 + [DayKind.WEEKEND] * 2


def test_after_close_of_work_belongs_to_the_next_day() -> None:
    assert OCTOBER_2025.office_day(datetime(2025, 9, 15, 9, 30, tzinfo=UTC)) == date(2025, 9, 15)
    assert OCTOBER_2025.office_day(datetime(2025, 9, 15, 9, 31, tzinfo=UTC)) == date(2025, 9, 16)


def test_a_moment_without_zone_and_a_deadline_of_no_days_are_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        OCTOBER_2025.local_day(datetime(2025, 9, 15, 9, 30))  # noqa: DTZ001
    with pytest.raises(ValueError, match="one working day"):
        OCTOBER_2025.deadline(date(2025, 9, 15), 0)


@given(calendars, days, lengths)
def test_counting_back_gives_the_length(calendar: Calendar, start: date, length: int) -> None:
    deadline = add_workdays(calendar, start, length)
    assert is_workday(calendar, deadline.due_day)
    assert workdays_between(calendar, start, deadline.due_day) == length
    assert max(d.number for d in deadline.counted_days) == length
    assert [d.day for d in deadline.counted_days] == [
        start + timedelta(days=i) for i in range(1, len(deadline.counted_days) + 1)
    ]


@given(calendars, days, lengths, lengths)
def test_deadlines_add_up(calendar: Calendar, start: date, first: int, second: int) -> None:
    halfway = add_workdays(calendar, start, first).due_day
    assert (
        add_workdays(calendar, halfway, second).due_day
        == add_workdays(calendar, start, first + second).due_day
    )


@given(calendars, days, lengths, days, st.integers(0, 40))
def test_a_pause_gives_back_exactly_its_working_days(
    calendar: Calendar, start: date, length: int, pause: date, span: int
) -> None:
    paused = ((pause, pause + timedelta(days=span)),)
    deadline = calendar.deadline(start, length, paused)
    given_back = sum(d.why is DayKind.PAUSED for d in deadline.counted_days)
    assert deadline.due_day == add_workdays(calendar, start, length + given_back).due_day
    assert workdays_between(calendar, start, deadline.due_day, paused) == length


@given(calendars, days, days, days)
def test_spans_add_up(calendar: Calendar, one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))
    assert workdays_between(calendar, first, last) == (
        workdays_between(calendar, first, middle) + workdays_between(calendar, middle, last)
    )


def test_the_published_notice_of_2025_agrees_with_an_independent_calendar() -> None:
    for offset in range(60):
        day = date(2025, 9, 1) + timedelta(days=offset)
        assert OCTOBER_2025.is_workday(day) == chinese_calendar.is_workday(day), day


NAMED = Calendar(
    days={date(2026, 10, day): False for day in (1, 2, 5, 6, 7)}
    | {date(2026, 9, 20): True, date(2026, 10, 10): True},
    known_years=frozenset({2026}),
    names={date(2026, 10, day): "国庆节" for day in (1, 2, 5, 6, 7)}
    | {date(2026, 9, 20): "国庆节", date(2026, 10, 10): "国庆节"},
)


def test_days_are_told_so_that_a_person_can_follow_the_count() -> None:
    told = NAMED.deadline(date(2026, 9, 28), 5).runs
    assert [(r.first.day, r.last.day, r.why, r.number, r.name) for r in told] == [
        (29, 29, DayKind.WORKDAY, 1, ""),
        (30, 30, DayKind.WORKDAY, 2, ""),
        (1, 7, DayKind.HOLIDAY, 0, "国庆节"),
        (8, 8, DayKind.WORKDAY, 3, ""),
        (9, 9, DayKind.WORKDAY, 4, ""),
        (10, 10, DayKind.MAKEUP, 5, "国庆节"),
    ]


def test_a_pause_over_a_weekend_is_one_pause() -> None:
    told = NAMED.deadline(date(2026, 9, 9), 2, ((date(2026, 9, 11), date(2026, 9, 16)),)).runs
    assert [(r.first.day, r.last.day, r.why) for r in told] == [
        (10, 10, DayKind.WORKDAY),
        (11, 15, DayKind.PAUSED),
        (16, 16, DayKind.WORKDAY),
    ]


@given(calendars, days, lengths, st.lists(st.tuples(days, st.integers(0, 40)), max_size=4))
def test_the_told_days_add_up_to_the_deadline_and_leave_none_out(
    calendar: Calendar, start: date, length: int, pauses: list[tuple[date, int]]
) -> None:
    paused = tuple((since, since + timedelta(days=span)) for since, span in pauses)
    deadline = calendar.deadline(start, length, paused)
    runs = deadline.runs
    assert [run.number for run in runs if run.number] == list(range(1, length + 1))
    assert runs[0].first == start + timedelta(days=1)
    assert runs[-1].last == deadline.due_day
    for one, next_one in pairwise(runs):
        assert next_one.first == one.last + timedelta(days=1)
    for run in runs:
        stands_still = any(since <= run.first and run.last < until for since, until in paused)
        assert not (run.number and stands_still), "no day of a pause is counted"
        assert run.number == 0 or run.first == run.last
