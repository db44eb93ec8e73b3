"""What a page of the desk asks for while it is open: counts and cases as they are now, and 304 while nothing is new."""

from __future__ import annotations

from html import unescape

import pytest
from werkzeug.test import TestResponse

from civic.cases.rules import FeedbackKind
from civic.desk import queries
from tests.integration.desk.office import Office
from tests.integration.desk.test_queue import attribute
from tests.statements import counted


def asked(office: Office, who: str, address: str, mark: str = "") -> TestResponse:
    browser = office.browser(who)
    with office.at_work():
        return browser.get(address, headers={"If-None-Match": mark} if mark else {})


def test_a_page_learns_what_is_new_where_it_looks(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what has come between the rows of the page: what slides up from the next page is nothing new."""
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    first, second, third = (office.submit() for _ in range(3))
    office.pass_time(minutes=1)
    page = office.get("handler", "/desk/?view=to_accept").get_data(as_text=True)
    assert "<title>(3) " in page
    address = attribute(page, "data-list-changes")
    before = asked(office, "handler", address)
    assert before.get_json()["cases"] == [first, second]
    assert before.get_json()["waiting"] == 3
    office.accept(first, "colleague")
    office.act("dispatcher", second, "transfer", department_id=str(office.roads), reason="归住建。")
    after = asked(office, "handler", address, before.headers["ETag"])
    assert after.status_code == 200
    assert after.get_json()["cases"] == [], "the third was on the next page"
    assert after.get_json()["counts"]["to_accept"] == 1
    assert after.get_json()["found"].startswith("1 ")
    late = office.submit(kind=FeedbackKind.QUESTION)
    whole = attribute(
        office.get("handler", "/desk/?view=department&kind=question").get_data(as_text=True),
        "data-list-changes",
    )
    assert asked(office, "handler", whole).get_json()["cases"] == [late], "as narrowed as the list"
    assert third not in asked(office, "other", "/desk/changes?view=all").get_json()["cases"]


def test_while_nothing_changes_one_look_is_enough(office: Office) -> None:
    office.submit()
    first = asked(office, "lead", "/desk/changes")
    assert set(first.get_json()["counts"]) >= {"mine", "approval", "overdue"}
    assert first.get_json()["waiting"] == 0, "a lead's own list is what waits for approval"
    with counted(office.app) as statements:
        again = asked(office, "lead", "/desk/changes", first.headers["ETag"])
    assert again.status_code == 304
    assert not again.data
    of_cases = [one for one in statements if "case_" in one]
    assert len(of_cases) == 1
    assert "max(case_event.id)" in of_cases[0]
    assert asked(office, "handler", "/desk/changes", first.headers["ETag"]).status_code == 200
    office.pass_time(minutes=10)
    assert asked(office, "lead", "/desk/changes", first.headers["ETag"]).status_code == 200, "deadlines move"


def test_every_page_of_the_desk_asks_and_only_who_has_lists(office: Office) -> None:
    reference = office.submit()
    for who, address in (
        ("handler", f"/desk/cases/{reference}"),
        ("lead", "/desk/team"),
        ("dispatcher", "/desk/review"),
    ):
        page = office.get(who, address).get_data(as_text=True)
        assert 'data-changes="/desk/changes"' in page
        assert "desk-changes.js" in page
    admin = office.get("admin", "/desk/templates").get_data(as_text=True)
    assert "data-changes" not in admin
    assert "desk-changes.js" not in admin
    triage = unescape(office.get("dispatcher", "/desk/triage").get_data(as_text=True))
    assert asked(office, "dispatcher", attribute(triage, "data-list-changes")).get_json()["cases"] == []
