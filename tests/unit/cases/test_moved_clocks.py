"""A day that stops being a working day moves a clock by exactly one working day, and back; recounting is idempotent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from civic.cases.rules import recomputed, start_clock
from civic.core.workdays import Calendar

START = datetime(2021, 1, 1, tzinfo=UTC)
moments = st.integers(0, 10 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
days = st.dates(date(2021, 1, 1), date(2030, 12, 31))
calendars = st.builds(
    Calendar,
    days=st.dictionaries(days, st.booleans(), max_size=40),
    known_years=st.just(frozenset(range(2021, 2032))),
)


@given(calendars, moments, st.integers(1, 60), st.integers(0, 120))
def test_a_holiday_moves_a_clock_by_one_working_day_if_it_was_counted(
    calendar: Calendar, at: datetime, length: int, offset: int
) -> None:
    clock = start_clock(calendar, at, length)
    day = clock.start + timedelta(offset)
    closed = replace(calendar, days={**calendar.days, day: False})
    moved = recomputed(closed, clock)
    counted = calendar.is_workday(day) and clock.start < day <= clock.due_day
    expected = calendar.deadline(clock.start, length + counted)
    assert (moved.due_day, moved.due_at) == (expected.due_day, expected.due_at)
    assert recomputed(closed, moved) == moved
    assert recomputed(calendar, moved) == clock, "taking the holiday out again brings the deadline back"


@given(moments)
def test_a_clock_starts_and_ends_on_the_districts_days(at: datetime) -> None:
    calendar = Calendar()
    clock = start_clock(calendar, at, 1)
    assert clock.start == (at + timedelta(hours=8)).date(), (
        "midnight is that of Asia/Shanghai, without summer time"
    )
    assert clock.due_at == datetime.combine(clock.due_day, time(9, 30), UTC), "17:30 there"
