"""Every status, every action, every role: the table decides, guards may only refuse more."""

from __future__ import annotations

from typing import Any

import pytest

from civic.cases import policy
from civic.cases.rules import TRANSITIONS, CaseAction, CaseFacts, CaseStatus, Party
from civic.core.actor import RESIDENT, SYSTEM, Actor, ActorKind, Grant, Role
from tests.unit.cases.happenings import at, story

A, S = CaseAction, CaseStatus
WATER, ROADS, SCHOOLS = 11, 12, 13


def staff(role: Role, department_id: int | None, account_id: int) -> Actor:
    return Actor(ActorKind.STAFF, account_id, "", frozenset({Grant(role, department_id)}))


PEOPLE: dict[str, tuple[Actor, set[Party]]] = {
    "handler": (staff(Role.HANDLER, WATER, 1), {Party.HANDLER}),
    "lead": (staff(Role.LEAD, WATER, 2), {Party.HANDLER, Party.LEAD}),
    "supporting": (staff(Role.HANDLER, ROADS, 3), {Party.SUPPORT}),
    "dispatcher": (staff(Role.DISPATCHER, None, 4), {Party.DISPATCHER}),
    "resident": (RESIDENT, {Party.RESIDENT}),
    "system": (SYSTEM, {Party.SYSTEM}),
    "stranger": (staff(Role.LEAD, SCHOOLS, 5), set()),
    "auditor": (staff(Role.AUDITOR, None, 6), set()),
    "deputy": (staff(Role.DEPUTY, None, 7), set()),
    "editor": (staff(Role.EDITOR, None, 8), set()),
    "admin": (staff(Role.ADMIN, None, 9), set()),
}
"""Who they are, and in which capacities they meet a case of the waterworks that the roads support."""

ROUTED: tuple[tuple[Any, ...], ...] = ((A.SUBMIT, at()), (A.ROUTE, at(), {"department_id": WATER}))
WORKED_ON = (*ROUTED, (A.ACCEPT, at(1)), (A.INVITE, at(1), {"department_id": ROADS}))
SENT = (
    *WORKED_ON,
    (A.DRAFT_REPLY, at(1), {"reply_id": 1, "account_id": 1}),
    (A.SEND_FOR_APPROVAL, at(1), {"reply_id": 1, "account_id": 1}),
)
ANSWERED = (
    *SENT,
    (A.APPROVE_REPLY, at(1), {"reply_id": 1, "account_id": 2}),
    (A.PUBLISH_REPLY, at(1), {"resolution": "adopted", "account_id": 2}),
)
LIVES: dict[CaseStatus, tuple[tuple[Any, ...], ...]] = {
    S.SUBMITTED: ((A.SUBMIT, at()),),
    S.TRIAGE: ((A.SUBMIT, at()), (A.TRIAGE, at())),
    S.ROUTED: (*ROUTED, (A.INVITE, at(), {"department_id": ROADS})),
    S.IN_PROGRESS: WORKED_ON,
    S.AWAITING_RESIDENT: (*WORKED_ON, (A.ASK_RESIDENT, at(1))),
    S.REPLY_REVIEW: SENT,
    S.REPLIED: ANSWERED,
    S.CLOSED: (*ANSWERED, (A.CLOSE, at(20))),
    S.DECLINED: (*WORKED_ON, (A.DECLINE, at(1), {"code": "no_substance"})),
    S.MERGED: (*WORKED_ON, (A.MERGE, at(1), {"survivor_id": 99})),
    S.WITHDRAWN: (*WORKED_ON, (A.WITHDRAW, at(1))),
}


def test_there_is_a_life_for_every_status() -> None:
    assert set(LIVES) == set(CaseStatus)
    for status, life in LIVES.items():
        assert story(*life).status is status


def capacities(who: str, facts: CaseFacts) -> set[Party]:
    """What the person is to this case: before it has a department nobody of a department is anything."""
    held = PEOPLE[who][1]
    if facts.department_id is None:
        held = held - {Party.HANDLER, Party.LEAD}
    return held if facts.supports else held - {Party.SUPPORT}


@pytest.mark.parametrize("status", list(CaseStatus))
@pytest.mark.parametrize("who", list(PEOPLE))
def test_the_table_decides_and_guards_only_refuse(status: CaseStatus, who: str) -> None:
    facts = story(*LIVES[status])
    actor = PEOPLE[who][0]
    held = capacities(who, facts)
    assert policy.parties(actor, facts) == held
    for action in CaseAction:
        decision = policy.can(actor, action, facts, at(1, 1))
        row = TRANSITIONS.get((status, action))
        if row is None:
            assert decision.reason == policy.WRONG_STATE, action
        elif not held & row.by:
            assert decision.reason == policy.WRONG_ROLE, action
        else:
            assert decision.reason not in (policy.WRONG_STATE, policy.WRONG_ROLE), action
        assert decision.allowed == (decision.reason == ""), action


@pytest.mark.parametrize("who", ["stranger", "deputy", "editor", "admin"])
@pytest.mark.parametrize("status", list(CaseStatus))
def test_whose_business_it_is_not_sees_nothing_and_does_nothing(status: CaseStatus, who: str) -> None:
    facts = story(*LIVES[status])
    actor = PEOPLE[who][0]
    assert not policy.can_see(actor, facts)
    assert not policy.can_note(actor, facts)
    assert not policy.can_see_contact(actor, facts)
    assert policy.allowed_actions(actor, facts, at(1, 1)) == ()


def test_every_row_of_the_table_can_happen_to_someone() -> None:
    """Each row is reached by a person in some life of a case: none stands there for show."""
    reached = {
        (status, action)
        for status, life in LIVES.items()
        for actor, _ in PEOPLE.values()
        for moment in (at(1, 1), at(30))
        for action in policy.allowed_actions(actor, story(*life), moment)
    }
    missing = {key for key in TRANSITIONS if key[0] is not None} - reached
    # What needs a past of its own: a return, an extension, a mask, a merge, an approval, an old version.
    needs_more = {
        A.DESIGNATE, A.APPROVE_EXTENSION, A.REFUSE_EXTENSION, A.UNPUBLISH, A.REMASK, A.RELEASE, A.HAND_BACK,
        A.BECAME_OVERDUE, A.CONCEAL_REPLY, A.SEND_FOR_APPROVAL, A.PUBLISH_REPLY, A.REQUEST_EXTENSION,
        A.SEND_BACK,
    }  # fmt: skip
    assert {action for _, action in missing} <= needs_more, sorted(missing)
