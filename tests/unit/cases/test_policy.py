"""Who may do what: derived from the table and the guards, never beside them."""

from __future__ import annotations

import pytest

from civic.cases import policy
from civic.cases.rules import TRANSITIONS, CaseAction, CaseFacts, CaseStatus, Party, merge_refusal, mergeable
from civic.core.actor import RESIDENT, SYSTEM, Actor, ActorKind, Grant, Role
from tests.unit.cases.happenings import at, happen, story

A = CaseAction
WATER, ROADS = 11, 12


def staff(role: Role, department_id: int | None = None, account_id: int = 1) -> Actor:
    return Actor(ActorKind.STAFF, account_id, "", frozenset({Grant(role, department_id)}))


HANDLER, LEAD = staff(Role.HANDLER, WATER), staff(Role.LEAD, WATER, 2)
STRANGER, DISPATCHER = staff(Role.HANDLER, ROADS, 3), staff(Role.DISPATCHER, None, 4)
AUDITOR, DEPUTY, ADMIN = staff(Role.AUDITOR), staff(Role.DEPUTY), staff(Role.ADMIN)
EDITOR = staff(Role.EDITOR)


@pytest.fixture
def routed() -> CaseFacts:
    return story((A.SUBMIT, at()), (A.ROUTE, at(), {"department_id": WATER}))


def test_one_person_can_meet_a_case_in_several_capacities(routed: CaseFacts) -> None:
    assert policy.parties(HANDLER, routed) == {Party.HANDLER}
    assert policy.parties(LEAD, routed) == {Party.HANDLER, Party.LEAD}
    assert policy.parties(DISPATCHER, routed) == {Party.DISPATCHER}
    assert policy.parties(RESIDENT, routed) == {Party.RESIDENT}
    assert policy.parties(SYSTEM, routed) == {Party.SYSTEM}
    both = Actor(
        ActorKind.STAFF,
        9,
        "",
        frozenset({Grant(Role.LEAD, WATER), Grant(Role.DISPATCHER), Grant(Role.HANDLER, ROADS)}),
    )
    assert policy.parties(both, routed) == {Party.HANDLER, Party.LEAD, Party.DISPATCHER}


def test_another_departments_case_does_not_exist(routed: CaseFacts) -> None:
    for actor in (STRANGER, DEPUTY, ADMIN, EDITOR):
        assert not policy.can_see(actor, routed)
        assert policy.allowed_actions(actor, routed, at()) == ()
    assert policy.can_see(AUDITOR, routed)
    assert policy.allowed_actions(AUDITOR, routed, at()) == ()


def test_an_invited_department_sees_and_contributes_and_nothing_else(routed: CaseFacts) -> None:
    invited = story(
        (A.SUBMIT, at()),
        (A.ROUTE, at(), {"department_id": WATER}),
        (A.ACCEPT, at(1)),
        (A.INVITE, at(1), {"department_id": ROADS}),
    )
    assert policy.can_see(STRANGER, invited)
    assert policy.allowed_actions(STRANGER, invited, at(1)) == (A.CONTRIBUTE,)
    assert not policy.can_see_contact(STRANGER, invited)


def test_what_is_allowed_is_in_the_table_for_a_capacity_the_actor_has(routed: CaseFacts) -> None:
    for actor in (HANDLER, LEAD, DISPATCHER, RESIDENT, SYSTEM):
        for action in policy.allowed_actions(actor, routed, at()):
            assert TRANSITIONS[routed.status, action].by & policy.parties(actor, routed)


def test_a_refusal_says_why(routed: CaseFacts) -> None:
    assert policy.can(HANDLER, A.RATE, routed, at()).reason == policy.WRONG_STATE
    assert policy.can(HANDLER, A.DECLINE, routed, at()).reason == policy.WRONG_ROLE
    private = story((A.SUBMIT, at(), {"wants_publication": False}), (A.TRIAGE, at()))
    assert "agreed" in policy.can(DISPATCHER, A.PUBLISH, private, at()).reason


def test_contacts_are_for_the_dispatcher_and_the_holding_department(routed: CaseFacts) -> None:
    allowed = {HANDLER, LEAD, DISPATCHER}
    for actor in (HANDLER, LEAD, DISPATCHER, STRANGER, AUDITOR, DEPUTY, ADMIN, EDITOR, RESIDENT):
        assert bool(policy.can_see_contact(actor, routed)) == (actor in allowed)


@pytest.mark.parametrize("complained_about", [WATER, None])
def test_a_contact_is_sealed_from_the_department_complained_about(complained_about: int | None) -> None:
    facts = story(
        (A.SUBMIT, at(), {"about_staff": True, "sealed_department_id": complained_about}),
        (A.TRIAGE, at()),
        (A.ROUTE, at(), {"department_id": WATER}),
    )
    assert not policy.can_see_contact(HANDLER, facts)
    assert not policy.can_see_contact(LEAD, facts)
    assert policy.can_see_contact(DISPATCHER, facts)


def test_residents_and_desks_may_submit(routed: CaseFacts) -> None:
    for actor in (RESIDENT, HANDLER, LEAD, DISPATCHER):
        assert policy.can_submit(actor)
    for actor in (AUDITOR, DEPUTY, ADMIN, EDITOR, SYSTEM):
        assert not policy.can_submit(actor)


def test_queues_are_scoped_to_the_own_departments(routed: CaseFacts) -> None:
    assert policy.queue_scope(HANDLER) == {WATER}
    assert policy.queue_scope(DISPATCHER) is None
    assert policy.queue_scope(AUDITOR) is None
    for actor in (DEPUTY, ADMIN, EDITOR, RESIDENT):
        assert policy.queue_scope(actor) == frozenset()


def test_a_closed_case_offers_the_resident_nothing_more_but_privacy() -> None:
    closed = story(
        (A.SUBMIT, at()),
        (A.ROUTE, at(), {"department_id": WATER}),
        (A.ACCEPT, at(1)),
        (A.DRAFT_REPLY, at(1), {"reply_id": 1, "account_id": 1}),
        (A.PUBLISH_REPLY, at(1), {"resolution": "resolved", "account_id": 2}),
        (A.RATE, at(2), {"level": "satisfied", "solved": "solved"}),
        (A.CLOSE, at(2)),
    )
    assert closed.status is CaseStatus.CLOSED
    assert policy.allowed_actions(RESIDENT, closed, at(3)) == (
        A.REVOKE_CONSENT,
        A.ERASE_CONTACT,
        A.ERASE_WORDS,
    )


def test_the_resident_is_not_asked_while_a_return_waits_for_the_dispatcher() -> None:
    """Once the resident is asked, the dispatcher could neither transfer nor designate."""
    accepted = ((A.SUBMIT, at()), (A.ROUTE, at(), {"department_id": WATER}), (A.ACCEPT, at(1)))
    assert policy.can(HANDLER, A.ASK_RESIDENT, story(*accepted), at(1))
    returned = story(*accepted, (A.RETURN, at(1)))
    assert "waiting for the dispatcher" in policy.can(HANDLER, A.ASK_RESIDENT, returned, at(1)).reason
    assert {A.TRANSFER, A.DESIGNATE} <= set(policy.allowed_actions(DISPATCHER, returned, at(1)))


def test_an_objection_is_not_merged_into_an_answer_that_was_there_before() -> None:
    received = ((A.SUBMIT, at()), (A.ROUTE, at(), {"department_id": WATER}))
    answer = (
        (A.ACCEPT, at(1)),
        (A.DRAFT_REPLY, at(1), {"reply_id": 1, "account_id": 1}),
        (A.PUBLISH_REPLY, at(1), {"resolution": "resolved", "account_id": 2}),
    )
    first, answered = story(*received), story(*received, *answer)
    reopened = story(*received, *answer, (A.REOPEN, at(2)))
    appealed = story(*received, (A.DECLINE, at(1), {"code": "no_substance"}), (A.APPEAL, at(2)))
    for objection in (reopened, appealed):
        assert "owed a new answer" in (merge_refusal(mergeable(objection), mergeable(answered)) or "")
        assert merge_refusal(mergeable(objection), mergeable(first)) is None
    assert merge_refusal(mergeable(first), mergeable(answered)) is None


def test_only_the_lead_moves_a_case_that_a_colleague_has() -> None:
    """However it is done: by assigning, by handing it back, or by taking it."""
    accepted = story(
        (A.SUBMIT, at()), (A.ROUTE, at(), {"department_id": WATER}), (A.ACCEPT, at(1), {"assignee_id": 7})
    )
    for action in (A.TAKE, A.ASSIGN, A.HAND_BACK):
        assert not policy.can(HANDLER, action, accepted, at(1)), action
        assert policy.can(LEAD, action, accepted, at(1)), action
    assert "Ask the lead" in policy.can(HANDLER, A.TAKE, accepted, at(1)).reason
    assert policy.can(HANDLER, A.DRAFT_REPLY, accepted, at(1)), "everyone may work on it"
    nobodys = story((A.SUBMIT, at()), (A.ROUTE, at(), {"department_id": WATER}))
    assert policy.can(HANDLER, A.TAKE, nobodys, at(1))


HELPED = (
    (A.SUBMIT, at()),
    (A.ROUTE, at(), {"department_id": WATER}),
    (A.ACCEPT, at(1)),
    (A.INVITE, at(1), {"department_id": ROADS, "due": at(3).isoformat()}),
    (A.CONTRIBUTE, at(2), {"department_id": ROADS}),
)
AGAIN = (A.INVITE, at(4), {"department_id": ROADS, "due": at(6).isoformat()})
REPLY = (
    (A.DRAFT_REPLY, at(7), {"reply_id": 1, "account_id": 1}),
    (A.PUBLISH_REPLY, at(7), {"resolution": "resolved", "account_id": 2}),
)


def test_a_department_that_gave_its_part_owes_another_when_it_is_asked_again() -> None:
    asked = story(*HELPED, AGAIN)
    assert (asked.supports, asked.owing_part, asked.gave) == ((ROADS,), (ROADS,), (ROADS,))
    assert asked.part_due_at(ROADS) == at(6)
    given = story(*HELPED, AGAIN, (A.CONTRIBUTE, at(5), {"department_id": ROADS}))
    assert (given.supports, given.owing_part) == ((ROADS,), ())
    withdrawn = story(*HELPED, AGAIN, (A.WITHDRAW_INVITATION, at(5), {"department_id": ROADS}))
    assert (withdrawn.supports, withdrawn.owing_part) == ((ROADS,), ()), "the part that it gave stands"


def test_a_new_round_asks_for_no_part_that_the_last_answer_did_without() -> None:
    gave, owed = story(*HELPED, AGAIN, *REPLY), story(*HELPED[:4], *REPLY)
    for case, supports in ((gave, (ROADS,)), (owed, ())):
        reopened, _ = happen(case, A.REOPEN, at(9))
        assert (reopened.supports, reopened.owing_part, reopened.parts_due) == (supports, (), ())


def test_a_department_that_gets_the_case_itself_is_no_supporting_one_any_more() -> None:
    moved = story(*HELPED, (A.TRANSFER, at(3), {"department_id": ROADS}))
    assert (moved.supports, moved.contributed, moved.gave, moved.parts_due) == ((), (), (), ())
