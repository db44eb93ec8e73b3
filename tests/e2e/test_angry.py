"""Somebody angry: turned down, objects, is answered without help, objects again; told each time what follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from civic.core.actor import Role
from tests.e2e.conftest import PHONE, Site
from tests.e2e.people import follow, say_something, staff
from tests.e2e.test_journey import answer

pytestmark = pytest.mark.e2e

WORDS = "小区门口的健身器材坏了三个月没人管，打电话互相推，太气人了！"


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_an_angry_person_is_turned_down_objects_and_is_answered_twice(
    site: Site, visitor: Callable[..., Any], phone: bool
) -> None:
    resident = visitor(phone=phone)
    people = {
        "dispatcher": staff(site, visitor, Role.DISPATCHER),
        "handler": staff(site, visitor, Role.HANDLER, "mct"),
        "lead": staff(site, visitor, Role.LEAD, "mct"),
    }
    reference, code = say_something(resident, "/plans/taijiang-14/6.3.1", WORDS, kind="投诉")
    assert "前给您答复" in resident.inner_text("main")

    decline(people["dispatcher"], reference)
    follow(resident, reference, code)
    said = resident.inner_text("main")
    assert "不予受理" in resident.inner_text("h1")
    assert "本平台规则五" in said
    assert "提出一次异议" in said
    fits(resident, phone)
    send(resident, "appeal", {"您为什么有异议？": "写得清清楚楚：器材坏了，谁来修？"}, "提交异议")
    assert "不能再次不予受理" in resident.inner_text("main")

    route(people["dispatcher"], reference)
    answer(people, reference, "已列入明年维修计划。", "列入计划")
    resident.goto("/track/case")
    said = resident.inner_text("main")
    assert "您还可以再提一次异议" in said, "what follows is said before anything is pressed"
    judge(resident, "不满意", "没有解决", "明年？现在就有老人摔倒。")
    assert "办理中" in resident.inner_text("h1")
    assert "异议已提交，将重新办理。" in resident.inner_text(".flash")
    assert "因您提出异议，部门正在重新办理" in resident.inner_text("main")
    fits(resident, phone)

    answer(people, reference, "已更换两件器材，第三件下周到货。", "已解决", accepted=True)
    resident.goto("/track/case")
    assert "您已提过一次异议" in resident.inner_text("main")
    judge(resident, "基本满意", "部分解决", "还差一件。")
    assert "已办结" in resident.inner_text("h1")
    said = resident.inner_text("main")
    for kept in (
        "不满意 · 事情没有解决",
        "明年？现在就有老人摔倒。",
        "基本满意 · 事情解决了一部分",
        "还差一件。",
    ):
        assert kept in said, "every judgement stays in view"
    fits(resident, phone)


def decline(dispatcher: Any, reference: str) -> None:
    dispatcher.goto(f"/desk/cases/{reference}/decline")
    form = dispatcher.locator("form[action$='/decline']")
    form.locator("input[value=no_substance]").check()
    with dispatcher.expect_navigation():
        form.get_by_role("button", name="不予受理", exact=True).click()


def route(dispatcher: Any, reference: str) -> None:
    dispatcher.goto(f"/desk/cases/{reference}/route")
    form = dispatcher.locator("form[action$='/route']")
    form.locator("select[name=department_id]").select_option(label="区文化体育和旅游局")
    form.locator("textarea[name=reason]").fill("健身器材由该局管理。")
    with dispatcher.expect_navigation():
        form.get_by_role("button", name="派单", exact=True).click()


def send(resident: Any, slug: str, fields: dict[str, str], button: str) -> None:
    form = resident.locator(f"form[action$='/{slug}']")
    for label, text in fields.items():
        form.get_by_label(label).fill(text)
    with resident.expect_navigation():
        form.get_by_role("button", name=button).click()


def judge(resident: Any, level: str, solved: str, reason: str) -> None:
    form = resident.locator("form[action$='/rate']")
    form.get_by_label(level, exact=True).check()
    form.get_by_label(solved, exact=True).check()
    form.get_by_label("理由").fill(reason)
    with resident.expect_navigation():
        form.get_by_role("button", name="提交评价").click()


def fits(page: Any, phone: bool) -> None:
    """Nothing has to be scrolled sideways."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= (PHONE["width"] if phone else page.viewport_size["width"])
