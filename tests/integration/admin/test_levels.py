"""Deadlines are changed on the site: from a day on, of the district or a department; open ones only where asked."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.cases import services as cases
from civic.cases.models import Case
from civic.cases.queries import QueueView, queue_counts
from civic.cases.rules import CaseAction
from civic.core import dated
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.departments import queries, services
from civic.departments.services import DISTRICT as OF_DISTRICT
from civic.departments.services import load_district
from tests.factories import make_account, sign_in
from tests.integration.cases.worlds import World, events_of, make_world
from tests.snapshots import built_once
from tests.statements import between_changes, counted

DISTRICT = "/admin/levels/district"
LINSHUI = Path(__file__).resolve().parents[2] / "data" / "linshui"
NOW = datetime(2026, 9, 7, 3, 0, tzinfo=UTC)


@pytest.fixture
def world(app_context: Flask) -> World:
    return built_once(app_context, "world", make_world)


@pytest.fixture
def admin(world: World, client: FlaskClient) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield sign_in(client, make_account(Role.ADMIN))


def filled(page: str) -> dict[str, str]:
    """What a form of the page would send if nobody touched it."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page[page.index('name="seen"') - 3000 :]):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" in given and given.get("type") != "checkbox":
            found[given["name"]] = given.get("value", "")
    return found


def saved(client: FlaskClient, address: str, **typed: str) -> str:
    """Enter, look at what changes, confirm; the page in between."""
    form = filled(client.get(address).get_data(as_text=True))
    preview = client.post(address, data={**form, "reason": "区政府文件", **typed})
    page = preview.get_data(as_text=True)
    assert preview.status_code == 200, page
    sent = {
        **dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)),
        **filled_hidden(page),
    }
    assert client.post(address, data={**sent, "sure": "yes"}).status_code == 302
    return page


def filled_hidden(page: str) -> dict[str, str]:
    return dict(
        re.findall(r'<input id="(?:seen|csrf_token)" name="(\w+)" type="hidden" value="([^"]*)"', page)
    )


def due_of(case_id: int) -> Any:
    return db.session.scalar(select(Case.due_at).where(Case.id == case_id))


def test_new_deadlines_follow_and_open_ones_only_where_that_is_asked(
    world: World, admin: FlaskClient
) -> None:
    before = world.submit()
    days = queries.service_levels().days("suggestion", None, queries.local_day(NOW))
    saved(admin, DISTRICT, suggestion=str(days + 2))
    assert queries.service_levels().days("suggestion", None, queries.local_day(NOW)) == days + 2
    assert due_of(before.case_id) == before.due_at, "as it was promised"
    assert world.submit().due_at > before.due_at
    # The same days again, for what runs already as well: it names what it moves, and moves it.
    with counted(admin.application) as statements:
        page = saved(admin, DISTRICT, suggestion=str(days + 5), open_cases="y")
    assert not [one for one in between_changes(statements) if "FROM calendar_day" in one]
    assert before.reference in page
    assert due_of(before.case_id) > before.due_at
    assert events_of(before.case_id)[-1] is CaseAction.MOVE_DEADLINES
    assert cases.check_stats() == []


def test_a_department_has_days_of_its_own_until_it_follows_the_district_again(
    world: World, admin: FlaskClient
) -> None:
    key = queries.department(world.water).key
    days = queries.service_levels().days("suggestion", None, queries.local_day(NOW))
    usual = world.submit()
    saved(admin, f"/admin/levels/{key}", suggestion=str(days - 3))
    own = world.submit()
    assert own.due_at < usual.due_at
    levels, today = queries.service_levels(), queries.local_day(NOW)
    assert levels.own_days("suggestion", world.water, today) == days - 3
    assert levels.own_days("suggestion", world.roads, today) is None
    saved(admin, f"/admin/levels/{key}", suggestion="")
    assert queries.service_levels().own_days("suggestion", world.water, today) is None


def test_a_change_for_a_day_to_come_waits_for_it_and_can_be_dropped(world: World, admin: FlaskClient) -> None:
    today = queries.local_day(NOW)
    days = queries.service_levels().days("suggestion", None, today)
    later = today + timedelta(days=3)
    saved(admin, DISTRICT, suggestion=str(days + 1), effective_on=later.isoformat())
    saved(admin, DISTRICT, question="3", effective_on=later.isoformat())
    assert queries.service_levels().days("suggestion", None, today) == days
    page = admin.get(DISTRICT).get_data(as_text=True)
    drop = re.findall(r'action="([^"]+/withdraw)"', page)
    assert len(drop) == 2
    token = filled(page)["csrf_token"]
    assert admin.post(drop[0], data={"csrf_token": token}).status_code == 302
    with unit_of_work():
        assert dated.apply_due(NOW + timedelta(days=3), later) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"suggestion": "0"}, "suggestion"),
        ({"suggestion": ""}, "suggestion"),
        ({"suggestion": "zehn"}, "suggestion"),
        ({"suggestion_soon": "31"}, "suggestion_soon"),
        ({"suggestion": "9", "effective_on": "2026-09-01"}, "effective_on"),
        ({"suggestion": "9", "effective_on": "2026-12-01", "open_cases": "y"}, "open_cases"),
    ],
)
def test_what_cant_be_is_said_at_its_field(admin: FlaskClient, typed: dict[str, str], field: str) -> None:
    form = filled(admin.get(DISTRICT).get_data(as_text=True))
    answer = admin.post(DISTRICT, data={**form, "reason": "区政府文件", **typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


def test_more_than_is_allowed_above_is_warned_of(admin: FlaskClient) -> None:
    form = filled(admin.get(DISTRICT).get_data(as_text=True))
    page = admin.post(DISTRICT, data={**form, "reason": "区政府文件", "complaint": "11"}).get_data(
        as_text=True
    )
    assert "超过上级规定的上限" in page


def test_what_is_due_soon_is_due_within_the_days_of_its_kind(world: World, admin: FlaskClient) -> None:
    receipt = world.submit()
    day_before = receipt.due_at - timedelta(days=6)

    def soon() -> int:
        counts = queue_counts(world.dispatcher, day_before, views=(QueueView.DUE_SOON,))
        return counts[QueueView.DUE_SOON]

    with unit_of_work():
        world.now = NOW
    world.do(cases.accept_case, world.handler, receipt.case_id)
    assert soon() == 0
    saved(admin, DISTRICT, suggestion_soon="5")
    assert soon() == 1
    saved(admin, DISTRICT, suggestion_soon="1", question_soon="9")
    assert soon() == 0


def test_a_forced_load_of_the_files_leaves_alone_what_was_changed_here(
    world: World, admin: FlaskClient
) -> None:
    with unit_of_work():
        load_district(LINSHUI, NOW)
    today = queries.local_day(NOW)
    before = services.level_values(OF_DISTRICT, today)
    key = queries.departments()[0].key
    saved(admin, DISTRICT, suggestion=str(before["suggestion"] + 4), suggestion_soon="4")
    saved(admin, f"/admin/levels/{key}", question="3")
    with unit_of_work():
        report = load_district(LINSHUI, NOW, force=True)
    assert "service levels" not in report.changed
    after = services.level_values(OF_DISTRICT, today)
    assert after == {**before, "suggestion": before["suggestion"] + 4, "suggestion_soon": 4}
    owner = queries.department_ids()[key]
    assert services.level_values(owner, today)["question"] == 3
    assert queries.service_levels().days("suggestion", on=date(2026, 1, 1)) == before["suggestion"], (
        "as loaded"
    )
