"""Random lives of a case: whatever people do in whatever order, the facts stay possible and the figures add up."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from civic.cases.rules import (
    TRANSITIONS,
    Asking,
    CaseAction,
    CaseFacts,
    CaseStatus,
    CounterKey,
    Event,
    Measure,
    Party,
    contributions,
    difference,
    refusal,
    replay,
)
from tests.unit.cases.happenings import LEVELS, MONDAY, happen
from tests.unit.cases.possible import facts_are_possible, figures_are_possible, history_is_lawful

DEPARTMENTS = (11, 12, 13)
PEOPLE = (1, 2, 3)
NEVER_DRAWN = {CaseAction.SUBMIT, CaseAction.MOVE_DEADLINES}


def made_up(draw: Any, facts: CaseFacts, action: CaseAction) -> dict[str, Any] | None:
    """Parameters a person would choose; None if there is nothing to choose from."""
    others = [d for d in DEPARTMENTS if d not in (facts.department_id, *facts.supports)]
    match action:
        case CaseAction.ROUTE | CaseAction.DESIGNATE:
            return {"department_id": draw(st.sampled_from(DEPARTMENTS))}
        case CaseAction.TRANSFER | CaseAction.INVITE:
            return {"department_id": draw(st.sampled_from(others))} if others else None
        case CaseAction.CONTRIBUTE:
            return {"department_id": draw(st.sampled_from(facts.supports))} if facts.supports else None
        case CaseAction.WITHDRAW_INVITATION:
            return {"department_id": draw(st.sampled_from(facts.owing_part))} if facts.owing_part else None
        case CaseAction.SUCCEED:
            involved = [d for d in (facts.department_id, *facts.supports) if d is not None]
            if not involved:
                return None
            old = draw(st.sampled_from(involved))
            new = draw(st.sampled_from([d for d in DEPARTMENTS if d != old]))
            return {"from_id": old, "department_id": new, "holds": old == facts.department_id, "whole": True}
        case CaseAction.FOLLOW:
            return {"department_id": draw(st.sampled_from(DEPARTMENTS))}
        case CaseAction.TAKE | CaseAction.ASSIGN:
            return {"assignee_id": draw(st.sampled_from(PEOPLE))}
        case CaseAction.PUBLISH_MASKED | CaseAction.REMASK:
            return {"text_id": draw(st.integers(1, 9))}
        case CaseAction.DECLINE:
            return {"code": "no_substance"}
        case CaseAction.REQUEST_EXTENSION:
            return {"days": draw(st.integers(1, LEVELS.extension))}
        case CaseAction.MERGE:
            return {"survivor_id": 99}
        case CaseAction.ABSORB:
            return {"case_id": 50 + len(facts.absorbed)}
        case CaseAction.RELEASE:
            return {"case_id": facts.absorbed[0]} if facts.absorbed else None
        case CaseAction.DRAFT_REPLY | CaseAction.DRAFT_CORRECTION:
            return {"reply_id": facts.draft_id or 100 + facts.seq}
        case CaseAction.CORRECT_REPLY:
            return {"reply_id": 100 + facts.seq, "resolution": draw(st.sampled_from(RESOLUTIONS))}
        case CaseAction.PUBLISH_REPLY:
            return {"resolution": draw(st.sampled_from(RESOLUTIONS))}
        case CaseAction.REOPEN if facts.status is CaseStatus.MERGED:
            return {"department_id": draw(st.sampled_from(DEPARTMENTS)), "reply_id": 100 + facts.seq}
        case CaseAction.RATE:
            return {
                **(COMMON if facts.status is CaseStatus.MERGED else {}),
                "level": draw(st.sampled_from(LEVELS_OF_RATING)),
                "solved": draw(st.sampled_from([None, "solved", "partly", "not"])),
            }
    return {}


RESOLUTIONS = ("resolved", "explained", "planned", "referred")
COMMON = {"answered_case_id": 99, "round": 1, "department_id": 13}
"""Which answer is rated by the writer of a merged case."""
LEVELS_OF_RATING = ("satisfied", "basically_satisfied", "dissatisfied")


class LifeOfACase(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = MONDAY
        self.facts: CaseFacts | None = None
        self.events: list[Event] = []
        self.counters: Counter[CounterKey] = Counter()

    def record(self, action: CaseAction, account_id: int | None = None, **params: Any) -> None:
        before = self.facts
        self.facts, event = happen(before, action, self.now, account_id=account_id, **params)
        self.events.append(event)
        for key, n in difference(before, self.facts).items():
            self.counters[key] += n
            if not self.counters[key]:
                del self.counters[key]

    @precondition(lambda self: self.facts is None)
    @rule(
        kind=st.sampled_from(["suggestion", "question", "complaint", "report", "praise"]),
        wants=st.booleans(),
    )
    def submit(self, kind: str, wants: bool) -> None:
        self.record(CaseAction.SUBMIT, kind=kind, wants_publication=wants)

    @rule(hours=st.one_of(st.integers(1, 30), st.integers(24, 24 * 20)))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda self: self.facts is not None)
    @rule(data=st.data())
    def somebody_acts(self, data: st.DataObject) -> None:
        facts = self.facts
        assert facts is not None
        possible = sorted(a for (status, a) in TRANSITIONS if status is facts.status and a not in NEVER_DRAWN)
        action = data.draw(st.sampled_from(possible))
        account_id = data.draw(st.sampled_from(PEOPLE))
        party = data.draw(st.sampled_from(sorted(TRANSITIONS[facts.status, action].by)))
        parties = frozenset({party, Party.HANDLER} if party is Party.LEAD else {party})
        if refusal(facts, action, Asking(self.now, parties, account_id)):
            return
        params = made_up(data.draw, facts, action)
        if params is not None:
            self.record(action, account_id, **params)

    @invariant()
    def replaying_gives_the_same_facts(self) -> None:
        assert replay(self.events) == self.facts

    @invariant()
    def posted_counters_are_what_the_facts_contribute(self) -> None:
        assert self.counters == contributions(self.facts)

    @invariant()
    def it_is_possible(self) -> None:
        if self.facts is not None:
            history_is_lawful(self.events)
            facts_are_possible(self.facts)
            figures_are_possible(self.facts, contributions(self.facts))

    @invariant()
    def erasing_the_words_now_would_leave_every_figure_but_that_it_is_public(self) -> None:
        facts = self.facts
        if facts is None or (facts.status, CaseAction.ERASE_WORDS) not in TRANSITIONS:
            return
        erased, _event = happen(facts, CaseAction.ERASE_WORDS, self.now)
        left = {key: n for key, n in contributions(facts).items() if key.measure is not Measure.PUBLIC}
        assert contributions(erased) == left
        assert not erased.is_visible
        assert (erased.status, erased.stints, erased.rounds) == (facts.status, facts.stints, facts.rounds)

    @invariant()
    def judging_and_leaving_a_common_answer_changes_no_figure_but_its_own(self) -> None:
        facts = self.facts
        if facts is None or facts.status is not CaseStatus.MERGED or facts.reopenings > 2:
            return
        before = contributions(facts)
        rated, _event = happen(facts, CaseAction.RATE, self.now, level="dissatisfied", **COMMON)
        assert [key.measure for key in contributions(rated) - before] == [Measure.RATED_DISSATISFIED]
        alone, _event = happen(rated, CaseAction.REOPEN, self.now, department_id=13, reply_id=1)
        new = contributions(alone) - contributions(rated)
        own = {key.measure for key in new if key.department_id == 13 or facts.reopenings == 2}
        assert {Measure.REOPENED, Measure.AGAIN_DUE, Measure.OPENED} <= own
        moved = {Measure.RECEIVED, Measure.PUBLIC, Measure.ESCALATED, Measure.MERGED}
        lost = {key.measure for key in before - contributions(alone)}
        assert lost <= moved, "what was late when it was merged stays with who held it"

    @invariant()
    def a_merge_hides_no_backlog_and_undone_at_once_leaves_every_figure(self) -> None:
        facts = self.facts
        if facts is None or (facts.status, CaseAction.MERGE) not in TRANSITIONS:
            return
        merged, _event = happen(facts, CaseAction.MERGE, self.now, survivor_id=99)
        late = facts.clock_runs and self.now > facts.round.clock.due_at
        assert merged.round.counts(None) == late
        apart, _event = happen(merged, CaseAction.UNMERGE, self.now)
        assert contributions(apart) == contributions(facts)


TestLifeOfACase = LifeOfACase.TestCase
TestLifeOfACase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
