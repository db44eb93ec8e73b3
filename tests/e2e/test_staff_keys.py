"""A lead who also dispatches goes from page to page without a mouse; each page says which keys work on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.supervision.services import opinions
from tests.e2e.cases import waiting_case
from tests.e2e.conftest import Site
from tests.e2e.people import sign_in_cookies
from tests.factories import make_account

pytestmark = pytest.mark.e2e

TITLE = "关于社区健身器材维修"
TEXT = "居民反映健身器材损坏后长期无人维修，请说明维修责任与时限。"
MOST_STOPS = 60


class Walker:
    """Somebody at a page with nothing but keys."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, *keys: str) -> str:
        """Press; the last key leads to another page. Its path."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.press(keys[-1])
        return str(self.page.evaluate("location.pathname"))

    def go_to(self, path: str) -> str:
        """By the key that the overlay names for a page."""
        key = self.page.locator(f'dialog [data-goes][href="{path}"]').first.get_attribute("data-goes")
        return self.go("g", key)

    def tab_to(self, selector: str) -> None:
        for _stop in range(MOST_STOPS):
            self.press("Tab")
            if self.page.evaluate("(one) => document.activeElement.matches(one)", selector):
                return
        raise AssertionError(f"no way to {selector}")

    def listed(self) -> set[str]:
        """The keys that the overlay names for this page, besides those that go elsewhere."""
        self.press("?")
        found = self.page.locator("dialog[open] dl:first-child dt:visible").all_inner_texts()
        self.press("Escape")
        assert self.page.locator("dialog[open]").count() == 0
        return set(found)

    @property
    def on_row(self) -> bool:
        return bool(self.page.evaluate("!!document.activeElement.closest('[data-row]')"))

    @property
    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.id"))


def test_from_the_team_to_an_opinion_by_keyboard_alone(site: Site, visitor: Callable[..., Any]) -> None:
    waiting_case(site, "健身点的器材坏了，什么时候修？")
    with site.app.app_context():
        deputy = make_account(Role.DEPUTY)
        with unit_of_work():
            opinion = opinions.write_opinion(deputy, opinions.NewOpinion(TITLE, TEXT, "mct"), clock.now())
            opinions.send_opinion(deputy, opinion, 1, clock.now())
    page = visitor()
    page.context.add_cookies(sign_in_cookies(site, Role.LEAD, Role.DISPATCHER))
    page.goto("/desk/team")
    keys = Walker(page)

    # Exactly what works here: rows to walk and open, nothing to search, to select, to send or to go back to.
    assert keys.listed() == {"j k", "o Enter", "?"}
    keys.press("j")
    assert keys.on_row
    assert keys.go("g", "z") == "/desk/absences"

    # A field takes letters as letters.
    assert keys.listed() == {"Ctrl Enter", "?"}
    keys.tab_to("#person")
    keys.press("g", "k", "?")
    assert (page.url.rpartition("/")[2], page.locator("dialog[open]").count()) == ("absences", 0)
    keys.press("Shift+Tab", "Alt+g", "z")
    assert keys.go_to("/desk/rules") == "/desk/rules"

    assert keys.listed() == {"j k", "o Enter", "Ctrl Enter", "?"}
    keys.press("j", "j", "k")
    assert keys.on_row
    assert keys.go("o").startswith("/desk/rules/R-")
    assert keys.listed() == {"u", "Ctrl Enter", "?"}
    assert keys.go("u") == "/desk/rules"

    assert keys.go_to("/desk/opinions") == "/desk/opinions"
    keys.press("j")
    assert page.evaluate("document.activeElement.innerText") == TITLE
    assert keys.go("Enter") == f"/desk/opinions/{opinion}"
    assert "u" in keys.listed()

    # Switched off, no single key does anything, on this page or the next; the button still shows them.
    keys.press("?")
    keys.tab_to("[data-keys-switch]")
    keys.press("Enter", "Escape", "g", "1", "?")
    page.goto("/desk/team")
    keys.press("?", "j")
    assert (page.locator("dialog[open]").count(), keys.on_row) == (0, False)
    keys.tab_to("[data-keys-open]")
    keys.press("Enter")
    assert page.locator("dialog[open] [data-keys-switch]").get_attribute("aria-pressed") == "false"
