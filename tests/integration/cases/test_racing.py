"""Two at once: one wins, the other sees why; nothing is lost or doubled."""

from __future__ import annotations

import threading
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from civic.cases import services
from civic.cases.models import Case, CaseEvent, Feedback
from civic.cases.rules import CaseAction, FeedbackKind
from civic.cases.services import NewFeedback
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.errors import Stale
from civic.core.extensions import db
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


def test_two_handlers_accept_the_same_case_and_one_wins(app: Flask, world: World) -> None:
    case_id = world.submit().case_id
    seen = version_of(case_id)
    results = at_once(
        app,
        lambda: services.accept_case(world.handler, case_id, seen, world.now),
        lambda: services.accept_case(world.colleague, case_id, seen, world.now),
    )
    assert sorted(type(result).__name__ for result in results) == ["Stale", "State"]
    assert any(isinstance(result, Stale) for result in results)
    assert events_of(case_id).count(CaseAction.ACCEPT) == 1
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
