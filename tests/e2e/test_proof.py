"""Proof of work in a real browser: fetched when somebody begins to write, solved out of sight, never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from civic.cases.models import Case, CaseEvent
from civic.core.extensions import db
from tests.e2e.conftest import PHONE, Site, running_site
from tests.e2e.people import take_time

pytestmark = pytest.mark.e2e

FORM = "/plans/taijiang-14/6.3.1/feedback"
WORDS = "学校操场周末能不能向居民开放？老人早上没有地方锻炼。"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, sqlite_district: Path) -> Iterator[Site]:
    """A site that counts and asks for proof, and an easier one, so that a busy machine is in time."""
    given = {"CIVIC_RATE_LIMITS": "true", "CIVIC_PROOF_DIFFICULTY": "5000"}
    with running_site(tmp_path_factory.mktemp("guarded"), sqlite_district, **given) as site:
        yield site


@pytest.fixture
def page(browser: Any, guarded: Site) -> Iterator[Any]:
    context = browser.new_context(base_url=guarded.url, viewport=PHONE, locale="zh-CN")
    context.set_default_timeout(15_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if "Security Policy" in m.text else None)
    yield page
    context.close()
    assert errors == []


def fill_in(page: Any, words: str) -> None:
    page.get_by_label("建议", exact=True).check()
    page.get_by_label("您想说什么？").fill(words)


def send(page: Any) -> None:
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/feedback/receipt")


def held_because(site: Site) -> list[str]:
    """The reasons of the newest case."""
    with site.app.app_context():
        case_id = db.session.scalar(select(Case.id).order_by(Case.id.desc()).limit(1))
        query = select(CaseEvent.params).where(CaseEvent.case_id == case_id, CaseEvent.seq == 1)
        return list(db.session.scalars(query).one().get("held", []))


def test_a_browser_proves_its_work_while_somebody_writes(guarded: Site, page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(FORM)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "proof" in url or "challenge" in url], "nothing before it is needed"
    fill_in(page, WORDS)
    expect(page.locator("[name=altcha]")).not_to_have_value("", timeout=15_000)
    take_time(page)
    assert page.inner_text("[data-proof-said]") == "", "nobody is told of what is no matter of theirs"
    send(page)
    assert held_because(guarded) == []


def test_the_form_that_comes_back_brings_its_proof_along(guarded: Site, page: Any) -> None:
    page.goto(FORM)
    page.get_by_label("您想说什么？").fill("操场开放的事，我忘了选是哪一种。")
    expect(page.locator("[name=altcha]")).not_to_have_value("", timeout=15_000)
    take_time(page)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_selector(".error-summary")
    before = page.input_value("[name=altcha]")
    page.get_by_label("建议", exact=True).check()
    page.wait_for_load_state("networkidle")
    assert page.input_value("[name=altcha]") == before
    send(page)
    assert held_because(guarded) == []


def test_who_presses_before_it_is_solved_waits_a_moment_and_is_told_so(guarded: Site, page: Any) -> None:
    def slowly(route: Any) -> None:
        page.wait_for_timeout(2000)
        route.continue_()

    page.goto(FORM)
    take_time(page)
    page.route("**/feedback/challenge", slowly)
    fill_in(page, "操场开放的事，我写得很快。")
    page.get_by_role("button", name="提交", exact=True).click(no_wait_after=True)
    expect(page.locator("[data-proof-said]")).not_to_be_empty()
    page.wait_for_url("**/feedback/receipt")
    assert held_because(guarded) == []


def test_where_no_challenge_comes_the_form_is_sent_all_the_same(guarded: Site, page: Any) -> None:
    page.route("**/feedback/challenge", lambda route: route.abort())
    page.goto(FORM)
    fill_in(page, "操场开放的事，网络不好。")
    take_time(page)
    send(page)
    assert held_because(guarded) == ["no_proof"]


def test_without_script_it_is_sent_and_held(guarded: Site, browser: Any) -> None:
    context = browser.new_context(base_url=guarded.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(FORM)
    fill_in(page, "操场开放的事，我的浏览器没有脚本。")
    take_time(page)
    send(page)
    assert held_because(guarded) == ["no_proof"]
    context.close()
