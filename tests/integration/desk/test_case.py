"""The page of a case: what it shows to whom, and each action through its form."""

from __future__ import annotations

import pytest

from civic.cases import services
from civic.cases.rules import CaseAction, CaseStatus
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from tests.integration.desk.office import WORDS, Form, Office


def test_the_page_shows_words_item_reason_and_how_the_deadline_was_computed(office: Office) -> None:
    reference = office.submit()
    text = office.open("handler", reference).get_data(as_text=True)
    assert WORDS in text
    assert "推进内河沿岸步道照明建设。" in text
    assert "2026年9月21日 17:30" in text
    assert "day-10" not in text
    assert text.count("days-workday") == 11  # ten for the reply, one for accepting
    assert "林女士" not in text
    assert "13800000000" not in text


def test_another_department_finds_no_such_case(office: Office) -> None:
    reference = office.submit()
    for address in ("", "/pane", "/accept"):
        assert office.get("other", f"/desk/cases/{reference}{address}").status_code == 404
    form = office.form("handler", reference, "accept")
    # The token belongs to a session: the other one takes the own token to the same address.
    own = office.submit(item_id=None)
    office.act("dispatcher", own, "route", department_id=str(office.roads), reason="道路照明归住建局。")
    token = office.form("other", own, "accept").fields["csrf_token"]
    assert office.send("other", form, csrf_token=token).status_code == 404
    assert office.case(reference).status is CaseStatus.ROUTED


@pytest.mark.parametrize("who", ["deputy", "admin"])
def test_who_has_no_business_at_the_desk_gets_nothing(office: Office, who: str) -> None:
    reference = office.submit()
    for address in ("/desk/", f"/desk/cases/{reference}", "/desk/triage", "/desk/review"):
        answer = office.get(who, address)
        assert answer.status_code == 403
        assert WORDS not in answer.get_data(as_text=True)


def test_unknown_numbers_and_actions_are_404(office: Office) -> None:
    assert office.open("handler", "TJ-2026-AAAAAA").status_code == 404
    reference = office.submit()
    assert office.get("handler", f"/desk/cases/{reference}/conquer").status_code == 404


def test_buttons_are_what_the_law_allows(office: Office) -> None:
    reference = office.submit()
    everywhere = {"escalate", "take", "assign", "return", "invite"}
    assert office.offers("handler", reference) == everywhere | {"accept", "contact"}
    assert office.offers("auditor", reference) == set()
    office.act("handler", reference, "accept")
    assert "draft-reply" in office.offers("handler", reference)
    assert "accept" not in office.offers("handler", reference)
    assert "approve-reply" not in office.offers("lead", reference)


def test_accepting_makes_the_case_mine(office: Office) -> None:
    reference = office.submit()
    office.act("handler", reference, "accept")
    case = office.case(reference)
    assert case.status is CaseStatus.IN_PROGRESS
    assert case.assignee_id == office.people["handler"].account_id


def test_take_assign_and_hand_back(office: Office) -> None:
    reference = office.submit()
    office.act("handler", reference, "take")
    assert office.case(reference).assignee_id == office.people["handler"].account_id
    colleague = office.people["colleague"].account_id
    office.act("handler", reference, "assign", account_id=str(colleague))
    assert office.case(reference).assignee_id == colleague
    office.act("colleague", reference, "hand-back")
    assert office.case(reference).assignee_id is None


def test_a_case_is_assigned_only_within_the_department(office: Office) -> None:
    reference = office.submit()
    form = office.form("handler", reference, "assign")
    answer = office.send("handler", form, account_id=str(office.people["other"].account_id))
    assert answer.status_code == 422
    assert office.case(reference).assignee_id is None


def test_returning_needs_a_reason_and_keeps_what_was_chosen(office: Office) -> None:
    reference = office.submit()
    form = office.form("handler", reference, "return")
    answer = office.send("handler", form, suggested_department_id=str(office.roads), reason=" ")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "error-summary" in text
    assert f'<option selected value="{office.roads}">' in text
    office.send("handler", form, suggested_department_id=str(office.roads), reason="道路照明不归我局。")
    case = office.case(reference)
    assert case.return_pending
    assert case.suggested_department_id == office.roads


def test_asking_the_resident_stops_the_clock_and_going_on_starts_it(office: Office) -> None:
    reference = office.submit()
    office.act("handler", reference, "accept")
    office.act("handler", reference, "ask-resident", question="请问具体是哪一段步道？")
    assert office.case(reference).status is CaseStatus.AWAITING_RESIDENT
    page = office.open("handler", reference).get_data(as_text=True)
    assert "due--paused" in page
    words = page.split('id="words-title"')[1].split("</section>")[0]
    assert "请问具体是哪一段步道？" in words, "what was asked stands with the words that it asks about"
    office.pass_time(days=2)
    office.act("handler", reference, "resume")
    case = office.case(reference)
    assert case.status is CaseStatus.IN_PROGRESS
    # Asked on the first day, answered two days later: one counted day is given back.
    assert case.reply_deadline.due_at.day == 22


def test_escalating_lists_the_case_for_supervision(office: Office) -> None:
    reference = office.submit()
    office.act("handler", reference, "escalate", reason="涉及三个部门，协调不成。")
    assert office.case(reference).escalated_at == office.now
    assert "协调不成" in office.open("lead", reference).get_data(as_text=True)


def test_notes_stay_inside(office: Office) -> None:
    reference = office.submit()
    answer = office.send("handler", office.form("handler", reference, "note"), text="已电话联系街道。")
    assert answer.status_code == 302
    assert "已电话联系街道。" in office.open("colleague", reference).get_data(as_text=True)
    empty = office.send("handler", office.form("handler", reference, "note"), text="  ")
    assert empty.status_code == 422
    assert "已电话联系街道。" not in office.open("auditor", reference).get_data(as_text=True)


def test_the_contact_is_shown_on_request_only_and_each_look_is_recorded(office: Office) -> None:
    reference = office.submit()
    form = office.form("handler", reference, "contact")
    assert office.looks("case.contact_viewed") == []
    text = office.send("handler", form).get_data(as_text=True)
    assert "林女士" in text
    assert "13800000000" in text
    assert office.looks("case.contact_viewed") == [office.people["handler"].account_id]
    assert "contact" not in office.offers("auditor", reference)


def test_the_contact_is_sealed_from_a_department_complained_about(office: Office) -> None:
    reference = office.submit(about_staff=True)
    office.act("dispatcher", reference, "route", department_id=str(office.water), reason="由该局核查。")
    page = office.open("handler", reference).get_data(as_text=True)
    assert "contact" not in office.offers("handler", reference)
    assert "13800000000" not in page
    token = office.form("handler", reference, "accept").fields["csrf_token"]
    refused = office.send("handler", Form(f"/desk/cases/{reference}/contact"), csrf_token=token)
    assert refused.status_code == 403
    assert "林女士" in office.send("dispatcher", office.form("dispatcher", reference, "contact")).get_data(
        as_text=True
    )


def test_an_auditor_reads_and_each_private_reading_is_recorded(office: Office) -> None:
    reference = office.submit(wants_publication=False)
    assert WORDS in office.open("auditor", reference).get_data(as_text=True)
    office.get("auditor", "/desk/")
    assert len(office.looks("case.read")) == 1
    survivor, merged = office.submit(), office.submit(wants_publication=False, text="第三根灯杆也不亮。")
    office.act("dispatcher", merged, "merge", survivor=survivor, reason="同一件事。")
    assert "第三根灯杆" in office.open("auditor", survivor).get_data(as_text=True)
    assert office.looks_at("case.read") == [reference, survivor, merged], "all whose words stand on the page"
    form = office.form("handler", reference, "accept")
    token = office.form("dispatcher", reference, "note").fields["csrf_token"]
    assert office.send("auditor", form, csrf_token=token).status_code in (400, 403)


def test_the_forms_need_their_token(office: Office) -> None:
    reference = office.submit()
    form = office.form("handler", reference, "accept")
    assert office.send("handler", form, csrf_token="").status_code == 400
    assert office.case(reference).status is CaseStatus.ROUTED


@pytest.mark.parametrize("prefix", ["", "/zh-hant", "/en"])
def test_pages_speak_three_languages(office: Office, prefix: str) -> None:
    reference = office.submit()
    page = office.get("handler", f"{prefix}/desk/cases/{reference}").get_data(as_text=True)
    name, button = {
        "": ("区水务局", "签收"),
        "/zh-hant": ("區水務局", "簽收"),
        "/en": ("Water Office", "Accept"),
    }[prefix]
    assert name in page
    assert button in page
    assert WORDS in page
    queue = office.get("handler", f"{prefix}/desk/?view=department")
    assert queue.status_code == 200
    assert f'href="{prefix}/desk/cases/{reference}' in queue.get_data(as_text=True)


def test_the_history_tells_who_did_what(office: Office) -> None:
    reference = office.submit()
    office.act("handler", reference, "accept")
    actions = [entry.action for entry in office.case(reference).history]
    assert actions == [CaseAction.SUBMIT, CaseAction.ROUTE, CaseAction.ACCEPT]
    page = office.open("lead", reference).get_data(as_text=True)
    assert page.index("陈经办") > 0


def test_words_that_were_erased_are_named_with_their_day_everywhere_at_the_desk(office: Office) -> None:
    reference = office.submit()
    office.act("handler", reference, "accept")
    case = office.case(reference)
    with office.app.app_context(), unit_of_work():
        services.erase_words(RESIDENT, case.case_id, case.version, office.now)
    sentence = "已应群众要求于2026年9月7日删除"
    for address in (f"/desk/cases/{reference}", f"/desk/cases/{reference}/pane", "/desk/?view=all"):
        page = office.get("dispatcher", address).get_data(as_text=True)
        assert sentence in page, address
        assert WORDS not in page
    assert "没有保存联系方式" in office.open("dispatcher", reference).get_data(as_text=True)


def test_a_childs_message_is_marked_before_it_is_published(office: Office) -> None:
    office.submit(under_14=True, guardian=True)
    page = office.get("dispatcher", "/desk/review").get_data(as_text=True)
    assert "诉求人未满 14 周岁" in page
    assert "不得有姓名、学校、班级、住址" in page
