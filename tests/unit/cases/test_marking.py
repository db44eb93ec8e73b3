"""What a row says has happened, and until when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.cases.rules import MARKING, CaseAction, Mark, Step, marks

A = CaseAction
ANSWERED, ADDED, GIVEN = Mark.RESIDENT_ANSWERED, Mark.ADDED_TO, Mark.PART_GIVEN
BY_DEPARTMENT = MARKING - {A.ADD_INFORMATION, A.ROUTE, A.TRANSFER, A.DESIGNATE, A.DECLINE}


def steps(*actions: CaseAction) -> list[Step]:
    return [Step(action, action in BY_DEPARTMENT) for action in actions]


@pytest.mark.parametrize(
    ("actions", "marked"),
    [
        ([A.ASK_RESIDENT, A.ADD_INFORMATION], {ANSWERED}),
        ([A.ASK_RESIDENT, A.ADD_INFORMATION, A.ADD_INFORMATION], {ANSWERED, ADDED}),
        ([A.ASK_RESIDENT, A.RESUME, A.ADD_INFORMATION], {ADDED}),
        ([A.ADD_INFORMATION, A.CONTRIBUTE], {ADDED, GIVEN}),
        ([A.ADD_INFORMATION, A.CONTRIBUTE, A.DRAFT_REPLY], set()),
        ([A.ADD_INFORMATION, A.TRANSFER], set()),
        ([A.SEND_FOR_APPROVAL, A.ADD_INFORMATION], {ADDED}),
        ([A.SEND_FOR_APPROVAL, A.ADD_INFORMATION, A.SEND_BACK], {ADDED, Mark.SENT_BACK}),
        ([A.SEND_FOR_APPROVAL, A.SEND_BACK, A.DRAFT_REPLY], {Mark.SENT_BACK}),
        ([A.SEND_FOR_APPROVAL, A.SEND_BACK, A.SEND_FOR_APPROVAL], set()),
        ([A.SEND_FOR_APPROVAL, A.APPROVE_REPLY], {Mark.TO_PUBLISH}),
        ([A.SEND_FOR_APPROVAL, A.APPROVE_REPLY, A.DRAFT_REPLY], set()),
        ([A.SEND_FOR_APPROVAL, A.APPROVE_REPLY, A.SEND_BACK], {Mark.SENT_BACK}),
        ([A.APPROVE_REPLY, A.PUBLISH_REPLY], set()),
        ([A.PUBLISH_REPLY, A.DRAFT_CORRECTION, A.SEND_BACK], {Mark.SENT_BACK}),
        ([A.PUBLISH_REPLY, A.DRAFT_CORRECTION, A.SEND_BACK, A.CLOSE], {Mark.SENT_BACK}),
        ([A.DRAFT_CORRECTION, A.SEND_BACK, A.DRAFT_CORRECTION], set()),
        ([A.DRAFT_CORRECTION, A.SEND_BACK, A.REOPEN], set()),
    ],
)
def test_a_mark_stands_until_somebody_goes_on(actions: list[CaseAction], marked: set[Mark]) -> None:
    assert marks(steps(*actions)) == marked


def test_what_the_dispatcher_does_meanwhile_takes_no_news_away() -> None:
    assert marks([*steps(A.ADD_INFORMATION), Step(A.INVITE, False)]) == {ADDED}
    assert marks([*steps(A.ADD_INFORMATION), Step(A.INVITE, True)]) == set()


@given(st.lists(st.sampled_from(sorted(CaseAction))))
def test_an_answer_that_is_out_and_a_new_department_leave_no_mark(actions: list[CaseAction]) -> None:
    for last in (A.PUBLISH_REPLY, A.TRANSFER, A.ROUTE):
        assert marks(steps(*actions, last)) == set()
    assert marks(steps(*actions)) == marks(steps(*(one for one in actions if one in MARKING)))
