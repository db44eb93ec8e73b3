"""Numbers and codes as people type them from a slip of paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.core.ids import ALPHABET, group_code
from civic.intake.rules import mend_code, mend_reference, read_receipt

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


ENDS = st.text(ALPHABET, min_size=6, max_size=6)
LINES = st.sampled_from(
    [
        "{number} {code}",
        "{number}\n{code}",
        "编号：{number}  查询码：{code}",
        "Number {number} Query code {code}",
        "https://example.org/track#{number},{bare}",
        "\u3000{number}，{code}。",
    ]
)


@given(LINES, ENDS, st.integers(2000, 2199), CODES, st.booleans(), st.booleans())
def test_a_pasted_line_is_read_from_either_field(
    line: str, end: str, year: int, code: str, first: bool, lower: bool
) -> None:
    number = f"TJ-{year}-{end}"
    pasted = line.format(number=number, code=group_code(code), bare=code)
    pasted = pasted.lower() if lower else pasted
    for typed in ((pasted, ""), ("", pasted), (pasted, pasted), (pasted, group_code(code)), (number, pasted)):
        assert read_receipt(*typed) == (number, code), typed
    assert read_receipt(*((number, code) if first else (code, number))) == (number, code)


@given(ENDS, st.integers(2000, 2199), CODES)
def test_full_width_signs_and_small_letters_are_read_in_both_fields(end: str, year: int, code: str) -> None:
    def wide(text: str) -> str:
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)

    number = f"TJ-{year}-{end}"
    assert read_receipt(wide(number), wide(group_code(code)).lower()) == (number, code)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_is_read_without_an_error(reference: str, code: str) -> None:
    read_receipt(reference, code)


def test_a_code_that_looks_like_a_number_is_still_the_code() -> None:
    number, code = "TJ-2026-7K3M9Q", "ABC2345DEFGHJ"
    assert read_receipt(number, code) == read_receipt(code, number) == (number, code)
    assert read_receipt("ABC-2026-7K3M9Q", code) == ("ABC-2026-7K3M9Q", code)
