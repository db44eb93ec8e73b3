"""Two at once: one wins, the other sees why; nothing is lost or doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event, func, select

from civic.cases import services
from civic.cases.models import Case, CaseEvent, CaseText, Feedback, Reply
from civic.cases.rules import CaseAction, FeedbackKind, Resolution
from civic.cases.services import NewFeedback
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.errors import DomainError, NotFound, Stale
from civic.core.extensions import db
from tests.integration.cases.replayed import rows_are_what_the_events_say
from tests.integration.cases.worlds import World, events_of, version_of


def at_once(app: Flask, *calls: Any) -> list[Any]:
    """Run the calls in threads of their own, each in a transaction; what they returned or raised."""
    gate = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int, call: Any) -> None:
        with app.app_context():
            gate.wait()
            try:
                with unit_of_work():
                    results[place] = call()
            except Exception as error:
                results[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    db.session.rollback()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


A = CaseAction
Deed = Callable[[World, int, int], Any]


@dataclass(frozen=True)
class Race:
    """Two people have the same case before them, after what was done ``before``, and each does something to it."""

    one: Deed
    other: Deed
    brings: tuple[tuple[A, ...], tuple[A, ...]]
    before: tuple[Deed, ...] = ()


def accept(world: World, case_id: int, seen: int) -> Any:
    return services.accept_case(world.handler, case_id, seen, world.now)


def draft(world: World, case_id: int, seen: int) -> Any:
    return services.draft_reply(
        world.handler, case_id, seen, f"第{seen}稿。", world.now, resolution=Resolution.ADOPTED
    )


def publish(world: World, case_id: int, seen: int) -> Any:
    return services.publish_reply(world.lead, case_id, seen, world.now)


def send_back(world: World, case_id: int, seen: int) -> Any:
    return services.return_case(world.colleague, case_id, seen, world.now, reason="不属于本部门。")


RACES = {
    "take or take": Race(
        lambda w, case_id, seen: services.take_case(w.handler, case_id, seen, w.now),
        lambda w, case_id, seen: services.take_case(w.colleague, case_id, seen, w.now),
        ((A.TAKE,), (A.TAKE,)),
    ),
    "accept or accept": Race(
        accept,
        lambda w, case_id, seen: services.accept_case(w.colleague, case_id, seen, w.now),
        ((A.ACCEPT,), (A.ACCEPT,)),
    ),
    "accept or transfer": Race(
        accept,
        lambda w, case_id, seen: services.transfer_case(
            w.dispatcher, case_id, seen, w.roads, w.now, reason="属于住建局。"
        ),
        ((A.ACCEPT,), (A.TRANSFER,)),
    ),
    "reply or return": Race(draft, send_back, ((A.DRAFT_REPLY,), (A.RETURN,)), (accept,)),
    "publish or edit": Race(publish, draft, ((A.PUBLISH_REPLY,), (A.DRAFT_REPLY,)), (accept, draft)),
    "reply or merge": Race(
        publish,
        lambda w, case_id, seen: services.merge_case(
            w.dispatcher, case_id, seen, w.sent[0].case_id, w.now, reason="同一件事。"
        ),
        ((A.PUBLISH_REPLY,), (A.MERGE,)),
        (accept, draft),
    ),
    "answer or withdraw": Race(
        publish,
        lambda w, case_id, seen: services.withdraw_case(RESIDENT, case_id, seen, w.now),
        ((A.PUBLISH_REPLY,), (A.WITHDRAW,)),
        (accept, draft),
    ),
}


def test_of_two_who_change_one_case_one_wins_and_the_other_is_told(app: Flask, world: World) -> None:
    world.submit()
    for name, race in RACES.items():
        case_id = world.submit().case_id
        for deed in race.before:
            with unit_of_work():
                deed(world, case_id, version_of(case_id))
        seen, events, written = version_of(case_id), events_of(case_id), written_to(case_id)
        results = at_once(
            app,
            lambda race=race, on=(case_id, seen): race.one(world, *on),
            lambda race=race, on=(case_id, seen): race.other(world, *on),
        )
        won = 1 if isinstance(results[0], DomainError) else 0
        assert isinstance(results[won], services.State), name
        # What was just sent elsewhere is no longer the handler's to look at.
        gone = race.brings[won] == (A.TRANSFER,)
        assert isinstance(results[1 - won], NotFound if gone else Stale), name
        assert events_of(case_id) == [*events, *race.brings[won]], name
        # Words that the other one wrote are not kept either.
        new = written_to(case_id) - written
        assert len(new) == (race.brings[won][0] in (A.TRANSFER, A.RETURN, A.MERGE, A.DRAFT_REPLY)), name
    rows_are_what_the_events_say([receipt.case_id for receipt in world.sent])
    assert services.check_stats() == []


def written_to(case_id: int) -> set[str]:
    """What people wrote for a case."""
    texts = db.session.scalars(select(CaseText.text).where(CaseText.case_id == case_id))
    return {*texts, *db.session.scalars(select(Reply.text).where(Reply.case_id == case_id))}


PATIENCE_SECONDS = 0.2


@contextmanager
def both_hold_a_case(app: Flask) -> Iterator[None]:
    """Each of two goes on when both have locked their first case, or when one of them has to wait for the other."""
    gate, there = threading.Barrier(2), set[int]()

    def locked(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        me = threading.get_ident()
        if "FROM case_file" in statement and statement.endswith("FOR UPDATE") and me not in there:
            there.add(me)
            with suppress(threading.BrokenBarrierError):
                gate.wait(PATIENCE_SECONDS)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", locked)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", locked)


def test_two_who_change_the_same_two_cases_never_wait_in_a_circle(app: Flask, world: World) -> None:
    merged, survivor = world.submit().case_id, world.submit().case_id
    world.do(services.merge_case, world.dispatcher, merged, survivor_id=survivor)
    seen = version_of(merged), version_of(survivor)
    with both_hold_a_case(app):
        results = at_once(
            app,
            lambda: services.unmerge_case(world.dispatcher, merged, seen[0], world.now),
            lambda: services.withdraw_case(RESIDENT, survivor, seen[1], world.now),
        )
    assert sorted(type(result).__name__ for result in results) == ["Stale", "State"]
    # Into a case that another one is just being taken out of: that one comes between the two.
    third, between, into = (world.submit().case_id for _ in range(3))
    world.do(services.merge_case, world.dispatcher, between, survivor_id=into)
    seen = version_of(third), version_of(between)
    with both_hold_a_case(app):
        results = at_once(
            app,
            lambda: services.merge_case(world.dispatcher, third, seen[0], into, world.now),
            lambda: services.unmerge_case(world.dispatcher, between, seen[1], world.now),
        )
    assert [type(result).__name__ for result in results] == ["State", "State"]
    # The one that came first is due last: whoever notes what is late begins at the other end.
    held = [world.submit(kind=kind).case_id for kind in (FeedbackKind.REPORT, FeedbackKind.QUESTION)]
    for case_id in held:
        world.do(services.accept_case, world.handler, case_id)
    due = dict(db.session.execute(select(Case.id, Case.due_at).where(Case.id.in_(held))).all())
    assert due[held[0]] > due[held[1]]
    account_id = world.handler.account_id
    assert account_id is not None
    world.pass_time(days=99)
    with both_hold_a_case(app):
        moved, swept = at_once(
            app,
            lambda: services.hand_over_cases(world.admin, account_id, {world.water: None}, world.now),
            lambda: services.sweep(world.now),
        )
    assert moved == 2
    assert isinstance(swept, services.SweepReport)
    assert swept.overdue >= 2
    rows_are_what_the_events_say([receipt.case_id for receipt in world.sent])
    assert services.check_stats() == []


def test_the_same_form_sent_by_two_clicks_at_once_makes_one_case(app: Flask, world: World) -> None:
    def send() -> Any:
        new = NewFeedback(FeedbackKind.REPORT, "井盖松动，请检修。", nonce="one-form", item_id=world.item_id)
        return services.submit_feedback(RESIDENT, new, world.now)

    results = at_once(app, send, send, send)
    assert len({(r.reference, r.query_code) for r in results}) == 1
    assert sorted(r.repeated for r in results) == [False, True, True]
    assert db.session.scalar(select(func.count(Feedback.id))) == 1
    assert db.session.scalar(select(func.count(Case.id))) == 1
    assert services.check_stats() == []


def test_many_residents_at_once_lose_nothing(app: Flask, world: World) -> None:
    def send(number: int) -> Any:
        def call() -> Any:
            new = NewFeedback(
                FeedbackKind.SUGGESTION, f"第{number}条建议", nonce=f"form-{number}", item_id=world.item_id
            )
            return services.submit_feedback(RESIDENT, new, world.now)

        return call

    results = at_once(app, *(send(number) for number in range(12)))
    assert len({result.reference for result in results}) == 12
    assert db.session.scalar(select(func.count(CaseEvent.id))) == 24
    assert services.check_stats() == []


def test_two_merges_the_other_way_round_do_not_wait_for_each_other(app: Flask, world: World) -> None:
    one, two = world.submit().case_id, world.submit().case_id
    results = at_once(
        app,
        lambda: services.merge_case(world.dispatcher, one, 1, two, world.now),
        lambda: services.merge_case(world.dispatcher, two, 1, one, world.now),
    )
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert services.check_stats() == []
