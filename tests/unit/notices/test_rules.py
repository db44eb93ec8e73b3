"""What an address looks like, and when anything is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.core.addresses import read_email
from civic.notices.rules.subscriptions import (
    ASK_AGAIN_AFTER,
    CONFIRM_WITHIN,
    has_lapsed,
    is_sending_hour,
    may_ask_again,
    same_address,
)

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("wang@example.com", "wang@example.com"),
        (" ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ ", "wang@example.com"),
        ("wang@example。com", "wang@example.com"),
        ("Wang.Li+plan@mail.example.com.cn", "Wang.Li+plan@mail.example.com.cn"),
        ("wang", None),
        ("wang@", None),
        ("wang@localhost", None),
        ("@example.com", None),
        ("a@b@example.com", None),
        ("wang..li@example.com", None),
        (".wang@example.com", None),
        ("wang.@example.com", None),
        ("wang@-example.com", None),
        ("wang@example.com\nBcc: all@example.com", None),
        ("王@example.com", None),
        ("a" * 65 + "@example.com", None),
        ("a@" + "b" * 250 + ".com", None),
        ("", None),
    ],
)
def test_an_address_is_read_with_its_slips_mended(typed: str, read: str | None) -> None:
    assert read_email(typed) == read


@given(st.text())
def test_whatever_is_typed_brings_no_line_break_into_a_header(typed: str) -> None:
    found = read_email(typed)
    assert found is None or (found.isascii() and found.isprintable() and " " not in found)


def test_capitals_make_no_other_address() -> None:
    assert same_address("Wang@Example.com") == same_address("wang@example.COM")


def test_asking_again_and_lapsing_have_their_time() -> None:
    assert not may_ask_again(NOW, NOW + ASK_AGAIN_AFTER - timedelta(seconds=1))
    assert may_ask_again(NOW, NOW + ASK_AGAIN_AFTER)
    assert not has_lapsed(NOW, NOW + CONFIRM_WITHIN)
    assert has_lapsed(NOW, NOW + CONFIRM_WITHIN + timedelta(seconds=1))


def test_nobody_is_woken_by_a_digest() -> None:
    assert [hour for hour in range(24) if is_sending_hour(hour)] == list(range(8, 20))
