"""Random people doing random things to many cases, on both databases.

After every step: the rows are what the events say, the counters are what a recount gives,
and every list behind a figure is exactly as long as the figure.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, literal, select

from civic.cases import policy, queries, services
from civic.cases.models import (
    FROM_RESIDENT,
    CaseEvent,
    CaseStat,
    CaseText,
    Feedback,
    Reply,
)
from civic.cases.rules import (
    CaseAction,
    DeclineCode,
    FeedbackKind,
    HeldBecause,
    Measure,
    RatingLevel,
    Recognised,
    Resolution,
    Solved,
)
from civic.cases.services.applying import load_facts
from civic.core.actor import RESIDENT, Actor
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from civic.core.extensions import db
from civic.core.ids import new_nonce
from civic.core.workdays import is_workday
from civic.departments import queries as departments
from civic.departments.rules import Handover
from civic.web.caching import raise_content_version
from tests.integration.cases.replayed import rows_are_what_the_events_say
from tests.integration.cases.worlds import World, insert, version_of

A = CaseAction
STOCKS = {
    Measure.LEFT: {Measure.OPENED},
    Measure.LEFT_OVERDUE: {Measure.BECAME_OVERDUE, Measure.CAME_OVERDUE},
}
FAR = date(2036, 1, 1)
ENDS = (A.WITHDRAW, A.ERASE_WORDS, A.ERASE_CONTACT, A.REVOKE_CONSENT, A.MERGE, A.DECLINE)
ASIDE = (
    A.ADD_INFORMATION, A.REISSUE_CODE, A.ESCALATE, A.INVITE, A.ASSIGN, A.HAND_BACK, A.TAKE, A.REMASK, A.ASK_RESIDENT,
    A.RESUME, A.UNPUBLISH, A.TRANSFER,
)  # fmt: skip
ONWARD = (
    A.DRAFT_REPLY, A.SEND_FOR_APPROVAL, A.APPROVE_REPLY, A.PUBLISH_REPLY, A.DRAFT_CORRECTION, A.CORRECT_REPLY,
    A.CONCEAL_REPLY, A.RATE, A.REOPEN, A.APPEAL, A.REQUEST_EXTENSION, A.SEND_BACK,
)  # fmt: skip
CHANCES = (
    dict.fromkeys(ENDS, 0.15)
    | dict.fromkeys(ASIDE, 0.4)
    | dict.fromkeys(ONWARD, 2)
    | {A.REISSUE_CODE: 0.1, A.REQUEST_EXTENSION: 5, A.APPROVE_EXTENSION: 30}
)
"""How often an action is drawn where most have 1: with equal chances no case would live to be answered."""


@dataclass(frozen=True)
class Window:
    measures: frozenset[Measure]
    since: date | None
    until: date


class Crowd:
    """Draws who does what next, and does it."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.draw = random.Random(seed)
        self.cases: list[int] = []
        self.refused = 0

    def step(self) -> None:
        world, draw = self.world, self.draw
        world.pass_time(hours=draw.choice([0, 1, 1, 3, 20, 60]))
        if len(self.cases) < 3 or draw.random() < 0.04:
            self.submit()
        elif draw.random() < 0.06:
            with unit_of_work():
                services.sweep(world.now)
        else:
            self.somebody_acts()

    def submit(self) -> None:
        draw, world = self.draw, self.world
        receipt = world.submit(
            kind=draw.choice(list(FeedbackKind)),
            item_id=draw.choice([world.item_id, world.item_id, world.orphan_item_id, None]),
            wants_publication=draw.random() < 0.7,
            about_staff=draw.random() < 0.1,
            held=(HeldBecause.NO_PROOF,) if draw.random() < 0.1 else (),
        )
        self.cases.append(receipt.case_id)

    def somebody_acts(self) -> None:
        world, draw = self.world, self.draw
        case_id = draw.choice(self.cases[-6:] if draw.random() < 0.8 else self.cases)
        facts = load_facts(case_id)
        assert facts is not None
        people = [
            RESIDENT, world.handler, world.colleague, world.lead, world.other, world.other_lead, world.dispatcher,
        ]  # fmt: skip
        able = self.services()
        allowed = [
            (actor, action)
            for actor in people
            for action in policy.allowed_actions(actor, facts, world.now)
            if action in able
        ]
        if draw.random() < 0.1 or not allowed:
            allowed = [(draw.choice(people), draw.choice(list(able)))]
        chances = [CHANCES.get(action, 1) for _, action in allowed]
        ((actor, action),) = draw.choices(allowed, chances)
        try:
            able[action](actor, case_id)
        except DomainError:
            self.refused += 1

    def old_reply(self, case_id: int) -> int:
        """A reply that was corrected since; 0 if there is none, which the service refuses."""
        corrected = select(Reply.corrects_id).where(Reply.case_id == case_id, Reply.corrects_id.is_not(None))
        return db.session.scalar(corrected.limit(1)) or 0

    def invited(self, case_id: int) -> int:
        """A department that still owes its part; 0 if none does, which the service refuses."""
        facts = load_facts(case_id)
        return next(iter(facts.owing_part), 0) if facts else 0

    def services(self) -> dict[CaseAction, Callable[[Actor, int], Any]]:
        world, draw = self.world, self.draw

        def plain(service: Any, *args: Any, **values: Any) -> Callable[[Actor, int], Any]:
            return lambda actor, case_id: world.do(service, actor, case_id, *args, **values)

        department = draw.choice([world.water, world.roads])
        text = draw.choice(["请尽快处理。", "补充一点情况。"])
        resolution = draw.choice(list(Resolution))
        level = draw.choice(list(RatingLevel))
        other = draw.choice(self.cases)
        return {
            A.TRIAGE: plain(services.release_held),
            A.ROUTE: plain(services.route_case, department),
            A.TRANSFER: plain(services.transfer_case, department, reason=text),
            A.DESIGNATE: plain(services.designate_case, department, reason=text),
            A.PUBLISH: plain(services.review_publication, A.PUBLISH),
            A.PUBLISH_MASKED: plain(services.review_publication, A.PUBLISH_MASKED, masked_text=text),
            A.KEEP_PRIVATE: plain(services.review_publication, A.KEEP_PRIVATE),
            A.UNPUBLISH: plain(services.unpublish_case, reason=text),
            A.REMASK: plain(services.remask_case, masked_text=text),
            A.REVOKE_CONSENT: plain(services.revoke_consent),
            A.DECLINE: plain(services.decline_case, DeclineCode.NO_SUBSTANCE),
            A.APPEAL: plain(services.appeal_case, reason=text),
            A.TAKE: plain(services.take_case),
            A.ASSIGN: plain(services.assign_case, world.colleague.account_id),
            A.HAND_BACK: plain(services.hand_back_case),
            A.ACCEPT: plain(services.accept_case),
            A.RETURN: plain(services.return_case, reason=text),
            A.INVITE: plain(services.invite_departments, [department]),
            A.WITHDRAW_INVITATION: lambda actor, case_id: world.do(
                services.withdraw_invitation, actor, case_id, self.invited(case_id)
            ),
            A.CONTRIBUTE: plain(services.contribute_part, text=text),
            A.ASK_RESIDENT: plain(services.ask_resident, question=text),
            A.ADD_INFORMATION: plain(services.add_information, text=text),
            A.RESUME: plain(services.resume_case),
            A.REQUEST_EXTENSION: plain(services.request_extension, days=3, reason=text),
            A.APPROVE_EXTENSION: plain(services.approve_extension),
            A.REFUSE_EXTENSION: plain(services.refuse_extension, reason=text),
            A.ESCALATE: plain(services.escalate_case, reason=text),
            A.MERGE: plain(services.merge_case, survivor_id=other),
            A.UNMERGE: plain(services.unmerge_case),
            A.DRAFT_REPLY: plain(
                services.draft_reply, text=text, resolution=resolution, referred_to="区法院"
            ),
            A.SEND_FOR_APPROVAL: plain(services.send_for_approval),
            A.SEND_BACK: plain(services.send_back_reply, reason=text),
            A.APPROVE_REPLY: plain(services.approve_reply, publish=draw.random() < 0.5),
            A.PUBLISH_REPLY: plain(services.publish_reply),
            A.DRAFT_CORRECTION: plain(
                services.draft_correction, text=text, resolution=Resolution.EXPLAINED, reason=text
            ),
            A.CORRECT_REPLY: plain(
                services.correct_reply, text=text, resolution=Resolution.EXPLAINED, reason=text
            ),
            A.RATE: plain(
                services.rate_reply,
                level,
                reason=draw.choice(["", text]),
                solved=draw.choice([None, *Solved]),
            ),
            A.REOPEN: plain(services.reopen_case, reason=text),
            A.WITHDRAW: plain(services.withdraw_case),
            A.REISSUE_CODE: plain(services.reissue_code, new_nonce(), Recognised.QUESTIONS, reason=text),
            A.CONCEAL_REPLY: lambda actor, case_id: world.do(
                services.conceal_reply, actor, case_id, self.old_reply(case_id)
            ),
            A.ERASE_CONTACT: plain(services.erase_contact),
            A.ERASE_WORDS: plain(services.erase_words),
        }


def lists_are_as_long_as_their_figures(world: World, until: date) -> None:
    for measure in Measure:
        water = queries.Narrowing("department_id", frozenset({world.water}))
        about = queries.Narrowing("item_id", frozenset({0, world.item_id}), others=True)
        for where in ((), (water,), (about,), (water, about)):
            window = Window(frozenset({measure}), None, until)
            figure = sum(s.n for s in queries.stat_sums([window], where=where))
            assert queries.count_behind(queries.Selection([window], where=where)) == figure, (measure, where)
        by_department = queries.stat_sums([window], "department_id")
        assert sum(s.n for s in by_department if s.key == world.water) == sum(
            s.n for s in queries.stat_sums([window], where=[water])
        )
    for left, came in STOCKS.items():
        window = Window(frozenset({*came, left}), None, until)
        sums = queries.stat_sums([window])
        stock = sum(s.n if s.measure in came else -s.n for s in sums)
        selection = queries.Selection([window], minus=frozenset({left}))
        assert queries.count_behind(selection) == stock, came
        listed, cursor = 0, None
        while True:
            page = queries.cases_behind(selection, cursor, size=3)
            listed += len(page.rows)
            cursor = page.next_cursor
            if cursor is None:
                break
        assert listed == stock


def sums_are_those_of_every_counter(world: World, until: date) -> None:
    """Periods that begin and end anywhere, told apart and narrowed, from sums of which some were only just posted."""
    measures = frozenset(Measure)
    water = queries.Narrowing("department_id", frozenset({world.water}))
    known = queries.Narrowing("item_id", frozenset({0}), others=True)
    asked = [
        (None, ()),
        ("item_id", ()),
        ("kind", (water,)),
        ("item_id", (water,)),
        ("street_id", (water, known)),
    ]
    for since in (None, until - timedelta(days=400), until - timedelta(days=33), until.replace(day=1), until):
        days = [CaseStat.day <= until, *([CaseStat.day >= since] if since else [])]
        for column, where in asked:
            key = getattr(CaseStat, column) if column else literal(0)
            told = (key, CaseStat.measure, CaseStat.bucket)
            narrowed = [one.holds(getattr(CaseStat, one.column)) for one in where]
            query = select(*told, func.sum(CaseStat.n)).where(*days, *narrowed).group_by(*told)
            found = queries.stat_sums([Window(measures, since, until)], column, where=where)
            counted = {tuple(row[:3]): row[3] for row in db.session.execute(query)}
            assert {(s.key, s.measure.value, s.bucket): s.n for s in found} == counted, (since, until, column)
        by_month: Counter[tuple[str, date]] = Counter()
        for day, measure, n in db.session.execute(
            select(CaseStat.day, CaseStat.measure, CaseStat.n).where(*days)
        ):
            by_month[measure, day.replace(day=1)] += n
        assert queries.stat_months(measures, since or date(2020, 1, 1), until) == by_month


def a_holiday_more(world: World) -> None:
    """The official calendar names another day off, and what it moves is moved."""
    days = (world.now.date() + timedelta(days=n) for n in range(1, 9))
    day = next(day for day in days if is_workday(departments.calendar(), day))
    insert("calendar_day", day=day, year=day.year, works=False, name="补充放假")
    with unit_of_work():
        raise_content_version()
    with unit_of_work():
        services.recompute_deadlines(world.now)


def a_department_is_succeeded(world: World) -> None:
    """Whatever is open with the roads passes to the waterworks, in the middle of everything."""
    today = departments.local_day(world.now)
    handover = Handover(world.roads, world.water, True, frozenset(), today, world.now, "通知", "1号")
    with unit_of_work():
        services.pass_cases(handover)


def test_random_people_never_reach_an_impossible_state(world: World) -> None:
    for seed in (1, 2, 3):
        crowd = Crowd(world, seed)
        for number in range(220):
            crowd.step()
            if number % 20 == 0:
                assert services.check_stats() == []
                rows_are_what_the_events_say(crowd.cases)
                db.session.rollback()
            if number == 110:
                with unit_of_work():
                    services.sum_up(world.now)
            if (seed, number) == (1, 20):
                a_holiday_more(world)
            if number == 130:
                a_department_is_succeeded(world)
        assert crowd.refused
        assert all(version_of(case_id) >= 1 for case_id in crowd.cases)
    today = world.now.date()
    for until in (today - timedelta(days=9), today, FAR):
        lists_are_as_long_as_their_figures(world, until)
        sums_are_those_of_every_counter(world, until)
    before = services.check_stats()
    with unit_of_work():
        services.rebuild_stats()
    assert before == services.check_stats() == []
    happened = set(db.session.scalars(select(CaseEvent.action).distinct()))
    assert set(CaseAction) - happened == set(), "the crowd must have tried everything that is possible"


@pytest.mark.parametrize("seed", [4, 5])
def test_whatever_happened_erasing_all_words_leaves_histories_and_figures_as_they_follow(
    app: Flask, world: World, seed: int
) -> None:
    crowd = Crowd(world, seed)
    for _ in range(120):
        crowd.step()
    for case_id in crowd.cases:
        facts = load_facts(case_id)
        assert facts is not None
        if facts.erased_at is None:
            world.do(services.erase_words, RESIDENT, case_id)
    rows_are_what_the_events_say(crowd.cases)
    assert set(db.session.scalars(select(Feedback.text))) == {""}
    own = [role.value for role in FROM_RESIDENT]
    assert db.session.scalars(select(CaseText.id).where(CaseText.role.in_(own))).all() == []
    assert queries.public_case_ids() == ()
    db.session.rollback()
    checked = app.test_cli_runner().invoke(args=["civic", "rebuild-stats", "--check"])
    assert (checked.exit_code, checked.output.strip()) == (0, "The counters agree with the events.")
