"""When the steps of a sample case happen, and which cases a small load keeps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from civic.cases.rules import Publication
from civic.core.workdays import Calendar
from civic.demo.reading import read_sample
from civic.demo.rules import BY_RESIDENT, OfficeHours, SampleCase, choose, moments

HOLIDAYS = {date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 10, 10): True}
HOURS = OfficeHours(Calendar(HOLIDAYS, frozenset({2026})), time(8, 30), time(17, 30))

NOWS = [
    pytest.param(datetime(2026, 11, 23, 4, 0, tzinfo=UTC), id="Monday at noon"),
    pytest.param(datetime(2026, 11, 22, 15, 59, tzinfo=UTC), id="a minute to midnight on Sunday"),
    pytest.param(datetime(2026, 10, 4, 0, 0, tzinfo=UTC), id="in the holiday week"),
    pytest.param(datetime(2027, 1, 4, 1, 0, tzinfo=UTC), id="a year without a calendar"),
]


def sample() -> tuple[SampleCase, ...]:
    return read_sample("taijiang").cases


@pytest.mark.parametrize("now", NOWS)
def test_staff_act_in_office_hours_residents_by_day_and_nobody_tomorrow(now: datetime) -> None:
    for case in sample():
        told = moments(case, HOURS, now, seed=1)
        assert told[0].step is None, case.key
        assert all(a.at < b.at for a, b in pairwise(told)), case.key
        for moment in told:
            local = moment.at.astimezone(HOURS.calendar.zone)
            assert moment.at <= now
            assert HOURS.calendar.is_workday(local.date())
            if moment.step and moment.step.verb not in BY_RESIDENT:
                assert HOURS.opens_at <= local.time() <= HOURS.closes_at, (case.key, moment.step)


@pytest.mark.parametrize("now", NOWS)
def test_a_sample_keeps_its_path_over_weekends_and_holidays(now: datetime) -> None:
    """Counted in working days, a path has the same steps whenever the demo is loaded, but for today's."""
    for case in sample():
        done = moments(case, HOURS, now, seed=1)
        certain = [step for step in case.steps if step.day < case.before]
        assert [m.step for m in done if m.step][: len(certain)] == certain, case.key


def test_the_same_seed_gives_the_same_minutes_and_another_one_others() -> None:
    now = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    case = sample()[0]
    assert moments(case, HOURS, now, seed=1) == moments(case, HOURS, now, seed=1)
    assert moments(case, HOURS, now, seed=1) != moments(case, HOURS, now, seed=2)


def test_a_small_load_still_shows_every_path_and_publication() -> None:
    every = sample()
    kinds = {(case.path, case.publication) for case in every}
    few = choose(every, len(kinds))
    assert {(case.path, case.publication) for case in few} == kinds
    assert {case.into for case in few if case.into} <= {case.key for case in few}
    assert len(few) < len(every)
    assert choose(every, None) == every


def test_the_days_reach_back_about_four_months() -> None:
    now = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    first = min(moments(case, HOURS, now, 1)[0].at for case in sample())
    assert timedelta(days=100) < now - first < timedelta(days=130)


def test_every_publication_is_there() -> None:
    assert {case.publication for case in sample()} == set(Publication)
