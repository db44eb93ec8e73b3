"""What a transfer, an appeal and a merge end with them: nobody finds what another asked for or approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from civic.cases import policy
from civic.cases.rules import CaseAction, CaseFacts, CaseStatus, ExtensionState, moved_clocks
from tests.unit.cases.happenings import CALENDAR, at, happen, story
from tests.unit.cases.test_policy import DISPATCHER, HANDLER, LEAD, ROADS, WATER

A = CaseAction
ACCEPTED = ((A.SUBMIT, at()), (A.ROUTE, at(), {"department_id": WATER}), (A.ACCEPT, at(0, 1)))
ASKED_FOR = (*ACCEPTED, (A.REQUEST_EXTENSION, at(1), {"days": 5}))
IN_REVIEW = (
    *ACCEPTED,
    (A.DRAFT_REPLY, at(1), {"reply_id": 9, "account_id": 1}),
    (A.SEND_FOR_APPROVAL, at(1), {"account_id": 1}),
)
APPROVED = (*IN_REVIEW, (A.APPROVE_REPLY, at(2), {"account_id": 2}))


@pytest.mark.parametrize(
    "then",
    [
        [(A.TRANSFER, at(2), {"department_id": ROADS})],
        [
            (A.DECLINE, at(2), {"code": "no_substance"}),
            (A.APPEAL, at(3)),
            (A.ROUTE, at(3), {"department_id": ROADS}),
        ],
    ],
    ids=["transfer", "appeal"],
)
def test_what_one_department_asked_for_is_not_the_next_ones(then: list[tuple[Any, ...]]) -> None:
    facts = story(*ASKED_FOR, *then, (A.ACCEPT, at(3, 1)))
    assert (facts.extension, facts.extension_days) == (ExtensionState.NONE, None)
    asking = replace(HANDLER, grants=frozenset(replace(one, department_id=ROADS) for one in HANDLER.grants))
    assert policy.can(asking, A.REQUEST_EXTENSION, facts, at(3, 2))
    assert not policy.can(DISPATCHER, A.APPROVE_EXTENSION, facts, at(3, 2))


def test_an_approval_does_not_outlast_a_merge() -> None:
    facts = story(*APPROVED, (A.MERGE, at(2), {"survivor_id": 8}), (A.UNMERGE, at(3)))
    assert (facts.status, facts.draft_id, facts.approver_id) == (CaseStatus.IN_PROGRESS, 9, None)
    assert policy.can(HANDLER, A.SEND_FOR_APPROVAL, facts, at(3))


def test_what_is_approved_waits_for_the_lead_no_longer() -> None:
    assert story(*IN_REVIEW).waits_for_lead
    assert not story(*APPROVED).waits_for_lead


def test_nobody_accepts_away_a_colleagues_return() -> None:
    facts = story(*ACCEPTED[:2], (A.RETURN, at(0, 1), {"account_id": 1}))
    for actor in (HANDLER, LEAD):
        assert "dispatcher" in policy.can(actor, A.ACCEPT, facts, at(0, 2)).reason
    decided, _ = happen(facts, A.DESIGNATE, at(1), department_id=WATER)
    assert policy.can(HANDLER, A.ACCEPT, decided, at(1))
    assert not policy.can(HANDLER, A.RETURN, decided, at(1))


def test_a_new_holiday_leaves_the_days_for_a_return() -> None:
    closed = replace(CALENDAR, days={**CALENDAR.days, date(2026, 9, 8): False})

    def moved(facts: CaseFacts) -> set[str]:
        return set(moved_clocks(closed, facts))

    routed = story(*ACCEPTED[:2])
    assert "returning" in moved(routed)
    assert "returning" not in moved(story(*ACCEPTED[:2], (A.RETURN, at(0, 1)))), "used up"
    later, _ = happen(
        routed,
        A.MOVE_DEADLINES,
        at(0, 2),
        **{name: clock.as_params() for name, clock in moved_clocks(closed, routed).items()},
    )
    assert later.stint is not None
    assert later.stint.returning == moved_clocks(closed, routed)["returning"]
    assert moved(later) == set()
    assert not policy.can(HANDLER, A.RETURN, routed, at(3))
    assert policy.can(HANDLER, A.RETURN, later, at(3)), "Thursday: the second working day after Monday"
