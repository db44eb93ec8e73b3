"""Random people doing random things to many cases: a state machine whose every step is one line of a script.

After each step the rows of what changed are what its events say, the counters are what a recount gives, nothing that
was sent in is lost, and no case is in a state that can't be. What is refused changes nothing at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from civic.cases import policy, queries, services
from civic.cases.models import FROM_RESIDENT, Case, CaseText, Feedback
from civic.cases.queries import Narrowing
from civic.cases.rules import (
    ENDED,
    TRANSITIONS,
    CaseAction,
    CaseFacts,
    CaseStatus,
    CounterKey,
    Event,
    Measure,
    contributions,
    is_content,
)
from civic.core.actor import RESIDENT, Role
from civic.core.errors import DomainError
from civic.core.extensions import db
from civic.core.ids import new_nonce
from tests.integration.cases.acts import (
    ACTIONS,
    ACTS,
    CHOICES,
    OFTEN,
    OUTSIDE,
    READ,
    Do,
    next_steps,
    one_able,
    one_of,
    wheel,
)
from tests.integration.cases.district import District
from tests.integration.cases.figures import (
    COLUMNS,
    SPANS,
    list_is_as_long_as_its_figure,
    sums_are_those_of_every_counter,
)
from tests.integration.cases.replayed import rows_are_what_the_events_say, stored_counters
from tests.integration.cases.watched import Watch
from tests.unit.cases.possible import facts_are_possible, figures_are_possible, history_is_lawful

A = CaseAction


class Refused(NamedTuple):
    """Something that status and role allow and that is refused all the same; ``why`` is the sentence for it."""

    action: CaseAction
    who: str
    case: int
    why: str


class Crowd(District, RuleBasedStateMachine):
    """Starts in a small district where nothing was said yet. What is ``wanted`` is done more often.

    ``heard`` are the sentences with which something was refused; what wasn't heard yet is tried more often.
    """

    def __init__(
        self, app: Flask, watch: Watch, wanted: Collection[CaseAction] = (), heard: Collection[str] = ()
    ) -> None:
        super().__init__()
        self.slots, self.script = wheel(wanted), list[Do]()
        self.heard = set(heard)
        self.begin(app, watch)
        self.leads = {one.account_id for one in self.people.values() if one.has(Role.LEAD)}
        self.versions: dict[int, int] = {}
        self.histories: dict[int, list[Event]] = {}
        self.counted: dict[int, Counter[CounterKey]] = {}
        self.counters: Counter[CounterKey] = Counter()
        self.known: dict[int, tuple[int, datetime, tuple[Refused, ...]]] = {}
        self.checked, self.sound = -1, True

    def teardown(self) -> None:
        if self.sound:
            self.everything_is_right()

    def drawn(self, draw: Callable[..., Any]) -> Do:
        """What happens next; the simplest first, so that a script shrinks to it."""
        if self.cases and draw(st.booleans()) and (unheard := self.unheard()):
            return self.drawn_refusal(draw, unheard)
        what = one_of(draw, OFTEN) if self.cases else "submit"
        if what == "somebody_acts":
            return self.drawn_act(draw)
        if what == "somebody_tries":
            return self.drawn_try(draw)
        if what == "somebody_is_refused":
            refused = self.refused()
            return self.drawn_refusal(draw, refused) if refused else Do("time_passes", hours=1)
        return Do(what, **{name: draw(strategy) for name, strategy in CHOICES.get(what, {}).items()})

    def drawn_act(self, draw: Callable[..., Any]) -> Do:
        number = self.drawn_case(draw)
        able = self.able(number)
        if not able:
            return Do("time_passes", hours=1)
        action = one_able(draw, self.slots, able)
        return self.with_choices(draw, action, one_able(draw, tuple(self.people), able[action]), number)

    def drawn_try(self, draw: Callable[..., Any]) -> Do:
        number = self.drawn_case(draw)
        action, who = draw(st.sampled_from(tuple(ACTS))), draw(st.sampled_from(tuple(self.people)))
        return self.with_choices(draw, action, who, number, late=draw(st.booleans()))

    def drawn_refusal(self, draw: Callable[..., Any], refused: Sequence[Refused]) -> Do:
        """Somebody tries what status and role allow and something stands against."""
        one = draw(st.sampled_from(refused))
        return self.with_choices(draw, one.action, one.who, one.case)

    def drawn_case(self, draw: Callable[..., Any]) -> int:
        """The number of a case in the order they came in, rather of one that is still worked on."""
        ended = [self.facts[case_id].status in ENDED for case_id in self.cases]
        return int(one_of(draw, {n: 1 if over else 5 for n, over in enumerate(ended, start=1)}))

    def with_choices(
        self, draw: Callable[..., Any], action: CaseAction, who: str, number: int, **more: Any
    ) -> Do:
        chosen = {name: draw(strategy) for name, strategy in ACTS[action].chosen.items()}
        if action is A.WITHDRAW_INVITATION:
            owing = self.facts[self.cases[number - 1]].owing_part
            named = [name for name, one in self.departments.items() if one in owing]
            chosen["department_id"] = named[0] if named else "water"
        return Do(action.value, by=who, case=number, **chosen, **{k: v for k, v in more.items() if v})

    def able(self, number: int) -> dict[CaseAction, list[str]]:
        """Which people may do what with a case now."""
        facts, found = self.facts[self.cases[number - 1]], {}
        for action in ACTS:
            if (facts.status, action) not in TRANSITIONS and action is not A.ERASE_WORDS:
                continue
            who = [name for name in self.people if name not in OUTSIDE and self.may(name, action, facts)]
            if who and (action is not A.CONCEAL_REPLY or self.old_reply(self.cases[number - 1])):
                found[action] = who
        return found

    def refused(self) -> list[Refused]:
        """What is refused now, to whom, of which case, and why."""
        return [one for number in range(1, len(self.cases) + 1) for one in self.refused_of(number)]

    def unheard(self) -> list[Refused]:
        """The same, as far as nobody was told that before."""
        return [one for one in self.refused() if one.why not in self.heard]

    def refused_of(self, number: int) -> tuple[Refused, ...]:
        facts = self.facts[self.cases[number - 1]]
        known = self.known.get(number)
        if known is None or known[:2] != (facts.seq, self.world.now):
            known = facts.seq, self.world.now, tuple(self.find_refused(number, facts))
            self.known[number] = known
        return known[2]

    def find_refused(self, number: int, facts: CaseFacts) -> Iterator[Refused]:
        for name, actor in self.people.items():
            for action, why in policy.refused_actions(actor, facts, self.world.now).items():
                if action in ACTS:
                    yield Refused(action, name, number, why)

    def may(self, who: str, action: CaseAction, facts: CaseFacts) -> bool:
        if action is A.ERASE_WORDS and facts.is_open:
            # It is withdrawn with them.
            action = A.WITHDRAW
        return bool(policy.can(self.people[who], action, facts, self.world.now))

    @rule(step=next_steps())
    def then(self, step: Do) -> None:
        self.sound = False
        self.script.append(step)
        with self.app.app_context():
            if step.what in ACTIONS:
                self.act(CaseAction(step.what), **step.given)
            else:
                getattr(self, step.what)(**step.given)

    def act(self, action: CaseAction, by: str, case: int, late: bool = False, **chosen: Any) -> None:
        """Somebody does this, or tries to; ``late``: with the case as it was before its last change."""
        case_id = self.cases[(case - 1) % len(self.cases)]
        facts, act = self.facts[case_id], ACTS[action]
        allowed = self.may(by, action, facts) and not late
        given: dict[str, Any] = {**act.said, **{k: self.read(k, value) for k, value in chosen.items()}}
        if action is A.REISSUE_CODE:
            given["nonce"] = new_nonce()
        if action is A.CONCEAL_REPLY:
            given["reply_id"] = self.old_reply(case_id)
        changes, before = self.watch.changes, None if allowed else self.as_it_stands()
        try:
            version = self.versions[case_id] - late
            self.world.do(act.service, self.people[by], case_id, version=version or -1, **given)
        except DomainError as error:
            assert self.watch.changes == changes, "what was refused has been committed"
            if not allowed:
                self.nothing_changed(before)
            self.heard.add(error.message)
        else:
            assert allowed, "this must be refused"

    def read(self, name: str, value: Any) -> Any:
        """What a script names, as a service takes it."""
        if name == "department_ids":
            return [self.departments[value]]
        if name.endswith("department_id"):
            return self.departments.get(value)
        if name == "account_id":
            return self.people[value].account_id
        if name == "survivor_id":
            return self.cases[(value - 1) % len(self.cases)]
        return READ[name](value) if name in READ else value

    def old_reply(self, case_id: int) -> int:
        """The latest reply that was corrected since and can still be read, 0 if there is none."""
        readable: list[int] = []
        for one in self.histories[case_id]:
            if one.action in (A.PUBLISH_REPLY, A.CORRECT_REPLY):
                corrected = one.action is A.CORRECT_REPLY
                readable = [*(readable if corrected else []), one.params["reply_id"]]
            elif one.action is A.CONCEAL_REPLY:
                readable.remove(one.params["reply_id"])
        return readable[-2] if len(readable) > 1 else 0

    def figures(self, measure: str, back: int, where: int, span: int, column: int) -> None:
        until, narrowed = self.world.now.date() - timedelta(days=back), self.narrowings()[where]
        list_is_as_long_as_its_figure(Measure(measure), until, narrowed)
        days = SPANS[span]
        since = until - timedelta(days=days) if days is not None else None
        sums_are_those_of_every_counter(COLUMNS[column], since, until, narrowed)

    def narrowings(self) -> tuple[tuple[Narrowing, ...], ...]:
        water = Narrowing("department_id", frozenset({self.world.water}))
        about = Narrowing("item_id", frozenset({0, self.world.item_id}), others=True)
        known = Narrowing("item_id", frozenset({0}), others=True)
        return (), (water,), (about,), (water, about), (water, known)

    # what must hold

    @invariant()
    def nothing_is_wrong(self) -> None:
        if self.checked != self.watch.changes:
            versions = {row.id: row.version for row in db.session.execute(select(Case.id, Case.version))}
            changed = [one for one, version in versions.items() if self.versions.get(one) != version]
            if changed:
                self.these_are_right(changed)
                self.versions = versions
                self.nothing_is_lost()
            assert stored_counters() == self.counters
            db.session.rollback()
            self.checked = self.watch.changes
        self.sound = True

    def these_are_right(self, case_ids: list[int]) -> None:
        for case_id, (facts, history) in rows_are_what_the_events_say(case_ids).items():
            before = self.histories.get(case_id, [])
            assert history[: len(before)] == before, "what has happened stays"
            assert len(history) > len(before), "a case changed without an event"
            facts_are_possible(facts)
            history_is_lawful(history, self.leads)
            self.facts[case_id], self.histories[case_id] = facts, history
            self.counters.subtract(self.counted.get(case_id, ()))
            self.counted[case_id] = contributions(facts)
            self.counters.update(self.counted[case_id])
            figures_are_possible(facts, self.counted[case_id])
        self.counters = +self.counters

    def nothing_is_lost(self) -> None:
        """Whatever came in is in exactly one case, and a merged one in exactly one that answers for it."""
        assert sorted(self.facts) == sorted(self.cases)
        kept = list(db.session.execute(select(Feedback.id, Case.id).outerjoin(Case)))
        assert sorted(case_id for _, case_id in kept) == sorted(self.cases)
        assert len({feedback_id for feedback_id, _ in kept}) == len(self.cases)
        holders = Counter(one for facts in self.facts.values() for one in facts.absorbed)
        for case_id, facts in self.facts.items():
            assert holders[case_id] == (facts.status is CaseStatus.MERGED)
            if facts.survivor_id is not None:
                survivor = self.facts[facts.survivor_id]
                assert case_id in survivor.absorbed
                assert facts.department_id == survivor.department_id, "with whoever answers"
                answered = survivor.status in (CaseStatus.REPLIED, CaseStatus.CLOSED) or survivor.is_open
                settled = facts.erased_at is not None or is_content(facts)
                assert answered or settled, "nobody answers it any more"

    def everything_is_right(self) -> None:
        """Also of what no step has touched, and once more when everybody has everything erased."""
        with self.app.app_context():
            for case_id, facts in list(self.facts.items()):
                if facts.erased_at is None:
                    self.world.do(services.erase_words, RESIDENT, case_id)
        self.nothing_is_wrong()
        assert set(db.session.scalars(select(Feedback.text))) <= {""}
        own = [role.value for role in FROM_RESIDENT]
        assert db.session.scalars(select(CaseText.id).where(CaseText.role.in_(own))).all() == []
        assert queries.public_case_ids() == ()
        assert services.check_stats() == []
        db.session.rollback()
