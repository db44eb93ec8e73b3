"""What must hold of every indicator, whatever its numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.plans.rules import Printed, TargetKind, read_printed
from civic.progress.rules import Facts, Observation, Reason, Reference, Status, assess, judged_year
from civic.progress.rules.comparing import lower_wanted

ORDER = {
    Status.MISSED: 0,
    Status.BEHIND: 0,
    Status.ON_TRACK: 1,
    Status.AHEAD: 2,
    Status.ACHIEVED_EARLY: 3,
    Status.ACHIEVED: 3,
}
MONOTONE = [
    TargetKind.LEVEL, TargetKind.GROWTH, TargetKind.CUMULATIVE, TargetKind.CEILING, TargetKind.FLOOR,
    TargetKind.MAINTAIN, TargetKind.ANNUAL_RATE, TargetKind.EXTERNAL,
]  # fmt: skip
numbers = st.decimals("0.01", "10000", places=2)
years = st.integers(2021, 2025)
words = st.sampled_from(["", "左右", "以上"])


def facts_of(kind: TargetKind, base: Decimal, goal: Decimal, word: str = "", lower: bool = False) -> Facts:
    target = Printed(f"{goal}{word}", goal, word, kind is TargetKind.CUMULATIVE)
    references = tuple(Reference(year, goal) for year in range(2021, 2026))
    return Facts(
        kind,
        2020,
        2025,
        "亿元",
        read_printed(str(base)),
        target,
        lower_is_better=lower,
        references=references,
    )


@given(st.sampled_from(MONOTONE), numbers, numbers, numbers, numbers, years, words, st.booleans())
def test_a_better_value_never_gives_a_worse_status(
    kind: TargetKind, base: Decimal, goal: Decimal, one: Decimal, other: Decimal, year: int, word: str, down: bool
) -> None:  # fmt: skip
    facts = facts_of(kind, base, goal, word, down)
    low, high = sorted((one, other))
    first = assess(facts, [Observation(year, low)], year)
    second = assess(facts, [Observation(year, high)], year)
    if first.status is Status.UNDETERMINED or second.status is Status.UNDETERMINED:
        assert first.status is second.status
        return
    wants_lower = down if kind is TargetKind.EXTERNAL else lower_wanted(facts, goal)
    worse, better = (second, first) if wants_lower else (first, second)
    assert ORDER[worse.status] <= ORDER[better.status]


@given(st.sampled_from(list(TargetKind)), numbers, numbers, st.integers(2020, 2030))
def test_never_a_status_from_missing_data(kind: TargetKind, base: Decimal, goal: Decimal, year: int) -> None:
    facts = facts_of(kind, base, goal)
    before = [Observation(2019, goal), Observation(2020, goal)]
    after = [Observation(2026, goal * 2)]
    for observations in ([], before, after):
        verdict = assess(facts, observations, year)
        assert (verdict.status, verdict.reason) == (Status.UNDETERMINED, Reason.NO_DATA)
        assert verdict.observed is verdict.achieved_share is verdict.year is None


@given(st.sampled_from(list(TargetKind)), numbers, numbers, numbers, years)
def test_another_unit_is_never_compared(
    kind: TargetKind, base: Decimal, goal: Decimal, value: Decimal, year: int
) -> None:
    verdict = assess(facts_of(kind, base, goal), [Observation(year, value, "亿美元")], year)
    assert (verdict.status, verdict.reason) == (Status.UNDETERMINED, Reason.BASIS_CHANGED)
    assert verdict.observed is None


@given(st.sampled_from(MONOTONE), numbers, numbers, numbers, years, st.sampled_from([10, 100, 10_000]))
def test_the_size_of_the_unit_changes_nothing(
    kind: TargetKind, base: Decimal, goal: Decimal, value: Decimal, year: int, times: int
) -> None:
    small = assess(facts_of(kind, base, goal), [Observation(year, value)], year)
    large = assess(facts_of(kind, base * times, goal * times), [Observation(year, value * times)], year)
    assert small.status is large.status


@given(st.lists(st.one_of(st.none(), numbers), min_size=1, max_size=5), numbers)
def test_a_sum_with_a_hole_has_no_status(yearly: list[Decimal | None], goal: Decimal) -> None:
    known = [Observation(2021 + n, value) for n, value in enumerate(yearly) if value is not None]
    verdict = assess(facts_of(TargetKind.CUMULATIVE, goal, goal), known, 2025)
    reported = yearly[: known[-1].year - 2020] if known else []
    if not known or None in reported:
        assert verdict.status is Status.UNDETERMINED
    else:
        assert verdict.observed == sum(one for one in reported if one is not None)


def test_a_reported_sum_replaces_the_years_before_it() -> None:
    facts = facts_of(TargetKind.CUMULATIVE, Decimal(1), Decimal("3.5"))
    known = [
        Observation(2021, Decimal("0.5")),
        Observation(2023, Decimal("2.1"), cumulative=True),
        Observation(2024, Decimal("0.7")),
    ]
    assert assess(facts, known, 2024).observed == Decimal("2.8")
    assert assess(facts, known, 2022).observed == Decimal("0.5")


@pytest.mark.parametrize(
    ("value", "year", "status"),
    [
        ("0.97", 2022, Status.AHEAD),
        ("1.02", 2022, Status.ON_TRACK),
        ("1.08", 2022, Status.BEHIND),
        ("0.9", 2022, Status.ACHIEVED_EARLY),
        ("0.9", 2025, Status.ACHIEVED),
        ("0.91", 2025, Status.MISSED),
    ],
)
def test_a_ceiling_still_to_be_reached_is_a_way_down(value: str, year: int, status: Status) -> None:
    facts = facts_of(TargetKind.CEILING, Decimal("1.1"), Decimal("0.9"))
    assert assess(facts, [Observation(year, Decimal(value))], year).status is status


def test_a_floor_must_hold_in_every_year() -> None:
    facts = facts_of(TargetKind.MAINTAIN, Decimal(100), Decimal(100))
    once_below = [Observation(2021, Decimal("99.6")), Observation(2025, Decimal(100))]
    assert assess(facts, once_below, 2025).status is Status.MISSED
    assert assess(facts, once_below[1:], 2025).status is Status.ACHIEVED


@pytest.mark.parametrize(("done", "year", "status"), [
    (1, 2022, Status.ACHIEVED_EARLY), (1, 2025, Status.ACHIEVED), (0, 2022, Status.ON_TRACK), (0, 2025, Status.MISSED),
])  # fmt: skip
def test_a_milestone_is_done_or_not(done: int, year: int, status: Status) -> None:
    facts = Facts(TargetKind.MILESTONE, 2020, 2025)
    assert assess(facts, [Observation(year, Decimal(done))], year).status is status


def test_about_lets_a_little_be_missing_and_says_so() -> None:
    facts = facts_of(TargetKind.LEVEL, Decimal(370), Decimal(570), "左右")
    verdict = assess(facts, [Observation(2025, Decimal(565))], 2025)
    assert verdict.status is Status.ACHIEVED
    assert verdict.calculation[-1].params["slack"] == "1%"


@given(st.integers(0, 1), st.integers(0, 1), years)
def test_a_milestone_that_is_done_is_never_worse_than_one_that_is_not(
    one: int, other: int, year: int
) -> None:
    facts = Facts(TargetKind.MILESTONE, 2020, 2025)
    low, high = (assess(facts, [Observation(year, Decimal(done))], year) for done in sorted((one, other)))
    assert ORDER[low.status] <= ORDER[high.status]
    assert {low.status, high.status} <= {
        Status.MISSED, Status.ACHIEVED, Status.ON_TRACK, Status.ACHIEVED_EARLY,
    }  # fmt: skip


@given(
    st.sampled_from(MONOTONE), numbers, numbers, numbers, numbers, st.lists(numbers, min_size=5, max_size=5)
)
def test_a_better_last_value_never_gives_a_worse_status_whatever_came_before(
    kind: TargetKind, base: Decimal, goal: Decimal, one: Decimal, other: Decimal, before: list[Decimal]
) -> None:
    facts = facts_of(kind, base, goal)
    low, high = sorted((one, other))
    past = [Observation(2021 + n, value) for n, value in enumerate(before[:3])]
    first, second = (assess(facts, [*past, Observation(2024, value)], 2024) for value in (low, high))
    assert Status.UNDETERMINED not in (first.status, second.status)
    wants_lower = False if kind is TargetKind.EXTERNAL else lower_wanted(facts, goal)
    worse, better = (second, first) if wants_lower else (first, second)
    assert ORDER[worse.status] <= ORDER[better.status]


@given(numbers, numbers, numbers, years)
def test_what_can_not_be_compared_has_no_status(
    base: Decimal, goal: Decimal, value: Decimal, year: int
) -> None:
    verdict = assess(facts_of(TargetKind.NOT_COMPARABLE, base, goal), [Observation(year, value)], year)
    assert (verdict.status, verdict.reason) == (Status.UNDETERMINED, Reason.BASIS_CHANGED)


@given(numbers, numbers, years)
def test_an_external_target_without_its_reference_has_no_status(
    base: Decimal, value: Decimal, year: int
) -> None:
    facts = Facts(
        TargetKind.EXTERNAL, 2020, 2025, "%", read_printed(str(base)), read_printed("控制在市下达指标内")
    )
    verdict = assess(facts, [Observation(year, value)], year)
    assert (verdict.status, verdict.reason) == (Status.UNDETERMINED, Reason.REFERENCE_MISSING)


@given(
    st.sampled_from(list(TargetKind)), numbers, numbers, st.dictionaries(years, numbers),
    st.dates(date(2020, 6, 1), date(2027, 1, 31)),
)  # fmt: skip
def test_a_year_that_runs_is_not_judged(
    kind: TargetKind, base: Decimal, goal: Decimal, values: dict[int, Decimal], day: date
) -> None:
    """Whatever is reported of it; so a verdict changes with what is published, or when a year is over."""
    facts, year = facts_of(kind, base, goal), judged_year(day)
    assert date(year, 12, 31) < day <= date(year + 1, 12, 31), "its last day has passed"
    known = [Observation(one, value) for one, value in values.items()]
    over = [one for one in known if one.year <= year]
    verdict = assess(facts, known, year)
    if over:
        assert verdict == assess(facts, over, year)
        assert verdict.year is None or verdict.year <= year
    else:
        reason = Reason.YEAR_RUNS if known else Reason.NO_DATA
        assert (verdict.status, verdict.reason, verdict.observed) == (Status.UNDETERMINED, reason, None)
