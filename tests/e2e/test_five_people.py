"""Journeys of people for whom sites like this one are rarely made, each on the device and in the way they would use.

Somebody of seventy on a small phone, somebody on slow mobile data whose line breaks, and a shop owner from Taiwan are
here. Somebody who sees nothing goes by keyboard and names in ``test_access_keyboard``; somebody angry is in
``test_angry``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error as BrowserError
from sqlalchemy import func, select

from civic.cases.models import Case, Feedback
from civic.core.extensions import db
from tests.e2e.conftest import Site
from tests.e2e.people import hand_in, take_time

pytestmark = pytest.mark.e2e

Open = Callable[..., Any]
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 25_000}
"""Mobile data at the edge of a cell: 400 kbit/s down, 200 up, 400 ms to and fro."""


def send(page: Any, button: str = "提交") -> None:
    take_time(page)
    hand_in(page, button)


def cases_with(site: Site, words: str) -> int:
    with site.app.app_context():
        found = select(func.count(Case.id)).join(Feedback, Feedback.id == Case.feedback_id)
        return db.session.scalar(found.where(Feedback.text == words)) or 0


def test_somebody_of_seventy_on_a_small_phone(site: Site, visitor: Open) -> None:
    """Large print by one press; two presses to the form; a receipt that is found again although it was misread."""
    words = "社区食堂中午去晚了就没有热饭，我们老人走得慢，能不能留一点。"
    page = visitor(phone=True, has_touch=True)
    page.goto("/livelihood/security")
    page.get_by_role("button", name="长者模式").tap()
    say = page.get_by_role("link", name="对这一条说一句").first
    assert say.bounding_box()["height"] >= 60, "a finger that trembles finds it"
    say.tap()
    page.wait_for_url("**/feedback**")
    assert float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")) >= 18
    page.locator("label", has_text="反映问题").tap()
    page.get_by_label("您想说什么？").fill(words)
    assert not page.get_by_label("同意在专人遮盖个人信息后").is_checked(), (
        "publication is never ticked beforehand"
    )
    send(page)
    reference, code = page.inner_text("#reference"), page.inner_text("#query-code")
    assert page.get_by_role("heading", name="接下来").count() == 1
    assert page.get_by_role("button", name="打印").is_visible()

    later = visitor(phone=True)
    later.goto("/track")
    # Read off the slip: small letters, a space for the dash.
    later.get_by_label("编号").fill(reference.lower().replace("-", " "))
    later.get_by_label("查询码").fill(code.lower().replace("-", ""))
    later.get_by_role("button", name="查询", exact=True).click()
    later.wait_for_url("**/track/case")
    assert words in later.inner_text("main")
    assert cases_with(site, words) == 1


def test_somebody_on_slow_mobile_data_whose_line_breaks(site: Site, visitor: Open) -> None:
    """Readable within ten seconds at the edge of a cell; the answer is lost, the same is sent again: one case."""
    words = "下大雨的时候巷口积水很深，孩子上学要蹚水过去。"
    page = visitor(phone=True)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    page.goto("/plans/taijiang-14/6.3.1", wait_until="domcontentloaded")
    painted = page.evaluate(
        "new Promise((done) => new PerformanceObserver((list) => done(list.getEntries()[0].startTime))"
        ".observe({type: 'largest-contentful-paint', buffered: true}))"
    )
    assert painted < 10_000, f"{painted:.0f} ms until the text stands"

    page.goto("/feedback/new")
    page.get_by_label("反映问题", exact=True).check()
    page.get_by_label("您想说什么？").fill(words)
    take_time(page)
    with page.expect_navigation():
        page.get_by_role("button", name="提交", exact=True).click()
    assert page.locator(".look-first").count(), "the likeliest items are offered first"
    # The message arrives; its answer doesn't.
    page.route("**/feedback/**", lambda route: (route.fetch(max_redirects=0), route.abort()))
    with pytest.raises(BrowserError), page.expect_navigation(timeout=8_000):
        page.locator("main form .actions button[type=submit]").click()
    page.unroute("**/feedback/**")
    page.go_back()
    assert page.get_by_label("您想说什么？").input_value() == words, "nothing typed was lost"
    with page.expect_navigation():
        page.locator("main form .actions button[type=submit]").click()
    if page.locator(".look-first").count():
        page.locator("main form .actions button[type=submit]").click()
    # Going back gave a new form, which this browser can't send a second time: the first one's receipt is there.
    page.locator("main a[href$='/feedback/receipt']").click()
    page.wait_for_url("**/feedback/receipt")
    assert page.inner_text("#query-code")
    assert cases_with(site, words) == 1


def test_a_shop_owner_from_taiwan(site: Site, visitor: Open) -> None:
    """Searches in Traditional characters, reads the plan in them, says who speaks, and is answered in them."""
    words = "我在台江開店三年，辦理營業執照變更要跑好幾個窗口，希望一次辦好。"
    page = visitor()
    page.goto("/zh-hant/")
    page.get_by_placeholder("您關心什麼").fill("營商環境")
    with page.expect_navigation():
        page.get_by_role("button", name="搜尋").click()
    assert "營商環境" in page.inner_text("main"), (
        "Traditional words find the Simplified plan, shown in Traditional"
    )
    found = page.locator("main a[href*='/plans/taijiang-14/']").first
    with page.expect_navigation():
        found.click()
    assert page.url.startswith(site.url + "/zh-hant/plans/")
    with page.expect_navigation():
        page.locator("a[href*='/feedback']").first.click()
    page.locator("input[name=kind]").first.check()
    page.locator("textarea[name=text]").fill(words)
    page.locator("details", has=page.locator("select[name=speaks_as]")).locator("summary").first.click()
    page.locator("select[name=speaks_as]").select_option("compatriot")
    take_time(page)
    with page.expect_navigation():
        page.locator("main form .actions button[type=submit]").click()
    if page.locator(".look-first").count():
        page.locator("main form .actions button[type=submit]").click()
    page.wait_for_url("**/zh-hant/feedback/receipt")
    assert page.locator("html").get_attribute("lang") == "zh-Hant"
    page.goto("/zh-hant/track/case")
    assert words in page.inner_text("main"), "the own words stand as they were written"
    with site.app.app_context():
        kept = db.session.execute(
            select(Feedback.speaks_as, Feedback.locale).where(Feedback.text == words)
        ).one()
    assert tuple(kept) == ("compatriot", "zh_Hant")
