"""A deputy's journey: from the page of an item to an opinion and its answer, and what residents then read; and from a
figure over its cases to another one, and to the sealed report with its files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.supervision.rules.opinions import AnswerClass
from civic.supervision.services import opinions as services
from tests.e2e.conftest import Site
from tests.e2e.people import go_by, staff
from tests.factories import make_account

pytestmark = pytest.mark.e2e

ITEM = "6.3.1"
ZONE = ZoneInfo("Asia/Shanghai")
TITLE = "关于养老设施建设进度"
TEXT = "走访中居民反映养老服务站开放时间短，请说明原因，并于年内提出改进办法。"
ANSWER = "已增派工作人员，自下月起开放时间延长至晚上八时。"


def answered(site: Site, opinion_id: int, version: int) -> None:
    """The department's two people do their part."""
    with site.app.app_context():
        lead_of = plans.lead_department_id(plans.item_by_code("taijiang-14", ITEM).id)
        handler = make_account(Role.HANDLER, department_id=lead_of)
        lead = make_account(Role.LEAD, department_id=lead_of)
        now = clock.now()
        with unit_of_work():
            services.draft_answer(handler, opinion_id, version, AnswerClass.SOLVED, ANSWER, now, send=True)
            services.approve_answer(lead, opinion_id, version + 1, now, agrees=True)
        assert lead_of in {one.id for one in departments.departments()}


def last_month(site: Site, folder: Path) -> str:
    """A month with one case of a department, over and not sealed yet; how an address names it."""
    month = (clock.now().astimezone(ZONE).date().replace(day=1) - timedelta(days=1)).replace(day=15)
    file = folder / "past.csv"
    file.write_text(
        f"id,kind,text,submitted_at,department\nJ-1,complaint,审计公告在哪里看？,{month} 10:00,audit\n",
        "utf-8",
    )
    ran(site, "load-cases", str(file), "--system", "hotline")
    return f"{month:%Y-%m}"


def ran(site: Site, *arguments: str) -> None:
    found = site.app.test_cli_runner().invoke(args=["civic", *arguments])
    assert found.exit_code == 0, found.output


def from_a_figure(deputy: Any, site: Site, month: str) -> None:
    """The list behind a figure, an opinion about just these cases, the same figure in the sealed report."""
    deputy.goto("/supervision/")
    go_by(deputy, deputy.get_by_role("link", name="上月", exact=True))
    row = deputy.get_by_role("row").filter(has=deputy.get_by_role("rowheader", name="区审计局")).first
    row.locator("[data-figure=received]").click()
    deputy.locator("[data-total='1']").wait_for()
    reference = deputy.locator("[data-case]").get_attribute("data-case")
    deputy.get_by_role("link", name="就这些诉求提出督办意见").click()
    assert deputy.locator("#references").input_value() == reference
    assert deputy.locator("#department").input_value() == "audit"
    deputy.fill("#title", "关于公告公开")
    deputy.fill("#text", TEXT)
    deputy.get_by_role("button", name="保存并提交").click()
    deputy.get_by_role("heading", level=1, name="关于公告公开").wait_for()
    assert deputy.get_by_text(reference).first.is_visible()

    ran(site, "seal-period", month)
    deputy.goto("/supervision/")
    assert deputy.locator("#opinions-title").is_visible()
    fits_a_tablet(deputy)
    deputy.get_by_role("link", name="封存的报告期").click()
    deputy.locator("main tbody th a").first.click()
    deputy.get_by_role("row", name="区审计局").first.wait_for()
    fits_a_tablet(deputy)
    desktop = deputy.viewport_size
    deputy.set_viewport_size({"width": 360, "height": 780})
    assert "封存校验" not in deputy.evaluate(CUT), "its hash and moments, long words, are broken"
    deputy.set_viewport_size(desktop)
    for name, kind in (("下载 XLSX 表格", "spreadsheetml"), ("下载 Word 文件（DOCX）", "wordprocessingml")):
        answer = deputy.request.get(deputy.get_by_role("link", name=name).get_attribute("href"))
        assert answer.ok
        assert kind in answer.headers["content-type"]


CUT = """() => [...document.querySelectorAll(".table-scroll")]
  .filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.getAttribute("aria-label") || e.innerText.slice(0, 20))"""
SHADOW = "getComputedStyle(document.querySelector('.table-scroll')).backgroundAttachment"


def fits_a_tablet(deputy: Any) -> None:
    """Held upright: no column of a table is out of sight; where one is, on a phone, the edge has a shadow."""
    desktop = deputy.viewport_size
    deputy.set_viewport_size({"width": 820, "height": 1180})
    assert deputy.locator(".table-scroll").count() > 3
    assert deputy.evaluate(CUT) == []
    assert deputy.evaluate(SHADOW) == "local, local, scroll, scroll"
    deputy.set_viewport_size(desktop)


def test_a_deputy_presses_a_department(site: Site, visitor: Callable[..., Any], tmp_path: Path) -> None:
    deputy = staff(site, visitor, Role.DEPUTY)
    deputy.goto(f"/plans/taijiang-14/{ITEM}")
    deputy.get_by_role("link", name="人大代表：就此提出督办意见").click()
    assert deputy.locator("#department").input_value() != "", "the lead department of the item"
    deputy.get_by_role("button", name="保存并提交").click()
    summary = deputy.locator(".error-summary")
    summary.get_by_role("link").first.click()
    assert deputy.evaluate("document.activeElement.id") == "title"
    deputy.fill("#title", TITLE)
    deputy.fill("#text", TEXT)
    deputy.get_by_role("button", name="保存并提交").press("Enter")
    deputy.get_by_role("heading", level=1, name=TITLE).wait_for()
    number = deputy.locator(".page-head .ref").inner_text()
    deputy.get_by_text("这一天怎么算出来的").click()
    assert deputy.locator("table.days td.num", has_text="30").is_visible(), "thirty working days, counted"

    address = deputy.url
    answered(site, int(address.rsplit("/", 1)[1]), 2)
    deputy.goto("/supervision/opinions?view=to_rate")
    deputy.get_by_role("link", name=TITLE).click()
    deputy.get_by_label("基本满意").check()
    deputy.get_by_label("我同意办结后公开").check()
    deputy.get_by_role("button", name="评价答复").click()
    deputy.get_by_text("该意见已办结").wait_for()

    resident = visitor(phone=True)
    resident.goto("/")
    resident.get_by_role("link", name="代表督办意见").click()
    resident.get_by_role("link", name=TITLE).click()
    for words in (number, TEXT, ANSWER, "基本满意"):
        resident.get_by_text(words).first.wait_for()
    assert resident.context.cookies() == []
    from_a_figure(deputy, site, last_month(site, tmp_path))
