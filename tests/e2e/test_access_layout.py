"""Sizes and shapes: what is pressed is large enough, nothing scrolls sideways at 320 pixels or 400 percent.

A page enlarged to 400 percent on a screen of 1280 × 1024 is a page 320 pixels wide and 256 high.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from civic.core.actor import Role
from tests.e2e.conftest import Site
from tests.e2e.people import say_something, sign_in_cookies

pytestmark = pytest.mark.e2e

Open = Callable[..., Any]
ENLARGED = {"width": 320, "height": 256}
USUAL, ELDER = 44, 60
"""CSS pixels in each direction (DESIGN §13)."""

MAIN_PAGES = (
    "/", "/plans/", "/plans/taijiang-14/", "/plans/taijiang-14/6", "/plans/taijiang-14/6.3",
    "/plans/taijiang-14/6.2.1", "/plans/taijiang-14/T2-01", "/plans/taijiang-14/B1-001",
    "/plans/taijiang-14/M-1.5.1-1", "/plans/taijiang-14/indicators", "/livelihood", "/livelihood/environment",
    "/voices", "/search?q=停车", "/scoreboard", "/departments/edu", "/about", "/accessibility",
    "/feedback/new", "/track", "/en/", "/en/plans/taijiang-14/6.2.1", "/en/feedback/new",
)  # fmt: skip

TOO_SMALL = """(least) => {
  const hidden = ".trap, .visually-hidden, .skip, details:not([open]) > :not(summary)";
  const shown = (e) => e.getClientRects().length && !e.closest(hidden);
  const box = (...all) => {
    const boxes = all.map((e) => e.getBoundingClientRect());
    const edge = (pick, name) => pick(...boxes.map((b) => b[name]));
    return [edge(Math.max, "right") - edge(Math.min, "left"), edge(Math.max, "bottom") - edge(Math.min, "top")];
  };
  const letters = (e) => e.innerText.replace(/\\s/g, "").length;
  // A link within a sentence is as high as its line (WCAG 2.5.8): there is other text in its block.
  const inSentence = (e) => {
    if (e.tagName !== "A" || getComputedStyle(e).display !== "inline") return false;
    const block = e.closest("p, li, dd, dt, td, th, h1, h2, h3, h4, div, blockquote");
    return !block.matches("h1, h2, h3, h4") && letters(block) > letters(e) + 1;
  };
  const small = new Set();
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!shown(e) || inSentence(e)) continue;
    const parts = e.matches("[type=checkbox], [type=radio]") ? [e, ...e.labels] : [e];
    const [width, height] = box(...parts);
    if (width < least - 0.5 || height < least - 0.5)
      small.add(`${e.tagName} ${e.innerText || e.name} ${Math.round(width)}×${Math.round(height)}`);
  }
  return [...small];
}"""

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def enlarged(browser: Any, site: Site) -> Iterator[Any]:
    context = browser.new_context(base_url=site.url, viewport=ENLARGED, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("address", MAIN_PAGES)
def test_fingers_find_their_target_and_nothing_moves_sideways(enlarged: Any, address: str) -> None:
    enlarged.goto(address)
    for view, least in (("", USUAL), ("elder", ELDER)):
        enlarged.evaluate("view => { document.documentElement.dataset.view = view }", view)
        assert enlarged.evaluate(TOO_SMALL, least) == [], view
        assert enlarged.evaluate(SIDEWAYS) <= 0, view
    size, height = enlarged.evaluate(
        "(() => { const s = getComputedStyle(document.body); return [s.fontSize, s.lineHeight].map(parseFloat) })()"
    )
    assert size >= 18
    assert height / size >= 1.6


@pytest.mark.parametrize(
    ("role", "address"),
    [(Role.DISPATCHER, "/desk/"), (Role.LEAD, "/progress/items"), (Role.DEPUTY, "/supervision/")],
)
def test_staff_pages_fit_an_enlarged_screen(browser: Any, site: Site, role: Role, address: str) -> None:
    context = browser.new_context(base_url=site.url, viewport=ENLARGED)
    context.add_cookies(sign_in_cookies(site, role))
    page = context.new_page()
    page.goto(address)
    assert page.evaluate(SIDEWAYS) <= 0
    page.get_by_role("button", name="长者模式").click()
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 18
    context.close()


COVERED = """() => {
  const e = document.activeElement;
  if (e === document.body || e.matches("main")) return null;
  const style = getComputedStyle(e);
  const marked = (one) => parseFloat(getComputedStyle(one).outlineWidth) >= 2
    && getComputedStyle(one).outlineStyle !== "none";
  const parts = [e, e.parentElement, e.nextElementSibling, ...(e.labels || [])].filter(Boolean);
  if (!parts.some(marked)) return `${e.outerHTML.slice(0, 80)}: focus can't be seen`;
  const box = e.getBoundingClientRect();
  const places = [[box.left + 2, box.top + 2], [box.right - 2, box.bottom - 2], [box.left + 2, box.bottom - 2],
    [(box.left + box.right) / 2, (box.top + box.bottom) / 2]];
  const over = (x, y) => {
    const found = document.elementFromPoint(x, y);
    return found && (e === found || e.contains(found) || found.contains(e) || [...(e.labels || [])].includes(found));
  };
  return places.some(([x, y]) => over(x, y)) ? null : `${e.outerHTML.slice(0, 80)}: covered`;
}"""


@pytest.mark.parametrize("reading", [False, True])
def test_nothing_that_stays_in_place_covers_what_has_the_focus(
    browser: Any, site: Site, reading: bool
) -> None:
    """WCAG 2.4.11, on a small and on an enlarged screen; also with the bar of the reader at the foot."""
    for size in ({"width": 360, "height": 640}, ENLARGED):
        context = browser.new_context(base_url=site.url, viewport=size)
        page = context.new_page()
        page.goto("/plans/taijiang-14/6.2.1")
        if reading:
            page.evaluate("document.documentElement.classList.add('reading-aloud')")
        for _ in range(40):
            page.keyboard.press("Tab")
            assert page.evaluate(COVERED) is None
        context.close()


def test_nothing_moves_where_motion_is_not_wanted(browser: Any, site: Site) -> None:
    context = browser.new_context(base_url=site.url, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);"
        " return parseFloat(s.transitionDuration) > 0 || parseFloat(s.animationDuration) > 0"
        " || s.scrollBehavior === 'smooth' }).length"
    )
    assert moving == 0
    context.close()


def test_the_system_s_own_colours_keep_squares_and_buttons_apart(browser: Any, site: Site) -> None:
    """Forced colours take backgrounds away; squares keep theirs, and what is chosen is underlined."""
    context = browser.new_context(base_url=site.url, forced_colors="active")
    page = context.new_page()
    page.goto("/plans/taijiang-13/indicators")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    done, missed = (
        page.locator(f".square--{name}").first.evaluate("e => getComputedStyle(e).backgroundColor")
        for name in ("done", "missed")
    )
    assert done != missed
    assert page.locator(".chart-axis").first.evaluate("e => getComputedStyle(e).stroke") == page.evaluate(
        "getComputedStyle(document.body).color"
    )
    page.goto("/plans/taijiang-14/6.2.1")
    border = page.locator(".margin a.button").first.evaluate("e => getComputedStyle(e).borderTopWidth")
    assert border == "1px"
    context.close()


@pytest.mark.parametrize("address", ["/plans/taijiang-14/6", "/plans/taijiang-14/6.3.1"])
def test_on_paper_stands_the_text_in_ink_and_where_it_is_from(browser: Any, site: Site, address: str) -> None:
    context = browser.new_context(base_url=site.url, color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for gone in (".site-head", ".site-foot", ".say, main .button", ".read-aloud"):
        assert not page.locator(gone).first.is_visible(), gone
    assert page.locator(".print-from").inner_text().endswith(address)
    assert page.locator(".clause-text p, .item-text .sheet p").first.is_visible()
    context.close()


LONG = "https://example.test/" + "a" * 900 + "喂" * 500 + "Donaudampfschifffahrtsgesellschaft" * 10


def test_a_long_word_breaks_instead_of_the_page(site: Site, visitor: Open) -> None:
    page = visitor(phone=True)
    page.set_viewport_size({"width": 320, "height": 640})
    reference, _code = say_something(page, "/plans/taijiang-14/6.3.1", LONG, public=False)
    page.goto("/track/case")
    assert re.search("a{100}", page.inner_text(".words"))
    assert page.evaluate(SIDEWAYS) <= 0
    context = page.context.browser.new_context(base_url=site.url, viewport={"width": 320, "height": 640})
    context.add_cookies(sign_in_cookies(site, Role.DISPATCHER))
    desk = context.new_page()
    for address in (f"/desk/cases/{reference}", f"/desk/cases/{reference}/decline", "/desk/?list=all"):
        desk.goto(address)
        assert desk.evaluate(SIDEWAYS) <= 0, address
    context.close()


def test_a_long_name_of_a_department_stays_on_the_page(visitor: Open) -> None:
    page = visitor(phone=True)
    page.set_viewport_size({"width": 320, "height": 640})
    for address in (
        "/en/departments",
        "/en/plans/taijiang-14/6.3.1",
        "/en/scoreboard",
        "/en/livelihood/environment",
    ):
        page.goto(address)
        page.evaluate(
            "() => { const names = 'main a, main th, main dd, main .meta span:not(.tag, .badge)';"
            " for (const e of document.querySelectorAll(names))"
            " if (!e.children.length) e.textContent = 'Office for Intergovernmentalcoordination '.repeat(3)"
            " + e.textContent }"
        )
        assert page.evaluate(SIDEWAYS) <= 0, address
