"""Addresses as people type them, and what is shown of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.core.addresses import mask_email, mask_phone, read_email, read_mobile


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("13800000000", "+8613800000000"),
        (" 138 0000 0000 ", "+8613800000000"),
        ("１３８－００００－００００", "+8613800000000"),
        ("+86 138 0000 0000", "+8613800000000"),
        ("86 13800000000", "+8613800000000"),
        ("008613800000000", "+8613800000000"),
        ("+886 912 345 678", "+886912345678"),
        ("00886912345678", "+886912345678"),
        ("0591-83850000", None),
        ("12345", None),
        ("12800000000", None),
        ("+86 0591 8385 0000", None),
        ("138000000001", None),
        ("", None),
        ("+", None),
    ],
)
def test_a_mobile_number_is_read_as_it_is_written(typed: str, read: str | None) -> None:
    assert read_mobile(typed) == read


@given(st.text(max_size=30))
def test_whatever_is_typed_gives_a_number_that_reads_as_itself_or_none(typed: str) -> None:
    found = read_mobile(typed)
    assert found is None or (found.startswith("+") and found[1:].isascii() and read_mobile(found) == found)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_masked_number_shows_seven_digits(number: str) -> None:
    assert mask_phone(number) == mask_phone(f"+86 {number}") == f"{number[:3]}****{number[-4:]}"


@given(st.emails())
def test_a_masked_address_shows_one_letter_of_the_name(address: str) -> None:
    name, _, host = address.rpartition("@")
    assert mask_email(address) == f"{name[0]}***@{host}"


def test_a_mask_of_little_shows_little() -> None:
    assert mask_phone("12345") == "****45"
    assert read_email("wang@example.org") == "wang@example.org"
