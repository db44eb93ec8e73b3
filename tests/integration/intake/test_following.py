"""Following and judging: number and code open the case, nothing else does; two clicks or two tabs do no harm."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from civic.cases import services
from civic.cases.models import Case, CaseEvent, Rating
from civic.cases.rules import CaseAction, CaseStatus, DeclineCode, proposed_mask
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
        resident.step("rate", level="dissatisfied", solved="not", reason="只装了六盏。").location
        == "/track/case"
    )
    assert status(case_id) == CaseStatus.IN_PROGRESS.value
    world.answered(case_id)
    assert resident.step("rate", level="satisfied", solved="solved").location == "/track/case"
    assert status(case_id) == CaseStatus.CLOSED.value


def test_rating_twice_counts_once(resident: Resident, sent: tuple[str, str, int]) -> None:
    resident.world.answered(sent[2])
    form = resident.form(resident.open("/track/case"), "/track/case/rate")
    data = {**form.fields, "level": "satisfied", "solved": "solved"}
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


def test_a_whole_line_of_the_receipt_opens_the_case_from_either_field(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    reference, code, _ = sent
    for typed in ((f"{reference} {code}", ""), ("", f"编号{reference}，查询码{code}"), (code, reference)):
        resident.client.delete_cookie("civic")
        assert resident.track(*typed).location == "/track/case", typed


def test_what_is_missing_is_said_at_its_field(resident: Resident) -> None:
    answer = resident.track("TJ-2026-7K3M9Q", "")
    assert answer.status_code == 422
    assert "请输入回执上的查询码" in answer.get_data(as_text=True)


def test_what_happens_next_is_said_with_its_days_and_how_they_are_counted(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    page = resident.open("/track/case").get_data(as_text=True).replace("<wbr>", "")
    assert "部门应在2026年9月8日前签收，在2026年9月20日前答复。" in page
    # Sunday 20 September is worked for National Day.
    assert "调休上班（国庆节调休）" in page
    rows = re.findall(
        r'<tr class="days-(\w+)"><th scope="row">([^<]+)</th>.*?<td class="num">([^<]+)</td>', page
    )
    assert [number for why, _day, number in rows if why in ("workday", "makeup")] == [
        str(n) for n in range(1, 11)
    ]
    assert ("weekend", "9月12日 周六 – 9月13日 周日", "不计") in rows


def test_while_the_resident_is_asked_the_days_left_are_said_and_the_pause_is_not_counted(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    world, case_id = resident.world, sent[2]
    world.do(services.accept_case, world.handler, case_id)
    resident.wait(days=2)
    world.do(services.ask_resident, world.handler, case_id, "是哪一段？")
    resident.wait(days=5)
    page = resident.open("/track/case").get_data(as_text=True)
    assert "期限自2026年9月9日起暂停计算。您回复后，部门还剩9个工作日" in page
    assert "现在等您回复" in page
    assert "期限暂停" in page


def test_an_extension_is_told_with_both_days_and_its_reason(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    world, case_id = resident.world, sent[2]
    world.do(services.accept_case, world.handler, case_id)
    world.do(services.request_extension, world.handler, case_id, 3, reason="灯杆要重新采购。")
    assert "灯杆要重新采购" not in resident.open("/track/case").get_data(as_text=True), "not decided yet"
    world.do(services.approve_extension, world.dispatcher, case_id)
    page = resident.open("/track/case").get_data(as_text=True)
    assert "答复期限由2026年9月20日延至2026年9月23日" in page
    assert "灯杆要重新采购。" in page


def test_a_declined_case_gets_its_reason_its_rule_and_one_objection_after_which_it_must_be_answered(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    world, case_id = resident.world, sent[2]
    explanation = "向市人力资源和社会保障局申请劳动仲裁。"
    world.do(
        services.decline_case,
        world.dispatcher,
        case_id,
        DeclineCode.STATUTORY_CHANNEL,
        explanation=explanation,
    )
    page = resident.open("/track/case").get_data(as_text=True)
    for said in (
        "属于法定渠道",
        "本平台规则二",
        explanation,
        "您可以在2026年9月22日前用下面的表格提出一次异议",
    ):
        assert said in page
    assert resident.step("appeal", text="我说的是路灯，不是劳动争议。").location == "/track/case"
    page = resident.open("/track/case").get_data(as_text=True)
    assert "本件不能再次不予受理" in page
    with pytest.raises(NotAllowed, match="must be answered"):
        world.do(services.decline_case, world.dispatcher, case_id, DeclineCode.NO_SUBSTANCE)


def test_after_its_days_an_objection_to_a_decline_is_no_longer_offered(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    world = resident.world
    world.do(services.decline_case, world.dispatcher, sent[2], DeclineCode.NO_SUBSTANCE)
    form = resident.form(resident.open("/track/case"), "/track/case/appeal")
    resident.wait(days=16)
    assert resident.track(sent[0], sent[1]).location == "/track/case"
    page = resident.open("/track/case").get_data(as_text=True)
    assert "提出异议的期限已于2026年9月22日届满" in page
    assert "/track/case/appeal" not in page
    token = resident.form(resident.open("/track/case"), "/track/leave").fields["csrf_token"]
    late = resident.client.post(
        "/track/case/appeal", data={**form.fields, "csrf_token": token, "text": "再看看。"}
    )
    assert late.status_code == 409
    assert status(sent[2]) == CaseStatus.DECLINED.value


def test_each_answer_is_rated_and_every_judgement_stays_in_view(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    world, case_id = resident.world, sent[2]
    world.answered(case_id)
    assert "此后您还可以再提一次异议" in resident.open("/track/case").get_data(as_text=True)
    resident.step("rate", level="dissatisfied", solved="not", reason="只装了六盏。")
    world.answered(case_id)
    assert "您已提过一次异议" in resident.open("/track/case").get_data(as_text=True)
    resident.step("rate", level="basically_satisfied", solved="partly", reason="还差两盏。")
    page = resident.open("/track/case").get_data(as_text=True)
    for said in ("不满意 · 事情没有解决", "只装了六盏。", "基本满意 · 事情解决了一部分", "还差两盏。"):
        assert said in page
    assert page.count("只装了六盏。") == 2, (
        "at the answer and once on the way, though it was rated and objected"
    )
    db.session.rollback()
    case = db.session.get_one(Case, case_id)
    assert (case.status, case.solved) == (CaseStatus.CLOSED.value, False), "partly solved is not solved"


def test_after_the_last_objection_a_judgement_is_still_taken(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    world, case_id = resident.world, sent[2]
    for time in range(3):
        world.answered(case_id)
        resident.step("rate", level="dissatisfied", reason=f"第{time}次：还没有灯。")
    world.do(services.route_case, world.dispatcher, case_id, world.water, reason="由水务局答复。")
    world.answered(case_id)
    page = resident.open("/track/case").get_data(as_text=True)
    assert "您已提出三次异议" in page
    assert resident.step("rate", level="dissatisfied", reason="最后还是没有灯。").location == "/track/case"
    page = resident.open("/track/case").get_data(as_text=True)
    assert "您再次表示不满意" in page
    assert "/track/case/object" not in page
    assert status(case_id) == CaseStatus.REPLIED.value


def test_the_writer_sees_what_was_covered_and_of_what_kind(resident: Resident) -> None:
    words = "我叫林小红，电话13812345678，河边步道晚上没有灯。"
    world, (reference, _code, case_id) = resident.world, send(resident, text=words, wants_publication="y")
    masked = proposed_mask(words)
    world.do(
        services.review_publication, world.dispatcher, case_id, CaseAction.PUBLISH_MASKED, masked_text=masked
    )
    page = resident.open("/track/case").get_data(as_text=True)
    assert words in page
    assert "<mark" in page
    assert "（已遮盖：姓名）" in page
    assert "（已遮盖：电话号码）" in page
    outside = resident.client.application.test_client()
    public = outside.get(f"/cases/{reference}").get_data(as_text=True)
    assert "13812345678" not in public
    assert "林小红" not in public
    world.do(services.unpublish_case, world.dispatcher, case_id, reason="再看一遍。")
    assert "<mark" not in resident.open("/track/case").get_data(as_text=True)


def test_a_form_of_one_case_never_acts_on_another_opened_in_the_same_browser(resident: Resident) -> None:
    """Two tabs: the first case's page is still open while the second one is looked at."""
    first = send(resident)
    form = resident.form(resident.open("/track/case"), "/track/case/withdraw")
    second = send(resident, text="东街口的人行道坏了，请修一修。")
    answer = resident.client.post("/track/case/withdraw", data=form.fields)
    assert answer.status_code == 409
    assert "又打开了另一件诉求" in answer.get_data(as_text=True)
    assert {status(first[2]), status(second[2])} == {CaseStatus.ROUTED.value}


@pytest.mark.parametrize("slug", ["withdraw", "private"])
def test_a_second_click_does_no_harm_and_says_no_error(resident: Resident, slug: str) -> None:
    send(resident, wants_publication="y")
    form = resident.form(resident.open("/track/case"), f"/track/case/{slug}")
    first = resident.client.post(f"/track/case/{slug}", data=form.fields)
    second = resident.client.post(f"/track/case/{slug}", data=form.fields)
    assert first.location == second.location == "/track/case"


@pytest.mark.parametrize(("text", "said"), [("", "请写明异议的理由"), ("长" * 5001, "太长了")])
def test_an_objection_that_is_empty_or_too_long_is_shown_again(
    resident: Resident, sent: tuple[str, str, int], text: str, said: str
) -> None:
    world = resident.world
    world.do(services.decline_case, world.dispatcher, sent[2], DeclineCode.NO_SUBSTANCE)
    answer = resident.step("appeal", text=text)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_the_receipt_comes_again_in_this_browser_only_until_it_is_left(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    again = resident.open("/feedback/receipt").get_data(as_text=True)
    assert sent[0] in again
    assert sent[1] in again
    form = resident.form(resident.open("/feedback/receipt"), "/track/leave")
    resident.client.post("/track/leave", data=form.fields)
    assert resident.client.get("/feedback/receipt").location == "/track"
