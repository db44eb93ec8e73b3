"""Every page answers, fits its screen, and axe finds nothing: once each, in looks that take turns.

``make axe`` takes every page in every language, light, dark and in large print.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from civic.core.actor import Role
from tests.e2e.axe import TURNS, Look, found_by_axe, in_turn

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
    "/voices?item=taijiang-14/6&kind=report&period=30",
    "/search?q=没有这样的东西xyz",
    "/scoreboard",
    "/scoreboard/streets",
    "/scoreboard/quarters",
    "/progress",
    "/progress/quiet",
    "/assessments",
    "/opinions",
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
    (Role.DISPATCHER, "/desk/templates"),
    (Role.DISPATCHER, "/desk/templates/new"),
    (Role.DISPATCHER, "/desk/duplicates"),
    (Role.DISPATCHER, "/desk/rules"),
    (Role.DISPATCHER, "/desk/rules/corrections"),
    (Role.DISPATCHER, "/desk/rules/new"),
    (Role.ADMIN, "/desk/rules/R-08"),
    (Role.DISPATCHER, "/desk/triage"),
    (Role.DISPATCHER, "/desk/triage?view=held"),
    (Role.DISPATCHER, "/desk/intake/new"),
    (Role.LEAD, "/desk/team"),
    (Role.LEAD, "/desk/absences"),
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
    (Role.DEPUTY, "/supervision/warnings"),
    (Role.DEPUTY, "/supervision/topics"),
    (Role.DEPUTY, "/supervision/opinions"),
    (Role.DEPUTY, "/supervision/opinions/new"),
    (Role.LEAD, "/desk/opinions"),
    (Role.LEAD, "/desk/notices"),
    (Role.DEPUTY, "/supervision/snapshots"),
    (Role.EDITOR, "/supervision/assessments"),
    (Role.EDITOR, "/supervision/assessments/new"),
    (Role.ADMIN, "/admin/accounts"),
    (Role.ADMIN, "/admin/deliveries"),
    (Role.ADMIN, "/admin/accounts/new"),
    (Role.ADMIN, "/admin/departments"),
    (Role.ADMIN, "/admin/departments/new"),
    (Role.ADMIN, "/admin/departments/mct"),
    (Role.ADMIN, "/admin/departments/mct/reorganise"),
    (Role.ADMIN, "/admin/streets"),
    (Role.ADMIN, "/admin/levels"),
    (Role.ADMIN, "/admin/levels/district"),
    (Role.ADMIN, "/admin/calendars"),
    (Role.ADMIN, "/admin/calendars/2026"),
    (Role.EDITOR, "/admin/plans"),
    (Role.EDITOR, "/admin/plans/taijiang-14"),
    (Role.EDITOR, "/admin/plans/taijiang-14/items/6.3.1"),
    (Role.EDITOR, "/admin/plans/taijiang-14/items/6.3.1/promises/new"),
    (Role.ADMIN, "/staff/account"),
    (Role.AUDITOR, "/admin/audit"),
)
PAGES: tuple[tuple[Role | None, str], ...] = (*((None, address) for address in PUBLIC), *STAFF)


def looked_at() -> list[Any]:
    """Each page with its look; the wide screen, the phone and large print take turns."""
    return [pytest.param(*page, look, id=f"{page[1]}-{look}") for page, look in in_turn(PAGES)]


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
