"""The resident's whole journey with the keyboard alone: find, say, keep the receipt, follow, rate. No pointer is used.

At every stop the focus can be seen and is not covered, and it goes on in the order in which the page is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.cases import answered_case
from tests.e2e.conftest import Site
from tests.e2e.test_access_layout import COVERED

pytestmark = pytest.mark.e2e

Open = Callable[..., Any]
MOST_STOPS = 90

NAME = """() => {
  const e = document.activeElement;
  const label = e.labels && e.labels[0] ? e.labels[0].innerText : "";
  const named = e.getAttribute("aria-labelledby");
  return [e.getAttribute("aria-label"), named && document.getElementById(named).innerText, label, e.innerText, e.value]
    .find((one) => one && one.trim()) || e.tagName;
}"""
PLACE = """() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  window.stops = window.stops || [];
  if (e.closest("main")) window.stops.push(e);
  const [before, now] = window.stops.slice(-2);
  return !now || !!(before.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING) || before === now;
}"""


class Keyboard:
    """Somebody who has no other way in."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def stop(self) -> str:
        """Where the focus is, after looking that it can be seen there."""
        covered, name = self.page.evaluate(f"[({COVERED})(), ({NAME})()]")
        assert covered is None
        return str(name).strip()

    def go_to(self, name: str, key: str = "Tab") -> None:
        """Press Tab until the stop with this name."""
        passed = []
        for _ in range(MOST_STOPS):
            self.page.keyboard.press(key)
            here = self.stop()
            assert self.page.evaluate(PLACE) or key != "Tab", f"{here} comes before what was left"
            passed.append(here)
            if here.startswith(name):
                return
        raise AssertionError(f"{name} is not among {passed}")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def follow(self, name: str) -> None:
        """Go to a link or button and use it; wait for the page behind it."""
        self.go_to(name)
        with self.page.expect_navigation():
            self.press("Enter")

    def write(self, words: str) -> None:
        self.page.keyboard.type(words)

    @property
    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.className || document.activeElement.id"))


@pytest.fixture
def keyboard(visitor: Open) -> Keyboard:
    return Keyboard(visitor())


def test_from_the_home_page_to_the_receipt(keyboard: Keyboard) -> None:
    page = keyboard.page
    page.goto("/")
    keyboard.press("Tab")
    assert keyboard.stop() == "跳到正文", "the first stop of every page leads past its head"
    keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    keyboard.go_to("用您自己的话搜索规划")
    keyboard.write("健身场地")
    with page.expect_navigation():
        keyboard.press("Enter")
    keyboard.follow("6.3.1")
    keyboard.follow("对这一条说一句")

    with page.expect_navigation():
        page.evaluate("window.stops = []")
        keyboard.go_to("提交")
        keyboard.press("Enter")
    assert keyboard.focused == "error-summary", "the page comes back with the focus on what is missing"
    keyboard.go_to("请选择类型")
    keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "kind", "and an error leads to its field"
    keyboard.press("Space")
    assert page.locator("input[name=kind]:checked").count() == 1
    first = page.locator("input[name=kind]:checked").get_attribute("value")
    keyboard.press("ArrowDown")
    assert page.locator("input[name=kind]:checked").get_attribute("value") != first, (
        "arrows move within the group"
    )
    page.evaluate("window.stops = []")
    keyboard.go_to("您想说什么？")
    keyboard.write("健身场地晚上灯太暗，请加一盏路灯。")
    keyboard.go_to("补充地点")
    keyboard.press("Enter")
    keyboard.go_to("具体地点")
    keyboard.write("公园东门")
    keyboard.go_to("提交")
    with page.expect_navigation():
        keyboard.press("Enter")
    if page.locator(".look-first").count():
        assert keyboard.focused == "look-first", "what should be seen before sending has the focus"
        page.evaluate("window.stops = []")
        keyboard.go_to("确认提交")
        with page.expect_navigation():
            keyboard.press("Enter")
    assert page.url.endswith("/feedback/receipt")
    keyboard.follow("查看我的诉求")
    assert "公园东门" in page.inner_text("main") or "路灯" in page.inner_text(".words")
    keyboard.go_to(page.locator("main summary").first.inner_text())
    keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1


def test_an_answer_is_found_again_and_rated(keyboard: Keyboard, site: Site) -> None:
    told = answered_case(site)
    page = keyboard.page
    page.goto("/track")
    keyboard.go_to("编号")
    keyboard.write(told.reference)
    keyboard.go_to("查询码")
    keyboard.write(told.code)
    with page.expect_navigation():
        keyboard.press("Enter")
    keyboard.go_to("满意")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    assert page.locator("#rate input[name=level]:checked").count() == 1
    chosen = page.locator("#rate input[name=level]:checked").get_attribute("id")
    assert page.locator(f"label[for='{chosen}']").inner_text() == "不满意"
    keyboard.go_to("理由")
    keyboard.write("没有说从哪一天开始。")
    keyboard.go_to("提交评价")
    with page.expect_navigation():
        keyboard.press("Enter")
    assert "办理中" in page.inner_text("h1"), "it is taken up again"
    assert page.get_by_role("status").first.inner_text(), "and said so"


def test_switches_and_language_by_keyboard(keyboard: Keyboard) -> None:
    page = keyboard.page
    page.goto("/plans/taijiang-14/6.3.1/feedback?paragraph=p1")
    keyboard.go_to("长者模式")
    keyboard.press("Space")
    assert page.evaluate("document.documentElement.dataset.view") == "elder"
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.view") is None
    keyboard.go_to("您想说什么？")
    keyboard.write("晚上灯太暗")
    for _ in range(40):
        keyboard.press("Shift+Tab")
        if keyboard.stop() == "English":
            break
    with page.expect_navigation():
        keyboard.press("Enter")
    assert page.url.endswith("/en/plans/taijiang-14/6.3.1/feedback?paragraph=p1")
    assert page.locator("textarea[name=text]").input_value() == "晚上灯太暗", "what was typed goes along"


def test_the_other_language_opens_at_the_same_place(visitor: Open) -> None:
    page = visitor()
    page.goto("/plans/taijiang-14/6#c6.2.1")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/plans/taijiang-14/6#c6.2.1")
    assert page.locator("#c6\\.2\\.1").evaluate("e => Math.abs(e.getBoundingClientRect().top) < innerHeight")


def test_the_other_language_after_a_refused_rating_is_the_same_case(site: Site, visitor: Open) -> None:
    told = answered_case(site)
    page = visitor(phone=True)
    page.goto("/track")
    page.locator("input[name=reference]").fill(told.reference)
    page.locator("input[name=code]").fill(told.code)
    page.locator("form[data-track] button[type=submit]").click()
    page.wait_for_url("**/track/case")
    page.locator("#rate textarea").first.fill("没有说从哪一天开始。")
    page.locator("#rate form button[type=submit]").click()
    page.wait_for_url("**/track/case/rate")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/track/case")
    assert page.locator("#rate textarea").first.input_value() == "没有说从哪一天开始。"
