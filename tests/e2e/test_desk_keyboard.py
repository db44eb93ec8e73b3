"""A clerk's ten cases without a mouse: accepted together, answered, sent for approval, noted; every key counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from civic.cases.models import Case
from civic.cases.rules import CaseStatus
from civic.core.actor import Role
from civic.core.extensions import db
from tests.e2e.cases import waiting_case
from tests.e2e.conftest import Site
from tests.e2e.people import staff

pytestmark = pytest.mark.e2e

CASES = 10
KEYS_PER_CASE = 8
"""What a case may cost beside the words themselves."""

COLUMN = """async () => {
  const side = document.querySelector(".case-side");
  const at = async (y) => {
    window.scrollTo(0, y);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return side.getBoundingClientRect();
  };
  side.querySelectorAll("details").forEach((folded) => { folded.open = true; });
  const end = await at(document.documentElement.scrollHeight), again = await at(0);
  return [
    side.offsetHeight > innerHeight, side.scrollHeight === side.clientHeight, end.bottom <= innerHeight, again.top >= 0,
  ];
}"""
"""The column beside a case is taller than the screen, nothing scrolls within, its end and beginning are reached."""


class Keyboard:
    """The only thing in this clerk's hands."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.pressed = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def go(self, *keys: str) -> None:
        """Press; the last key leads to another page."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.press(keys[-1])


def test_ten_cases_by_keyboard_alone(site: Site, visitor: Callable[..., Any]) -> None:
    references = [waiting_case(site, f"第{n}处健身点的器材什么时候修？") for n in range(CASES)]
    page = staff(site, visitor, Role.HANDLER, "mct")
    page.goto("/desk/?view=mine")
    keys = Keyboard(page)

    keys.press("?")
    assert page.locator("dialog[open] [data-goes=a]").count() == 1
    keys.press("Escape")
    keys.go("g", "a")
    page.locator("[data-row]").first.wait_for()
    listed = page.locator(".line").count()
    assert listed >= CASES
    keys.press("j", "k", "x", *["j"] * (listed - 1), "X")
    assert page.locator("[data-tick]:checked").count() == listed
    keys.go("a")
    keys.go("Enter")
    assert page.locator(".bulk-cases .ref, .bulk-cases a").count() == listed

    keys.go("g", "m")
    page.locator("[data-row]").first.wait_for()
    keys.press("j", "k")
    keys.go("o")
    for number in range(listed):
        keys.press("r")
        page.keyboard.insert_text("已报修，本周五前修好，并在现场贴出告示。")
        keys.press("Tab")
        page.locator("select[name=resolution]:focus").wait_for()
        keys.press("ArrowDown")
        keys.go("Control+Enter")
        if number == 0:
            keys.press("n")
            page.keyboard.insert_text("已电话联系社区。")
            keys.go("Control+Enter")
        if number < listed - 1:
            keys.go("]")
    page.set_viewport_size({"width": 1024, "height": 400})
    assert page.evaluate(COLUMN) == [True] * 4

    with site.app.app_context():
        states = db.session.scalars(db.select(Case.status).where(Case.reference.in_(references))).all()
    assert states == [CaseStatus.REPLY_REVIEW.value] * CASES
    assert keys.pressed <= listed * (KEYS_PER_CASE + 1), keys.pressed
