"""The whole journey in real browsers: a word on clause 6.3.1 from a phone to the deputy's summary."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from civic.cases.models import Case, CaseEvent
from civic.cases.rules import CaseAction
from civic.core.actor import Role
from civic.core.extensions import db
from tests.e2e.conftest import Site
from tests.e2e.people import fill_in, follow, go_by, press, say_something, staff

pytestmark = pytest.mark.e2e

WORDS = "台江步行街旁边的学校操场，周末能不能向居民开放？老人早上没有地方锻炼。"
FIRST = "学校操场开放涉及校园安全，正在与学校商量办法。"
SECOND = "已与学校商定：自本月起，每周六、周日上午六点到八点开放操场，凭身份证登记入场。"

A = CaseAction


@pytest.fixture
def people(site: Site, visitor: Callable[..., Any]) -> dict[str, Any]:
    """A resident on a phone, and staff in browsers of their own."""
    return {
        "resident": visitor(phone=True),
        "dispatcher": staff(site, visitor, Role.DISPATCHER, at_the_door=True),
        "handler": staff(site, visitor, Role.HANDLER, "mct", at_the_door=True),
        "lead": staff(site, visitor, Role.LEAD, "mct"),
        "deputy": staff(site, visitor, Role.DEPUTY),
    }


def test_a_word_on_a_clause_is_answered_objected_to_answered_again_and_counted(
    site: Site, people: dict[str, Any]
) -> None:
    resident, deputy = people["resident"], people["deputy"]
    before = figures(deputy)

    reference, code = say_something(resident, "/plans/taijiang-14/6.3.1", WORDS)
    assert re.fullmatch(r"TJ-\d{4}-[2-9A-Z]{6}", reference)
    assert "区文化体育和旅游局" in resident.inner_text("main"), "the clause's lead department has it at once"

    publish(people["dispatcher"], reference)
    answer(people, reference, FIRST, "已解释")

    follow(resident, reference, code)
    assert FIRST in resident.inner_text("main")
    resident.get_by_label("不满意", exact=True).check()
    resident.get_by_label("理由").fill("只说在商量，没有说什么时候开放。")
    with resident.expect_navigation():
        resident.get_by_role("button", name="提交评价").click()
    assert "办理中" in resident.inner_text("h1"), "a dissatisfied resident who says why gets a new round"

    answer(people, reference, SECOND, "采纳", accepted=True)
    resident.goto("/track/case")
    resident.get_by_label("满意", exact=True).check()
    resident.get_by_label("解决了", exact=True).check()
    with resident.expect_navigation():
        resident.get_by_role("button", name="提交评价").click()
    assert "已办结" in resident.inner_text("h1")

    resident.goto(f"/cases/{reference}")
    public = resident.inner_text("main")
    for text in (WORDS, FIRST, SECOND):
        assert text in public

    assert events(site, reference) == [
        A.SUBMIT, A.ROUTE, A.PUBLISH, A.ACCEPT,
        A.DRAFT_REPLY, A.SEND_FOR_APPROVAL, A.APPROVE_REPLY, A.PUBLISH_REPLY, A.RATE, A.REOPEN,
        A.DRAFT_REPLY, A.SEND_FOR_APPROVAL, A.APPROVE_REPLY, A.PUBLISH_REPLY, A.RATE, A.CLOSE,
    ]  # fmt: skip

    after = figures(deputy)
    added = {name: after[name] - before.get(name, 0) for name in after}
    assert added["received"] == added["public"] == 1
    assert added["reopened"] == 1
    assert (added["solved"], added["closed"]) == (1, 1)
    assert (added["satisfied"], added["rated"]) == (1, 2), "both judgements count, not only the last"
    assert added["open"] == added["overdue"] == added["declined"] == 0

    go_by(deputy, deputy.locator('a.figure-link[data-figure=reopened][href*="row=mct"]'))
    assert reference in deputy.inner_text("main"), "the figure opens the list with this very case"


def test_the_departments_pages_show_only_its_own_cases(
    site: Site, people: dict[str, Any], visitor: Any
) -> None:
    reference, _code = say_something(
        people["resident"], "/plans/taijiang-14/6.3.1", "健身点少，希望多设几处。"
    )
    stranger = staff(site, visitor, Role.HANDLER, "edu")
    response = stranger.goto(f"/desk/cases/{reference}")
    assert response.status == 404, "another department's case does not exist for a stranger"


def publish(dispatcher: Any, reference: str) -> None:
    dispatcher.goto(f"/desk/cases/{reference}/publish")
    with dispatcher.expect_navigation():
        dispatcher.get_by_role("button", name="原文公开", exact=True).click()


def answer(people: dict[str, Any], reference: str, text: str, brings: str, *, accepted: bool = False) -> None:
    """The handler accepts and drafts, the lead approves and publishes."""
    handler, lead = people["handler"], people["lead"]
    if not accepted:
        press(handler, reference, "签收")
    fill_in(handler, reference, "draft-reply", {"答复内容": text, "办理结果": brings}, "保存并送审")
    lead.goto(f"/desk/cases/{reference}")
    assert text in lead.content(), "the lead reads what is approved"
    lead.goto(f"/desk/cases/{reference}/approve-reply")
    with lead.expect_navigation():
        lead.get_by_role("button", name="审签并发布").click()


def figures(deputy: Any) -> dict[str, int]:
    """The total row of the summary by department, as the deputy reads it today."""
    deputy.goto("/supervision/?by=department")
    found: dict[str, int] = {}
    for link in deputy.locator("tr.total a.figure-link, tfoot a.figure-link").all():
        found[link.get_attribute("data-figure")] = int(link.get_attribute("data-value"))
    return found


def events(site: Site, reference: str) -> list[CaseAction]:
    with site.app.app_context():
        rows = db.session.scalars(
            db.select(CaseEvent.action)
            .join(Case, Case.id == CaseEvent.case_id)
            .where(Case.reference == reference)
            .order_by(CaseEvent.seq)
        )
        return [CaseAction(row) for row in rows]
