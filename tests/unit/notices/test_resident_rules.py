"""What a resident is told, when, and how long it may be."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.cases.rules import TRANSITIONS, CaseAction, CaseStatus, NoticeChannel
from civic.notices.rules.residents import (
    FIRST_HOUR,
    LAST_HOUR,
    NOTICE_OF,
    OWN_DOING,
    SILENT,
    NoticeKind,
    is_overtaken,
    key_of,
    notices_of,
    when_to_send,
)
from civic.notices.rules.texting import segments

DISTRICT = ZoneInfo("Asia/Shanghai")
STEPS = st.sampled_from(sorted(TRANSITIONS, key=str))


@pytest.mark.parametrize("action", CaseAction)
def test_every_action_is_either_told_or_silent_on_purpose(action: CaseAction) -> None:
    assert (action in NOTICE_OF) != (action in SILENT)


def test_every_kind_has_a_cause_and_only_time_causes_the_reminder() -> None:
    assert set(NOTICE_OF.values()) == set(NoticeKind) - {NoticeKind.CLOSING}


@given(
    st.lists(STEPS, min_size=1, max_size=4), st.sampled_from([None, *CaseStatus]), st.sampled_from(CaseStatus)
)
def test_a_change_tells_what_the_table_says_and_confirms_only_what_comes_in(
    steps: list[tuple[CaseStatus | None, CaseAction]], before: CaseStatus | None, status: CaseStatus
) -> None:
    actions = tuple(action for _, action in steps)
    found = notices_of(actions, before, status)
    assert [place for place, _ in found] == sorted({place for place, _ in found})
    for place, kind in found:
        assert NOTICE_OF[actions[place]] is kind
        if kind is NoticeKind.RECEIVED:
            assert before in (None, CaseStatus.SUBMITTED)
    told = [kind for _, kind in found]
    assert len(told) == len(set(told)), "each kind once"
    for action in actions:
        assert action in SILENT or NOTICE_OF[action] in {*told, NoticeKind.RECEIVED}


def test_a_held_case_is_confirmed_once_it_goes_on() -> None:
    submit, route = CaseAction.SUBMIT, CaseAction.ROUTE
    assert notices_of((submit,), None, CaseStatus.SUBMITTED) == ()
    assert notices_of((route,), CaseStatus.SUBMITTED, CaseStatus.ROUTED) == ((0, NoticeKind.RECEIVED),)
    assert notices_of((submit, route), None, CaseStatus.ROUTED) == ((1, NoticeKind.RECEIVED),)
    released = (CaseAction.TRIAGE, route)
    assert notices_of(released, CaseStatus.SUBMITTED, CaseStatus.ROUTED) == ((1, NoticeKind.RECEIVED),)
    assert notices_of((route,), CaseStatus.TRIAGE, CaseStatus.ROUTED) == ()


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 (hypothesis wants them without)
    st.sampled_from(NoticeKind),
    st.sampled_from(NoticeChannel),
)
def test_a_telephone_rings_by_day_and_never_more_than_a_night_later(
    at: datetime, kind: NoticeKind, channel: NoticeChannel
) -> None:
    local = at.replace(tzinfo=DISTRICT)
    leaves = when_to_send(kind, channel, local)
    assert local <= leaves <= local + timedelta(hours=11)
    if channel is NoticeChannel.EMAIL or kind in OWN_DOING:
        assert leaves == local
    else:
        assert FIRST_HOUR <= leaves.hour < LAST_HOUR
    assert when_to_send(kind, channel, leaves) == leaves


def test_what_can_no_longer_be_done_is_not_asked_for() -> None:
    assert is_overtaken(NoticeKind.ASKED, CaseStatus.IN_PROGRESS)
    assert not is_overtaken(NoticeKind.ASKED, CaseStatus.AWAITING_RESIDENT)
    assert is_overtaken(NoticeKind.CLOSING, CaseStatus.CLOSED)
    assert is_overtaken(NoticeKind.MERGED, CaseStatus.ROUTED)
    assert not is_overtaken(NoticeKind.ANSWERED, CaseStatus.MERGED)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(NoticeKind),
            st.integers(1, 10**9),
            st.from_regex(r"[0-9]{1,9}\.[0-9]{1,4}", fullmatch=True),
            st.sampled_from(NoticeChannel),
        ),
        unique=True,
    )
)
def test_two_messages_never_share_a_key(given_: list[tuple[NoticeKind, int, str, NoticeChannel]]) -> None:
    keys = {key_of(*one) for one in given_}
    assert len(keys) == len(given_)
    assert all(len(key) <= 160 for key in keys)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("[" * 80, 1),
        ("[" * 81, 2),
        ("汉" * 70, 1),
        ("汉" * 71, 2),
        ("汉" * 134, 2),
        ("汉" * 135, 3),
        ("a" * 69 + "汉", 1),
        ("𠮷" * 35, 1),
        ("𠮷" * 36, 2),
    ],
)
def test_the_parts_of_a_text_message(text: str, parts: int) -> None:
    assert segments(text) == parts


@given(st.text(max_size=400), st.text(max_size=40))
def test_more_text_never_takes_fewer_parts(text: str, more: str) -> None:
    assert segments(text + more) >= segments(text) >= 1
