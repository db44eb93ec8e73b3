"""Every page answers, fits its screen, and axe finds nothing: once each, in looks that take turns.

``make axe`` takes every page in every language, light, dark and in large print.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from civic.core.actor import Role
from tests.e2e.conftest import Site
from tests.e2e.people import sign_in_cookies

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
    "/plans/taijiang-14/6.3.1/history",
    "/plans/taijiang-14/T2-01",
    "/plans/taijiang-14/B1-001",
    "/plans/taijiang-14/M-1.5.1-1",
    "/plans/taijiang-14/indicators",
    "/plans/taijiang-13/indicators",
    "/plans/taijiang-13/T1-03",
    "/plans/taijiang-14/projects",
    "/plans/taijiang-14/errata",
    "/plans/taijiang-14/adjustments",
    "/livelihood",
    "/livelihood/environment",
    "/voices",
    "/search?q=停车",
    "/search?q=停车&in=projects",
    "/voices?q=停车",
    "/search?q=没有这样的东西xyz",
    "/scoreboard",
    "/progress",
    "/progress/quiet",
    "/assessments",
    "/departments",
    "/departments/edu",
    "/about",
    "/privacy",
    "/accessibility",
    "/feedback/new",
    "/plans/taijiang-14/6.3.1/feedback?paragraph=p2",
    "/track",
    "/plans/taijiang-14/6.3.1/subscribe",
    "/departments/edu/subscribe",
    "/subscriptions/asked",
    "/staff/sign-in",
)
STAFF = (
    (Role.DISPATCHER, "/desk/"),
    (Role.DISPATCHER, "/desk/review"),
    (Role.DISPATCHER, "/desk/triage"),
    (Role.DISPATCHER, "/desk/triage?view=held"),
    (Role.DISPATCHER, "/desk/intake/new"),
    (Role.LEAD, "/progress/items"),
    (Role.LEAD, "/progress/items/taijiang-14/6.3.1"),
    (Role.LEAD, "/progress/items/taijiang-14/6.3.1/report"),
    (Role.LEAD, "/progress/approvals"),
    (Role.EDITOR, "/progress/values"),
    (Role.EDITOR, "/progress/values/new"),
    (Role.EDITOR, "/progress/values/import"),
    (Role.EDITOR, "/progress/adjustments"),
    (Role.EDITOR, "/progress/adjustments/new"),
    (Role.EDITOR, "/progress/adjustments/new/taijiang-14/T2-01/target"),
    (Role.EDITOR, "/progress/adjustments/new/taijiang-14/6.3.1/text"),
    (Role.EDITOR, "/progress/adjustments/new/taijiang-14/M-1.5.1-1/deadline"),
    (Role.EDITOR, "/progress/targets"),
    (Role.EDITOR, "/progress/targets/new"),
    (Role.EDITOR, "/progress/targets/import"),
    (Role.EDITOR, "/progress/budgets"),
    (Role.EDITOR, "/progress/budgets/new"),
    (Role.EDITOR, "/plain-summaries"),
    (Role.EDITOR, "/plain-summaries/taijiang-14/6.3.1"),
    (Role.DEPUTY, "/supervision/"),
    (Role.EDITOR, "/supervision/assessments"),
    (Role.EDITOR, "/supervision/assessments/new"),
    (Role.ADMIN, "/admin/accounts"),
    (Role.ADMIN, "/admin/accounts/new"),
    (Role.ADMIN, "/admin/departments"),
    (Role.ADMIN, "/admin/departments/new"),
    (Role.ADMIN, "/admin/departments/mct"),
    (Role.ADMIN, "/admin/streets"),
    (Role.EDITOR, "/admin/plans"),
    (Role.EDITOR, "/admin/plans/taijiang-14"),
    (Role.EDITOR, "/admin/plans/taijiang-14/items/6.3.1"),
    (Role.EDITOR, "/admin/plans/taijiang-14/items/6.3.1/promises/new"),
    (Role.ADMIN, "/staff/account"),
    (Role.AUDITOR, "/admin/audit"),
)
PAGES: tuple[tuple[Role | None, str], ...] = (*((None, address) for address in PUBLIC), *STAFF)


@dataclass(frozen=True)
class Look:
    """How a page is looked at: language by its prefix, width in CSS pixels, colours, large print."""

    prefix: str
    width: int
    scheme: str = "light"
    view: str = ""

    def __str__(self) -> str:
        return f"{self.prefix or '/zh-hans'}-{self.width}-{self.scheme}{'-' + self.view if self.view else ''}"


LANGUAGES = ("", "/zh-hant", "/en")
EVERY_LOOK = tuple(
    Look(prefix, width, scheme, view)
    for prefix, (width, scheme, view) in product(
        LANGUAGES, ((1280, "light", ""), (360, "dark", ""), (320, "light", "elder"))
    )
)
TURNS = (
    Look("", 360), Look("/en", 1280, "dark"), Look("", 320, "light", "elder"), Look("/zh-hant", 360, "dark"),
    Look("", 1280), Look("/en", 360), Look("/zh-hant", 1280, "light", "elder"),
)  # fmt: skip
"""Seven, so that neighbours in the list above are looked at differently."""


def looked_at() -> list[Any]:
    """Each page once in turn, or in every look where ``CIVIC_AXE=all``."""
    if os.environ.get("CIVIC_AXE") == "all":
        chosen = [(*page, look) for page, look in product(PAGES, EVERY_LOOK)]
    else:
        chosen = [(*page, TURNS[number % len(TURNS)]) for number, page in enumerate(PAGES)]
    return [pytest.param(*one, id=f"{one[1]}-{one[2]}") for one in chosen]


@pytest.fixture(scope="session")
def look_from(browser: Any, site: Site) -> Iterator[Callable[[Role | None, Look], Any]]:
    """A page of somebody with this role who sees it this way; browsers are kept, so that a test costs little."""
    kept: dict[tuple[Role | None, Look], Any] = {}
    cookies: dict[Role, Any] = {}

    def open_page(role: Role | None, look: Look) -> Any:
        if (role, look) not in kept:
            context = browser.new_context(
                base_url=site.url, viewport={"width": look.width, "height": 800}, color_scheme=look.scheme,
                locale="zh-CN", timezone_id="Asia/Shanghai",
            )  # fmt: skip
            context.set_default_timeout(10_000)
            if look.view:
                context.add_init_script(f"localStorage.setItem('civic.view', '{look.view}')")
            if role:
                if role not in cookies:
                    cookies[role] = sign_in_cookies(site, role)
                context.add_cookies(cookies[role])
            page = context.new_page()
            page.errors = []
            page.on("pageerror", lambda error: page.errors.append(str(error)))
            page.on("console", lambda m: page.errors.append(m.text) if "Security Policy" in m.text else None)
            kept[role, look] = page
        return kept[role, look]

    yield open_page
    for page in kept.values():
        page.context.close()


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


@pytest.mark.parametrize(("role", "address", "look"), looked_at())
def test_a_page_stands_and_axe_finds_nothing(
    look_from: Callable[[Role | None, Look], Any], role: Role | None, address: str, look: Look
) -> None:
    page = look_from(role, look)
    page.errors.clear()
    response = page.goto(look.prefix + address)
    assert response.status == 200
    assert response.url.endswith(response.request.url)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{width} px wider than the screen"
    if look.view == "elder":
        assert float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")) >= 18
    assert found_by_axe(page) == []
    assert page.errors == []


def test_large_print_is_one_press_away_and_stays(visitor: Callable[..., Any]) -> None:
    page = visitor(phone=True)
    page.goto("/")
    page.get_by_text("长者模式").click()
    page.goto("/plans/taijiang-14/6.2.1")
    assert float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")) >= 18


@pytest.mark.parametrize(
    "address", ["/nowhere", "/plans/taijiang-14/9.9.9", "/cases/TJ-2026-ABCDEF", "/livelihood/fish"]
)
def test_what_does_not_exist_says_so_and_leads_on(look_from: Callable[..., Any], address: str) -> None:
    page = look_from(None, TURNS[0])
    response = page.goto(address)
    assert response.status == 404
    assert page.get_by_role("link", name="回到首页").count() == 1
    assert found_by_axe(page) == []
