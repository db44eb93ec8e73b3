"""Supporting what somebody else has said: once per browser, taken back, slowed down, and said for what it is."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.cases import services
from civic.cases.models import Case, VoiceSupport
from civic.cases.rules import CaseAction
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.jobs import jobs
from civic.intake.browsers import COOKIE
from civic.web.caching import content_version
from tests.integration.cases.worlds import World
from tests.integration.desk.office import forms_of
from tests.integration.intake.conftest import ITEM, WORDS, Resident

SIMILAR = "河边步道晚上没有灯，请尽快装灯。"


def published(world: World, text: str = SIMILAR) -> tuple[int, str]:
    receipt = world.submit(text=text)
    world.do(services.review_publication, world.dispatcher, receipt.case_id, CaseAction.PUBLISH)
    return receipt.case_id, receipt.reference


def address(reference: str) -> str:
    return f"/cases/{reference}/support"


def press(
    resident: Resident, reference: str, client: FlaskClient | None = None, ending: str = ""
) -> TestResponse:
    """Open the page of support in a browser and press its one button."""
    browser = client or resident.client
    resident.wait()
    page = browser.get(address(reference))
    assert page.status_code == 200
    form = next(form for form in forms_of(page) if form.action.endswith(address(reference) + ending))
    resident.wait(seconds=5)
    return browser.post(form.action, data=form.fields)


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(VoiceSupport)) or 0


def count_now(app: Flask, now: datetime) -> None:
    """What the worker does every minute."""
    with unit_of_work():
        jobs(app)["show_supports"].run(now)


def test_a_browser_counts_once_and_can_take_it_back(resident: Resident, app: Flask) -> None:
    _, reference = published(resident.world)
    assert "还没有人附议" in resident.open(address(reference)).get_data(as_text=True)
    answer = press(resident, reference)
    assert (answer.status_code, answer.location) == (302, address(reference))
    page = resident.open(answer.location).get_data(as_text=True)
    assert "已计入您的附议" in page
    assert "1 个浏览器附议" in page
    assert "不是投票" in page
    form = resident.form(resident.client.get(address(reference)), "/back")
    # The button of a page that was opened before, and a double click: nothing is counted twice.
    for _ in range(2):
        assert resident.client.post(address(reference), data=form.fields).status_code == 302
    assert rows() == 1
    other = app.test_client()
    press(resident, reference, other)
    assert rows() == 2
    press(resident, reference, ending="/back")
    assert rows() == 1
    assert "1 个浏览器附议" in resident.open(address(reference)).get_data(as_text=True)
    assert resident.client.post(f"{address(reference)}/back", data=form.fields).status_code == 302
    assert rows() == 1, "taking back twice takes nothing from anybody else"


def test_nothing_is_kept_of_a_browser_but_a_keyed_hash(resident: Resident) -> None:
    _, reference = published(resident.world)
    press(resident, reference)
    cookie = resident.client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.http_only
    kept = db.session.scalars(select(VoiceSupport.browser_hash)).one()
    assert len(kept) == 64
    assert kept not in cookie.value
    assert cookie.value.split(".")[0].strip('"') not in kept


def test_public_pages_show_the_count_after_the_next_minute_and_are_renewed_once(
    resident: Resident, app: Flask
) -> None:
    case_id, reference = published(resident.world)
    pages = (f"/cases/{reference}", "/voices", "/plans/test-plan/6.3.1")
    before = {page: resident.client.get(page) for page in pages}
    version = content_version()
    for browser in (app.test_client(), app.test_client(), app.test_client()):
        press(resident, reference, browser)
    for page in pages:
        tag = before[page].headers["ETag"]
        assert resident.client.get(page, headers={"If-None-Match": tag}).status_code == 304, (
            "a press renews no page"
        )
    count_now(app, resident.world.now)
    resident.wait()
    assert db.session.scalar(select(Case.supporters).where(Case.id == case_id)) == 3
    for page in pages:
        answer = resident.client.get(page, headers={"If-None-Match": before[page].headers["ETag"]})
        assert answer.status_code == 200
        assert "3 个浏览器附议" in answer.get_data(as_text=True), page
        assert "Set-Cookie" not in answer.headers
    with app.test_request_context():
        assert content_version() == version + 1
    count_now(app, resident.world.now)
    with app.test_request_context():
        assert content_version() == version + 1, "nothing was pressed, nothing is renewed"


def test_what_is_not_public_cannot_be_supported(resident: Resident) -> None:
    world = resident.world
    case_id, reference = published(world)
    private = world.submit(wants_publication=False).reference
    form = resident.form(resident.open(address(reference)), address(reference))
    world.do(services.unpublish_case, world.dispatcher, case_id, reason="涉及个人信息。")
    for one in (reference, private, "TJ-2026-AAAAAA"):
        resident.wait()
        assert resident.client.get(address(one)).status_code == 404
        assert resident.client.post(address(one), data=form.fields).status_code == 404
    assert rows() == 0


def test_support_of_a_merged_case_goes_to_the_one_that_is_answered(resident: Resident, app: Flask) -> None:
    world = resident.world
    (merged, old), (survivor, kept) = published(world), published(world, "步道路灯坏了。")
    both, only_old, later = app.test_client(), app.test_client(), app.test_client()
    for browser, reference in ((both, old), (both, kept), (only_old, old)):
        press(resident, reference, browser)
    resident.wait()
    form = next(f for f in forms_of(later.get(address(old))) if f.action.endswith(address(old)))
    world.do(services.merge_case, world.dispatcher, merged, survivor)
    resident.wait()
    assert resident.client.get(address(old)).location == address(kept)
    resident.wait()
    assert later.post(address(old), data=form.fields).status_code == 302
    count_now(app, world.now)

    def shown(case_id: int) -> int:
        return db.session.scalar(select(Case.supporters).where(Case.id == case_id)) or 0

    assert shown(survivor) == 3, "who pressed at both counts once"
    world.do(services.unmerge_case, world.dispatcher, merged)
    count_now(app, world.now)
    assert (shown(merged), shown(survivor)) == (2, 2)


def test_a_browser_without_cookies_is_told_and_not_counted(resident: Resident, app: Flask) -> None:
    _, reference = published(resident.world)
    resident.wait()
    mute = app.test_client(use_cookies=False)
    form = next(f for f in forms_of(mute.get(address(reference))) if f.action.endswith("/support"))
    answer = mute.post(address(reference), data=form.fields)
    assert answer.status_code == 422
    assert "cookie" in answer.get_data(as_text=True).lower()
    resident.open(address(reference))
    resident.client.set_cookie(COOKIE, "forged.number")
    resident.wait()
    form = resident.form(resident.client.get(address(reference)), address(reference))
    resident.client.set_cookie(COOKIE, "forged.number")
    assert resident.client.post(address(reference), data=form.fields).status_code == 422
    assert rows() == 0


@pytest.mark.usefixtures("limits")
def test_very_many_presses_are_slowed_down_with_a_clear_sentence(resident: Resident) -> None:
    _, reference = published(resident.world)
    form = resident.form(resident.open(address(reference)), address(reference))
    for _ in range(60):
        assert resident.client.post(address(reference), data=form.fields).status_code == 302
    answer = resident.client.post(address(reference), data=form.fields)
    assert answer.status_code == 429
    assert re.search(r"请在 \d\d:\d\d 之后再试", answer.get_data(as_text=True))
    assert int(answer.headers["Retry-After"]) > 0


def test_a_similar_message_is_supported_instead_and_nothing_is_sent(resident: Resident, app: Flask) -> None:
    case_id, reference = published(resident.world)
    resident.world.answered(case_id)
    press(resident, reference, app.test_client())
    count_now(app, resident.world.now)
    form_address = f"{ITEM}?paragraph=p1"
    before = db.session.scalar(select(func.count()).select_from(Case))
    looked = resident.write(form_address)
    assert looked.status_code == 200
    page = looked.get_data(as_text=True)
    assert "已安排十二盏路灯" in page, "the answer's first words"
    assert "1 个浏览器附议" in page
    button = f'form="support-{reference}"'
    assert button in page
    form = resident.form(looked, address(reference))
    assert WORDS not in "".join(form.fields.values()), "the own words go nowhere"
    answer = resident.client.post(form.action, data=form.fields)
    assert answer.location == f"{address(reference)}?about=test-plan/6.3.1/p1"
    landed = resident.open(answer.location).get_data(as_text=True)
    for words in ("已计入您的附议", "您自己的留言没有提交", "2 个浏览器附议", f'href="{form_address}"'):
        assert words in landed
    assert db.session.scalar(select(func.count()).select_from(Case)) == before
    assert resident.form(looked, form_address).fields["text"] == WORDS, "what was typed is still on the form"
