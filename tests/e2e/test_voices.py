"""Others' voices on a small phone: support one instead of sending the same, come back to the own words, erase them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from civic.cases import services
from civic.cases.models import Case, VoiceSupport
from civic.cases.rules import CaseAction, FeedbackKind
from civic.cases.services import NewFeedback
from civic.core.actor import RESIDENT, Role
from civic.core.clock import now
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.ids import new_nonce
from civic.plans import queries as plans
from tests.e2e.axe import found_by_axe
from tests.e2e.conftest import Site
from tests.e2e.people import go_by, hand_in, take_time
from tests.factories import make_account

pytestmark = pytest.mark.e2e

FORM = "/plans/taijiang-14/6.3.3/feedback"
PUBLIC = "体育公园的灯晚上九点就关了，能不能延长到十点？"
OWN = "体育公园晚上九点就关灯，能不能延长到十点半？"


@pytest.fixture
def published(site: Site) -> str:
    """A public message on the item; returns its number."""
    with site.app.app_context(), unit_of_work():
        new = NewFeedback(
            kind=FeedbackKind.SUGGESTION, text=PUBLIC, nonce=new_nonce(), wants_publication=True,
            item_id=plans.item_by_code("taijiang-14", "6.3.3").id,
        )  # fmt: skip
        receipt = services.submit_feedback(RESIDENT, new, now())
    with site.app.app_context():
        dispatcher = make_account(Role.DISPATCHER)
        with unit_of_work():
            version = db.session.scalar(db.select(Case.version).where(Case.id == receipt.case_id))
            services.review_publication(dispatcher, receipt.case_id, version, CaseAction.PUBLISH, now())
    return receipt.reference


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def count(site: Site, model: Any) -> int:
    with site.app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def test_one_is_supported_instead_and_the_own_words_wait_on_the_phone(
    site: Site, visitor: Callable[..., Any], published: str
) -> None:
    page = visitor(phone=True)
    page.goto(FORM)
    page.get_by_label("建议", exact=True).check()
    page.get_by_label("您想说什么？").fill(OWN)
    take_time(page)
    go_by(page, page.get_by_role("button", name="提交", exact=True))
    before, cases = count(site, VoiceSupport), count(site, Case)
    instead = page.get_by_role("button", name="改为附议这一条").first
    assert PUBLIC in page.inner_text(".similar")
    assert fits(page)
    assert found_by_axe(page) == []
    instead.click()
    page.wait_for_url(f"**/cases/{published}/support?about=**")
    text = page.inner_text("main")
    assert "已计入您的附议" in text
    assert "不是投票" in text
    assert fits(page)
    assert found_by_axe(page) == []
    assert count(site, VoiceSupport) == before + 1
    assert count(site, Case) == cases, "nothing was sent"

    page.get_by_role("link", name="仍要提交自己的留言").click()
    page.wait_for_url(f"**{FORM}")
    assert page.get_by_label("您想说什么？").input_value() == OWN
    assert page.get_by_label("建议", exact=True).is_checked()
    assert "这台设备上留有您" in page.inner_text(".draft-note")
    page.get_by_role("button", name="清除").click()
    assert page.get_by_label("您想说什么？").input_value() == ""
    page.reload()
    assert page.get_by_label("您想说什么？").input_value() == ""

    page.goto(f"/cases/{published}/support")
    back = page.get_by_role("button", name="撤回附议")
    back.focus()
    page.keyboard.press("Enter")
    page.get_by_text("已撤回您的附议").wait_for()
    assert count(site, VoiceSupport) == before


def test_a_draft_is_kept_for_each_item_without_contact_and_is_gone_once_sent(
    site: Site, visitor: Callable[..., Any]
) -> None:
    page = visitor(phone=True)
    page.goto("/plans/taijiang-14/6.1.2/feedback")
    page.get_by_label("咨询", exact=True).check()
    page.get_by_label("您想说什么？").fill("招聘会下个月还办吗？")
    page.locator("summary").filter(has_text="地点").click()
    page.locator("#place").fill("工业路招聘点")
    page.locator("summary").filter(has_text="联系").last.click()
    page.locator("#phone").fill("13800138000")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "招聘会下个月还办吗" in kept
    assert "工业路招聘点" in kept
    assert "13800138000" not in kept

    page.goto("/plans/taijiang-14/6.1.3/feedback")
    assert page.get_by_label("您想说什么？").input_value() == "", "another item has its own"
    page.goto("/plans/taijiang-14/6.1.2/feedback")
    assert page.get_by_label("您想说什么？").input_value() == "招聘会下个月还办吗？"
    assert page.locator("#place").is_visible(), "what was filled in is not folded away"
    assert page.locator("#phone").input_value() == ""
    take_time(page)
    hand_in(page)
    assert "招聘会" not in page.evaluate("JSON.stringify(localStorage)")


def test_typed_words_come_along_from_the_home_page_without_script(
    site: Site, visitor: Callable[..., Any]
) -> None:
    page = visitor(phone=True, java_script_enabled=False)
    page.goto("/")
    page.locator("#q").fill("老人吃饭没有地方")
    page.get_by_role("button", name="用自己的话说").click()
    page.wait_for_url("**/feedback/words")
    assert page.get_by_label("您想说什么？").input_value() == "老人吃饭没有地方"
    text = page.inner_text(".look-first")
    assert "积极应对老龄化" in text
    assert "因为您提到" in text
    assert "都不是" in text


def test_a_list_is_narrowed_and_widened_on_a_phone(
    site: Site, visitor: Callable[..., Any], published: str
) -> None:
    page = visitor(phone=True)
    page.goto("/plans/taijiang-14/6.3.3")
    page.get_by_role("link", name="查看全部相关声音").click()
    page.locator("summary").filter(has_text="筛选").click()
    page.get_by_label("类型").select_option(value="praise")
    with page.expect_navigation():
        page.locator(".filters button").click()
    assert fits(page)
    assert found_by_axe(page) == []
    chip = page.locator(".chips a").filter(has_text="表扬")
    with page.expect_navigation():
        chip.click()
    assert PUBLIC in page.inner_text("main")
