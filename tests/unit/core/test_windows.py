"""Counting by slots of five minutes: what is said about when to try again is true."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from civic.core.windows import DAY, HOUR, SLOT, Limit, Tally, slot_of

NOW = datetime(2026, 9, 7, 9, 33, 20, tzinfo=UTC)
moments = st.lists(st.integers(0, 26 * 3600).map(lambda s: NOW - timedelta(seconds=s)), max_size=60)
limits = st.builds(Limit, st.integers(1, 20), st.sampled_from([timedelta(minutes=15), HOUR, DAY]))


def tally(times: list[datetime]) -> Tally:
    return Tally(tuple(sorted(Counter(map(slot_of, times)).items())))


def test_a_slot_begins_every_five_minutes() -> None:
    assert slot_of(NOW) == datetime(2026, 9, 7, 9, 30, tzinfo=UTC)
    assert slot_of(slot_of(NOW)) == slot_of(NOW)


@given(moments, limits)
def test_nothing_that_happened_within_the_span_is_missed(times: list[datetime], limit: Limit) -> None:
    """A slot may count for up to five minutes longer than the moments in it, and never shorter."""
    exactly = sum(at > NOW - limit.span for at in times)
    at_most = sum(at > NOW - limit.span - SLOT for at in times)
    assert exactly <= tally(times).within(limit.span, NOW) <= at_most


@given(moments, limits)
def test_the_moment_named_is_the_first_at_which_it_is_open(times: list[datetime], limit: Limit) -> None:
    found = tally(times)
    at = found.free_at(limit, NOW)
    if at is None:
        assert found.within(limit.span, NOW) < limit.most
        return
    assert at > NOW
    assert found.free_at(limit, at) is None
    assert found.free_at(limit, at - timedelta(seconds=1)) is not None
    assert at <= NOW + limit.span + SLOT


@given(moments, limits, st.integers(0, 3600))
def test_one_more_never_makes_it_sooner(times: list[datetime], limit: Limit, seconds: int) -> None:
    before = tally(times).free_at(limit, NOW) or NOW
    after = tally([*times, NOW - timedelta(seconds=seconds)]).free_at(limit, NOW) or NOW
    assert after >= before
