"""Passing a page on: a button copies the configured address; without script the address stands there to be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.conftest import Site
from tests.e2e.people import go_by

pytestmark = pytest.mark.e2e
PAGE = "/plans/taijiang-14/6.3.1"


def test_the_link_is_copied_with_one_press(browser: Any, site: Site) -> None:
    context = browser.new_context(base_url=site.url, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(PAGE)
    page.get_by_role("button", name="分享本页").click()
    page.get_by_role("button", name="链接已复制").wait_for(timeout=5000)
    copied = page.evaluate("navigator.clipboard.readText()")
    context.close()
    assert copied.endswith(PAGE)
    assert copied.startswith("http")


def test_without_script_the_address_can_be_read(browser: Any, site: Site) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(PAGE)
    assert page.get_by_role("button", name="分享本页").count() == 0
    shown = page.locator(".share-address")
    assert shown.is_visible()
    text = shown.inner_text()
    context.close()
    assert text.endswith(PAGE)


def test_a_reader_finds_the_feed_and_the_subscription(visitor: Callable[..., Any]) -> None:
    page = visitor(phone=True)
    page.goto(PAGE)
    go_by(page, page.get_by_role("link", name="订阅", exact=True))
    assert page.get_by_role("heading", name="订阅", exact=True).is_visible()
    assert page.locator("a[type='application/atom+xml']").get_attribute("href").endswith(f"{PAGE}/feed.atom")
