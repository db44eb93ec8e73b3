"""Periods, rates and spreads are what a plain recomputation says they are."""

from __future__ import annotations

import statistics
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.cases.rules.counters import Count, Measure
from civic.core.errors import Invalid
from civic.supervision.figures import FIGURES
from civic.supervision.rules import Period, Rate, figures, month_of, parse_period, spread, windows
from civic.supervision.rules.comparing import Difference, Direction, rate_difference
from civic.web.filters import share

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_named_period_is_whole(text: str, since: date, until: date) -> None:
    assert parse_period(text, None, None, TODAY) == Period(since, until)


@pytest.mark.parametrize("text", ["2026-13", "2026-Q5", "0001", "26", "x", "2026-Q10"])
def test_a_period_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_period(text, None, None, TODAY)


def test_free_days_and_defaults() -> None:
    assert parse_period(None, None, None, TODAY) == month_of(TODAY)
    assert parse_period(None, "2026-10-05", None, TODAY) == Period(date(2026, 10, 5), TODAY)
    assert parse_period(None, None, "2026-02-10", TODAY) == Period(date(2026, 2, 1), date(2026, 2, 10))
    with pytest.raises(Invalid):
        parse_period(None, "2026-12-01", "2026-11-01", TODAY)
    with pytest.raises(Invalid):
        parse_period(None, "yesterday", None, TODAY)
    with pytest.raises(Invalid, match="from 2000 to 2100"):
        parse_period(None, "0001-01-01", None, TODAY)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_the_period_before_is_as_long_and_touches(since: date, length: int) -> None:
    period = Period(since, since + timedelta(days=length))
    assert period.before.until + timedelta(days=1) == period.since
    assert period.before.unit == period.unit or period.unit is None
    if period.unit is None:
        assert period.before.until - period.before.since == period.until - period.since


@given(st.lists(st.integers(0, 60), min_size=1, max_size=200))
def test_median_and_percentile_are_those_of_the_list(days: list[int]) -> None:
    result = spread(Counter(days))
    assert result.n == len(days)
    assert result.median == statistics.median(days)
    rank = -(-9 * len(days) // 10)
    assert result.p90 == sorted(days)[rank - 1]


def test_no_cases_no_figure() -> None:
    assert spread({}).median is None
    assert Rate(0, 0).share is None


def test_a_rate_of_few_cases_states_no_share() -> None:
    assert Rate(4, 4).share is None
    assert Rate(4, 5).share == 0.8


def test_a_row_is_made_of_its_counts() -> None:
    counts = [
        Count(1, Measure.RECEIVED, 0, 3),
        Count(1, Measure.REPLY_DAYS, 4, 2),
        Count(1, Measure.REPLY_DAYS, 9, 1),
        Count(1, Measure.OPENED, 0, 10),
        Count(1, Measure.LEFT, 0, 7),
        Count(1, Measure.BECAME_OVERDUE, 0, 2),
        Count(1, Measure.CAME_OVERDUE, 0, 2),
        Count(1, Measure.LEFT_OVERDUE, 0, 1),
    ]
    row = figures(counts)
    assert (row.received, row.open, row.overdue) == (3, 3, 3)
    assert (row.days.n, row.days.median, row.days.p90) == (3, 4, 9)


def test_stocks_count_from_the_beginning_and_deadlines_only_once_they_have_passed() -> None:
    period, judged = Period(date(2026, 11, 1), date(2026, 11, 30)), date(2026, 11, 20)
    days = {
        measure: (window.since, window.until)
        for window in windows(Measure, period, judged)
        for measure in window.measures
    }
    assert set(days) == set(Measure)
    assert days[Measure.RECEIVED] == (period.since, period.until)
    assert days[Measure.OPENED] == (None, period.until)
    assert days[Measure.REPLY_DUE] == (period.since, judged)
    assert days[Measure.BECAME_OVERDUE] == (None, judged)
    assert days[Measure.CAME_OVERDUE] == (None, period.until)
    assert days[Measure.LEFT_OVERDUE] == (None, period.until)


def test_every_figure_is_made_of_measures_and_says_what_it_means() -> None:
    assert all(figure.plus and figure.meaning and figure.label for figure in FIGURES.values())
    stocks = {key for key, figure in FIGURES.items() if figure.stock}
    assert stocks == {"open", "overdue"}


@given(st.dates(date(2021, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_a_year_ago_are_the_same_days_and_whole_months_stay_whole(since: date, length: int) -> None:
    period = Period(since, since + timedelta(days=length))
    ago = period.year_ago
    assert (ago.since.month, ago.until.month) == (since.month, period.until.month)
    assert ago.unit == period.unit
    assert abs((period.since - ago.since).days - 365.5) < 1


@given(st.dates(date(2021, 1, 1), date(2026, 12, 31)), st.integers(0, 2200))
def test_nothing_is_compared_with_its_own_days(since: date, length: int) -> None:
    period = Period(since, since + timedelta(days=length))
    for other in period.compared_with.values():
        assert other.until < period.since


def test_a_year_has_a_year_ago_and_the_plan_to_date_has_none() -> None:
    assert list(Period(date(2024, 1, 1), date(2024, 12, 31)).compared_with) == ["before", "year_ago"]
    assert list(Period(date(2021, 1, 1), date(2026, 11, 20)).compared_with) == ["before"]


def test_a_period_that_is_not_over_is_compared_with_as_many_days() -> None:
    november, today = parse_period("2026-11", None, None, TODAY), TODAY
    assert november.begun_by(today) == Period(date(2026, 11, 1), TODAY)
    assert november.before == Period(date(2026, 10, 1), date(2026, 10, 31))
    assert november.before.like(november, today) == Period(date(2026, 10, 1), date(2026, 10, 23))
    last_day = november.until
    assert not november.is_over(last_day)
    assert november.before.like(november, last_day) == Period(date(2026, 10, 1), date(2026, 10, 30))
    assert november.is_over(november.following)
    assert november.before.like(november, november.following) == november.before
    assert Period(date(2027, 1, 1), date(2027, 1, 2)).begun_by(today) is None


@given(st.dates(date(2021, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_the_months_of_a_period_are_all_its_days(since: date, length: int) -> None:
    period = Period(since, since + timedelta(days=length))
    months = list(period.months())
    assert (months[0].since, months[-1].until) == (period.since, period.until)
    assert all(a.until + timedelta(days=1) == b.since for a, b in pairwise(months))
    assert all(month.since.month == month.until.month for month in months)


RATES = st.integers(0, 300).flatmap(lambda n: st.builds(Rate, st.integers(0, n), st.just(n)))


@given(RATES, RATES)
def test_a_difference_of_rates_is_named_only_where_it_is_clear(now: Rate, then: Rate) -> None:
    found, back = rate_difference(now, then), rate_difference(then, now)
    if min(now.whole, then.whole) < 5:
        assert found == back == Difference(Direction.TOO_FEW)
        return
    assert now.interval
    assert then.interval
    assert now.share is not None
    assert now.interval.low <= now.share <= now.interval.high
    opposite = {Direction.MORE: Direction.LESS, Direction.LESS: Direction.MORE}
    assert back.direction is opposite.get(found.direction, found.direction)
    if found.direction is Direction.MORE:
        assert now.interval.low > then.interval.high
    assert (found.by == 0) == (found.direction is Direction.SAME)


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0%"), (1, "100%"), (0.999, "99.9%"), (2 / 3, "66.7%"), (0.0004, "0.0%"), (None, "—")],
)
def test_all_and_nothing_are_said_without_a_decimal(value: float | None, said: str) -> None:
    assert share(value) == said
