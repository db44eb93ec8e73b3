"""The law of warnings: none without its reason, thresholds exact, worse never counts for less, chance is no warning."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.departments.rules import DataError, read_yaml
from civic.departments.services import district_folder
from civic.supervision.rules import Period, Rate
from civic.supervision.rules.all_clear import all_clear
from civic.supervision.rules.intervals import wilson
from civic.supervision.rules.warning_rules import (
    RuleKey,
    Severity,
    WarningRule,
    read_warning_rules,
    stored_rule,
)
from civic.supervision.rules.warnings import (
    CaseFact,
    Facts,
    IndicatorFact,
    RateFact,
    SilentFact,
    fall_of,
    rule_sentence,
    severity_of,
    warn,
)

RED, YELLOW = Severity.RED, Severity.YELLOW
PERIOD = Period(date(2026, 7, 1), date(2026, 9, 28))
FILE = district_folder("taijiang") / "warnings.yaml"
SHIPPED = read_warning_rules("warnings.yaml", read_yaml("warnings.yaml", FILE.read_text("utf-8")))
BY_KEY = {rule.key: rule for rule in SHIPPED}
WEIGHT = {None: 0, YELLOW: 1, RED: 2}

counts = st.integers(0, 40)
shares = st.none() | st.decimals(0, 1, places=3)
departments = st.integers(1, 4)
rates = st.tuples(counts, counts).map(lambda pair: Rate(min(pair), max(pair)))
facts = st.builds(
    Facts,
    cases=st.fixed_dictionaries(
        {
            key: st.lists(st.builds(CaseFact, st.integers(1, 99), st.none() | departments, counts), max_size=4)
            for key in (RuleKey.OVERDUE, RuleKey.REOPENED, RuleKey.RETURNED)
        }
    ),
    silent=st.lists(
        st.builds(
            SilentFact, st.integers(1, 99), departments, counts, st.none() | st.dates(), st.just(PERIOD)
        ),
        max_size=3,
    ),
    indicators=st.lists(
        st.builds(
            IndicatorFact, st.integers(1, 99), departments, st.booleans(), st.booleans(), st.booleans(),
            st.just(2024), shares, shares,
        ),
        max_size=3,
    ),
    rates=st.fixed_dictionaries(
        {
            key: st.lists(st.builds(RateFact, departments, st.just(PERIOD), rates, rates), max_size=3)
            for key in (RuleKey.DISSATISFIED, RuleKey.ON_TIME)
        }
    ),
)  # fmt: skip


def severity(key: RuleKey, known: Facts) -> Severity | None:
    found = warn([BY_KEY[key]], known)
    return found[0].severity if found else None


def rated(now: Rate, before: Rate = Rate(0, 0), key: RuleKey = RuleKey.ON_TIME) -> Facts:  # noqa: B008
    return Facts(rates={key: [RateFact(1, PERIOD, now, before)]})


@settings(max_examples=30)
@given(facts)
def test_every_colour_comes_with_its_reason_and_every_department_gets_an_answer_to_every_rule(
    known: Facts,
) -> None:
    found = warn(SHIPPED, known)
    for one in found:
        said = one.reason.english
        assert "%(" not in said
        assert said.endswith(".")
    for department in (1, 2):
        clear = all_clear(SHIPPED, known, found, department)
        assert all(one.reason.english.endswith(".") for one in clear)
        warned = {one.rule for one in found if one.department_id == department}
        assert warned.isdisjoint(one.rule for one in clear)
        assert warned | {one.rule for one in clear} == set(RuleKey)


@given(counts, st.integers(1, 30))
def test_more_never_weighs_less(n: int, more: int) -> None:
    for key in (RuleKey.OVERDUE, RuleKey.REOPENED, RuleKey.RETURNED):
        low, high = (severity(key, Facts(cases={key: [CaseFact(1, 1, count)]})) for count in (n, n + more))
        assert WEIGHT[low] <= WEIGHT[high]
    low, high = (
        severity(RuleKey.UNHEARD, Facts(silent=[SilentFact(1, 1, count, None, PERIOD)]))
        for count in (n, n + more)
    )
    assert WEIGHT[low] <= WEIGHT[high]


@given(st.integers(0, 60), st.integers(0, 60), st.integers(5, 60))
def test_more_dissatisfied_of_as_many_never_weighs_less(one: int, other: int, whole: int) -> None:
    whole = max(one, other, whole)
    low, high = (
        severity(RuleKey.DISSATISFIED, rated(Rate(part, whole), key=RuleKey.DISSATISFIED))
        for part in sorted((one, other))
    )
    assert WEIGHT[low] <= WEIGHT[high]


@given(rates, rates, st.integers(0, 40))
def test_fewer_on_time_of_as_many_never_weighs_less(now: Rate, before: Rate, left: int) -> None:
    first = severity(RuleKey.ON_TIME, rated(now, before))
    then = severity(RuleKey.ON_TIME, rated(Rate(min(left, now.part), now.whole), before))
    assert WEIGHT[first] <= WEIGHT[then]


@given(rates, rates)
def test_chance_is_no_warning(now: Rate, before: Rate) -> None:
    if min(now.whole, before.whole) < 5 or now.part * before.whole >= before.part * now.whole:
        assert fall_of(RateFact(1, PERIOD, now, before)) is None
    elif fall_of(RateFact(1, PERIOD, now, before)) is not None:
        assert wilson(now.part, now.whole)[1] < wilson(before.part, before.whole)[0]


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"), [(8, 10, 0.4902, 0.9433), (0, 5, 0.0, 0.4345), (5, 5, 0.5655, 1.0)]
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(
    ("key", "n", "expected"),
    [
        (RuleKey.OVERDUE, 3, None),
        (RuleKey.OVERDUE, 4, YELLOW),
        (RuleKey.OVERDUE, 10, YELLOW),
        (RuleKey.OVERDUE, 11, RED),
        (RuleKey.REOPENED, 1, None),
        (RuleKey.REOPENED, 2, YELLOW),
        (RuleKey.REOPENED, 3, RED),
        (RuleKey.UNHEARD, 9, None),
        (RuleKey.UNHEARD, 10, YELLOW),
        (RuleKey.UNHEARD, 29, YELLOW),
        (RuleKey.UNHEARD, 30, RED),
    ],
)
def test_thresholds_are_exact(key: RuleKey, n: int, expected: Severity | None) -> None:
    assert severity_of(Decimal(n), BY_KEY[key]) is expected


@pytest.mark.parametrize(
    ("achieved", "time", "expected", "said"),
    [
        ("0.600", "0.800", RED, "20% behind"),
        ("0.601", "0.800", YELLOW, "19.9% behind"),
        (None, None, YELLOW, "Behind in 2024 by the calculation"),
        ("0.9", "0.8", YELLOW, "Behind in 2024 by the calculation"),
    ],
)
def test_an_indicator_is_red_from_its_gap_on(
    achieved: str | None, time: str | None, expected: Severity, said: str
) -> None:
    share = [None if text is None else Decimal(text) for text in (achieved, time)]
    fact = IndicatorFact(
        1, 1, judged=True, behind=True, year=2024, last_year=2025, achieved=share[0], time=share[1]
    )
    (found,) = warn([BY_KEY[RuleKey.BEHIND]], Facts(indicators=[fact]))
    assert (found.severity, said in found.reason.english) == (expected, True)


def test_what_can_not_be_judged_is_neither_warned_of_nor_called_green() -> None:
    known = Facts(indicators=[IndicatorFact(1, 1, judged=False)], rates=rated(Rate(4, 4), Rate(0, 4)).rates)
    assert warn(SHIPPED, known) == ()
    unjudged = {one.rule for one in all_clear(SHIPPED, known, (), 1) if not one.judged}
    assert unjudged == {RuleKey.BEHIND, RuleKey.DISSATISFIED, RuleKey.ON_TIME}


def test_a_fall_says_both_shares_and_the_points() -> None:
    (found,) = warn([BY_KEY[RuleKey.ON_TIME]], rated(Rate(10, 40), Rate(36, 40)))
    assert found.severity is RED
    assert "25% answered within own days (10 of 40)" in found.reason.english
    assert "90% (36 of 40)" in found.reason.english
    assert "65 percentage points less" in found.reason.english


def test_the_shipped_file_has_every_rule_and_comes_back_from_the_database_as_it_was() -> None:
    assert [rule.key for rule in SHIPPED] == list(RuleKey)
    assert tuple(stored_rule(rule.as_stored) for rule in SHIPPED) == SHIPPED
    assert BY_KEY[RuleKey.ON_TIME] == WarningRule(RuleKey.ON_TIME, Decimal("0.25"), Decimal("0.1"), days=90)
    assert "more than 3 working days" in rule_sentence(BY_KEY[RuleKey.OVERDUE]).english


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("- 1", 1, "must hold a list under 'rules'"),
        ("rules:\n  - {rule: late, yellow: 1, red: 2}", 2, "no rule 'late'; known are overdue"),
        ("rules:\n  - {rule: overdue, yellow: 1}", 2, "needs 'red': a whole number from 1 to 250"),
        ("rules:\n  - {rule: overdue, yellow: 0, red: 2}", 2, "'yellow' must be a whole number from 1"),
        ("rules:\n  - rule: overdue\n    yellow: 5\n    red: 4", 4, "'red' must not be less than 'yellow'"),
        ("rules:\n  - rule: behind\n    red: 0.2", 3, "'red' must be a share from 1% to 100%, such as 11%"),
        ("rules:\n  - {rule: behind, yellow: 5%, red: 9%}", 2, "'yellow' is not known here"),
        ("rules:\n  - {rule: behind, red: 9%}\n  - {rule: behind, red: 9%}", 3, "stands twice"),
        ("rules:\n  - {rule: on_time, yellow: 9%, red: 9%, days: true}", 2, "'days' must be a whole number"),
    ],
)
def test_a_slip_in_the_file_is_named_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(DataError) as refused:
        read_warning_rules("taijiang/warnings.yaml", read_yaml("taijiang/warnings.yaml", text))
    assert refused.value.params["line"] == line
    assert problem in refused.value.params["problem"]
