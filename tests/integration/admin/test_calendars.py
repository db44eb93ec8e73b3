"""A year's working days are changed on the site: seen first, then confirmed; open deadlines follow and are named."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.admin.services import change_calendar
from civic.cases import services as cases
from civic.cases.models import Case
from civic.cases.rules import CaseAction
from civic.core import clock
from civic.core.actor import Role
from civic.core.dated import fingerprint
from civic.core.db import unit_of_work
from civic.core.errors import Invalid
from civic.core.extensions import db
from civic.departments import queries, services
from civic.departments.rules import read_calendar, read_yaml, write_calendar
from civic.departments.services.loading import SHIPPED
from civic.supervision.services import opinions
from civic.supervision.services.opinions import NewOpinion
from tests.factories import make_account, sign_in
from tests.integration.cases.worlds import World, events_of, make_world
from tests.snapshots import built_once

WHY = {"reason": "国务院办公厅通知"}


@pytest.fixture
def world(app_context: Flask) -> World:
    return built_once(app_context, "world", make_world)


@pytest.fixture
def admin(world: World, client: FlaskClient) -> FlaskClient:
    return sign_in(client, make_account(Role.ADMIN))


def form_of(page: str) -> dict[str, Any]:
    """What the form on the page would send back, as it was typed."""
    form = page[page.index('name="text"') - 2000 :]
    found = dict(re.findall(r'<input[^>]*name="(seen|csrf_token)"[^>]*value="([^"]*)"', form))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n(.*?)</textarea>', page, re.S):
        found[name] = html.unescape(text)
    return found


def notice(days: str, year: int = 2026) -> str:
    cited = "{title: 样本通知, number: 样发〔2026〕9号, date: 2026-09-01}"
    return f"year: {year}\nnotice: {cited}\nholidays:\n{days}"


def post(client: FlaskClient, text: str, year: int = 2026, **values: Any) -> Any:
    page = client.get(f"/admin/calendars/{year}").get_data(as_text=True)
    return client.post(f"/admin/calendars/{year}", data={**form_of(page), **WHY, "text": text, **values})


def test_what_the_preview_names_is_what_the_confirmation_moves(world: World, admin: FlaskClient) -> None:
    receipt = world.submit()
    off = world.now.astimezone(queries.calendar().zone).date() + timedelta(days=2)
    text = notice(f"  - {{name: 样本日, from: {off}, to: {off}}}\n  - {{name: 调休, makeup: [2026-09-19]}}")
    before = queries.calendar_years()
    deputy = make_account(Role.DEPUTY)
    key = next(key for key, found in queries.department_ids().items() if found == world.water)
    with unit_of_work():
        new = NewOpinion(
            "桥头路灯", "请说明这一带的路灯何时能够装好，由谁负责。", key, references=(receipt.reference,)
        )
        opinion_id = opinions.write_opinion(deputy, new, world.now)
        opinions.send_opinion(deputy, opinion_id, 1, world.now)

    preview = post(admin, text)
    said = preview.get_data(as_text=True)
    assert preview.status_code == 200
    assert receipt.reference in said
    assert said.count("〕1号") == 1, "the deputy's opinion, whose days are counted like all others"
    assert queries.calendar_years() == before, "nothing is saved before it is confirmed"
    assert CaseAction.MOVE_DEADLINES not in events_of(receipt.case_id)
    file = services.read_calendar_text(2026, text)
    foreseen = cases.preview_deadlines(clock.now(), services.calendar_with(file))

    confirmed = admin.post("/admin/calendars/2026", data={**form_of(said), "sure": "yes"})
    assert confirmed.status_code == 302
    page = admin.get("/admin/calendars/2026").get_data(as_text=True)
    assert "样本日" in page
    assert "样发〔2026〕9号" in page
    assert WHY["reason"] in page
    assert events_of(receipt.case_id)[-1] is CaseAction.MOVE_DEADLINES
    (one,) = [moved for moved in foreseen if moved.case_id == receipt.case_id]
    with unit_of_work():
        assert cases.recompute_deadlines(clock.now()) == [], "doing it again moves nothing"
    stored = db.session.scalar(select(Case.due_at).where(Case.id == receipt.case_id))
    assert (one.before, one.after) == (receipt.due_at, stored)
    assert one.after > one.before
    assert cases.check_stats() == []
    with unit_of_work():
        assert opinions.move_opinion_deadlines(clock.now()) == 1
    assert opinions.preview_opinion_deadlines(queries.calendar()) == ()

    again = admin.post("/admin/calendars/2026", data={**form_of(said), "sure": "yes"})
    assert again.status_code == 422, "the page on which it was confirmed is out of date"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (notice("  - {name: 样本日, from: 2027-01-01}"), "Line 4"),
        (notice("  - {name: 样本日, from: 2026-01-05, to: 2026-01-02}"), "Line 4"),
        (notice("  - {name: 样本日, makeup: 5}"), "Line 4"),
        (
            notice("  []")
            .replace("holidays:\n  []", "holidays: []")
            .replace(", number: 样发〔2026〕9号", ""),
            "number",
        ),
        ("year: [", "Line 2"),
        (notice("  - {name: 样本日, from: 2027-01-01}", 2027), "2026"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_saves_nothing(text: str, said: str) -> None:
    with pytest.raises(Invalid) as error:
        services.read_calendar_text(2026, text)
    assert said in str(error.value)
    assert error.value.field == "text"


@pytest.mark.parametrize("year", range(2021, 2027))
def test_the_form_shows_a_shipped_year_so_that_the_same_days_are_read_from_it(year: int) -> None:
    path = SHIPPED / "calendars" / f"{year}.yaml"
    file = read_calendar(path.name, read_yaml(path.name, path.read_text("utf-8")))
    assert read_calendar("again", read_yaml("again", write_calendar(file))) == file


def test_a_deadline_that_passes_is_noted_once_and_one_that_moved_on_may_pass_once_more(world: World) -> None:
    receipt = world.submit()

    def noted() -> int:
        return events_of(receipt.case_id).count(CaseAction.BECAME_OVERDUE)

    def sweep() -> None:
        for _again in range(2):
            with unit_of_work():
                cases.sweep(world.now)

    world.now = receipt.due_at + timedelta(hours=12)
    sweep()
    assert noted() == 1
    due_day = queries.local_day(receipt.due_at)
    file = services.read_calendar_text(
        2026, notice(f"  - {{name: 样本日, from: {due_day}, to: {due_day + timedelta(days=1)}}}")
    )
    with unit_of_work():
        seen = fingerprint(services.calendar_values(2026))
        (moved,) = change_calendar(world.admin, file, "国务院办公厅通知", world.now, seen).moved
    assert moved.no_longer_overdue
    assert not moved.becomes_overdue
    sweep()
    assert noted() == 1, "the new deadline hasn't passed yet"
    world.now = moved.after + timedelta(minutes=1)
    sweep()
    assert noted() == 2
    assert cases.check_stats() == []
