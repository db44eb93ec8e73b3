"""A list that stays open learns what has come, says so, and moves nothing until its reader asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from civic.core.actor import Role
from tests.e2e.cases import waiting_case
from tests.e2e.conftest import Site
from tests.e2e.people import staff

pytestmark = pytest.mark.e2e

BEAT = 30_000
ITEM = "T2-17"


def test_new_cases_are_said_and_shown_on_demand(site: Site, visitor: Callable[..., Any]) -> None:
    page = staff(site, visitor, Role.HANDLER, "eco")
    waiting_case(site, "夜里的低频噪音从哪里来？", ITEM)
    page.clock.install()
    page.goto("/desk/?view=to_accept")
    there = page.locator(".line").count()
    assert page.title().startswith(f"({there}) ")
    news = page.locator("[data-news]")

    new = waiting_case(site, "空气质量在哪里查？", ITEM)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    with_answer = []
    page.on(
        "response",
        lambda answer: with_answer.append(answer.status) if "/desk/changes" in answer.url else None,
    )
    page.clock.run_for(BEAT)
    assert with_answer == [], "nobody looks, so nothing is asked"
    page.evaluate("delete document.hidden")
    with page.expect_response("**/desk/changes**"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    news.get_by_text("1 件新").wait_for()
    assert news.get_attribute("role") == "status"
    assert page.locator(".line").count() == there, "the list stays as it is"
    assert page.title().startswith(f"({there + 1}) ")
    assert page.locator("[data-count=to_accept]").inner_text() == str(there + 1)
    with page.expect_response(lambda answer: "/desk/changes" in answer.url and answer.status == 304):
        page.clock.run_for(BEAT)

    news.locator("a").click()
    page.locator(f"[data-case='{new}']").wait_for()
    assert news.inner_text() == ""

    page.goto("/desk/templates")
    page.locator("nav [data-count=mine]").wait_for(state="attached")
    with page.expect_response("**/desk/changes"):
        page.reload()
