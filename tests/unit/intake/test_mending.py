"""Numbers and codes as people type them from a slip of paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.core.ids import ALPHABET, group_code
from civic.intake.rules import mend_code, mend_reference

CODES = st.text(ALPHABET, min_size=13, max_size=13)


@pytest.mark.parametrize(
    "typed",
    ["TJ-2026-7K3L9Q", "tj2026 7k3l9q", "ＴＪ－２０２６－７Ｋ３Ｌ９Ｑ", "TJ-2O26-7K3190", " tj-2026-7k3i9o "],
)
def test_a_number_is_found_however_it_is_typed(typed: str) -> None:
    assert mend_reference(typed) == "TJ-2026-7K3L9Q"


@pytest.mark.parametrize("typed", ["", "TJ", "7K3M9Q", "---", "编号"])
def test_what_is_no_number_stays_none_without_an_error(typed: str) -> None:
    assert "-" not in mend_reference(typed)


@given(CODES)
def test_mending_changes_no_right_code(code: str) -> None:
    assert mend_code(code) == mend_code(group_code(code).lower()) == code


@given(CODES)
def test_every_letter_that_can_be_misread_is_read_back(code: str) -> None:
    for seen, typed in (("Q", "0"), ("Q", "o"), ("L", "1"), ("L", "i")):
        assert mend_code(code.replace(seen, typed)) == code


@given(st.text(ALPHABET, min_size=6, max_size=6), st.integers(2000, 2199))
def test_mending_changes_no_right_number(end: str, year: int) -> None:
    assert mend_reference(f"TJ-{year}-{end}") == f"TJ-{year}-{end}"
