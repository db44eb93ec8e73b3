"""What a page becomes while somebody uses it: errors, the look before sending, the receipt, the answer, refusals.

Each is read by axe as the pages in ``test_pages`` are, and its title says in which state it is.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from werkzeug.exceptions import InternalServerError, MethodNotAllowed, TooManyRequests

from civic.core.actor import Role
from tests.e2e.axe import Look, found_by_axe, in_turn
from tests.e2e.cases import Told, answered_case, waiting_case
from tests.e2e.conftest import Site

pytestmark = pytest.mark.e2e

FORM = "main form[enctype]"
NUMBERS = count(1)
"""The same words twice from one browser are asked about."""


@pytest.fixture(scope="module")
def told(site: Site) -> Told:
    return answered_case(site)


@pytest.fixture(scope="module")
def waiting(site: Site) -> str:
    return waiting_case(site)


def press(page: Any) -> None:
    with page.expect_navigation():
        page.locator(f"{FORM} button[type=submit]").last.click()


def errors(page: Any, prefix: str, *_: Any) -> None:
    page.goto(prefix + "/plans/taijiang-14/6.3.1/feedback")
    press(page)
    assert page.evaluate("document.activeElement.matches('.error-summary')")


def write(page: Any, prefix: str) -> None:
    page.goto(prefix + "/feedback/new")
    page.locator("input[name=kind]").first.check()
    page.locator("textarea[name=text]").fill(f"{next(NUMBERS)} 号楼门口一直没有地方停车，希望增加停车位。")


def before_sending(page: Any, prefix: str, *_: Any) -> None:
    write(page, prefix)
    press(page)
    assert page.evaluate("document.activeElement.matches('.look-first')")


def receipt(page: Any, prefix: str, *_: Any) -> None:
    write(page, prefix)
    press(page)
    press(page)
    page.wait_for_url("**/feedback/receipt")


def own_case(page: Any, prefix: str, *_: Any) -> None:
    receipt(page, prefix)
    page.goto(prefix + "/track/case")
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")


def unknown_code(page: Any, prefix: str, *_: Any) -> None:
    page.goto(prefix + "/track")
    page.locator("input[name=reference]").fill("TJ-2026-ABCDEF")
    page.locator("input[name=code]").fill("2345678ABCDEF")
    page.locator("form[data-track] button[type=submit]").click()
    page.locator(".error-summary").wait_for()


def answered(page: Any, prefix: str, told: Told, _waiting: str) -> None:
    page.goto(prefix + "/track")
    page.locator("input[name=reference]").fill(told.reference)
    page.locator("input[name=code]").fill(told.code)
    page.locator("form[data-track] button[type=submit]").click()
    page.wait_for_url("**/track/case")


def rating_refused(page: Any, prefix: str, told: Told, _waiting: str) -> None:
    answered(page, prefix, told, _waiting)
    page.locator("#rate form button[type=submit]").click()
    page.wait_for_url("**/track/case/rate")
    assert page.locator(".error-summary").is_visible()


def published(page: Any, prefix: str, told: Told, _waiting: str) -> None:
    page.goto(f"{prefix}/cases/{told.reference}")
    assert ("was received" in page.inner_text("main")) == (prefix == "/en"), (
        "the way it went, in the reader's language"
    )


def read_aloud(page: Any, prefix: str, *_: Any) -> None:
    page.goto(prefix + "/plans/taijiang-14/6.2.1")
    page.evaluate(
        "() => { document.documentElement.classList.add('reading-aloud');"
        " document.querySelectorAll('.read-aloud button').forEach((one) => { one.hidden = false });"
        " document.querySelector('.sheet p').classList.add('being-read') }"
    )


def staff_case(page: Any, prefix: str, _told: Told, waiting: str) -> None:
    page.goto(f"{prefix}/desk/cases/{waiting}")


def act_form(page: Any, prefix: str, _told: Told, waiting: str) -> None:
    page.goto(f"{prefix}/desk/cases/{waiting}/return")
    page.locator("form[action*='/return'] button[type=submit]").first.click()
    page.locator(".error-summary").wait_for()


def stale(page: Any, prefix: str, _told: Told, waiting: str) -> None:
    page.goto(f"{prefix}/desk/cases/{waiting}/return")
    form = page.locator("form[action*='/return']").first
    form.locator("textarea").first.fill("不属于我们部门的职责，应由教育部门办理。")
    page.evaluate("document.querySelectorAll('input[name$=version]').forEach((one) => { one.value = '0' })")
    form.locator("button[type=submit]").first.click()
    page.locator(".stale, .both-texts").first.wait_for()


STATES: tuple[tuple[str, Role | None, Callable[..., None]], ...] = (
    ("a form with errors", None, errors),
    ("before it is sent", None, before_sending),
    ("a receipt", None, receipt),
    ("an own case with all its steps open", None, own_case),
    ("an unknown code", None, unknown_code),
    ("an answered case", None, answered),
    ("a rating that was refused", None, rating_refused),
    ("a published case", None, published),
    ("a page that is read aloud", None, read_aloud),
    ("a case at the desk", Role.LEAD, staff_case),
    ("an act with errors", Role.LEAD, act_form),
    ("a case that changed meanwhile", Role.LEAD, stale),
)


@pytest.mark.parametrize(
    ("state", "look"), [pytest.param(state, look, id=f"{state[0]}-{look}") for state, look in in_turn(STATES)]
)
def test_axe_finds_nothing_while_a_page_is_used(
    look_from: Callable[..., Any], told: Told, waiting: str, state: tuple[str, Role | None, Any], look: Look
) -> None:
    _name, role, reach = state
    page = look_from(role, look)
    page.errors.clear()
    reach(page, look.prefix, told, waiting)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{width} px wider than the screen"
    assert found_by_axe(page) == []
    assert page.errors == []


REFUSALS = (TooManyRequests, InternalServerError, MethodNotAllowed)


@pytest.mark.parametrize(
    ("refusal", "look"), [pytest.param(one, look, id=f"{one.code}-{look}") for one, look in in_turn(REFUSALS)]
)
def test_axe_finds_nothing_on_a_refusal(
    look_from: Callable[..., Any], site: Site, refusal: Any, look: Look
) -> None:
    """The application's own answer, shown at an address of the site so that its styles are there."""
    address = f"{look.prefix}/feedback/new"
    client = site.app.test_client()
    with client.application.test_request_context("/feedback/new", environ_overrides=_language(look.prefix)):
        error = refusal(valid_methods=["GET"]) if refusal is MethodNotAllowed else refusal()
        answer = site.app.handle_user_exception(error)
        html = answer.get_data(as_text=True)
    page = look_from(None, look)
    page.route(f"**{address}", lambda route: route.fulfill(status=200, content_type="text/html", body=html))
    page.goto(address)
    page.unroute(f"**{address}")
    assert str(refusal.code) in page.inner_text("main")
    assert found_by_axe(page) == []


def _language(prefix: str) -> dict[str, str]:
    from civic.web.locale import ENVIRON_KEY, PREFIXES

    return {ENVIRON_KEY: PREFIXES[prefix[1:]], "SCRIPT_NAME": prefix} if prefix else {}


def test_a_title_says_where_one_is_and_that_something_is_wrong(
    look_from: Callable[..., Any], told: Told, waiting: str
) -> None:
    page = look_from(None, Look("", 360))
    titles: dict[str, str] = {}
    for name, role, reach in STATES[:8]:
        if role is None:
            reach(page, "", told, waiting)
            titles[name] = page.title()
    assert len(set(titles.values())) == len(titles), titles
    for name in ("a form with errors", "an unknown code", "a rating that was refused"):
        assert titles[name].startswith("错误："), titles[name]
    assert not any(title.startswith("错误") for name, title in titles.items() if "refused" not in name
                   and "errors" not in name and "unknown" not in name)  # fmt: skip
