"""A reply that survives a closed tab: typed, found again, put back, sent; a second window writes over nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from civic.cases.models import Reply
from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.desk.models import KeptText
from civic.desk.services import NewTemplate, create_template
from tests.e2e.axe import found_by_axe
from tests.e2e.cases import answered_case, waiting_case
from tests.e2e.conftest import Site
from tests.e2e.people import press, staff
from tests.factories import make_account

pytestmark = pytest.mark.e2e

BEGUN = "操场已与学校商定，"


def wait_until_kept(site: Site, text: str) -> None:
    """What a closing tab sends arrives after it is gone."""
    deadline = time.monotonic() + 20
    while True:
        with site.app.app_context():
            kept = db.session.scalars(db.select(KeptText.text)).all()
            db.session.remove()
        if text in kept:
            return
        assert time.monotonic() < deadline, kept
        time.sleep(0.1)


def test_a_closed_tab_loses_nothing(site: Site, visitor: Callable[..., Any]) -> None:
    reference = waiting_case(site)
    with site.app.app_context():
        dispatcher = make_account(Role.DISPATCHER)
        with unit_of_work():
            create_template(dispatcher, None, NewTemplate("操场", "开放时间另行公告。"), clock.now())
    page = staff(site, visitor, Role.HANDLER, "mct")
    press(page, reference, "签收")
    address = f"/desk/cases/{reference}/draft-reply"
    page.clock.install()
    page.goto(address)
    page.locator("#draft_reply-text").fill(BEGUN)
    page.get_by_role("button", name="放入草稿").click()
    page.locator("#draft_reply-text:focus").wait_for()
    # Nobody has to leave the field: five seconds after the first letter it's kept.
    page.locator("#draft_reply-text").press("!")
    with page.expect_response("**/keep"):
        page.clock.fast_forward(5000)
    page.get_by_text("尚未保存").first.wait_for()

    # The tab is closed in the middle of a word: what was typed a moment ago is sent on its way out.
    page.locator("#draft_reply-resolution").select_option("planned")
    page.locator("#draft_reply-text").press_sequentially("周末开")
    context = page.context
    page.close(run_before_unload=True)
    whole = BEGUN + "\n\n开放时间另行公告。!周末开"
    wait_until_kept(site, whole)
    page = context.new_page()
    page.goto(address)
    assert page.locator("[data-kept-text]").inner_text() == whole
    assert page.locator("#draft_reply-text").input_value() == ""
    assert found_by_axe(page) == []

    # Meanwhile nothing typed is lost either: it stays above what is put back.
    page.locator("#draft_reply-text").fill("您好！")
    page.keyboard.press("Tab")
    page.get_by_text("请先决定").first.wait_for()
    page.get_by_role("link", name="恢复").click()
    assert page.locator("#draft_reply-text").input_value() == "您好！\n\n" + whole
    assert page.locator("#draft_reply-resolution").input_value() == "planned"
    assert page.locator("[data-kept]").first.is_hidden()
    with page.expect_response("**/keep"):
        page.keyboard.press("Tab")

    # A second window of the same person is shown the first one's text instead of writing over it.
    second = context.new_page()
    second.goto(address)
    page.locator("#draft_reply-text").press("End")
    with page.expect_response("**/keep"):
        page.locator("#draft_reply-text").press_sequentially("放。")
        page.keyboard.press("Tab")
    second.get_by_role("button", name="舍弃").click()
    second.close()

    # The session ends (the server answers so): that is said, and the tab itself gives back the last letters.
    context.route("**/keep", lambda route: route.fulfill(status=400))
    page.locator("#draft_reply-text").press("End")
    page.locator("#draft_reply-text").press_sequentially("欢迎。")
    page.keyboard.press("Tab")
    page.get_by_text("未能暂存").first.wait_for()
    page.goto(address)
    context.unroute("**/keep")
    page.get_by_text("您之前在这里写了以下内容").wait_for()
    page.get_by_role("link", name="恢复").click()
    assert page.locator("#draft_reply-text").input_value().endswith("欢迎。")

    page.locator("#draft_reply-resolution").select_option(index=1)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    with site.app.app_context():
        assert db.session.scalars(db.select(Reply.text).order_by(Reply.id.desc())).first().endswith("欢迎。")
        assert db.session.scalars(db.select(KeptText.text)).all() == []


def test_the_folded_form_opens_where_its_button_its_key_or_its_address_leads(
    site: Site, visitor: Callable[..., Any]
) -> None:
    answered = answered_case(site).reference
    page = staff(site, visitor, Role.LEAD, "mct")
    written = page.locator("#correct_reply-text")
    page.goto(f"/desk/cases/{answered}")
    assert written.is_hidden()
    page.keyboard.press("r")
    assert page.locator("#correct_reply-text:focus").count() == 1
    page.goto("about:blank")
    page.goto(f"/desk/cases/{answered}#correct-reply")
    page.locator("#correct_reply-text:focus").wait_for()

    waiting = waiting_case(site)
    press(page, waiting, "签收")
    page.locator("#draft_reply-text").fill(BEGUN)
    page.locator("#draft_reply-resolution").select_option(index=1)
    with page.expect_navigation():
        page.locator("button[value=send]").click()
    page.goto(f"/desk/cases/{waiting}")
    page.locator("[data-opens=draft-reply]").click()
    assert page.locator("#draft_reply-text:focus").input_value() == BEGUN
