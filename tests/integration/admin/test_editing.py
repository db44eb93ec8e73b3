"""Places and the district's data of a plan change from a day on, keep their history, and survive a new load."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civic.core import clock
from civic.core.actor import Role
from civic.core.dated import apply_due
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.departments import queries as places
from civic.departments.services import district_folder, load_district
from civic.plans import queries as plans
from civic.plans.models import Plan
from tests.factories import make_account, sign_in, submit

TODAY = clock.now().date()
WHY = {"reason": "机构改革", "document": "榕台政〔2026〕1号"}


@pytest.fixture
def client(taijiang: Flask) -> FlaskClient:
    return taijiang.test_client()


@pytest.fixture
def admin(taijiang: Flask, client: FlaskClient) -> FlaskClient:
    with taijiang.app_context():
        return sign_in(client, make_account(Role.ADMIN, Role.EDITOR))


def fields(page: str, action: str = "") -> dict[str, Any]:
    """What the form on a page holds, as a browser would send it back."""
    start = page.index(f'action="{action}"') if action else page.index('class="form"')
    form = page[start : page.index("</form>", start)]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form):
        found[name] = value
    for tag in re.findall(r"<input[^>]*>", form):
        if 'type="checkbox"' in tag and "checked" not in tag:
            found.pop(re.search(r'name="([^"]+)"', tag)[1], None)
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        found[name] = re.findall(r'<option selected value="([^"]*)"', body)
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s*(.*?)</textarea>', form, re.S):
        found[name] = body
    return found


def change(client: FlaskClient, address: str, values: dict[str, Any], action: str = "") -> Any:
    page = client.get(address).get_data(as_text=True)
    return client.post(action or address, data={**fields(page, action), **values})


def day(on: date) -> str:
    return on.isoformat()


def test_a_new_name_holds_at_once_and_a_new_load_keeps_it(taijiang: Flask, admin: FlaskClient) -> None:
    address = "/admin/departments/mct"
    answer = change(admin, address, {**WHY, "name": "区文化和旅游局", "effective_on": day(TODAY)})
    assert answer.status_code == 302
    page = admin.get(address).get_data(as_text=True)
    assert "区文化体育和旅游局" in page, "the history keeps the old name"
    assert "机构改革" in page
    with taijiang.app_context():
        assert "区文化和旅游局" in {row.name for row in places.departments()}
        with unit_of_work():
            load_district(district_folder("taijiang"), clock.now(), force=True)
        assert "区文化和旅游局" in {row.name for row in places.departments()}
    assert "区文化和旅游局" in taijiang.test_client().get("/plans/taijiang-14/6.3.1").get_data(as_text=True)


def test_a_change_to_come_waits_for_its_day_and_can_be_dropped(taijiang: Flask, admin: FlaskClient) -> None:
    address, later = "/admin/streets/350103001", TODAY + timedelta(days=30)
    with taijiang.app_context():
        address = f"/admin/streets/{places.streets()[0].code}"
        name = places.streets()[0].name
    for number in (1, 2):
        values = {**WHY, "name": f"新街{number}街道", "effective_on": day(later)}
        assert change(admin, address, values).status_code == 302
    page = admin.get(address).get_data(as_text=True)
    drop = re.findall(r'action="(/admin/streets/[^"]+/withdraw)"', page)
    assert len(drop) == 2
    assert submit(admin, drop[0], {}, on=address).status_code == 302
    with taijiang.app_context():
        assert places.streets()[0].name == name
        now = clock.now()
        with unit_of_work():
            assert apply_due(now, TODAY) == 0
            assert apply_due(now, later) == 1
        assert places.streets()[0].name == "新街1街道"


def test_a_department_that_still_leads_items_stays(taijiang: Flask, admin: FlaskClient) -> None:
    page = admin.get("/admin/departments/mct").get_data(as_text=True)
    values = {**fields(page), **WHY, "effective_on": day(TODAY)}
    values.pop("active")
    answer = admin.post("/admin/departments/mct", data=values)
    assert answer.status_code == 422
    assert "牵头" in answer.get_data(as_text=True)


def test_two_people_at_once_the_second_sees_both(admin: FlaskClient) -> None:
    address = "/admin/departments/mct"
    seen = fields(admin.get(address).get_data(as_text=True))
    assert change(admin, address, {**WHY, "note": "先改", "effective_on": day(TODAY)}).status_code == 302
    answer = admin.post(address, data={**seen, **WHY, "note": "后改", "effective_on": day(TODAY)})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "后改" in text
    assert "现已保存的内容：先改" in text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"reason": ""}, "请说明变更原因"),
        ({"name": ""}, "请填写名称"),
        ({"effective_on": "x"}, ""),
        ({}, "还没有任何改动"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    admin: FlaskClient, values: dict[str, str], said: str
) -> None:
    answer = change(admin, "/admin/departments/mct", {**WHY, "effective_on": day(TODAY), **values})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in text
    assert WHY["document"] in text


def test_places_can_be_added_and_a_key_once_only(taijiang: Flask, admin: FlaskClient) -> None:
    new = {**WHY, "key": "data-bureau", "name": "区数据管理局", "active": "y", "effective_on": day(TODAY)}
    assert submit(admin, "/admin/departments/new", new).status_code == 302
    again = submit(admin, "/admin/departments/new", new)
    assert again.status_code == 422
    assert "data-bureau 已经存在" in again.get_data(as_text=True)
    bad = submit(admin, "/admin/streets/new", {**new, "key": "12", "department_id": "1"})
    assert bad.status_code == 422
    with taijiang.app_context():
        assert "data-bureau" in places.department_ids()


def test_another_department_leads_from_a_day_on(taijiang: Flask, admin: FlaskClient) -> None:
    address = "/admin/plans/taijiang-14/items/6.3.1"
    with taijiang.app_context():
        item = plans.item_by_code("taijiang-14", "6.3.1").id
        before = plans.lead_department_id(item)
        other = next(row.id for row in places.departments() if row.id != before)
    values = {
        "responsibility-lead": str(other), "responsibility-support": [str(before)],
        "responsibility-reason": "分工调整", "responsibility-effective_on": day(TODAY),
    }  # fmt: skip
    assert change(admin, address, values, f"{address}/responsibility").status_code == 302
    with taijiang.app_context():
        held = plans.responsibilities([item])[item]
        assert [(row.department_id, row.role) for row in held] == [(other, "lead"), (before, "support")]
        assert held[0].since == TODAY
    assert "分工调整" in admin.get(address).get_data(as_text=True)


def test_words_of_a_published_promise_are_not_for_editing(admin: FlaskClient) -> None:
    address = "/admin/plans/taijiang-14/items/M-1.5.1-1"
    typed = {"promise-reason": "改一下", "promise-effective_on": day(TODAY)}
    refused = change(admin, address, {**typed, "promise-deadline": "2030-01-01"}, f"{address}/promise")
    assert refused.status_code == 422
    assert "规划调整" in refused.get_data(as_text=True)
    named = change(admin, address, {**typed, "promise-title_en": "A clearer name"}, f"{address}/promise")
    assert named.status_code == 302


def test_one_more_promise_is_quoted_word_for_word(taijiang: Flask, admin: FlaskClient) -> None:
    address = "/admin/plans/taijiang-14/items/6.3.1/promises/new"
    with taijiang.app_context():
        item = plans.item_by_code("taijiang-14", "6.3.1").id
        quote = plans.paragraphs([item])[0].text[:30]
        area = places.areas()[0].key
    new = {**WHY, "title": "健身场地", "area": area, "quote": quote + "！", "effective_on": day(TODAY)}
    assert submit(admin, address, new).status_code == 422
    answer = submit(admin, address, {**new, "quote": quote})
    assert answer.status_code == 302
    code = answer.headers["Location"].rsplit("/", 1)[1]
    assert quote in taijiang.test_client().get(f"/plans/taijiang-14/{code}").get_data(as_text=True)


def test_a_draft_is_seen_by_editors_only_until_it_is_published(taijiang: Flask, admin: FlaskClient) -> None:
    with taijiang.app_context(), unit_of_work():
        db.session.add(
            Plan(slug="hexin-15", title="样例规划", short_name="样例", first_year=2026, last_year=2030)
        )
    outside = taijiang.test_client()
    assert outside.get("/plans/hexin-15/").status_code == 404
    assert "草稿" in admin.get("/admin/plans").get_data(as_text=True)
    assert submit(admin, "/admin/plans/hexin-15/publish", {}, on="/admin/plans/hexin-15").status_code == 302
    assert outside.get("/plans/hexin-15/").status_code == 404, "not without a second thought"
    submit(admin, "/admin/plans/hexin-15/publish", {"sure": "yes"}, on="/admin/plans/hexin-15")
    assert outside.get("/plans/hexin-15/").status_code == 200
