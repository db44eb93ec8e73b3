"""The dispatcher's work: triage, disputes about returns, review before publication, taking down."""

from __future__ import annotations

import re

import pytest

from civic.cases import queries
from civic.cases.rules import CaseStatus, DeclineCode, Publication
from tests.integration.desk.office import WORDS, Form, Office, forms_of

MASKED = WORDS.replace("3号楼", "＊号楼")


def public_text(office: Office, reference: str) -> str:
    """What the public reads; empty if it reads nothing."""
    with office.app.app_context():
        case = queries.public_case(reference, office.now)
        return case.text if case else ""


def form_on(office: Office, address: str, slug: str) -> Form:
    """The form of an action on one of the dispatcher's pages."""
    return next(f for f in forms_of(office.get("dispatcher", address)) if f.action.endswith(f"/{slug}"))


def test_only_the_dispatcher_triages_and_reviews(office: Office) -> None:
    for address in ("/desk/triage", "/desk/review"):
        assert office.get("dispatcher", address).status_code == 200
        for who in ("handler", "lead", "auditor", "deputy", "admin"):
            assert office.get(who, address).status_code == 403


def test_a_case_without_department_is_routed_with_a_reason(office: Office) -> None:
    reference = office.submit(item_id=None)
    form = form_on(office, "/desk/triage", "route")
    missing = office.send("dispatcher", form, department_id=str(office.roads), reason="")
    assert missing.status_code == 422
    sent = office.send("dispatcher", form, department_id=str(office.roads), reason="道路照明归住建局。")
    assert sent.headers["Location"].endswith("/desk/triage")
    case = office.case(reference)
    assert case.status is CaseStatus.ROUTED
    assert case.department_id == office.roads
    assert "道路照明归住建局。" in office.open("other", reference).get_data(as_text=True)


def test_triage_shows_one_case_after_the_other(office: Office) -> None:
    first = office.submit(item_id=None)
    office.pass_time(hours=1)
    second = office.submit(item_id=None, text="另一件没有部门的事。")
    page = office.get("dispatcher", "/desk/triage").get_data(as_text=True)
    assert f"/desk/cases/{first}/route" in page
    chosen = office.get("dispatcher", f"/desk/triage?case={second}").get_data(as_text=True)
    assert f"/desk/cases/{second}/route" in chosen
    office.send(
        "dispatcher",
        form_on(office, "/desk/triage", "route"),
        department_id=str(office.roads),
        reason="归口。",
    )
    assert f"/desk/cases/{second}/route" in office.get("dispatcher", "/desk/triage").get_data(as_text=True)


def test_agreeing_with_a_return_moves_the_case(office: Office) -> None:
    reference = office.submit()
    office.act("handler", reference, "return", reason="归住建局。", suggested_department_id=str(office.roads))
    page = office.get("dispatcher", "/desk/triage?view=returned")
    assert "归住建局。" in page.get_data(as_text=True)
    form = form_on(office, "/desk/triage?view=returned", "transfer")
    # The suggestion stands ready in the form.
    assert form.fields["department_id"] == str(office.roads)
    office.send("dispatcher", form, reason="同意退回理由。")
    case = office.case(reference)
    assert case.department_id == office.roads
    assert not case.return_pending
    gone = office.get("handler", f"/en/desk/cases/{reference}")
    assert gone.status_code == 409
    assert "no longer with your department: it was passed on at" in gone.get_data(as_text=True)


def test_a_designated_department_cannot_return_the_case(office: Office) -> None:
    reference = office.submit()
    office.act("handler", reference, "return", reason="不归我局。")
    office.act(
        "dispatcher", reference, "designate", department_id=str(office.water), reason="按首接负责办理。"
    )
    case = office.case(reference)
    assert case.department_id == office.water
    assert case.stints[-1].designated
    assert "return" not in office.offers("handler", reference)


def test_reviewing_decides_what_the_public_reads(office: Office) -> None:
    reference = office.submit()
    form = form_on(office, "/desk/review", "publish")
    answer = office.send("dispatcher", form)
    assert answer.headers["Location"].endswith("/desk/review")
    assert public_text(office, reference) == WORDS


def test_what_is_kept_private_says_who_refused_and_why(office: Office) -> None:
    reference, why = office.submit(), "门牌和姓名已写入全文。"
    form = form_on(office, "/desk/review", "keep-private")
    assert office.send("dispatcher", form).status_code == 422, "not without a reason"
    assert office.send("dispatcher", form, code="other").status_code == 422, "nor with one that says nothing"
    answer = office.send("dispatcher", form, code="other", explanation=why)
    assert answer.headers["Location"].endswith("/desk/review")
    assert public_text(office, reference) == ""
    history = office.get("handler", f"/en/desk/cases/{reference}").get_data(as_text=True)
    for said in ("Kept private · Another reason", "派单员", why):
        assert said in history
    case_id = office.case(reference).case_id
    with office.app.app_context():
        told = queries.tracked_case(case_id, office.now).timeline[-1]
    assert "The dispatcher hasn't published your message" in told.sentence.msgid
    assert told.text == why


def test_review_holds_only_what_residents_agreed_to_publish(office: Office) -> None:
    reference = office.submit(wants_publication=False)
    assert reference not in office.get("dispatcher", "/desk/review").get_data(as_text=True)
    assert not {"publish", "publish-masked"} & office.offers("dispatcher", reference)


def test_a_masked_copy_shows_its_changes_and_hides_what_it_covers(office: Office) -> None:
    reference = office.submit()
    form = form_on(office, "/desk/review", "publish-masked")
    assert form.fields["masked_text"] == WORDS
    assert office.send("dispatcher", form, masked_text=MASKED).status_code == 302
    assert public_text(office, reference) == MASKED
    page = office.open("dispatcher", reference).get_data(as_text=True)
    assert "<del>3</del><ins>＊</ins>" in page


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(WORDS, id="nothing covered"),
        pytest.param(MASKED.replace("太暗", "很亮"), id="reworded"),
        pytest.param(MASKED.replace("，老人不敢走", ""), id="cut"),
        pytest.param(MASKED + "谢谢。", id="added"),
        pytest.param("", id="empty"),
    ],
)
def test_a_mask_may_not_change_other_text(office: Office, text: str) -> None:
    reference = office.submit()
    form = form_on(office, "/desk/review", "publish-masked")
    answer = office.send("dispatcher", form, masked_text=text)
    assert answer.status_code == 422
    assert public_text(office, reference) == ""


def test_taking_down_and_masking_again_work_at_any_time(office: Office) -> None:
    reference = office.submit()
    office.act("dispatcher", reference, "publish")
    office.answered(reference)
    office.act("dispatcher", reference, "remask", masked_text=MASKED)
    assert public_text(office, reference) == MASKED
    office.act("dispatcher", reference, "unpublish", reason="当事人要求撤下。")
    assert public_text(office, reference) == ""
    case = office.case(reference)
    assert case.publication is Publication.REFUSED
    assert case.status is CaseStatus.REPLIED


def test_declining_needs_a_code_and_for_some_an_explanation(office: Office) -> None:
    reference = office.submit(item_id=None)
    form = form_on(office, "/desk/triage", "decline")
    assert office.send("dispatcher", form).status_code == 422
    assert office.send("dispatcher", form, code="statutory_channel").status_code == 422
    sent = office.send(
        "dispatcher", form, code="statutory_channel", explanation="请向区信访局提出，电话 12345。"
    )
    assert sent.status_code == 302
    case = office.case(reference)
    assert case.status is CaseStatus.DECLINED
    assert case.decline_code is DeclineCode.STATUTORY_CHANNEL
    page = office.open("dispatcher", reference).get_data(as_text=True)
    assert "请向区信访局提出，电话 12345。" in page


def test_departments_do_not_decline(office: Office) -> None:
    reference = office.submit()
    assert "decline" not in office.offers("lead", reference)
    form = office.form("lead", reference, "accept")
    forged = Form(f"/desk/cases/{reference}/decline", {**form.fields, "code": "advertising"})
    assert office.send("lead", forged).status_code == 403
    assert office.case(reference).status is CaseStatus.ROUTED


def test_empty_lists_say_what_it_means(office: Office) -> None:
    for address in ("/en/desk/triage", "/en/desk/review"):
        page = office.get("dispatcher", address).get_data(as_text=True)
        assert re.search(r'class="empty">\s*<p>', page)


def test_triage_names_the_departments_that_the_words_point_to(office: Office) -> None:
    office.submit(item_id=None, text="内河沿岸步道的照明什么时候建设？")
    page = office.get("dispatcher", "/en/desk/triage").get_data(as_text=True)
    hint = page.split("Departments the words point to")[1].split("</ol>")[0]
    assert "Water Office" in hint
    assert "6.3.1" in hint
    assert "Roads Office" not in hint
    offered = page.split('<select id="route-department_id"')[-1].split("</select>")[0]
    assert offered.index("Water Office") < offered.index("Roads Office")


def test_without_a_hint_triage_offers_every_department(office: Office) -> None:
    office.submit(item_id=None, text="请问你们几点下班？")
    page = office.get("dispatcher", "/en/desk/triage").get_data(as_text=True)
    assert "Departments the words point to" not in page
    assert "Water Office" in page
