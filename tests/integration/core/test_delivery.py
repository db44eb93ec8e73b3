"""The outbox: each message once, retried with patience, and what was in flight at a crash is never sent blindly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from civic.core.db import unit_of_work
from civic.core.delivery import BACK_OFF, deliver_due, recover_claims, register_handler
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
