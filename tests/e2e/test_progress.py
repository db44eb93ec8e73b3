"""A report from the clerk's desk through the lead's approval to a resident's phone, and its correction."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from civic.core.actor import Role
from tests.e2e.axe import found_by_axe
from tests.e2e.conftest import Site
from tests.e2e.people import go_by, staff
from tests.integration.progress.office import photo_with_place

pytestmark = pytest.mark.e2e

ITEM = "/progress/items/taijiang-14/6.3.3"
PUBLIC = "/plans/taijiang-14/6.3.3"
WORDS = "街道健身点已改造三处，第四处正在施工，预计明年全部开放。"
MENDED = "街道健身点已改造两处，第三处正在施工，预计明年全部开放。"


def fits(page: Any) -> bool:
    """Nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def approve(lead: Any) -> None:
    """The lead opens the first report that waits, reads it, and publishes it."""
    lead.goto("/progress/approvals")
    go_by(lead, lead.locator("tbody th a").first)
    assert found_by_axe(lead) == []
    lead.get_by_role("button", name="审签并发布").click()
    lead.wait_for_url("**/progress/approvals")


def test_a_report_is_written_approved_read_and_corrected(
    site: Site, visitor: Callable[..., Any], tmp_path: Path
) -> None:
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(photo_with_place())
    resident = visitor(phone=True)
    resident.goto(PUBLIC)
    assert "尚未公布进展" in resident.inner_text("#progress")

    handler, lead = staff(site, visitor, Role.HANDLER, "mct"), staff(site, visitor, Role.LEAD, "mct")
    handler.goto(ITEM)
    handler.get_by_role("link", name="填写新一期进展").click()
    handler.get_by_role("button", name="保存并送审").click()
    assert "请选择进展状态" in handler.inner_text(".error-summary"), "a slip is named and nothing is sent"
    assert found_by_axe(handler) == []
    handler.get_by_label("进行中").check()
    handler.get_by_label("做了什么，下一步做什么？").fill(WORDS)
    handler.get_by_label("预计完成日期").fill("2099-06-30")
    handler.get_by_label("节点内容 1").fill("完成三处改造")
    handler.get_by_label("计划日期 1").fill("2024-06-30")
    handler.get_by_label("文件 1", exact=True).set_input_files(str(photo))
    handler.get_by_label("说明什么 文件 1").fill("第四处健身点施工现场")
    handler.get_by_role("button", name="保存并送审").click()
    handler.wait_for_url(f"**{ITEM}")
    assert "待审签" in handler.inner_text("main")

    resident.goto(PUBLIC)
    assert WORDS not in resident.inner_text("main")
    approve(lead)

    resident.goto(PUBLIC)
    told = resident.inner_text("#progress")
    for words in (WORDS, "进行中", "完成三处改造", "区文化体育和旅游局"):
        assert words in told
    resident.locator(".photos summary").click()
    picture = resident.locator(".photos img")
    picture.scroll_into_view_if_needed()
    resident.wait_for_function("document.querySelector('.photos img').naturalWidth > 0")
    assert fits(resident)
    assert found_by_axe(resident) == []

    handler.goto(ITEM)
    handler.get_by_role("link", name=re.compile("更正这一期")).click()
    text = handler.get_by_label("做了什么，下一步做什么？")
    assert text.input_value() == WORDS
    text.fill(MENDED)
    handler.get_by_role("button", name="保存并送审").click()
    handler.wait_for_url(f"**{ITEM}")
    approve(lead)

    resident.goto(f"{PUBLIC}/history")
    history = resident.inner_text("main")
    assert WORDS in history
    assert MENDED in history
    assert resident.locator(".diff del").first.inner_text() == "三"
    go_by(resident, resident.get_by_role("link", name="见更正后的一期"))
    assert fits(resident)
    assert found_by_axe(resident) == []


def test_two_clerks_write_at_once_and_nothing_is_lost(site: Site, visitor: Callable[..., Any]) -> None:
    item = "/progress/items/taijiang-14/6.3.2/report"
    first, second = (staff(site, visitor, Role.HANDLER, "mct") for _ in range(2))
    for page in (first, second):
        page.goto(item)
        page.get_by_label("进行中").check()
    first.get_by_label("做了什么，下一步做什么？").fill("甲写的进展：已完成选址和设计。")
    first.get_by_role("button", name="存为草稿").click()
    first.wait_for_url("**/6.3.2")
    second.get_by_label("做了什么，下一步做什么？").fill("乙写的进展：已完成施工招标。")
    second.get_by_role("button", name="存为草稿").click()
    second.wait_for_selector("text=未保存")
    assert "甲写的进展" in second.inner_text("aside")
    assert second.get_by_label("做了什么，下一步做什么？").input_value().startswith("乙写的进展")
    assert found_by_axe(second) == []
