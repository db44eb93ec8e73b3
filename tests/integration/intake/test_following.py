"""Following and judging: number and code open the case, nothing else does; two clicks or two tabs do no harm."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from civic.cases import services
from civic.cases.models import Case, CaseEvent, Rating
from civic.cases.rules import CaseAction, CaseStatus
from civic.core.errors import NotAllowed
from civic.core.extensions import db
from tests.integration.intake.conftest import Resident


@pytest.fixture
def sent(resident: Resident) -> tuple[str, str, int]:
    """Number, code and id of a case that this browser has sent."""
    return send(resident)


def send(resident: Resident, **values: str) -> tuple[str, str, int]:
    resident.write(**values)
    page = resident.open("/feedback/receipt").get_data(as_text=True)
    code = re.search(r'id="query-code">([0-9A-Z-]+)<', page)
    reference = re.search(r'id="reference">([0-9A-Z-]+)<', page)
    assert code
    assert reference
    case_id = db.session.scalar(select(Case.id).where(Case.reference == reference[1]))
    db.session.rollback()
    assert case_id
    return reference[1], code[1], case_id


def status(case_id: int) -> str:
    db.session.rollback()
    return str(db.session.scalar(select(Case.status).where(Case.id == case_id)))


def test_number_and_code_open_the_case_however_they_are_typed(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    reference, code, _ = sent
    resident.client.delete_cookie("civic")
    answer = resident.track(f" {reference.lower().replace('-', ' ')} ", code.lower().replace("-", " "))
    assert answer.location == "/track/case"
    assert reference in resident.open("/track/case").get_data(as_text=True)


def test_a_wrong_number_and_a_wrong_code_are_told_alike(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    reference, code, _ = sent
    wrong_code = resident.track(reference, "ABCD-EFGH-JKLM-N")
    wrong_number = resident.track("TJ-2026-ZZZZZZ", code)
    assert wrong_code.status_code == wrong_number.status_code == 422
    sentence = "没有与该编号和查询码相符"
    assert sentence in wrong_code.get_data(as_text=True)
    assert sentence in wrong_number.get_data(as_text=True)


def test_another_browser_sees_nothing_without_the_code(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    stranger = resident.client.application.test_client()
    for address in ("/track/case", "/feedback/receipt"):
        assert stranger.get(address).location == "/track"


def test_leaving_forgets_the_case_in_this_browser(resident: Resident, sent: tuple[str, str, int]) -> None:
    form = resident.form(resident.open("/track/case"), "/track/leave")
    resident.client.post("/track/leave", data=form.fields)
    assert resident.client.get("/track/case").location == "/track"
    assert resident.client.get("/feedback/receipt").location == "/track", "the code is gone with it"


def test_dissatisfied_with_a_reason_reopens_and_satisfied_closes(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    world, case_id = resident.world, sent[2]
    world.answered(case_id)
    assert (
        resident.step("rate", level="dissatisfied", solved="no", reason="只装了六盏。").location
        == "/track/case"
    )
    assert status(case_id) == CaseStatus.IN_PROGRESS.value
    world.answered(case_id)
    assert resident.step("rate", level="satisfied", solved="yes").location == "/track/case"
    assert status(case_id) == CaseStatus.CLOSED.value


def test_rating_twice_counts_once(resident: Resident, sent: tuple[str, str, int]) -> None:
    resident.world.answered(sent[2])
    form = resident.form(resident.open("/track/case"), "/track/case/rate")
    data = {**form.fields, "level": "satisfied", "solved": "yes"}
    first = resident.client.post("/track/case/rate", data=data)
    second = resident.client.post("/track/case/rate", data=data)
    assert first.location == second.location == "/track/case"
    assert db.session.scalar(select(func.count()).select_from(Rating)) == 1


def test_a_case_that_changed_meanwhile_keeps_the_words_and_says_so(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    """Two tabs: while the resident writes, the department accepts."""
    form = resident.form(resident.open("/track/case"), "/track/case/add")
    resident.world.do(services.accept_case, resident.world.handler, sent[2])
    answer = resident.client.post("/track/case/add", data={**form.fields, "text": "还有东段也没有灯。"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "还有东段也没有灯。" in text
    again = resident.form(answer, "/track/case/add")
    assert resident.client.post("/track/case/add", data=again.fields).location == "/track/case"


def test_a_question_is_answered_and_the_clock_runs_again(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    world, case_id = resident.world, sent[2]
    world.do(services.accept_case, world.handler, case_id)
    world.do(services.ask_resident, world.handler, case_id, "是哪一段？")
    assert "是哪一段？" in resident.open("/track/case").get_data(as_text=True)
    assert resident.step("add", text="从三号桥到五号桥。").location == "/track/case"
    assert status(case_id) == CaseStatus.IN_PROGRESS.value


def test_who_objects_to_publication_is_private_at_once_and_answered_all_the_same(
    resident: Resident,
) -> None:
    world, (reference, _code, case_id) = resident.world, send(resident, wants_publication="y")
    world.do(services.review_publication, world.dispatcher, case_id, CaseAction.PUBLISH)
    outside = resident.client.application.test_client()
    assert outside.get(f"/cases/{reference}").status_code == 200
    assert resident.step("private").location == "/track/case"
    assert outside.get(f"/cases/{reference}").status_code == 410
    assert status(case_id) == CaseStatus.ROUTED.value
    page = resident.open("/track/case").get_data(as_text=True)
    assert "/track/case/private" not in page
    with pytest.raises(NotAllowed, match="has not agreed"):
        world.do(services.review_publication, world.dispatcher, case_id, CaseAction.PUBLISH)


def test_withdrawing_ends_it(resident: Resident, sent: tuple[str, str, int]) -> None:
    assert resident.step("withdraw").location == "/track/case"
    assert status(sent[2]) == CaseStatus.WITHDRAWN.value
    page = resident.open("/track/case").get_data(as_text=True)
    assert "/track/case/withdraw" not in page


def test_an_empty_objection_is_refused_with_a_sentence(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    resident.world.answered(sent[2])
    answer = resident.step("rate", level="")
    assert answer.status_code == 422
    assert "请选择满意程度" in answer.get_data(as_text=True)


def test_no_page_of_the_resident_changes_anything_by_being_looked_at(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    before = db.session.scalar(select(func.count()).select_from(CaseEvent))
    db.session.rollback()
    for address in ("/track", "/track/case", "/feedback/receipt", "/feedback/new"):
        resident.client.get(address)
    assert db.session.scalar(select(func.count()).select_from(CaseEvent)) == before


@pytest.mark.usefixtures("limits")
def test_guessing_is_slowed_down_and_told_so(resident: Resident, sent: tuple[str, str, int]) -> None:
    for _ in range(15):
        assert resident.track(sent[0], "ABCD-EFGH-JKLM-N").status_code == 422
    answer = resident.track(sent[0], sent[1])
    assert answer.status_code == 429, "the right code too: otherwise the limit would tell it apart"
    assert sent[0] in answer.get_data(as_text=True)
    assert int(answer.headers["Retry-After"]) <= 3900
    resident.wait(hours=1, minutes=6)
    assert resident.track(sent[0], sent[1]).location == "/track/case"
