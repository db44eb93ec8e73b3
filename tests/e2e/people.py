"""The people of a journey, each in a browser of their own, doing what they do by reading and pressing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from civic.core.actor import Actor, Role
from civic.departments import queries as departments
from tests.e2e.conftest import Site
from tests.factories import PASSWORD, make_account, sign_in

Open = Callable[..., Any]
READING = 3100
"""Milliseconds: a form that is filled in faster than a person could is held for the dispatcher."""


def take_time(page: Any) -> None:
    """Stay on the form as long as a person reads; what filling it in took counts."""
    had = page.evaluate("performance.now() - performance.getEntriesByType('navigation')[0].responseStart")
    page.wait_for_timeout(min(READING, max(0, READING - had)))


def staff(site: Site, open_page: Open, role: Role, department: str = "", *, at_the_door: bool = False) -> Any:
    """Somebody with this role, signed in; ``at_the_door`` through the sign-in page."""
    with site.app.app_context():
        department_id = departments.department_ids()[department] if department else None
        account = make_account(role, department_id=department_id)
        email = next(a.email for a in _accounts() if a.id == account.account_id)
    page = open_page()
    if not at_the_door:
        page.context.add_cookies(_cookies(site, account))
        return page
    page.goto("/staff/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda address: "/sign-in" not in address)
    return page


def sign_in_cookies(site: Site, *roles: Role) -> list[dict[str, Any]]:
    """The cookies of a browser in which somebody new is signed in with these roles; department roles in one of them."""
    with site.app.app_context():
        account = make_account(*roles, department_id=departments.department_ids()["mct"])
    return _cookies(site, account)


def _cookies(site: Site, account: Actor) -> list[dict[str, Any]]:
    client = site.app.test_client()
    with site.app.app_context():
        sign_in(client, account)
    cookie = client.get_cookie("civic")
    assert cookie
    return [{"name": cookie.key, "value": cookie.value, "url": site.url}]


def _accounts() -> Any:
    from sqlalchemy import select

    from civic.accounts.models import Account
    from civic.core.extensions import db

    return db.session.scalars(select(Account)).all()


def go_by(page: Any, pressed: Any) -> None:
    """Press what leads to another page, and wait for that one: a click alone doesn't wait until it stands."""
    with page.expect_navigation():
        pressed.click()


def hand_in(page: Any, button: str = "提交") -> None:
    """Send the form; where something should be looked at first, look and send again."""
    go_by(page, page.get_by_role("button", name=button, exact=True))
    if page.locator(".look-first").count():
        page.locator("main form .actions button[type=submit]").click()
    page.wait_for_url("**/feedback/receipt")


def say_something(
    page: Any, address: str, words: str, *, kind: str = "建议", public: bool = True
) -> tuple[str, str]:
    """Fill in the form at an item and send it; returns number and query code from the receipt."""
    page.goto(address)
    page.get_by_role("link", name="对这一条说一句").first.click()
    page.get_by_label(kind, exact=True).check()
    page.get_by_label("您想说什么？").fill(words)
    if public:
        page.get_by_label("同意在专人遮盖个人信息后").check()
    take_time(page)
    hand_in(page)
    return page.inner_text("#reference"), page.inner_text("#query-code")


def press(page: Any, reference: str, button: str) -> None:
    """Open a case at the desk and press one of its plain buttons."""
    page.goto(f"/desk/cases/{reference}")
    go_by(page, page.get_by_role("button", name=button, exact=True).first)


def fill_in(page: Any, reference: str, slug: str, fields: dict[str, str], button: str) -> None:
    """Open the form of one action on a case, fill it in and send it."""
    page.goto(f"/desk/cases/{reference}/{slug}")
    form = page.locator(f"form[action$='/{slug}']")
    for label, value in fields.items():
        field = form.get_by_label(label)
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        elif field.evaluate("e => e.type") == "radio":
            field.check()
        else:
            field.fill(value)
    go_by(page, form.get_by_role("button", name=button, exact=True))


def follow(page: Any, reference: str, code: str) -> None:
    """Find the own case again by number and query code."""
    page.goto("/track")
    page.get_by_label("编号").fill(reference.lower().replace("-", " "))
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询", exact=True).click()
    page.wait_for_url("**/track/case")
