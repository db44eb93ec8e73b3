"""Saying something: nothing typed is ever lost, one form makes one case, and nobody is turned away silently."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from civic.cases import services
from civic.cases.models import Case, Contact, Feedback
from civic.cases.rules import CaseAction, CaseStatus
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from tests.factories import make_account, sign_in
from tests.integration.intake.conftest import ITEM, WORDS, Resident


def cases() -> int:
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def the_case() -> Case:
    return db.session.scalars(select(Case)).one()


def test_a_word_on_an_item_reaches_its_department_and_gives_a_receipt(resident: Resident) -> None:
    answer = resident.write()
    assert (answer.status_code, answer.location) == (302, "/feedback/receipt")
    case = the_case()
    assert case.status == CaseStatus.ROUTED.value
    assert case.department_id == resident.world.water
    receipt = resident.open("/feedback/receipt").get_data(as_text=True)
    assert case.reference in receipt
    code = re.search(r'id="query-code">([0-9A-Z-]+)<', receipt)
    assert code
    assert len(code[1].replace("-", "")) >= 12, "at least 60 bits"


def test_publication_is_asked_for_and_never_assumed(resident: Resident) -> None:
    form = resident.form(resident.open(ITEM), ITEM)
    assert "wants_publication" not in form.fields, "the box is not ticked"
    resident.write()
    assert not the_case().wants_publication


def test_a_paragraph_is_quoted_and_kept(resident: Resident) -> None:
    assert "加强河道整治" in resident.open(f"{ITEM}?paragraph=p1").get_data(as_text=True)
    resident.write(f"{ITEM}?paragraph=p1")
    feedback = db.session.scalars(select(Feedback)).one()
    assert (feedback.paragraph_anchor, feedback.paragraph_excerpt) == ("p1", "加强河道整治。")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": "短"}, "text"),
        ({"text": ""}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"kind": ""}, "kind-0"),
        ({"kind": "poem"}, "kind-0"),
        ({"phone": "不知道"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"under_14": "y"}, "guardian"),
        ({"place": "远" * 201}, "place"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_everything_stays(
    resident: Resident, typed: dict[str, str], field: str
) -> None:
    answer = resident.write(**{"place": "三号桥头", **typed})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{field}"' in text, "the summary of errors leads to the field"
    assert typed.get("text", WORDS) in text
    assert typed.get("place", "三号桥头") in text
    assert cases() == 0


def test_two_clicks_make_one_case_and_show_the_same_receipt(resident: Resident) -> None:
    form = resident.form(resident.open(ITEM), ITEM)
    resident.wait(seconds=30)
    data = {**form.fields, "kind": "suggestion", "text": WORDS}
    first, second = resident.client.post(ITEM, data=data), resident.client.post(ITEM, data=data)
    assert first.location == second.location == "/feedback/receipt"
    assert cases() == 1


def test_a_page_left_open_for_two_days_keeps_its_text_and_is_sent_by_the_next_press(
    resident: Resident,
) -> None:
    answer = resident.write(seconds=48 * 3600)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert WORDS in text
    assert "请再按一次按钮" in text
    form = resident.form(answer, ITEM)
    resident.wait(seconds=10)
    again = resident.client.post(ITEM, data={**form.fields, "kind": "suggestion", "text": WORDS})
    assert again.location == "/feedback/receipt"


def test_without_cookies_the_text_comes_back(resident: Resident) -> None:
    form = resident.form(resident.open(ITEM), ITEM)
    resident.client.delete_cookie("civic")
    resident.wait(seconds=30)
    answer = resident.client.post(ITEM, data={**form.fields, "kind": "suggestion", "text": WORDS})
    assert answer.status_code == 422
    assert WORDS in answer.get_data(as_text=True)


def test_a_forged_ticket_makes_no_case(resident: Resident) -> None:
    assert resident.write(ticket="forged").status_code == 422
    assert cases() == 0


@pytest.mark.parametrize("how", [{"seconds": 1}, {"website": "http://spam.example"}])
def test_what_no_person_does_waits_for_the_dispatchers_eye(
    resident: Resident, how: dict[str, object]
) -> None:
    """Such a form isn't refused, it could be a person after all; it moves when someone has looked."""
    resident.write(**how)  # type: ignore[arg-type]
    assert the_case().status == CaseStatus.SUBMITTED.value


def test_without_an_item_a_person_decides_where_it_goes(resident: Resident) -> None:
    answer = resident.write("/feedback/new", looked="1")
    assert answer.location == "/feedback/receipt"
    assert the_case().status == CaseStatus.TRIAGE.value


def test_about_staff_goes_to_the_dispatcher_not_to_those_complained_about(resident: Resident) -> None:
    resident.write(about_staff="y", kind="complaint")
    case = the_case()
    assert case.status == CaseStatus.TRIAGE.value
    assert case.department_id is None


def test_similar_voices_are_shown_once_and_stop_nobody(resident: Resident) -> None:
    world = resident.world
    earlier = world.submit(text=WORDS)
    world.do(services.review_publication, world.dispatcher, earlier.case_id, CaseAction.PUBLISH)
    answer = resident.write()
    assert answer.status_code == 200
    assert earlier.reference in answer.get_data(as_text=True)
    form = resident.form(answer, ITEM)
    again = resident.client.post(ITEM, data={**form.fields, "kind": "suggestion", "text": WORDS})
    assert again.location == "/feedback/receipt"
    assert cases() == 2


def test_a_contact_is_stored_encrypted_and_erased_in_time(resident: Resident) -> None:
    from civic.cases.services.retention import erase_contacts

    resident.write(name="林女士", phone="13800001234")
    contact = db.session.scalars(select(Contact)).one()
    assert contact.phone
    assert b"1380000" not in contact.phone
    world, case_id = resident.world, the_case().id
    db.session.rollback()
    with unit_of_work():
        assert erase_contacts(world.now) == 0
    world.do(services.withdraw_case, services_resident(), case_id)
    world.pass_time(days=179)
    with unit_of_work():
        assert erase_contacts(world.now) == 0, "not a day early"
    world.pass_time(days=2)
    with unit_of_work():
        assert erase_contacts(world.now) == 1
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 0
    assert cases() == 1, "the case itself stays"


def services_resident() -> object:
    from civic.core.actor import RESIDENT

    return RESIDENT


@pytest.mark.parametrize("address", ["/plans/test-plan/9.9.9/feedback", "/plans/nowhere/6.3.1/feedback"])
def test_an_item_that_does_not_exist_is_404(resident: Resident, address: str) -> None:
    assert resident.client.get(address).status_code == 404


def test_the_form_stays_in_its_language(resident: Resident) -> None:
    address = f"/en{ITEM}?paragraph=p1"
    resident.form(resident.open(address), address)


def test_the_form_names_the_day_of_the_answer(resident: Resident) -> None:
    """Sent on Monday 7 September 2026: five working days end on the 14th, ten on Sunday the 20th, a make-up day."""
    page = resident.open(ITEM).get_data(as_text=True)
    assert "9月14日" in page
    assert "9月20日" in page


def test_the_item_that_was_chosen_survives_an_error(resident: Resident) -> None:
    answer = resident.write("/feedback/new", about="test-plan/6.3.1", looked="1", kind="")
    assert answer.status_code == 422
    form = resident.form(answer, "/feedback/new")
    assert form.fields["about"] == "test-plan/6.3.1"
    resident.wait(seconds=10)
    resident.client.post("/feedback/new", data={**form.fields, "kind": "suggestion"})
    assert the_case().item_id == resident.world.item_id


def test_an_old_page_and_an_old_ticket_are_one_sentence(resident: Resident) -> None:
    text = resident.write(seconds=48 * 3600).get_data(as_text=True)
    assert text.count("请再按一次按钮") == 1


def test_staff_who_use_the_public_form_write_for_themselves(resident: Resident) -> None:
    sign_in(resident.client, make_account(Role.DEPUTY))
    assert resident.write().location == "/feedback/receipt"
    feedback = db.session.scalars(select(Feedback)).one()
    assert (feedback.channel, feedback.entered_by_id) == ("web", None)


def test_the_form_says_what_a_child_needs_and_what_the_guardian_agrees_to(resident: Resident) -> None:
    page = resident.open(ITEM).get_data(as_text=True)
    assert "请家长或其他监护人在场" in page
    assert "同意我们为办理答复而保存这里填写的内容" in page
    refused = resident.write(under_14="y")
    assert refused.status_code == 422
    assert resident.write(under_14="y", guardian="y").status_code == 302
