"""Every public page, wide and on a phone, in each language: it answers, fits the screen, and axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.e2e

PUBLIC = (
    "/",
    "/plans/",
    "/plans/taijiang-14/",
    "/plans/taijiang-14/preface",
    "/plans/taijiang-14/1",
    "/plans/taijiang-14/6",
    "/plans/taijiang-14/6.3",
    "/plans/taijiang-14/6.2.1",
    "/plans/taijiang-14/T2-01",
    "/plans/taijiang-14/B1-001",
    "/plans/taijiang-14/M-1.5.1-1",
    "/plans/taijiang-14/indicators",
    "/plans/taijiang-13/indicators",
    "/plans/taijiang-14/projects",
    "/plans/taijiang-14/errata",
    "/livelihood",
    "/livelihood/environment",
    "/voices",
    "/search?q=停车",
    "/search?q=没有这样的东西xyz",
    "/scoreboard",
    "/about",
    "/privacy",
    "/accessibility",
    "/feedback/new",
    "/plans/taijiang-14/6.3.1/feedback?paragraph=p2",
    "/track",
    "/staff/sign-in",
)
SOME = (
    "/",
    "/plans/taijiang-14/6",
    "/plans/taijiang-14/6.2.1",
    "/plans/taijiang-13/indicators",
    "/feedback/new",
)


def found_by_axe(page: Any) -> list[str]:
    """Violations on the page as it stands, one line each."""
    result = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    return [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')[:160]}"
        for violation in result.response["violations"]
        for node in violation["nodes"][:3]
    ]


def check(page: Any, address: str) -> None:
    response = page.goto(address)
    assert response.status == 200, address
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{address} is {width} px wider than the screen"
    assert found_by_axe(page) == [], address


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
@pytest.mark.parametrize("address", PUBLIC)
def test_a_page_stands_and_axe_finds_nothing(visitor: Callable[..., Any], address: str, phone: bool) -> None:
    check(visitor(phone=phone), address)


@pytest.mark.parametrize("prefix", ["/en", "/zh-hant"])
@pytest.mark.parametrize("address", SOME)
def test_it_does_in_the_other_languages(visitor: Callable[..., Any], address: str, prefix: str) -> None:
    check(visitor(phone=True), prefix + address)


@pytest.mark.parametrize("address", SOME)
def test_it_does_in_the_dark(visitor: Callable[..., Any], address: str) -> None:
    check(visitor(color_scheme="dark"), address)


@pytest.mark.parametrize("address", SOME)
def test_it_does_in_large_print_on_a_narrow_phone(visitor: Callable[..., Any], address: str) -> None:
    page = visitor(phone=True)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/")
    page.get_by_text("长者模式").click()
    check(page, address)
    assert float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")) >= 18


@pytest.mark.parametrize(
    "address", ["/nowhere", "/plans/taijiang-14/9.9.9", "/cases/TJ-2026-ABCDEF", "/livelihood/fish"]
)
def test_what_does_not_exist_says_so_and_leads_on(visitor: Callable[..., Any], address: str) -> None:
    page = visitor(phone=True)
    response = page.goto(address)
    assert response.status == 404
    assert page.get_by_role("link", name="回到首页").count() == 1
    assert found_by_axe(page) == []
