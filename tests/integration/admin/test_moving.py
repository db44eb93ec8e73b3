"""Where many cases are open, the worker moves their deadlines: in portions, and once each, even if it is killed."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.cases import services as cases
from civic.cases.models import Case
from civic.cases.rules import CaseAction
from civic.cases.services import following, recomputing
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.jobs import jobs
from civic.departments import queries
from civic.worker import _transaction
from tests.factories import make_account, sign_in
from tests.integration.cases.worlds import World, events_of, make_world
from tests.snapshots import built_once

NOW = datetime(2026, 9, 7, 3, 0, tzinfo=UTC)
NOTICE = """year: 2026
notice: {title: 样本通知, number: 样发〔2026〕9号, date: 2026-09-01}
holidays:
  - {name: 样本日, from: 2026-09-09, to: 2026-09-09}
  - {name: 国庆节, from: 2026-10-01, to: 2026-10-07, makeup: [2026-09-20, 2026-10-10]}
"""


@pytest.fixture
def world(app_context: Flask) -> World:
    return built_once(app_context, "world", make_world)


@pytest.fixture
def admin(world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(following, "AT_ONCE", 3)
    monkeypatch.setattr(following, "PORTION", 2)
    with time_machine.travel(NOW, tick=False):
        yield sign_in(client, make_account(Role.ADMIN))


def fields(page: str) -> dict[str, str]:
    """What the forms of a page would send if nobody touched them."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page[page.index("<main") :]):
        given = dict(re.findall(r'([a-z_]+)="([^"]*)"', tag))
        if given.get("type") != "checkbox" and "name" in given:
            found[given["name"]] = given.get("value", "")
    texts = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n(.*?)</textarea>', page, re.S)
    return found | {name: html.unescape(text) for name, text in texts}


def confirmed(client: FlaskClient, address: str, **typed: str) -> str:
    """Enter a change, look at its preview, confirm it; the address of the page to which that leads."""
    form = fields(client.get(address).get_data(as_text=True))
    preview = client.post(address, data={**form, "reason": "上级通知", **typed}).get_data(as_text=True)
    assert "后台程序" in preview
    answer = client.post(address, data={**fields(preview), "sure": "yes"})
    assert answer.status_code == 302
    return answer.location


def due_of(case_id: int) -> Any:
    return db.session.scalar(select(Case.due_at).where(Case.id == case_id))


def moves_of(*case_ids: int) -> list[int]:
    return [events_of(one).count(CaseAction.MOVE_DEADLINES) for one in case_ids]


def test_a_killed_worker_goes_on_where_it_was_and_moves_nothing_twice(
    world: World, admin: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [world.submit().case_id for _ in range(5)]
    before = [due_of(one) for one in ids]
    page = confirmed(admin, "/admin/calendars/2026", text=NOTICE)
    assert queries.calendar().names[date(2026, 9, 9)] == "样本日", "the days hold at once"
    assert moves_of(*ids) == [0] * 5, "the request itself moved none"
    assert "5" in admin.get(page).get_data(as_text=True)
    later = world.submit().case_id

    with unit_of_work():
        assert following.carry_on(NOW + timedelta(minutes=1))
    assert moves_of(*ids) == [1, 1, 0, 0, 0]
    shown = admin.get(page).get_data(as_text=True)
    assert 'value="2"' in shown
    assert world.sent[0].reference in shown

    move, killed_at = recomputing._move, ids[3]

    def killed(case_id: int, *rest: Any) -> Any:
        if case_id == killed_at:
            raise KeyboardInterrupt
        return move(case_id, *rest)

    monkeypatch.setattr(recomputing, "_move", killed)
    with pytest.raises(KeyboardInterrupt), unit_of_work():
        following.carry_on(NOW)
    assert moves_of(*ids) == [1, 1, 0, 0, 0], "half a portion is none"
    monkeypatch.setattr(recomputing, "_move", move)

    run = _transaction(jobs(app)["move_deadlines"])
    for _again in range(2):
        run(NOW + timedelta(minutes=7))
    assert moves_of(*ids, later) == [1] * 5 + [0]
    assert all(due_of(one) > due for one, due in zip(ids, before, strict=True))
    assert due_of(later) == due_of(ids[0])
    with unit_of_work():
        assert cases.recompute_deadlines(NOW) == []
    assert cases.check_stats() == []
    shown = admin.get(page).get_data(as_text=True)
    assert 'max="6" value="6"' in shown
    assert "已完成" in shown
    assert all(receipt.reference in shown for receipt in world.sent[:5])
    assert page in admin.get("/admin/calendars").get_data(as_text=True)


def test_orders_are_carried_out_in_their_order_with_the_days_that_were_confirmed(
    world: World, admin: FlaskClient, app: Flask
) -> None:
    ids = [world.submit().case_id for _ in range(4)]
    days = queries.service_levels().days("suggestion", None, queries.local_day(NOW))
    address = "/admin/levels/district"
    first = confirmed(admin, address, suggestion=str(days + 2), open_cases="y")
    with unit_of_work():
        following.carry_on(NOW)
    second = confirmed(admin, address, suggestion=str(days + 4), open_cases="y")
    assert "等待前一项" in admin.get(second).get_data(as_text=True)
    assert "notice--warn" not in admin.get(first).get_data(as_text=True)
    with time_machine.travel(NOW + timedelta(minutes=20), tick=False):
        assert "notice--warn" in admin.get(first).get_data(as_text=True), "nothing happened for long"
    _transaction(jobs(app)["move_deadlines"])(NOW + timedelta(minutes=20))
    assert moves_of(*ids) == [2] * 4
    assert {due_of(one) for one in ids} == {due_of(world.submit().case_id)}
    assert cases.check_stats() == []
