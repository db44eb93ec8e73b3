"""The desk names every action that staff may do, and shows exactly what a mask changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.cases.rules import Change, Piece, differences
from civic.cases.rules.transitions import TRANSITIONS
from civic.cases.rules.vocabulary import CaseAction, CaseStatus, Party
from civic.core.workdays import Calendar
from civic.desk.rules import (
    BUTTONS,
    NOT_AT_THE_DESK,
    Due,
    DueState,
    Keepable,
    Owed,
    Standing,
    beyond_covering,
    consequence,
    due,
    moved,
    onward,
    ordered,
    outdated,
    seen_before,
)
from civic.desk.views.forming import DEEDS

A = CaseAction
STAFF = frozenset({Party.HANDLER, Party.LEAD, Party.SUPPORT, Party.DISPATCHER})
OF_STAFF = frozenset(action for (_, action), transition in TRANSITIONS.items() if transition.by & STAFF)


def test_every_action_of_staff_has_its_button_or_is_known_to_have_none() -> None:
    assert set(BUTTONS) | NOT_AT_THE_DESK == OF_STAFF
    assert not set(BUTTONS) & NOT_AT_THE_DESK
    assert len(set(BUTTONS)) == len(BUTTONS)
    assert set(BUTTONS) == set(DEEDS)
    assert frozenset({A.SUBMIT, A.ABSORB, A.RELEASE, A.REISSUE_CODE}) == NOT_AT_THE_DESK


def test_what_moves_a_case_on_comes_before_the_ways_out() -> None:
    allowed = {CaseAction.DECLINE, CaseAction.RETURN, CaseAction.ACCEPT, CaseAction.WITHDRAW}
    assert ordered(allowed) == (CaseAction.ACCEPT, CaseAction.RETURN, CaseAction.DECLINE)


def test_publishing_alone_says_so() -> None:
    alone = Standing(CaseStatus.IN_PROGRESS, signs_alone=True)
    assert "your signature alone" in consequence(A.PUBLISH_REPLY, alone)
    assert "single signature" in consequence(A.CORRECT_REPLY, alone)
    by_lead = Standing(CaseStatus.REPLY_REVIEW, is_approved=True, signs_alone=True)
    assert "single signature" in consequence(A.PUBLISH_REPLY, by_lead), "who publishes needn't be who signed"
    together = Standing(CaseStatus.REPLY_REVIEW)
    for action in (A.PUBLISH_REPLY, A.CORRECT_REPLY):
        assert "signature" not in consequence(action, together)


def test_the_button_that_does_two_things_says_what_the_second_brings() -> None:
    sent = onward(A.DRAFT_REPLY, Standing(CaseStatus.IN_PROGRESS))
    assert sent is not None
    assert "gets the draft for approval" in sent.consequence
    assert onward(A.DRAFT_REPLY, Standing(CaseStatus.REPLY_REVIEW)) is None
    for alone, said in ((False, "the resident gets it at once"), (True, "your signature alone")):
        published = onward(A.APPROVE_REPLY, Standing(CaseStatus.REPLY_REVIEW, signs_alone=alone))
        assert published is not None
        assert said in published.consequence


def test_a_mask_shows_as_what_went_and_what_came() -> None:
    assert differences("我住3号楼", "我住■号楼") == (
        Piece(Change.SAME, "我住"),
        Piece(Change.GONE, "3"),
        Piece(Change.NEW, "■"),
        Piece(Change.SAME, "号楼"),
    )


def test_equal_texts_have_no_differences() -> None:
    assert differences("一样", "一样") == (Piece(Change.SAME, "一样"),)
    assert differences("", "") == ()


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_give_back_both_texts(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(p.text for p in pieces if p.change is not Change.NEW) == before
    assert "".join(p.text for p in pieces if p.change is not Change.GONE) == after


@pytest.mark.parametrize(
    ("masked", "faults"),
    [
        ("我住＊号楼＊＊＊室，灯坏了。", ()),
        ("我住某号楼某室，灯坏了。", ()),
        ("我住3号楼502室，灯坏了。", ()),
        ("我住＊号楼＊＊＊室，灯好了。", ("好",)),
        ("我住3号楼502室。", ("，灯坏了",)),
        ("我住3号楼502室，灯坏了。谢谢", ("谢谢",)),
    ],
)
def test_a_mask_may_only_cover(masked: str, faults: tuple[str, ...]) -> None:
    assert beyond_covering("我住3号楼502室，灯坏了。", masked) == faults


@given(st.text(max_size=80), st.lists(st.integers(0, 79), max_size=20))
def test_covering_any_characters_in_place_is_never_a_fault(original: str, places: list[int]) -> None:
    masked = "".join("＊" if i in places else c for i, c in enumerate(original))
    assert beyond_covering(original, masked) == ()


# Saturday 10 October 2026 was a make-up workday, 1 to 7 October the National Day holiday.
CALENDAR = Calendar(
    days={datetime(2026, 10, d, tzinfo=UTC).date(): d == 10 for d in (1, 2, 5, 6, 7, 10)},
    known_years=frozenset({2026}),
)
CLOSE = datetime(2026, 9, 30, 9, 30, tzinfo=UTC)
"""30 September 2026, 17:30 in the district."""


@pytest.mark.parametrize(
    ("now", "soon", "expected"),
    [
        (datetime(2026, 9, 28, 2, 0, tzinfo=UTC), False, Due(DueState.LATER, Owed.REPLY, CLOSE, 2)),
        (datetime(2026, 9, 29, 2, 0, tzinfo=UTC), True, Due(DueState.SOON, Owed.REPLY, CLOSE, 1)),
        (datetime(2026, 9, 30, 2, 0, tzinfo=UTC), True, Due(DueState.TODAY, Owed.REPLY, CLOSE)),
        (datetime(2026, 9, 30, 10, 0, tzinfo=UTC), False, Due(DueState.OVERDUE, Owed.REPLY, CLOSE)),
        (datetime(2026, 10, 7, 2, 0, tzinfo=UTC), False, Due(DueState.OVERDUE, Owed.REPLY, CLOSE)),
        (datetime(2026, 10, 10, 2, 0, tzinfo=UTC), False, Due(DueState.OVERDUE, Owed.REPLY, CLOSE, 3)),
    ],
)
def test_days_left_and_days_overdue_are_working_days(now: datetime, soon: bool, expected: Due) -> None:
    assert due(CLOSE, Owed.REPLY, now, CALENDAR, soon=soon) == expected


def test_a_clock_that_stands_still_says_so() -> None:
    now = datetime(2026, 9, 28, tzinfo=UTC)
    assert due(None, Owed.REPLY, now, CALENDAR, paused=True) == Due(DueState.PAUSED)
    assert due(None, Owed.REPLY, now, CALENDAR) == Due(DueState.NONE)


@pytest.mark.parametrize(
    ("saves", "acted", "expected"),
    [
        ([], None, None),
        ([(1, 7)], None, None),
        ([(1, 7), (2, 7)], None, None),
        ([(1, 7), (2, 7)], 1, 0),
        ([(1, 7), (2, 7), (4, 7)], 3, 1),
        ([(1, 7), (2, 8)], 2, 0),
        ([(1, 7), (2, 8), (3, 7)], 2, 1),
        ([(1, 7), (2, 7)], 5, None),
    ],
)
def test_which_version_of_a_draft_is_compared(
    saves: list[tuple[int, int]], acted: int | None, expected: int | None
) -> None:
    def at(minute: int) -> datetime:
        return datetime(2026, 9, 7, 2, minute, tzinfo=UTC)

    assert seen_before([(at(when), who) for when, who in saves], at(acted) if acted else None) == expected


@given(st.integers(1, 8), st.integers(-9, 9), st.data())
def test_moving_a_row_keeps_all_others_in_their_order(count: int, step: int, data: st.DataObject) -> None:
    rows = list(range(count))
    row = data.draw(st.sampled_from(rows))
    after = moved(rows, row, step)
    assert [one for one in after if one != row] == [one for one in rows if one != row]
    assert after.index(row) == max(0, min(row + step, count - 1))


@given(st.lists(st.sampled_from(sorted(CaseAction)), max_size=4))
def test_unsaved_texts_go_with_the_words_the_case_or_their_own_step(actions: list[CaseAction]) -> None:
    gone = outdated(actions)
    everything = {A.ERASE_WORDS, A.ROUTE, A.TRANSFER, A.DESIGNATE} & set(actions)
    assert (gone == set(Keepable)) == bool(everything)
    assert everything or Keepable.NOTE not in gone
    assert everything or (Keepable.REPLY in gone) == (A.PUBLISH_REPLY in actions)
    for kept in (Keepable.PROPOSAL, Keepable.CORRECTION):
        assert everything or (kept in gone) == (A.CORRECT_REPLY in actions)
