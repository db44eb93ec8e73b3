"""The law of opinions: the table, deadlines, and random lives that never reach an impossible state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from civic.cases.rules import RatingLevel
from civic.core.workdays import Calendar
from civic.supervision.rules.opinions import (
    LAST_ROUND,
    TRANSITIONS,
    WITH_DEPARTMENT,
    DueState,
    Event,
    OpinionAction,
    OpinionFacts,
    OpinionStatus,
    Party,
    clock_params,
    due_of,
    evolve,
    refusal,
    replay,
)

A, S, P = OpinionAction, OpinionStatus, Party
CALENDAR = Calendar(known_years=frozenset({2026}))
MONDAY = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
DEPUTY, HANDLER, LEAD, SECOND, COLLEAGUE = 1, 2, 3, 4, 5
PARTIES = {
    DEPUTY: frozenset({P.DEPUTY}),
    HANDLER: frozenset({P.HANDLER}),
    LEAD: frozenset({P.HANDLER, P.LEAD}),
    SECOND: frozenset({P.HANDLER, P.LEAD}),
    None: frozenset({P.SYSTEM}),
    COLLEAGUE: frozenset(),
}


def parties_of(facts: OpinionFacts, who: int | None, *, has_left: bool) -> frozenset[Party]:
    """Of two deputies one has the opinion, and the other could take it over once the first has left."""
    if who not in (DEPUTY, COLLEAGUE):
        return PARTIES[who]
    if who == facts.deputy_id:
        return frozenset({P.DEPUTY})
    return frozenset({P.SUCCESSOR}) if has_left else frozenset()


def clock(at: datetime, days: int = 30) -> dict[str, Any]:
    return clock_params(CALENDAR.deadline(at, days))


class LifeOfAnOpinion(RuleBasedStateMachine):
    """Random people try random things; what the law refuses doesn't happen."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.texts = MONDAY, 1
        self.events = [Event(A.WRITE, MONDAY, MONDAY.date(), DEPUTY, {"department_id": 7, "text_id": 1})]
        self.facts: OpinionFacts = evolve(None, self.events[0])

    @rule(hours=st.integers(1, 24 * 60))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(action=st.sampled_from(A), who=st.sampled_from(list(PARTIES)), left=st.booleans(), data=st.data())
    def somebody_tries(self, action: OpinionAction, who: int | None, left: bool, data: st.DataObject) -> None:
        before = self.facts
        if refusal(before, action, parties_of(before, who, has_left=left), who):
            return
        self.texts += 1
        level = data.draw(st.sampled_from(RatingLevel)) if action is A.RATE else RatingLevel.SATISFIED
        params = {
            "text_id": self.texts, "department_id": data.draw(st.sampled_from([7, 8])), "level": level.value,
            "agrees": data.draw(st.booleans()), **clock(self.now),
        }  # fmt: skip
        event = Event(action, self.now, self.now.date(), who, params)
        self.events.append(event)
        self.facts = evolve(before, event)
        assert self.facts.status in TRANSITIONS[before.status, action].to
        if action is A.APPROVE:
            assert who != before.draft_by, "nobody hands over what they wrote last"
        if action is A.TAKE_OVER:
            assert left
            assert self.facts == replace(before, seq=before.seq + 1, deputy_id=who), "nothing else changes"

    @precondition(lambda self: self.facts.status is S.IN_APPROVAL)
    @rule()
    def the_writer_approves_nothing(self) -> None:
        assert refusal(self.facts, A.APPROVE, frozenset({P.HANDLER, P.LEAD}), self.facts.draft_by)

    @invariant()
    def replaying_gives_the_same_facts(self) -> None:
        assert replay(self.events) == self.facts

    @invariant()
    def the_facts_are_possible(self) -> None:
        facts, last = self.facts, self.facts.round
        assert len(facts.rounds) <= LAST_ROUND
        owes = last is not None and last.ended_day is None
        assert (facts.status in WITH_DEPARTMENT) == owes
        assert (facts.status is S.IN_APPROVAL) <= (facts.draft_id is not None)
        if facts.status in (S.DELIVERED, S.CLOSED):
            assert last is not None
            assert last.answer_id is not None
            assert (last.rating is not None) == (facts.status is S.CLOSED)
        if facts.status is S.RETURNED:
            assert facts.rounds[0].rating is RatingLevel.DISSATISFIED
            agreed = facts.deputy_agrees or facts.department_agrees
            assert not agreed, "nobody agreed to what is still to come"
        if facts.is_public:
            assert facts.status is S.CLOSED
        answers = [one.answer_id for one in facts.rounds if one.answer_id]
        assert len(answers) == len(set(answers)), "each round has an answer of its own"


TestLifeOfAnOpinion = LifeOfAnOpinion.TestCase
TestLifeOfAnOpinion.settings = settings(max_examples=60, stateful_step_count=40)


def facts_after(*steps: tuple[OpinionAction, int | None, dict[str, Any]]) -> OpinionFacts:
    facts = None
    for action, who, params in (
        (A.WRITE, DEPUTY, {"department_id": 7, "text_id": 1}),
        (A.SEND, DEPUTY, clock(MONDAY)),
        *steps,
    ):
        assert facts is None or refusal(facts, action, PARTIES[who], who) == ""
        facts = evolve(facts, Event(action, MONDAY, MONDAY.date(), who, params))
    assert facts is not None
    return facts


ANSWER = (
    (A.DRAFT_ANSWER, HANDLER, {"text_id": 2}),
    (A.SEND_FOR_APPROVAL, HANDLER, {}),
    (A.APPROVE, LEAD, {"agrees": True}),
)
BAD = (A.RATE, DEPUTY, {"level": "dissatisfied", "agrees": True, **clock(MONDAY)})


def test_dissatisfied_sends_it_back_exactly_once() -> None:
    once = facts_after(*ANSWER, BAD)
    assert (once.status, len(once.rounds), once.department_agrees) == (S.RETURNED, 2, False)
    assert refusal(once, A.WITHDRAW, PARTIES[DEPUTY], DEPUTY)
    twice = facts_after(*ANSWER, BAD, *ANSWER, BAD)
    assert (twice.status, twice.round and twice.round.rating) == (S.CLOSED, RatingLevel.DISSATISFIED)
    assert twice.is_public, "how it is rated doesn't decide whether it is public"


@pytest.mark.parametrize("side", ["deputy", "department"])
def test_either_side_takes_it_from_the_public(side: str) -> None:
    closed = facts_after(*ANSWER, (A.RATE, DEPUTY, {"level": "satisfied", "agrees": True}))
    assert closed.is_public
    refuses = {"deputy": A.DEPUTY_REFUSES, "department": A.DEPARTMENT_REFUSES}[side]
    who = {"deputy": DEPUTY, "department": LEAD}[side]
    assert not refusal(closed, refuses, PARTIES[who], who)
    assert not evolve(closed, Event(refuses, MONDAY, MONDAY.date(), who)).is_public


def test_a_merger_leaves_the_answers_with_who_gave_them() -> None:
    passed = facts_after(*ANSWER, (A.SUCCEED, None, {"department_id": 8}), BAD)
    assert [one.department_id for one in passed.rounds] == [7, 8]


@pytest.mark.parametrize(
    ("days", "state", "left"), [(-1, DueState.LATER, 1), (0, DueState.TODAY, 0), (3, DueState.OVERDUE, 1)]
)
def test_how_a_deadline_stands(days: int, state: DueState, left: int) -> None:
    """Due on a Friday at close of work; three days later is Monday: one working day over."""
    due_at = CALENDAR.closing(date(2026, 9, 11))
    due = due_of(S.SENT, due_at, due_at - timedelta(hours=1) + timedelta(days=days), CALENDAR)
    assert due is not None
    assert (due.state, due.days) == (state, left)
    assert due_of(S.DELIVERED, due_at, due_at, CALENDAR) is None
