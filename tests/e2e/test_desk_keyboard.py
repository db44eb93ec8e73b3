"""Without a mouse: a clerk's ten cases, accepted together, answered, sent for approval, noted, every key counted;
and what a dispatcher decides, where no key alone publishes anything or sends it away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from civic.cases import services
from civic.cases.models import Case
from civic.cases.rules import CaseStatus, FeedbackKind
from civic.cases.services import NewFeedback
from civic.core import clock
from civic.core.actor import RESIDENT, Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.ids import new_nonce
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


def _given(site: Site, words: str, *, public: bool = False) -> str:
    """A message on no item of the plan comes in; its number."""
    new = NewFeedback(FeedbackKind.REPORT, words, new_nonce(), wants_publication=public)
    with site.app.app_context(), unit_of_work():
        return services.submit_feedback(RESIDENT, new, clock.now()).reference


def test_a_dispatchers_decisions_by_keyboard_alone(site: Site, visitor: Callable[..., Any]) -> None:
    likely, chosen = (
        _given(site, f"您好，{'打扰了，' * 20}家门口没有健身器材。"),
        _given(site, "这件事归谁管？"),
    )
    masked, shown, kept = (
        _given(site, words, public=True)
        for words in ("请打我电话13805910000。", "长椅太少了，能不能多放几张？", "我家的事不想让人知道。")
    )
    for _twice in range(2):
        waiting_case(site, "江滨步道上的秋千断了一根绳子，什么时候修？")
    page = staff(site, visitor, Role.DISPATCHER)
    keys = Keyboard(page)

    def stands(reference: str) -> tuple[str, str]:
        with site.app.app_context():
            row = db.session.execute(
                db.select(Case.status, Case.publication).where(Case.reference == reference)
            ).one()
            return row.status, row.publication

    def to_row(reference: str) -> None:
        """Along the list to the row of this case, and open it."""
        keys.press(*["k"] * 50)
        for _row in range(50):
            if page.evaluate("document.activeElement.dataset.case") == reference:
                return keys.go("Enter")
            keys.press("j")
        raise AssertionError(f"no way to {reference}")

    page.goto("/desk/triage?view=triage")
    to_row(likely)
    keys.press("1")
    assert page.evaluate("document.activeElement.closest('.likely') !== null")
    assert stands(likely)[0] == "triage", "the key only leads to the button"
    keys.go("Enter")
    assert stands(likely)[0] == "routed"
    to_row(chosen)
    keys.press("d", "ArrowDown", "Tab")
    page.keyboard.insert_text("归口办理。")
    keys.go("Control+Enter")
    assert stands(chosen)[0] == "routed"

    keys.go("g", "v")
    to_row(masked)
    keys.press("m")
    assert "1380591" not in page.evaluate("document.activeElement.value")
    keys.go("Control+Enter")
    assert stands(masked)[1] == "masked"
    for reference, pressed, after in ((shown, ("p",), "public"), (kept, ("v", "Space"), "refused")):
        to_row(reference)
        keys.press(*pressed)
        assert stands(reference)[1] == "pending", "the key only leads to the button, or to the reasons"
        keys.go("Enter")
        assert stands(reference)[1] == after

    # What is offered as one matter is merged at once: the number is there, the reason is asked for.
    keys.go("g", "q")
    keys.go("c")
    assert page.evaluate("document.activeElement.name") == "reason"
    page.keyboard.insert_text("同一处。")
    keys.go("Control+Enter")
    assert page.locator(".flash--success").count() == 1
    assert page.url.endswith("/desk/duplicates"), "the next group is decided on"
