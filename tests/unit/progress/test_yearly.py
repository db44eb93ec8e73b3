"""Targets of single years: they decide while the plan runs, and say nothing that isn't known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.plans.rules import TargetKind, read_printed
from civic.progress.rules import (
    AnnualTarget,
    Facts,
    Observation,
    Reason,
    Status,
    Tolerances,
    Verdict,
    annual_levels,
    annual_verdicts,
    assess,
)
from civic.progress.rules.yearly import lower_in
from tests.unit.progress.test_properties import MONOTONE, ORDER, facts_of, numbers, words, years

RUNNING = st.integers(2021, 2024)


def asked(year: int, printed: str, *, as_rate: bool = False) -> AnnualTarget:
    cell = read_printed(printed)
    assert cell is not None
    return AnnualTarget(year, cell, as_rate)


def growth(*annual: AnnualTarget) -> Facts:
    """As the real GDP of the plan."""
    return Facts(
        TargetKind.GROWTH, 2020, 2025, "亿元", read_printed("600.81"), read_printed("862.5"), read_printed("7.5%"),
        annual=annual,
    )  # fmt: skip


def judge(facts: Facts, year: int, *values: str) -> Verdict:
    """The last of ``values`` is that of ``year``, the others of the years before."""
    first = year - len(values) + 1
    known = [Observation(first + n, Decimal(value)) for n, value in enumerate(values)]
    return assess(facts, known, year)


@pytest.mark.parametrize(
    ("printed", "value", "status"),
    [
        ("750", "746.4", Status.BEHIND),
        ("740", "746.4", Status.ON_TRACK),
        ("746.4", "746.4", Status.ON_TRACK),
        ("750左右", "746.4", Status.ON_TRACK),
        ("750以上", "746.4", Status.BEHIND),
        ("700", "746.4", Status.AHEAD),
        ("900", "863", Status.ACHIEVED_EARLY),
    ],
)
def test_the_year_decides_while_the_plan_runs(printed: str, value: str, status: Status) -> None:
    verdict = judge(growth(asked(2023, printed)), 2023, value)
    assert verdict.status is status
    assert verdict.annual
    assert verdict.annual.decides is (status is not Status.ACHIEVED_EARLY)
    assert verdict.annual.by_plan in (Status.ON_TRACK, Status.ACHIEVED_EARLY)
    assert verdict.achieved_share is not None, "the plan's own way stays to be seen"


def test_a_rate_is_asked_of_the_value_of_the_year_before() -> None:
    facts = growth(asked(2023, "7%左右", as_rate=True), asked(2021, "7.5%", as_rate=True))
    verdict = judge(facts, 2023, "700", "750")
    assert verdict.annual
    assert (verdict.annual.goal, verdict.status) == (Decimal("749.00"), Status.ON_TRACK)
    unknown = judge(facts, 2023, "750")
    assert unknown.annual is None
    assert unknown.status is judge(growth(), 2023, "750").status
    assert unknown.calculation[-1].params == {"year": "2023", "before": "2022"}
    first = judge(facts, 2021, "645")
    assert first.annual
    assert first.annual.goal == Decimal("600.81") * Decimal("1.075")


def test_in_the_last_year_the_plan_itself_decides() -> None:
    verdict = judge(growth(asked(2025, "800")), 2025, "810")
    assert verdict.annual
    assert (verdict.status, verdict.annual.status, verdict.annual.decides) == (
        Status.MISSED, Status.ACHIEVED, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "printed", "status"),
    [
        ([(2021, "0.9", False), (2022, "0.6", False)], "0.7", Status.BEHIND),
        ([(2021, "0.9", False), (2022, "0.7", False)], "0.7", Status.ON_TRACK),
        ([(2022, "0.7", False)], "0.7", Status.ON_TRACK),
        ([(2021, "0.9", True), (2022, "1.5", True)], "0.7", Status.BEHIND),
        ([(2022, "1.5", True)], "[1.4]", Status.ON_TRACK),
        ([(2022, "1.7", True)], "[1.4]", Status.AHEAD),
    ],
)
def test_a_sum_is_asked_for_the_year_alone_unless_in_brackets(
    values: list[tuple[int, str, bool]], printed: str, status: Status
) -> None:
    facts = Facts(TargetKind.CUMULATIVE, 2020, 2025, "万人", read_printed("1.0449"), read_printed("[3.5]"))
    known = [Observation(year, Decimal(value), cumulative=total) for year, value, total in values]
    assert assess(replace(facts, annual=(asked(2022, printed),)), known, 2022).status is status


def test_what_the_plan_does_not_quantify_is_judged_by_its_year() -> None:
    external = Facts(
        TargetKind.EXTERNAL, 2020, 2025, "%", read_printed("2.9"), read_printed("不高于全市平均水平"),
        lower_is_better=True, annual=(asked(2023, "3.5"),),
    )  # fmt: skip
    assert judge(external, 2023, "3.1").status is Status.ON_TRACK
    assert judge(external, 2023, "3.6").status is Status.BEHIND
    assert judge(external, 2022, "3.1").reason is Reason.REFERENCE_MISSING
    words_only = Facts(
        TargetKind.LEVEL, 2020, 2025, target=read_printed("明显提高"), annual=(asked(2025, "80"),)
    )
    assert judge(words_only, 2025, "81").status is Status.ACHIEVED


def test_each_year_has_its_answer_and_its_place_in_the_chart() -> None:
    facts = growth(asked(2022, "7.5%", as_rate=True), asked(2023, "750"), asked(2024, "6%", as_rate=True))
    known = [
        Observation(2021, Decimal("650")),
        Observation(2022, Decimal("690")),
        Observation(2023, Decimal("751")),
    ]
    found = {year: one.status for year, one in annual_verdicts(facts, known, 2023).items()}
    assert found == {2022: Status.BEHIND, 2023: Status.ON_TRACK}
    assert annual_verdicts(facts, known, 2022).keys() == {2022}, "a year that runs has no answer yet"
    assert annual_levels(facts, known) == (
        (2022, Decimal("698.750")), (2023, Decimal(750)), (2024, Decimal("796.06")),
    )  # fmt: skip


def with_target(
    kind: TargetKind, base: Decimal, goal: Decimal, year: int, wanted: Decimal, word: str
) -> Facts:
    return replace(facts_of(kind, base, goal), annual=(asked(year, f"{wanted}{word}"),))


@given(st.sampled_from(MONOTONE), numbers, numbers, numbers, numbers, numbers, years, words)
def test_a_better_value_never_gives_a_worse_status(
    kind: TargetKind, base: Decimal, goal: Decimal, wanted: Decimal, one: Decimal, other: Decimal, year: int, word: str
) -> None:  # fmt: skip
    facts = with_target(kind, base, goal, year, wanted, word)
    plain = lower_in(facts, replace(facts.annual[0], printed=facts.target)) if facts.target else False
    if lower_in(facts, facts.annual[0]) is not plain:
        return
    low, high = sorted((one, other))
    first, second = (assess(facts, [Observation(year, value)], year) for value in (low, high))
    if Status.UNDETERMINED in (first.status, second.status):
        assert first.status is second.status
        return
    worse, better = (second, first) if lower_in(facts, facts.annual[0]) else (first, second)
    assert ORDER[worse.status] <= ORDER[better.status]


@given(st.sampled_from(MONOTONE), numbers, numbers, numbers, numbers, years, st.sampled_from([10, 10_000]))
def test_the_size_of_the_unit_changes_nothing(
    kind: TargetKind, base: Decimal, goal: Decimal, wanted: Decimal, value: Decimal, year: int, times: int
) -> None:
    small = with_target(kind, base, goal, year, wanted, "")
    large = with_target(kind, base * times, goal * times, year, wanted * times, "")
    assert (
        assess(small, [Observation(year, value)], year).status
        is assess(large, [Observation(year, value * times)], year).status
    )


@given(st.sampled_from(list(TargetKind)), numbers, numbers, numbers, RUNNING)
def test_never_a_status_from_missing_data(
    kind: TargetKind, base: Decimal, goal: Decimal, wanted: Decimal, year: int
) -> None:
    facts = with_target(kind, base, goal, year, wanted, "")
    later = [Observation(year + 1, goal)]
    for known in ([], [Observation(2020, goal)], later):
        verdict = assess(facts, known, year)
        reason = Reason.YEAR_RUNS if known is later else Reason.NO_DATA
        assert (verdict.status, verdict.reason, verdict.annual) == (Status.UNDETERMINED, reason, None)
    other_unit = assess(facts, [Observation(year, goal, "亿美元")], year)
    assert (other_unit.reason, other_unit.annual) == (Reason.BASIS_CHANGED, None)


@given(st.sampled_from(list(TargetKind)), numbers, numbers, numbers, RUNNING)
def test_a_target_of_another_year_changes_nothing(
    kind: TargetKind, base: Decimal, goal: Decimal, value: Decimal, year: int
) -> None:
    facts = facts_of(kind, base, goal)
    known = [Observation(year, value)]
    other = replace(facts, annual=(asked(year + 1, "5"),))
    assert assess(other, known, year) == assess(facts, known, year)


@given(numbers, RUNNING, st.decimals("0", "0.5", places=3), st.decimals("0", "0.5", places=3))
def test_the_cut_offs_are_the_ones_given(value: Decimal, year: int, ahead: Decimal, behind: Decimal) -> None:
    facts = growth()
    verdict = assess(facts, [Observation(year, value)], year, Tolerances(ahead_by=ahead, behind_by=behind))
    share = verdict.achieved_share
    assert share is not None
    if verdict.status is Status.ACHIEVED_EARLY:
        return
    difference = share - verdict.time_share
    wanted = (
        Status.AHEAD if difference > ahead else Status.BEHIND if difference < -behind else Status.ON_TRACK
    )
    assert verdict.status is wanted
