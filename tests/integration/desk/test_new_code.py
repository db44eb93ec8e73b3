"""A resident has lost the query code: the dispatcher makes sure who it is, and gives a new one out, once."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from civic.cases import queries
from civic.cases.models import CaseEvent
from civic.cases.rules import CaseAction
from civic.core.audit import AuditEntry
from civic.core.extensions import db
from tests.integration.desk.office import Form, Office, forms_of

REASON = "核对了提交日期和地点。"


def form_at(office: Office, reference: str) -> Form:
    page = office.get("dispatcher", f"/desk/cases/{reference}/new-code")
    assert page.status_code == 200
    return next(form for form in forms_of(page) if "ticket" in form.fields)


def issue(office: Office, reference: str, form: Form, **typed: str) -> tuple[int, str]:
    """Send the form; its status and the code on the page."""
    given = {"how": "questions", "reason": REASON, **typed}
    form.action = f"/desk/cases/{reference}/new-code"
    answer = office.send("dispatcher", form, **given)
    found = re.search(r'id="query-code">([0-9A-Z-]+)<', answer.get_data(as_text=True))
    return answer.status_code, found[1] if found else ""


def opens(office: Office, reference: str, code: str) -> bool:
    with office.app.app_context():
        return queries.tracking(reference, code, office.now) is not None


def test_the_new_code_opens_the_case_and_is_shown_once(office: Office) -> None:
    reference = office.submit()
    link = f"/desk/cases/{reference}/new-code"
    page = office.open("dispatcher", reference).get_data(as_text=True)
    assert re.search(
        rf'href="{link}"[^>]*aria-describedby="(why-new-code)".*<span[^>]*id="\1">[^<]+。<', page
    )
    status, code = issue(office, reference, form_at(office, reference))
    assert status == 200
    assert opens(office, reference, code)
    for address in (link, f"/desk/cases/{reference}"):
        assert code not in office.get("dispatcher", address).get_data(as_text=True)
    status, newer = issue(office, reference, form_at(office, reference))
    assert opens(office, reference, newer)
    assert not opens(office, reference, code), "the old code stops working"


def test_a_second_click_shows_the_same_code(office: Office) -> None:
    reference = office.submit()
    form = form_at(office, reference)
    first, second = issue(office, reference, form), issue(office, reference, form)
    assert first == second
    assert opens(office, reference, first[1])


def test_how_the_person_was_known_is_audited_without_any_text(office: Office) -> None:
    reference = office.submit()
    issue(office, reference, form_at(office, reference), how="contact")
    with office.app.app_context():
        row = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "case.code_reissued")).one()
        assert (row.account_id, row.params) == (office.people["dispatcher"].account_id, {"how": "contact"})
        event = db.session.scalars(
            select(CaseEvent).where(CaseEvent.action == CaseAction.REISSUE_CODE.value)
        ).one()
        assert event.params["how"] == "contact"
        assert REASON not in str(event.params)


def test_without_a_contact_on_file_only_questions_are_offered(office: Office) -> None:
    reference = office.submit(contact=None)
    page = office.get("dispatcher", f"/desk/cases/{reference}/new-code").get_data(as_text=True)
    assert 'value="questions"' in page
    assert 'value="contact"' not in page
    assert issue(office, reference, form_at(office, reference), how="contact") == (422, "")
    status, code = issue(office, reference, form_at(office, reference))
    assert status == 200
    assert opens(office, reference, code)


@pytest.mark.parametrize("typed", [{"how": ""}, {"reason": ""}, {"ticket": ""}, {"reason": "长" * 501}])
def test_nothing_is_issued_without_saying_how(office: Office, typed: dict[str, str]) -> None:
    reference = office.submit()
    assert issue(office, reference, form_at(office, reference), **typed) == (422, "")


def test_a_case_that_changed_meanwhile_is_shown_before_a_code_is_issued(office: Office) -> None:
    reference = office.submit()
    form = form_at(office, reference)
    office.accept(reference)
    assert issue(office, reference, form) == (409, "")


def test_nobody_but_the_dispatcher_gives_codes_out(office: Office) -> None:
    reference = office.submit()
    link = f"/desk/cases/{reference}/new-code"
    for who in ("handler", "lead"):
        assert link not in office.open(who, reference).get_data(as_text=True)
        assert office.get(who, link).status_code in (302, 403)
