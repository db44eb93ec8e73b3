"""A deputy leaves, and another one goes on with what waits for them: rates, sends back, agrees to publication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from civic.accounts import services as accounts
from civic.cases.rules import RatingLevel
from civic.core.actor import Grant, Role
from civic.core.audit import entries_on
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.supervision.models import OpinionEvent
from civic.supervision.queries.opinions import opinion_figures
from civic.supervision.rules import Period
from civic.supervision.rules.opinions import AnswerClass
from civic.supervision.services import opinions as services
from tests.integration.cases.worlds import MONDAY
from tests.integration.supervision.chamber import ANSWER, TEXT, TITLE, Chamber
from tests.integration.supervision.test_opinions import the_rows_are_what_the_events_say

LIST = "/supervision/opinions"
NOW = MONDAY + timedelta(days=3)
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30))
REASON = "没有说明原因。"


@pytest.fixture(autouse=True)
def _three_days_later(chamber: Chamber) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def given(c: Chamber) -> int:
    with unit_of_work():
        one = services.write_opinion(c.people["deputy"], services.NewOpinion(TITLE, TEXT, c.key), MONDAY)
        services.send_opinion(c.people["deputy"], one, 1, MONDAY)
    return one


def answered(c: Chamber, one: int, version: int) -> None:
    with unit_of_work():
        services.draft_answer(c.people["handler"], one, version, AnswerClass.SOLVED, ANSWER, NOW, send=True)
        services.approve_answer(c.people["lead"], one, version + 1, NOW, agrees=True)


def listed(c: Chamber, who: str) -> set[int]:
    """What the list of those who have left shows, as its tab counts it."""
    page = c.read(who, f"{LIST}?view=left")
    found = {int(one) for one in re.findall(r'<h2><a href="/supervision/opinions/(\d+)"', page)}
    assert re.search(r'aria-current="page">代表已离任 <span class="count">(\d+)', page)[1] == str(len(found))  # type: ignore[index]
    return found


def test_another_deputy_goes_on_where_one_has_left(chamber: Chamber) -> None:
    c, people = chamber, chamber.people
    admin, colleague, deputy = people["admin"], people["colleague"], people["deputy"]
    with c.app.app_context():
        waiting, closed, open_still = given(c), given(c), given(c)
        for one in (waiting, closed):
            answered(c, one, 2)
        with unit_of_work():
            services.rate_answer(deputy, closed, 4, RatingLevel.SATISFIED, "", NOW, agrees=False)
        before = opinion_figures(SEPTEMBER, NOW)
        db.session.remove()
    page = f"{LIST}/{waiting}"

    # As long as its deputy is here, nobody else touches it.
    assert listed(c, "colleague") == set()
    assert "接手该意见" not in c.read("colleague", page)
    refused = c.post("colleague", f"{LIST}/new", f"{page}/take-over", {"version": "4"})
    assert refused.status_code == 404

    with c.app.app_context(), unit_of_work():
        accounts.deactivate_account(admin, deputy.account_id, NOW)
    assert listed(c, "colleague") == listed(c, "auditor") == {waiting, closed}
    assert c.read("colleague", f"{LIST}?view=left").count("等待代表同意公开") == 1, "the one that is rated"
    assert "接手该意见" not in c.read("auditor", page)
    rating = {"version": "4", "level": "dissatisfied", "reason": REASON, "agrees": ""}
    assert c.post("colleague", page, f"{page}/rating", rating).status_code == 403, (
        "not before it is taken over"
    )
    c.press("colleague", page, "take-over", 4)
    taken = c.read("colleague", page)
    for words in ("吴代表", "周代表", "原代表离任，由另一位代表接手"):
        assert words in taken, words
    with c.app.app_context():
        assert opinion_figures(SEPTEMBER, NOW) == before, "taking over counts nothing"
        event = db.session.scalars(select(OpinionEvent).where(OpinionEvent.action == "take_over")).one()
        assert (event.account_id, event.params) == (colleague.account_id, {"former_id": deputy.account_id})
        [noted] = entries_on("opinion", waiting, ["opinion.take_over"])
        assert noted.params == {"former_id": deputy.account_id}
        db.session.remove()

    # From then on it is the successor's: dissatisfied sends it back once, the second answer closes it.
    assert listed(c, "colleague") == {closed}
    assert TITLE in c.read("colleague", f"{LIST}?view=to_rate")
    assert c.post("colleague", page, f"{page}/rating", rating | {"version": "5"}).status_code == 302
    with c.app.app_context():
        answered(c, waiting, 6)
        db.session.remove()
    last = {"version": "8", "level": "satisfied", "reason": "", "agrees": "y"}
    assert c.post("colleague", page, f"{page}/rating", last).status_code == 302
    assert TITLE in c.read("nobody", "/opinions/2026/1")
    public = c.read("nobody", "/opinions/2026/1")
    assert "吴代表" not in public
    assert "周代表" not in public

    # What is closed waits for agreement; what is with the department can be taken over before it is answered.
    c.press("colleague", f"{LIST}/{closed}", "take-over", 5)
    c.press("colleague", f"{LIST}/{closed}", "deputy-agrees", 6)
    assert TITLE in c.read("nobody", "/opinions/2026/2")
    assert listed(c, "colleague") == set()
    c.press("colleague", f"{LIST}/{open_still}", "take-over", 2)
    c.press("colleague", f"{LIST}/{open_still}", "withdraw", 3)

    # A role that is taken away is leaving as well; who comes back finds the others' opinions taken.
    with c.app.app_context(), unit_of_work():
        accounts.activate_account(admin, deputy.account_id, NOW)
        accounts.revoke_role(admin, colleague.account_id, Grant(Role.DEPUTY), NOW)
    c.browsers.pop("deputy", None)
    c.press("deputy", page, "take-over", 9)
    c.press("deputy", page, "deputy-refuses", 10)
    assert c.get("nobody", "/opinions/2026/1").status_code == 404
    the_rows_are_what_the_events_say(c.app)
