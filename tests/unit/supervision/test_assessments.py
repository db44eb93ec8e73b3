"""The law of assessments: the seal, the year that is judged, and no rate of few cases."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.core.errors import Invalid
from civic.progress.rules import judged_year
from civic.supervision.queries.facts import rate
from civic.supervision.rules import SMALL, Period, Rate
from civic.supervision.rules.assessments import (
    AssessmentKind,
    Opening,
    canonical,
    check_opening,
    gives_a_change_away,
    seal_of,
    stretches,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(st.text(), json_values, max_size=6)


def test_the_canonical_form_is_sorted_dense_utf8() -> None:
    assert canonical({"乙": [1, None], "a": {"y": "是", "x": True}}) == (
        '{"a":{"x":true,"y":"是"},"乙":[1,null]}'.encode()
    )


def test_the_seal_is_the_sha256_of_the_canonical_form() -> None:
    assert seal_of({"b": 1, "a": "福州"}) == hashlib.sha256('{"a":"福州","b":1}'.encode()).hexdigest()


@given(documents)
def test_the_order_of_keys_makes_no_difference(document: dict[str, Any]) -> None:
    assert seal_of(dict(reversed(document.items()))) == seal_of(document)


@given(documents, st.text(min_size=1))
def test_any_change_makes_another_seal(document: dict[str, Any], key: str) -> None:
    assert seal_of({**document, key: "改"}) != seal_of({**document, key: "改动"})


@pytest.mark.parametrize("value", [{"a": 0.5}, {"a": [1, {"b": 2.0}]}])
def test_floats_are_refused_because_databases_write_them_differently(value: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        seal_of(value)


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2023, 1, 1), 2022),
        (date(2023, 6, 30), 2022),
        (date(2023, 12, 31), 2022),
        (date(2024, 1, 1), 2023),
    ],
)
def test_only_years_that_are_over_are_judged(today: date, year: int) -> None:
    assert judged_year(today) == year


def test_a_period_can_be_assessed_from_the_day_that_follows_it() -> None:
    opening = Opening("plan", AssessmentKind.ANNUAL, "年度监测", date(2023, 1, 1), date(2023, 12, 31))
    check_opening(opening, date(2024, 1, 1))
    with pytest.raises(Invalid) as refused:
        check_opening(opening, opening.until)
    assert refused.value.field == "until"


@given(st.integers(0, 12), st.integers(0, 12))
def test_no_share_is_stated_for_few_cases(part: int, whole: int) -> None:
    found = rate(Rate(min(part, whole), whole))
    assert (found["share"] is None) == (whole < SMALL)
    assert found["whole"] == whole
    assert not isinstance(found["share"], float)


YEARS = st.tuples(st.integers(2021, 2025), st.integers(2021, 2025)).map(sorted)


@given(YEARS, st.lists(YEARS, max_size=3))
def test_periods_cut_each_other_into_stretches(own: list[int], others: list[list[int]]) -> None:
    """Each overlapping period is made of whole stretches, none of which lies across an end of another."""
    period, *rest = (Period(date(a, 1, 1), date(b, 12, 31)) for a, b in (own, *others))
    found = stretches(period, rest)
    beside = [one for one in rest if one.since <= period.until and one.until >= period.since]
    assert bool(found) == bool(beside)
    for one in (period, *beside) if found else ():
        inside = [part for part in found if one.since <= part.since and part.until <= one.until]
        assert (inside[0].since, inside[-1].until) == (one.since, one.until)
        assert all(b.since - a.until == timedelta(days=1) for a, b in pairwise(inside))


small = st.integers(0, 12)


@given(small, small, small, small, small)
def test_a_change_of_a_few_private_messages_is_in_no_difference(
    before: int, private: int, readable: int, more_to_read: int, late: int
) -> None:
    """The attacker subtracts the older figure, and all of the newly counted that can be read; a few may be left of what
    was added only if nothing is told."""
    today, most = before + private + readable, readable + more_to_read
    if not gives_a_change_away(before, today, most):
        assert private == 0 or private >= SMALL
    rate = {"part": before, "whole": before + 3}
    late = min(late, private)
    now = Rate(before + private + readable - late, before + 3 + private + readable)
    if not gives_a_change_away(rate, now, most):
        assert late == 0 or late >= SMALL
        assert private == 0 or private >= SMALL
    if before:
        assert gives_a_change_away(before, before - 1, most), (
            "what has left can't be told from what can be read"
        )
