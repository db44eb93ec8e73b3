"""One answer for several messages: each writer judges it by the own receipt, and who objects is answered anew."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic.cases import queries, services
from civic.cases.models import CaseStat, Rating
from civic.cases.rules import CaseAction, CaseStatus, DeclineCode, Measure, RatingLevel
from civic.cases.rules.wording import OBJECTED
from civic.core.actor import RESIDENT
from civic.core.errors import NotAllowed
from civic.core.extensions import db
from tests.integration.cases.replayed import rows_are_what_the_events_say
from tests.integration.cases.worlds import World, events_of, status_of
from tests.integration.intake.conftest import Resident
from tests.integration.intake.telling import last_case

FIRST, COMMON = "龙潭角码头的灯坏了。", "已安排"
REASON = "我家门口还是黑的。"
A = CaseAction


def figure(measure: Measure, department_id: int) -> int:
    n = db.session.scalar(
        select(func.sum(CaseStat.n)).where(
            CaseStat.measure == measure.value, CaseStat.department_id == department_id
        )
    )
    db.session.rollback()
    return int(n or 0)


def written(browser: Resident, **typed: str) -> int:
    """A message of somebody with a browser of their own, who has its page open."""
    assert browser.write(**typed).status_code == 302
    case_id = last_case()
    with browser.client.session_transaction() as session:
        session["case"] = case_id
    return case_id


def page_of(browser: Resident) -> str:
    return browser.open("/track/case").get_data(as_text=True)


@pytest.fixture
def merged(resident: Resident) -> tuple[Resident, Resident, Resident, list[int]]:
    """Three who wrote of the same matter: the first is answered, the others are merged with it."""
    world = resident.world
    browsers = resident, resident.browse(), resident.browse()
    cases = [
        written(one, text=FIRST if one is resident else f"{n}号楼下没有灯，请装。")
        for n, one in enumerate(browsers)
    ]
    for case_id in cases[1:]:
        world.do(services.merge_case, world.dispatcher, case_id, cases[0], reason="同一事项。")
    return (*browsers, cases)


def test_each_writer_judges_the_common_answer_and_an_objection_is_answered_alone(
    merged: tuple[Resident, Resident, Resident, list[int]],
) -> None:
    first, second, third, (one, two, three) = merged
    world: World = first.world
    assert "/track/case/rate" not in page_of(second), "there is no answer yet"
    world.answered(one)
    first.step("rate", level="satisfied", solved="solved")
    assert status_of(one) is CaseStatus.CLOSED, "which takes nothing away from the others"
    page = page_of(second)
    assert COMMON in page
    assert FIRST not in page
    assert (
        second.step("rate", level="basically_satisfied", solved="partly", reason="灯不够亮。").status_code
        == 302
    )
    page = page_of(second)
    assert "您的评价" in page
    assert "灯不够亮。" in page
    assert "/track/case/rate" not in page
    with pytest.raises(NotAllowed):
        world.do(services.rate_reply, RESIDENT, two, RatingLevel.SATISFIED)
    words = queries.case_page(world.handler, one, world.now).feedback
    judged = [(said.judgement.level, said.judgement.reason) for said in words if said.judgement]
    assert judged == [(RatingLevel.BASICALLY_SATISFIED, "灯不够亮。")]
    # The third objects: taken out to the department that answered; the others and their case stay as they are.
    third.step("rate", level="dissatisfied", solved="not", reason=REASON)
    assert [status_of(case_id) for case_id in (one, two, three)] == [
        CaseStatus.CLOSED, CaseStatus.MERGED, CaseStatus.IN_PROGRESS,
    ]  # fmt: skip
    page = page_of(third)
    assert COMMON in page
    assert REASON in page
    assert FIRST not in page
    desk = queries.case_page(world.handler, three, world.now)
    assert [reply.text[:3] for reply in desk.replies] == [COMMON]
    assert REASON in {entry.text for entry in desk.additions}
    with pytest.raises(NotAllowed):
        world.do(services.decline_case, world.dispatcher, three, DeclineCode.NO_SUBSTANCE)
    history = queries.case_page(world.handler, one, world.now).history
    assert history[-1].label == OBJECTED
    assert history[-1].account_id is None
    rates = (Measure.RATED_SATISFIED, Measure.RATED_BASICALLY, Measure.RATED_DISSATISFIED, Measure.REOPENED)
    assert [figure(measure, world.water) for measure in rates] == [1, 1, 1, 1]
    world.answered(three)
    third.step("rate", level="satisfied", solved="solved")
    assert status_of(three) is CaseStatus.CLOSED
    assert page_of(third).count('class="verdict"') == 2
    told = queries.own_data(three, world.now).case
    assert [(rating.level.value, rating.reason) for rating in told.ratings] == [
        ("dissatisfied", REASON), ("satisfied", ""),
    ]  # fmt: skip
    assert len(told.replies) == 2
    # Erased, the words of a judgement go and what was counted stays.
    world.do(services.erase_words, RESIDENT, two)
    assert "灯不够亮。" not in page_of(second)
    assert figure(Measure.RATED_BASICALLY, world.water) == 1
    assert services.check_stats() == []
    rows_are_what_the_events_say([one, two, three])


def test_the_time_to_judge_ends_and_begins_with_the_merge_where_the_answer_was_there_before(
    app: Flask, merged: tuple[Resident, Resident, Resident, list[int]]
) -> None:
    first, second, third, (one, two, three) = merged
    world: World = first.world
    world.do(services.unmerge_case, world.dispatcher, three, reason="先分开。")
    world.answered(one)
    answered = queries.tracked_case(two, world.now).judge_until
    assert answered
    world.pass_time(days=9)
    world.do(services.merge_case, world.dispatcher, three, one, reason="还是同一事项。")
    longer = queries.tracked_case(three, world.now).judge_until
    assert longer
    assert longer > answered
    world.now = max(answered, world.now)
    world.pass_time(hours=1)
    with pytest.raises(NotAllowed):
        world.do(services.reopen_case, RESIDENT, two, REASON)
    assert "/track/case/rate" not in page_of(second)
    assert "/track/case/rate" in page_of(third)
    # Content with it, it stays merged though the first is taken up again and then withdrawn.
    third.step("rate", level="satisfied", solved="solved")
    assert A.RATE in events_of(three)
    ratings: Any = db.session.execute(select(Rating.case_id, Rating.answered_case_id, Rating.round)).all()
    db.session.rollback()
    assert [tuple(row) for row in ratings] == [(three, one, 1)]
    world.do(services.reopen_case, RESIDENT, one, REASON)
    assert "您反对的" not in page_of(second), "it was somebody else who objected"
    world.do(services.withdraw_case, RESIDENT, one)
    assert [status_of(two), status_of(three)] == [CaseStatus.ROUTED, CaseStatus.MERGED]
    assert services.check_stats() == []
    rows_are_what_the_events_say([one, two, three])
