"""Reference numbers and codes survive what people do to them when they read them aloud or type them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civic.core.ids import ALPHABET, group_code, new_reference, normalise_code, normalise_reference


def test_a_reference_has_no_look_alikes() -> None:
    assert not set("01OI") & set(ALPHABET)
    assert len(ALPHABET) == 32


@given(st.integers(2000, 2999))
def test_a_reference_is_recognised_in_whatever_form_it_is_typed(year: int) -> None:
    reference = new_reference("TJ", year)
    full_width = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in reference)
    for typed in (
        reference,
        reference.lower(),
        reference.replace("-", " "),
        reference.replace("-", ""),
        full_width,
    ):
        assert normalise_reference(f"  {typed} ") == reference


@given(st.text(alphabet=ALPHABET, min_size=13, max_size=13))
def test_a_grouped_code_reads_back(code: str) -> None:
    assert normalise_code(group_code(code).lower()) == code


@given(st.text())
def test_any_text_is_normalised_without_failing(text: str) -> None:
    normalise_reference(text)
    normalise_code(text)
