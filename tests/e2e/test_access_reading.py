"""Reading aloud, large print and high contrast, in a real browser; the voices are the only thing that is played."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.conftest import Site
from tests.e2e.people import go_by, say_something

pytestmark = pytest.mark.e2e

Open = Callable[..., Any]
CHAPTER = "/plans/taijiang-14/6"
CLAUSE = "/plans/taijiang-14/6.2.1"
CHINESE = (
    ("Huihui", "zh-CN", True),
    ("Online", "zh-CN", False),
    ("Hanhan", "zh_TW", True),
    ("Kate", "en-GB", True),
)


ENGINE = """
const voices = VOICES;
let now = null;
window.said = [];
window.cancelled = 0;
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.finish = () => now.onend();
Object.defineProperty(window, "speechSynthesis", { configurable: true, value: {
  getVoices: () => voices,
  addEventListener: () => {},
  speak: (one) => {
    now = one;
    said.push({ text: one.text, lang: one.lang, voice: one.voice && one.voice.name, rate: one.rate });
  },
  cancel: () => {
    window.cancelled += 1;
    const was = now;
    now = null;
    if (was) setTimeout(() => was.onend(), 0);
  },
}});
"""
"""A speech engine that speaks when the test lets it: ``said`` holds what it was given, ``finish()`` ends one."""


def with_voices(page: Any, voices: Any = CHINESE) -> Any:
    listed = [{"name": name, "lang": lang, "localService": local} for name, lang, local in voices]
    page.add_init_script(ENGINE.replace("VOICES", json.dumps(listed)))
    return page


def said(page: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("window.said")
    return found


def read_on(page: Any) -> str:
    """Let the voice come to the end; everything it said."""
    page.evaluate("while (document.querySelector('.read-aloud').dataset.state) finish()")
    return "".join(one["text"] for one in said(page))


def test_a_clause_is_read_in_its_order_and_marked_where_it_is(visitor: Open) -> None:
    page = with_voices(visitor(phone=True))
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(CLAUSE)
    assert not any("read-aloud" in url for url in loaded), "nothing is loaded before somebody wants it"
    page.get_by_role("button", name="朗读本页").click()
    page.get_by_role("button", name="暂停朗读").wait_for()
    assert page.locator(".being-read").count() == 1
    first = said(page)[0]
    assert (first["lang"], first["voice"]) == ("zh-cn", "Huihui")
    assert "6.2.1" in page.locator("header .ref").inner_text()
    text = read_on(page)
    title, body = (
        page.inner_text("h1"),
        page.locator(".sheet p").first.evaluate("e => e.firstChild.textContent"),
    )
    assert text.index(title[2:]) < text.index(body.strip()[:12])
    assert "暂停" not in text
    assert "网站" not in text.partition(title)[0]
    assert page.locator(".being-read").count() == 0
    assert page.get_by_role("button", name="朗读本页").is_visible()


def test_a_chapter_is_read_without_its_margin(visitor: Open) -> None:
    page = with_voices(visitor())
    page.goto(CHAPTER)
    page.get_by_role("button", name="朗读本页").click()
    page.get_by_role("button", name="停止朗读").wait_for()
    text = read_on(page)
    every = page.evaluate(
        "[...document.querySelectorAll('.sheet p[id]')].map(p => p.textContent.trim().slice(0, 10))"
    )
    places = [text.find(beginning) for beginning in every]
    assert -1 not in places
    assert places == sorted(places)
    assert "牵头" not in text.replace(page.inner_text(".sheet"), "")[:200]
    assert max(len(one["text"]) for one in said(page)) <= 160


def test_it_pauses_goes_on_at_the_same_sentence_and_stops(visitor: Open) -> None:
    page = with_voices(visitor(phone=True))
    page.goto(CLAUSE)
    page.get_by_role("button", name="朗读本页").press("Enter")
    page.get_by_role("button", name="暂停朗读").wait_for()
    for _ in range(4):
        page.evaluate("finish()")
    here = said(page)[-1]["text"]
    marked = page.locator(".being-read").inner_text()
    page.get_by_role("button", name="暂停朗读").click()
    count = len(said(page))
    page.wait_for_timeout(100)
    assert len(said(page)) == count, "what a paused voice still reports starts nothing"
    assert page.locator(".being-read").inner_text() == marked
    page.get_by_role("button", name="继续朗读").click()
    assert said(page)[-1]["text"] == here
    page.get_by_role("button", name="停止朗读").press("Enter")
    assert page.locator(".being-read").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "朗读本页"
    page.get_by_role("button", name="朗读本页").click()
    assert said(page)[-1]["text"] == said(page)[0]["text"], "a new start is from the beginning"
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="停止朗读").count() == 0


def test_each_language_has_its_voice(visitor: Open) -> None:
    page = with_voices(visitor())
    page.goto("/zh-hant" + CLAUSE)
    page.get_by_role("button", name="朗讀本頁").click()
    page.locator(".being-read").wait_for()
    assert said(page)[0]["voice"] == "Hanhan"
    page.goto("/en" + CLAUSE)
    page.get_by_role("button", name="Read aloud").click()
    page.locator(".being-read").wait_for()
    read_on(page)
    voices = {one["voice"]: one["text"] for one in said(page)}
    assert set(voices) == {"Huihui", "Kate"}, "the plan's Chinese in Chinese, the page's English in English"


def test_leaving_the_page_ends_it(visitor: Open) -> None:
    page = with_voices(visitor())
    page.goto(CLAUSE)
    page.get_by_role("button", name="朗读本页").click()
    page.locator(".being-read").wait_for()
    before = page.evaluate("cancelled")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate("cancelled") > before


def test_it_reads_slower_in_large_print(visitor: Open) -> None:
    page = with_voices(visitor(phone=True))
    page.goto(CLAUSE + "?view=elder")
    page.get_by_role("button", name="朗读本页").click()
    page.locator(".being-read").wait_for()
    assert said(page)[0]["rate"] < 1
    assert page.get_by_role("button", name="暂停朗读").bounding_box()["height"] >= 60


def test_what_somebody_wrote_is_given_to_no_voice_on_the_net(visitor: Open) -> None:
    page = with_voices(visitor(phone=True))
    say_something(
        page, "/plans/taijiang-14/6.3.1", "河边的路灯坏了两盏，请修一修。", kind="反映问题", public=False
    )
    page.get_by_role("button", name="朗读本页").click()
    page.locator(".being-read").wait_for()
    assert {one["voice"] for one in said(page)} == {"Huihui"}
    text = read_on(page)
    code = page.inner_text("#query-code")
    assert " ".join(code.replace("-", "").replace(" ", "")) in text.replace("  ", " "), (
        "a code is read letter by letter"
    )

    only_online = with_voices(visitor(phone=True), (("Online", "zh-CN", False),))
    say_something(
        only_online, "/plans/taijiang-14/6.3.1", "河边的长椅也坏了，请看一看。", kind="反映问题", public=False
    )
    only_online.get_by_role("button", name="朗读本页").click()
    only_online.get_by_text("这台设备没有可朗读本页的语音").wait_for()
    assert said(only_online) == []
    only_online.goto(CLAUSE)
    only_online.get_by_role("button", name="朗读本页").click()
    only_online.locator(".being-read").wait_for()


def test_where_a_browser_cannot_read_nothing_is_offered(browser: Any, site: Site, visitor: Open) -> None:
    page = visitor()
    page.add_init_script(
        "delete Object.getPrototypeOf(window).speechSynthesis; delete window.speechSynthesis;"
    )
    page.goto(CLAUSE)
    assert page.get_by_role("button", name="朗读本页").count() == 0
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    quiet = context.new_page()
    quiet.goto(CLAUSE)
    assert quiet.get_by_role("button", name="朗读本页").count() == 0
    context.close()


def body_size(page: Any) -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))


def test_large_print_and_contrast_are_remembered_on_every_side(visitor: Open, site: Site) -> None:
    page = visitor(phone=True)
    page.goto("/")
    page.get_by_role("button", name="长者模式").click()
    page.get_by_role("button", name="高对比度").click()
    for address in ("/plans/taijiang-14/6.2.1", "/feedback/new", "/track", "/staff/sign-in", "/nowhere"):
        page.goto(address)
        assert body_size(page) >= 18, address
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)", address
    page.get_by_role("button", name="长者模式").press(" ")
    page.get_by_role("button", name="高对比度").click()
    page.goto("/")
    assert body_size(page) == 16


def test_an_address_in_large_print_is_remembered_once_and_then_forgotten(visitor: Open) -> None:
    page = visitor(phone=True)
    page.goto("/search?q=停车&view=elder")
    assert body_size(page) >= 18
    assert "view=" not in page.url
    assert page.locator("a[href*='view=elder']:not([data-display])").count() == 0
    page.get_by_role("button", name="长者模式").click()
    go_by(page, page.get_by_role("link", name="规划", exact=True).first)
    assert body_size(page) == 16, "pressed off is off, whatever the links said"


def test_large_print_without_script_goes_along(browser: Any, site: Site) -> None:
    context = browser.new_context(
        base_url=site.url, java_script_enabled=False, viewport={"width": 360, "height": 780}
    )
    page = context.new_page()
    page.goto("/")
    go_by(page, page.get_by_role("button", name="长者模式"))
    assert body_size(page) >= 18
    page.locator("#q").fill("停车")
    go_by(page, page.get_by_role("button", name="搜索"))
    assert body_size(page) >= 18
    go_by(page, page.locator("main h3 a").first)
    assert body_size(page) >= 18
    go_by(page, page.locator("main a.button").first)
    go_by(page, page.get_by_role("button", name="提交", exact=True))
    assert page.locator(".error-summary").is_visible()
    assert body_size(page) >= 18
    go_by(page, page.get_by_role("button", name="长者模式"))
    assert body_size(page) == 16
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_high_contrast_is_high_in_both_schemes(visitor: Open, scheme: str) -> None:
    page = visitor(color_scheme=scheme)
    page.goto(CLAUSE)
    page.get_by_role("button", name="高对比度").click()
    for selector in ("body", ".margin .button", ".soft", ".tag", ".site-tools a", ".breadcrumb a"):
        ratio = page.locator(selector).first.evaluate(CONTRAST)
        assert ratio >= 7, f"{selector}: {ratio:.1f}"


CONTRAST = """(element) => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = numbers(color).map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let ground = element;
  const clear = (one) => numbers(getComputedStyle(one).backgroundColor)[3] === 0;
  while (ground.parentElement && clear(ground)) ground = ground.parentElement;
  const [a, b] = [light(getComputedStyle(element).color), light(getComputedStyle(ground).backgroundColor)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""
