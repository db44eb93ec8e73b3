"""What goes by itself: who had a case open, and codes that were replaced."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from civic.cases import queries, services
from civic.cases.models import Presence, QueryKey
from civic.cases.rules import Recognised
from civic.cases.services.retention import forget_traces
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.ids import new_nonce
from civic.core.jobs import jobs
from tests.integration.cases.worlds import World


def count(table: type[Presence] | type[QueryKey]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_who_has_gone_is_forgotten_and_who_is_there_stays(world: World) -> None:
    case_id = world.submit().case_id
    with unit_of_work():
        services.touch_presence(world.handler, case_id, world.now)
        services.touch_presence(world.lead, case_id, world.now + timedelta(minutes=1))
    with unit_of_work():
        forget_traces(world.now + timedelta(minutes=2))
    assert db.session.scalars(select(Presence.account_id)).all() == [world.lead.account_id]


def test_a_replaced_code_is_forgotten_in_time_and_the_present_one_never(world: World) -> None:
    receipt = world.submit()
    with unit_of_work():
        _, code = services.reissue_code(
            world.dispatcher, receipt.case_id, 1, new_nonce(), Recognised.QUESTIONS, world.now, reason="核实"
        )
    for later, left in (
        (timedelta(days=180), 2),
        (timedelta(days=180, seconds=1), 1),
        (timedelta(days=4000), 1),
    ):
        with unit_of_work():
            forget_traces(world.now + later)
        assert count(QueryKey) == left
    assert queries.tracking(receipt.reference, code, world.now) is not None


def test_the_worker_does_it_every_hour(world: World) -> None:
    from flask import current_app

    found = jobs(current_app._get_current_object())  # type: ignore[attr-defined]
    assert {"erase_contacts", "forget_traces"} <= found.keys()
    assert found["forget_traces"].minutes == 60
