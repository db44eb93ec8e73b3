"""What happens next is said in every situation, with all its days; and every step that is told has a sentence."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.cases.rules import (
    ACTION_TEXTS,
    DECLINE_RULES,
    MAX_REOPENINGS,
    Asking,
    CaseAction,
    CaseFacts,
    CaseStatus,
    DeclineCode,
    Party,
    Situation,
    outlook,
    refusal,
    resume_clock,
    told,
)
from civic.cases.rules.outlook import NEXT, OBJECTING, days_left, situation
from civic.core.workdays import workdays_between
from tests.unit.cases.happenings import CALENDAR, LEVELS, MONDAY, at, happen, story

A = CaseAction
ROUTED: tuple[tuple[Any, ...], ...] = ((A.SUBMIT, at()), (A.ROUTE, at(), {"department_id": 5}))
ACCEPTED = (*ROUTED, (A.ACCEPT, at(1)))
DRAFTED = (*ACCEPTED, (A.DRAFT_REPLY, at(1), {"reply_id": 1, "account_id": 1}))
REPLIED = (*DRAFTED, (A.PUBLISH_REPLY, at(2), {"resolution": "explained", "account_id": 2}))
DISPUTED = (*REPLIED, (A.RATE, at(3), {"level": "dissatisfied"}))
REOPENED = (*DISPUTED, (A.REOPEN, at(3)))
DECLINED = (*ROUTED, (A.DECLINE, at(1), {"code": "no_substance"}))


def again(steps: tuple[tuple[Any, ...], ...], times: int) -> tuple[tuple[Any, ...], ...]:
    """After the last objection: answered and objected to so many times more."""
    day = 4
    for _ in range(times):
        steps = (
            *steps,
            (A.DRAFT_REPLY, at(day), {"reply_id": day, "account_id": 1}),
            (A.PUBLISH_REPLY, at(day), {"resolution": "explained", "account_id": 2}),
            (A.RATE, at(day + 1), {"level": "dissatisfied"}),
            (A.REOPEN, at(day + 1)),
        )
        day += 2
    return steps


THIRD = again(REOPENED, MAX_REOPENINGS)
LAST: tuple[tuple[Any, ...], ...] = (
    *THIRD,
    (A.DESIGNATE, at(10), {"department_id": 5}),
    (A.ACCEPT, at(10)),
    (A.DRAFT_REPLY, at(11), {"reply_id": 9, "account_id": 1}),
    (A.PUBLISH_REPLY, at(11), {"resolution": "explained", "account_id": 2}),
    (A.RATE, at(12), {"level": "dissatisfied"}),
)

WORKED: dict[Situation, tuple[tuple[tuple[Any, ...], ...], int]] = {
    Situation.HELD: (((A.SUBMIT, at()),), 0),
    Situation.TRIAGE: (((A.SUBMIT, at()), (A.TRIAGE, at())), 0),
    Situation.TRIAGE_AFTER_OBJECTIONS: (THIRD, 9),
    Situation.TRIAGE_AFTER_APPEAL: ((*DECLINED, (A.APPEAL, at(2))), 2),
    Situation.ROUTED: (ROUTED, 0),
    Situation.ROUTED_LATE: (ROUTED, 3),
    Situation.IN_PROGRESS: (ACCEPTED, 2),
    Situation.REOPENED: (REOPENED, 4),
    Situation.ASKED: ((*ACCEPTED, (A.ASK_RESIDENT, at(2))), 40),
    Situation.ASKED_LATE: ((*ACCEPTED, (A.ASK_RESIDENT, at(30))), 31),
    Situation.IN_APPROVAL: ((*DRAFTED, (A.SEND_FOR_APPROVAL, at(1))), 1),
    Situation.APPROVED: (
        (*DRAFTED, (A.SEND_FOR_APPROVAL, at(1)), (A.APPROVE_REPLY, at(1), {"account_id": 2})),
        1,
    ),
    Situation.OVERDUE: (ACCEPTED, 30),
    Situation.REPLIED: (REPLIED, 3),
    Situation.DISPUTED: (DISPUTED, 4),
    Situation.DISPUTED_FOR_GOOD: (LAST, 13),
    Situation.CLOSED: ((*REPLIED, (A.RATE, at(3), {"level": "satisfied"}), (A.CLOSE, at(3))), 4),
    Situation.DECLINED: (DECLINED, 2),
    Situation.DECLINED_FOR_GOOD: (DECLINED, 40),
    Situation.MERGED: ((*ACCEPTED, (A.MERGE, at(2), {"survivor_id": 9})), 2),
    Situation.WITHDRAWN: ((*ACCEPTED, (A.WITHDRAW, at(2))), 2),
}


def wanted(sentence: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", sentence))


@pytest.mark.parametrize("name", Situation)
def test_every_situation_says_what_happens_next_with_all_its_days(name: Situation) -> None:
    steps, day = WORKED[name]
    facts = story(*steps)
    found = outlook(facts, at(day, 1), CALENDAR, LEVELS)
    assert found.situation is name
    for sentence in found.sentences:
        assert set(sentence.params) == wanted(sentence.msgid)
    assert (found.objection is not None) == (facts.status is CaseStatus.REPLIED)


def test_every_status_has_a_situation() -> None:
    assert {story(*steps).status for steps, _ in WORKED.values()} == set(CaseStatus)


def test_the_sentence_of_a_running_clock_names_the_day_and_what_is_left() -> None:
    said = outlook(story(*ACCEPTED), at(2, 1), CALENDAR, LEVELS).sentences[0]
    # Monday 7 September: ten working days, Sunday 20 is worked, so the last is Friday 18 + Sunday 20 = day ten.
    assert said.params == {"due": date(2026, 9, 20), "left": 8}


def test_objections_are_counted_down_and_the_fourth_is_not_offered() -> None:
    said = []
    for times in range(MAX_REOPENINGS + 1):
        steps = again(REOPENED, times)[:-2] if times else DISPUTED[:-1]
        objection = outlook(story(*steps), at(20), CALENDAR, LEVELS).objection
        assert objection
        said.append(objection.msgid)
    last = outlook(story(*LAST), at(20), CALENDAR, LEVELS).objection
    assert last
    assert (*said, last.msgid) == OBJECTING
    assert refusal(story(*LAST), A.REOPEN, Asking(at(12), frozenset({Party.RESIDENT})))


def test_an_extension_is_said_as_long_as_its_answer_is_owed() -> None:
    extended = (*ACCEPTED, (A.REQUEST_EXTENSION, at(2), {"days": 5}), (A.APPROVE_EXTENSION, at(2)))
    facts = story(*extended)
    texts = [s.msgid for s in outlook(facts, at(2, 1), CALENDAR, LEVELS).sentences]
    assert any("more working days" in text for text in texts)
    answered = (*extended, *DRAFTED[-1:], *REPLIED[-1:], *DISPUTED[-1:], *REOPENED[-1:])
    texts = [s.msgid for s in outlook(story(*answered), at(4), CALENDAR, LEVELS).sentences]
    assert not any("more working days" in text for text in texts), "the new round was not extended"


def test_an_objection_to_a_decline_is_possible_once_and_in_time() -> None:
    facts, resident = story(*DECLINED), frozenset({Party.RESIDENT})
    assert facts.appeal_until
    assert refusal(facts, A.APPEAL, Asking(facts.appeal_until, resident)) is None
    assert refusal(facts, A.APPEAL, Asking(facts.appeal_until + timedelta(seconds=1), resident))
    appealed = story(*DECLINED, (A.APPEAL, at(2)))
    assert refusal(appealed, A.DECLINE, Asking(at(3), frozenset({Party.DISPATCHER}))), "it must be answered"


@given(asked=st.integers(25, 24 * 13), waited=st.integers(0, 24 * 30))
def test_what_is_said_to_be_left_is_what_is_left_once_the_resident_answers(asked: int, waited: int) -> None:
    facts, _ = happen(story(*ACCEPTED), A.ASK_RESIDENT, MONDAY + timedelta(hours=asked))
    answered_at = MONDAY + timedelta(hours=asked + waited)
    if situation(facts, answered_at) is not Situation.ASKED:
        return
    said = days_left(facts, answered_at, CALENDAR)
    assert facts.paused_at
    clock = resume_clock(CALENDAR, facts.round.clock, facts.paused_at, answered_at)
    first = CALENDAR.office_day(answered_at)
    assert workdays_between(CALENDAR, first - timedelta(days=1), clock.due_day) == said


@pytest.mark.parametrize("action", CaseAction)
def test_every_step_is_told_in_a_whole_sentence_or_not_at_all(action: CaseAction) -> None:
    params: dict[str, Any] = {}
    clock = story(*ROUTED).round.clock.as_params()
    for given_params, old in ((params, None), ({"clock": clock}, date(2026, 9, 17))):
        for by_resident in (True, False):
            sentence = told(action, given_params, by_resident=by_resident, old=old)
            if ACTION_TEXTS[action].public is None:
                assert sentence is None
                continue
            assert sentence
            assert set(sentence.params) == wanted(sentence.msgid)
            assert sentence.msgid.endswith(".")
            assert wanted(sentence.named) <= {"department"}


def test_a_moved_deadline_is_told_with_the_old_and_the_new_day() -> None:
    facts: CaseFacts = story(*ACCEPTED, (A.REQUEST_EXTENSION, at(2), {"days": 5}))
    _, event = happen(facts, A.APPROVE_EXTENSION, at(2))
    sentence = told(event.action, event.params, old=facts.round.clock.due_day)
    assert sentence
    assert sentence.params == {"old": date(2026, 9, 20), "due": date(2026, 9, 25)}


def test_every_reason_to_decline_has_its_rule() -> None:
    assert set(DECLINE_RULES) == set(DeclineCode)
    assert len(set(DECLINE_RULES.values())) == len(DeclineCode)


def test_every_situation_has_its_own_sentence() -> None:
    assert set(NEXT) == set(Situation) == set(WORKED)
    assert len(set(NEXT.values())) == len(Situation)
