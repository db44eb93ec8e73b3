"""Random people doing random things to many cases: a state machine whose every step is one line of a script.

After each step the rows of what changed are what its events say, the counters are what a recount gives, nothing that
was sent in is lost, and no case is in a state that can't be. What is refused changes nothing at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import func, select

from civic.accounts import queries as accounts
from civic.cases import policy, queries, services
from civic.cases.models import FROM_RESIDENT, Case, CaseText, Feedback, SupportChange, VoiceSupport
from civic.cases.queries import Narrowing
from civic.cases.rules import (
    ENDED,
    TRANSITIONS,
    CaseAction,
    CaseFacts,
    CaseStatus,
    CounterKey,
    Event,
    FeedbackKind,
    HeldBecause,
    Measure,
    contributions,
    is_content,
)
from civic.cases.services.retention import erase_contacts
from civic.core.actor import RESIDENT, Actor, Role
from civic.core.dated import fingerprint
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from civic.core.extensions import db
from civic.core.ids import new_nonce
from civic.core.workdays import is_workday
from civic.departments import queries as departments
from civic.departments.rules import CalendarFile, ReorganisationKind, SpecialDay
from civic.departments.services import NewReorganisation, change_calendar, plan_reorganisation
from civic.departments.services.calendars import calendar_values, special_days
from tests.conftest import empty_postgres
from tests.integration.cases.acts import (
    ACTIONS,
    ACTS,
    CHOICES,
    DEPARTMENTS,
    OFTEN,
    PEOPLE,
    READ,
    Do,
    next_steps,
    one_able,
    one_of,
    wheel,
)
from tests.integration.cases.figures import (
    COLUMNS,
    SPANS,
    list_is_as_long_as_its_figure,
    sums_are_those_of_every_counter,
)
from tests.integration.cases.replayed import rows_are_what_the_events_say, stored_counters, whole_database
from tests.integration.cases.worlds import make_crowded_world
from tests.snapshots import built_once
from tests.unit.cases.possible import facts_are_possible, figures_are_possible, history_is_lawful

A = CaseAction
OUTSIDE = ("deputy", "auditor", "admin")
"""Nothing of a case is theirs to change."""


class Crowd(RuleBasedStateMachine):
    """Starts in a small district where nothing was said yet. What is ``wanted`` is done more often."""

    def __init__(self, app: Flask, wanted: Collection[CaseAction] = ()) -> None:
        super().__init__()
        self.slots, self.script = wheel(wanted), list[Do]()
        self.app = app
        db.session.remove()
        if db.engine.dialect.name == "postgresql":
            empty_postgres(app)
        app.extensions.pop("civic.kept", None)
        self.world, parks, third_lead = built_once(app, "crowd", make_crowded_world)
        world, ids = self.world, (self.world.water, self.world.roads, parks)
        self.departments = dict(zip(DEPARTMENTS, ids, strict=True))
        self.people: dict[str, Actor] = {
            "resident": RESIDENT,
            **{name: getattr(world, name) for name in (*PEOPLE[:-1], "dispatcher", *OUTSIDE)},
            "third_lead": third_lead,
        }
        self.leads = {one.account_id for one in self.people.values() if one.has(Role.LEAD)}
        self.cases: list[int] = []
        self.versions: dict[int, int] = {}
        self.facts: dict[int, CaseFacts] = {}
        self.histories: dict[int, list[Event]] = {}
        self.counted: dict[int, Counter[CounterKey]] = {}
        self.whole: object = None
        self.wrote = self.sound = True

    def teardown(self) -> None:
        if self.sound:
            self.everything_is_right()

    def drawn(self, draw: Callable[..., Any]) -> Do:
        """What happens next; the simplest first, so that a script shrinks to it."""
        what = one_of(draw, OFTEN) if self.cases else "submit"
        if what == "somebody_acts":
            return self.drawn_act(draw)
        if what == "somebody_tries":
            return self.drawn_try(draw)
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
        self.wrote = step.what not in ("time_passes", "figures")

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
        try:
            version = self.versions[case_id] - late
            self.world.do(act.service, self.people[by], case_id, version=version or -1, **given)
        except DomainError:
            db.session.rollback()
            assert whole_database() == self.whole, "what was refused has changed something"
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

    # what isn't somebody's work on one case

    def submit(self, kind: str, item: str | None, how: str, public: bool) -> None:
        world = self.world
        receipt = world.submit(
            kind=FeedbackKind(kind),
            item_id={"led": world.item_id, "orphan": world.orphan_item_id}.get(item or ""),
            wants_publication=public,
            about_staff=how == "about staff",
            held=(HeldBecause.NO_PROOF,) if how == "held" else (),
        )
        self.cases.append(receipt.case_id)

    def time_passes(self, hours: int) -> None:
        self.world.pass_time(hours=hours)

    def sweep(self) -> None:
        with unit_of_work():
            services.sweep(self.world.now)
        with unit_of_work():
            assert services.sweep(self.world.now) == services.SweepReport(0, 0), "once is enough"

    def press(self, case: int, browser: str) -> None:
        self.support(services.support_voice, case, browser, mine=True)

    def take_back(self, case: int, browser: str) -> None:
        self.support(services.take_back_support, case, browser, mine=False)

    def support(self, service: Any, case: int, browser: str, *, mine: bool) -> None:
        case_id = self.cases[(case - 1) % len(self.cases)]
        reference = self.world.sent[self.cases.index(case_id)].reference
        seen = self.facts[case_id]
        survivor = self.facts[seen.survivor_id] if seen.survivor_id is not None else seen
        try:
            with unit_of_work():
                service(reference, browser, self.world.now)
        except DomainError:
            assert not survivor.is_visible
        else:
            assert survivor.is_visible
            assert queries.supported(reference, browser).mine is mine

    def count_supports(self) -> None:
        with unit_of_work():
            services.show_supports(self.world.now)
        pressed = db.session.execute(select(VoiceSupport.case_id, VoiceSupport.browser_hash)).all()
        for case_id, shown in db.session.execute(select(Case.id, Case.supporters)):
            joined = {case_id, *self.facts[case_id].absorbed}
            assert shown == len({row.browser_hash for row in pressed if row.case_id in joined})
        assert db.session.scalar(select(func.count()).select_from(SupportChange)) == 0

    def sum_up(self) -> None:
        with unit_of_work():
            services.sum_up(self.world.now)

    def rebuild(self) -> None:
        before = stored_counters()
        with unit_of_work():
            services.rebuild_stats()
        assert stored_counters() == before
        assert services.check_stats() == []

    def holiday(self) -> None:
        """The official calendar names another day off, and what it moves is moved."""
        now, calendar = self.world.now, departments.calendar()
        days = (now.date() + timedelta(days=n) for n in range(1, 99))
        day = next(day for day in days if is_workday(calendar, day))
        before = calendar_values(day.year)
        off = (*special_days(before), SpecialDay(day, False, "补充放假"))
        file = CalendarFile(day.year, "关于补充放假的通知", "1号", now.date(), "", off)
        with unit_of_work():
            change_calendar(self.people["admin"], file, "补充放假", now, fingerprint(before))
            services.recompute_deadlines(now)

    def reorganise(self, source: str, target: str, whole: bool) -> None:
        """A department is merged into another one, or what concerns an item of the plan passes to it."""
        today = departments.local_day(self.world.now)
        new = NewReorganisation(
            ReorganisationKind.MERGE if whole else ReorganisationKind.SPLIT,
            self.departments[source], self.departments[target], today, "通知", "1号", today,
            frozenset() if whole else frozenset({f"item:{self.world.item_id}"}),
        )  # fmt: skip
        try:
            with unit_of_work():
                plan_reorganisation(self.people["admin"], new, self.world.now)
        except DomainError:
            db.session.rollback()
            assert whole_database() == self.whole
        for name, actor in self.people.items():
            if actor.account_id is not None:
                self.people[name] = accounts.actor_of(actor.account_id)

    def leave(self, person: str, successor: str | None) -> None:
        """Somebody leaves, and what they have goes to a colleague or back to the department."""
        actor, to = self.people[person], self.people[successor].account_id if successor else None
        assert actor.account_id is not None
        try:
            with unit_of_work():
                services.hand_over_cases(
                    self.people["admin"], actor.account_id,
                    dict.fromkeys(sorted(actor.departments()), to), self.world.now,
                )  # fmt: skip
        except DomainError:
            db.session.rollback()
            assert whole_database() == self.whole

    def contacts_go(self) -> None:
        """Long after their end, as retention has it."""
        with unit_of_work():
            erase_contacts(self.world.now + timedelta(days=200))

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
        versions = {row.id: row.version for row in db.session.execute(select(Case.id, Case.version))}
        changed = [case_id for case_id, version in versions.items() if self.versions.get(case_id) != version]
        if changed:
            self.these_are_right(changed)
            self.versions = versions
            assert stored_counters() == sum(self.counted.values(), Counter())
            self.nothing_is_lost()
        if self.wrote:
            self.whole = whole_database()
        db.session.rollback()
        self.sound = True

    def these_are_right(self, case_ids: list[int]) -> None:
        for case_id, (facts, history) in rows_are_what_the_events_say(case_ids).items():
            before = self.histories.get(case_id, [])
            assert history[: len(before)] == before, "what has happened stays"
            assert len(history) > len(before), "a case changed without an event"
            facts_are_possible(facts)
            history_is_lawful(history, self.leads)
            self.facts[case_id], self.histories[case_id] = facts, history
            self.counted[case_id] = contributions(facts)
            figures_are_possible(facts, self.counted[case_id])

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
                answered = survivor.status in (CaseStatus.REPLIED, CaseStatus.CLOSED) or survivor.is_open
                settled = facts.erased_at is not None or is_content(facts)
                assert answered or settled, "nobody answers it any more"

    def everything_is_right(self) -> None:
        """Also of what no step has touched, and once more when everybody has everything erased."""
        with self.app.app_context():
            assert services.check_stats() == [], "nobody changes a case until this transaction ends"
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
