"""The outbox: each message once, retried with patience, and what was in flight at a crash is never sent blindly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from civic.core import outbox
from civic.core.db import unit_of_work
from civic.core.delivery import (
    BACK_OFF,
    Deferred,
    NotWanted,
    Refused,
    Uncertain,
    Unreachable,
    deliver_due,
    recover_claims,
    register_handler,
)
from civic.core.extensions import db
from civic.core.outbox import OutboxMessage, OutboxStatus, enqueue

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def box(app_context: Flask) -> list[dict[str, Any]]:
    """What a handler of kind 'test' was given, in order."""
    given: list[dict[str, Any]] = []
    register_handler(app_context, "test", lambda payload, now: given.append(payload), repeatable=False)
    return given


def put(kind: str = "test", key: str = "one") -> None:
    with unit_of_work():
        enqueue(kind, key, {"case": 1}, NOW)


def statuses() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMessage.status).order_by(OutboxMessage.id)))


def test_a_message_is_delivered_once(box: list[dict[str, Any]]) -> None:
    put()
    put()
    assert deliver_due(NOW) == 1
    assert deliver_due(NOW) == 0
    assert box == [{"case": 1}]
    assert statuses() == ["done"]


def test_a_failing_delivery_waits_longer_each_time_and_is_given_up_visibly(app_context: Flask) -> None:
    def fail(_payload: dict[str, Any], _now: datetime) -> None:
        raise ConnectionError

    register_handler(app_context, "failing", fail, repeatable=False)
    put("failing")
    now = NOW
    for wait in BACK_OFF:
        assert deliver_due(now) == 0
        assert statuses() == ["waiting"]
        assert deliver_due(now + wait - timedelta(seconds=1)) == 0
        now += wait
    deliver_due(now)
    assert statuses() == ["failed"]
    assert db.session.scalar(select(OutboxMessage.last_error)) == "ConnectionError"
    assert db.session.scalar(select(OutboxMessage.attempts)) == len(BACK_OFF) + 1


@pytest.mark.parametrize(
    ("raised", "repeatable", "outside", "state", "code"),
    [
        (Deferred("later"), False, True, "waiting", "later"),
        (Unreachable("away"), False, True, "waiting", "away"),
        (Refused("no"), True, True, "failed", "no"),
        (Uncertain("lost"), True, True, "uncertain", "lost"),
        (NotWanted("erased"), False, True, "dropped", "erased"),
        # What nobody foresaw may have happened after the message had left the house.
        (KeyError("x"), False, True, "uncertain", "KeyError"),
        (KeyError("x"), True, True, "waiting", "KeyError"),
        (KeyError("x"), False, False, "waiting", "KeyError"),
    ],
    ids=str,
)
def test_how_a_try_ended_is_what_the_handler_says(
    app_context: Flask, raised: Exception, repeatable: bool, outside: bool, state: str, code: str
) -> None:
    def end(_payload: dict[str, Any], _now: datetime) -> None:
        raise raised

    register_handler(app_context, "ending", end, repeatable=repeatable, outside=outside)
    put("ending")
    assert deliver_due(NOW) == 0
    assert statuses() == [state]
    assert db.session.scalar(select(OutboxMessage.last_error)) == code


@pytest.mark.parametrize(
    ("raised", "tried"), [(Unreachable("away"), 1), (Uncertain("lost"), 1), (Deferred("no"), 3)]
)
def test_a_kind_rests_for_the_round_if_its_server_is_away_or_silent(
    app_context: Flask, raised: Exception, tried: int
) -> None:
    tries: list[dict[str, Any]] = []

    def end(payload: dict[str, Any], _now: datetime) -> None:
        tries.append(payload)
        raise raised

    register_handler(app_context, "ending", end, repeatable=False, outside=True)
    for key in "abc":
        put("ending", key)
    deliver_due(NOW)
    assert len(tries) == tried


def test_what_failed_is_tried_again_or_left_by_a_person_only(
    app_context: Flask, box: list[dict[str, Any]]
) -> None:
    for key in "abc":
        put("test", key)
    with unit_of_work():
        db.session.execute(update(OutboxMessage).values(status=OutboxStatus.FAILED.value, attempts=5))
        ids = list(db.session.scalars(select(OutboxMessage.id).order_by(OutboxMessage.id)))
    assert deliver_due(NOW) == 0
    with unit_of_work():
        assert outbox.send_again(ids[0], NOW)
        assert not outbox.send_again(ids[0], NOW), "it waits already"
        assert outbox.leave(ids[1], NOW)
        assert not outbox.send_again(ids[1], NOW), "that was decided"
    assert deliver_due(NOW) == 1
    assert statuses() == ["done", "left", "failed"]
    tries = db.session.scalar(select(OutboxMessage.attempts).where(OutboxMessage.id == ids[0]))
    assert tries == 1


def test_only_what_is_settled_is_forgotten_in_time(app_context: Flask) -> None:
    for status in OutboxStatus:
        put("test", status)
    with unit_of_work():
        db.session.execute(update(OutboxMessage).values(status=OutboxMessage.key, due_at=NOW))
    for days, left in ((90, 7), (91, 4), (10_000, 4)):
        with unit_of_work():
            outbox.prune(NOW + timedelta(days=days))
        assert len(statuses()) == left
    assert set(statuses()) == {"waiting", "claimed", "failed", "uncertain"}


def test_what_was_in_flight_at_a_crash_becomes_uncertain_unless_it_may_be_repeated(
    app_context: Flask, box: list[dict[str, Any]]
) -> None:
    register_handler(app_context, "harmless", lambda payload, now: box.append(payload), repeatable=True)
    put("test", "a")
    put("harmless", "b")
    with unit_of_work():
        db.session.execute(update(OutboxMessage).values(status=OutboxStatus.CLAIMED.value))
    recover_claims(NOW)
    assert statuses() == ["uncertain", "waiting"]
    assert deliver_due(NOW) == 1


def test_a_message_nobody_handles_yet_stays(app_context: Flask) -> None:
    put("unknown")
    assert deliver_due(NOW) == 0
    assert statuses() == ["waiting"]
