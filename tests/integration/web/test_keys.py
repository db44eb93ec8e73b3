"""Every page of staff has the overlay of keys and the way to others by key; where it lists something, rows to walk."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civic.accounts import services as accounts
from civic.cases import services as cases
from civic.cases.queries import version_of
from civic.cases.rules import DeclineCode, FeedbackKind, HeldBecause
from civic.core import clock
from civic.core.actor import RESIDENT, Actor, Role
from civic.core.db import unit_of_work
from civic.core.ids import new_nonce
from civic.departments import queries as departments
from civic.desk.services.templates import NewTemplate, create_template
from civic.plans import queries as plans
from civic.supervision.services import opinions
from tests.e2e.test_pages import STAFF
from tests.factories import make_account, sign_in

LISTS = {
    "/desk/", "/desk/review", "/desk/templates", "/desk/duplicates", "/desk/rules", "/desk/triage", "/desk/team",
    "/desk/absences", "/desk/opinions", "/progress/items", "/progress/values", "/progress/targets", "/progress/budgets",
    "/plain-summaries", "/supervision/", "/supervision/opinions", "/admin/accounts", "/admin/departments",
    "/admin/streets", "/admin/levels", "/admin/calendars", "/admin/plans", "/admin/plans/taijiang-14",
    "/staff/account", "/admin/audit",
}  # fmt: skip
"""Pages that list something in the district of this test."""

WORDS = "社区健身点的器材坏了三个月，什么时候能修？"
LETTERS = {
    Role.HANDLER: "amuz", Role.LEAD: "kpz", Role.DISPATCHER: "ctvq", Role.DEPUTY: "", Role.EDITOR: "", Role.ADMIN: "",
}  # fmt: skip
"""What ``g`` leads to with a letter, some of it by role."""

DECIDING = (
    "/desk/triage?view=triage", "/desk/triage?view=appealed", "/desk/triage?view=held", "/desk/triage?view=returned",
    "/desk/review", "/desk/duplicates",
)  # fmt: skip
"""Where the dispatcher decides on one case after the other: each decision has a key."""
MOVING = set("jkoxugXG?/[]")
"""Keys with a meaning of their own on any page."""


class Rows(HTMLParser):
    """Rows of tables and lines of lists that lead somewhere, and which of them no key reaches."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.marked = 0
        self.unreached: list[tuple[int, int]] = []
        self._row: dict[str, bool] | None = None
        self._heading = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "tr" or (tag == "li" and given.get("class", "").split()[:1] == ["line"]):
            self._row = {"leads": tag == "li", "marked": False}
        self._heading = (tag == "th" and given.get("scope") == "row") or (self._heading and tag != "td")
        if "data-row" in given:
            self.marked += 1
        if self._row is not None:
            self._row["marked"] |= "data-row" in given
            self._row["leads"] |= tag == "a" and self._heading and not (given["href"] or "").startswith("#")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("tr", "li") and self._row is not None:
            if self._row["leads"] and not self._row["marked"]:
                self.unreached.append(self.getpos())
            self._row = None


def _told(
    words: str, item_id: int | None, now: datetime, held: tuple[HeldBecause, ...] = ()
) -> tuple[int, int]:
    """A message comes in; its case and version."""
    new = cases.NewFeedback(
        FeedbackKind.REPORT, words, new_nonce(), item_id=item_id, wants_publication=True, held=held
    )
    receipt = cases.submit_feedback(RESIDENT, new, now)
    return receipt.case_id, version_of(receipt.case_id)


def _fill(mct: int, people: dict[Role, Actor]) -> None:
    """Something for each list: two cases on one matter and one on none, an absence, a template, an opinion."""
    now = clock.now()
    item = plans.item_by_code("taijiang-14", "6.3.1")
    with unit_of_work():
        for words, item_id in ((WORDS, item.id), (WORDS, item.id), ("这件事归谁管？", None)):
            _told(words, item_id, now)
        # To decide on besides: a return, an objection to declining, and a text that came in again and again.
        handler, dispatcher = people[Role.HANDLER], people[Role.DISPATCHER]
        returned, declined = _told("河里有垃圾。", item.id, now), _told("公司欠我工资。", None, now)
        cases.return_case(handler, *returned, now, reason="河道不归我局。")
        refused = cases.decline_case(
            dispatcher, *declined, DeclineCode.STATUTORY_CHANNEL, now, explanation="请先申请劳动仲裁。"
        )
        cases.appeal_case(RESIDENT, refused.case_id, refused.version, "这不是劳动争议。", now)
        _told(WORDS, None, now, held=(HeldBecause.QUICK,))
        today = departments.calendar().local_day(now)
        lead = people[Role.LEAD]
        assert lead.account_id
        accounts.enter_absence(
            lead, accounts.NewAbsence(lead.account_id, mct, today, today + timedelta(days=3)), now
        )
        create_template(people[Role.DISPATCHER], None, NewTemplate("已修好", "已经修好。"), now)
        deputy = people[Role.DEPUTY]
        one = opinions.write_opinion(deputy, opinions.NewOpinion("关于健身器材", WORDS * 2, "mct"), now)
        opinions.send_opinion(deputy, one, 1, now)


@pytest.mark.parametrize("taijiang", ["sqlite"], indirect=True)
def test_every_page_of_staff_is_used_by_keyboard(taijiang: Flask) -> None:
    """What a page looks like doesn't depend on the database, so one of them is enough."""
    with taijiang.app_context():
        mct = departments.department_ids()["mct"]
        roles = {role for role, _address in STAFF} | set(LETTERS)
        people = {role: make_account(role, department_id=mct) for role in roles}
        _fill(mct, people)
    browsers: dict[Role, FlaskClient] = {}
    for role, address in (*STAFF, (Role.HANDLER, "/desk/")):
        if role not in browsers:
            browsers[role] = sign_in(taijiang.test_client(), people[role])
        answer = browsers[role].get(address)
        assert answer.status_code == 200, address
        page = answer.get_data(as_text=True)
        assert page.count("<dialog") == page.count("data-keys-dialog") == 1, address
        assert "data-keys-switch" in page, f"{address}: single keys can't be switched off"
        assert re.search(r'src="/static/js/keys\.js', page), address
        goals = re.findall(r'data-goes="(.)"', page)
        assert len(goals) == len(set(goals)), f"{address}: a key leads to two places"
        assert set(LETTERS.get(role, "")) | {"1"} <= set(goals), address
        carried = set(re.findall(r'data-key="(.)"', page))
        assert carried <= set(re.findall(r'data-letter="(.)"', page)) | {"2", "3"}, (
            f"{address}: keys without a name"
        )
        assert not carried & MOVING, address
        rows = Rows(page)
        assert not rows.unreached, f"{address}: no key reaches the rows at {rows.unreached[:3]}"
        assert rows.marked or address not in LISTS, f"{address} lists nothing that a key reaches"
    for address in DECIDING:
        page = browsers[Role.DISPATCHER].get(address).get_data(as_text=True)
        deciding = [part for part in page.split("</form>") if 'action="/desk/cases/' in part]
        assert deciding or address == "/desk/duplicates", f"{address}: nothing to decide"
        for part in deciding:
            assert 'data-key="' in part, f"{address}: no key for {part[-400:]}"
        careful = re.findall(r"<button[^>]* data-key=[^>]*>", page)
        assert all("data-careful" in button for button in careful), f"{address}: a key decides at once"
    assert careful, "possible duplicates are kept apart by key"
