"""Somebody leaves: open cases go where an administrator says, who sees their number alone; none stays behind."""

from __future__ import annotations

import random
from contextlib import suppress

from werkzeug.test import TestResponse

from civic.accounts import queries as accounts
from civic.accounts.services import activate_account, deactivate_account, grant_role, revoke_role
from civic.cases import services
from civic.cases.queries import case_id_of, held_counts
from civic.cases.rules import CaseAction
from civic.cases.services.handing_over import hand_back_stranded, hand_over_cases
from civic.core.actor import RESIDENT, Grant, Role
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from tests.integration.desk.office import WORDS, Office, forms_of

A = CaseAction


def leave(office: Office, **chosen: str) -> TestResponse:
    """The administrator fills in the page on which the handler's account ends."""
    page = office.get("admin", f"/admin/accounts/{office.people['handler'].account_id}/deactivate")
    (form,) = [one for one in forms_of(page) if one.action == "" and "csrf_token" in one.fields]
    form.action = page.request.path
    return office.send("admin", form, **chosen)


def test_a_leavers_cases_go_to_a_colleague_and_the_drafts_stay(office: Office) -> None:
    drafted, waiting, done = office.submit(), office.submit(), office.submit()
    office.draft(drafted)
    office.act("handler", waiting, "take")
    office.answered(done)
    handler, colleague = (office.people[who].account_id or 0 for who in ("handler", "colleague"))
    field = f"to_{office.water}"

    account = office.get("admin", f"/en/admin/accounts/{handler}").get_data(as_text=True)
    assert "2 open cases; with the last role here they go back to the department." in account
    for stranger in (office.people["other"].account_id, handler, "x"):
        refused = leave(office, **{field: str(stranger)})
        assert refused.status_code == 422
        assert f'href="#{field}"' in refused.get_data(as_text=True)
    assert office.case(drafted).assignee_id == handler, "what was refused moved nothing"
    page = office.get("admin", f"/admin/accounts/{handler}/deactivate").get_data(as_text=True)
    assert "2" in page
    assert not any(secret in page for secret in (drafted, waiting, WORDS))

    assert leave(office, **{field: str(colleague)}).status_code == 302
    for reference in (drafted, waiting):
        case = office.case(reference)
        assert case.assignee_id == colleague
        assert case.history[-1].action is A.ASSIGN
        assert "no longer works" in office.get("lead", f"/en/desk/cases/{reference}").get_data(as_text=True)
    assert office.case(drafted, "colleague").draft is not None
    assert len(office.looks("cases_handed_over")) == 1

    # The answered case comes to life again, with nobody behind it: it goes back to the department.
    with office.app.app_context(), unit_of_work():
        case_id = case_id_of(done) or 0
        services.reopen_case(
            RESIDENT, case_id, office.case(done).version, now=office.now, reason="路灯仍未亮。"
        )
    assert office.case(done).assignee_id == handler
    with office.app.app_context(), unit_of_work():
        assert hand_back_stranded(office.now) == 1
        assert hand_back_stranded(office.now) == 0
    assert office.case(done).assignee_id is None


def test_a_department_losing_its_only_lead_is_said_before(office: Office) -> None:
    """Beside the button that takes the role and before the deactivation, until there is another lead."""
    for _one in range(2):
        office.draft(office.submit(), send=True)
    lead, handler = (office.people[who].account_id or 0 for who in ("lead", "handler"))
    said = (
        "There is no other lead in Water Office: without one, nobody can approve its replies, of which 2 wait"
    )
    pages = (f"/en/admin/accounts/{lead}", f"/en/admin/accounts/{lead}/deactivate")
    for address in pages:
        assert said in office.get("admin", address).get_data(as_text=True), address
    assert "no other lead" not in office.get("admin", f"/en/admin/accounts/{handler}").get_data(as_text=True)
    with office.app.app_context(), unit_of_work():
        grant_role(office.people["admin"], handler, Grant(Role.LEAD, office.water), office.now)
    for address in pages:
        assert "no other lead" not in office.get("admin", address).get_data(as_text=True), address


def somebody_acts(office: Office, draw: random.Random, references: list[str]) -> None:
    """Someone takes, gets, leaves, changes departments or comes back; what the law refuses is refused."""
    now, lead, admin = office.now, office.people["lead"], office.people["admin"]
    account_id = office.people[draw.choice(["handler", "colleague"])].account_id or 0
    to = office.people[draw.choice(["handler", "colleague", "lead", "other"])].account_id or 0
    reference, role = draw.choice(references), Grant(Role.HANDLER, office.water)
    case_id, version = case_id_of(reference) or 0, office.case(reference).version
    deed = draw.choice(["give"] * 4 + ["hand over", "end", "revoke", "grant", "begin"])
    with unit_of_work():
        match deed:
            case "give":
                services.assign_case(lead, case_id, version, to, now)
            case "hand over":
                hand_over_cases(admin, account_id, {office.water: to}, now)
                deactivate_account(admin, account_id, now)
            case "end":
                deactivate_account(admin, account_id, now)
            case "revoke":
                revoke_role(admin, account_id, role, now)
            case "grant":
                grant_role(admin, account_id, role, now)
            case "begin":
                activate_account(admin, account_id, now)


def test_whoever_comes_and_goes_no_case_stays_with_a_stranger(office: Office) -> None:
    draw = random.Random(26)
    references = [office.submit() for _ in range(5)]
    seen = 0
    for step in range(40):
        with office.app.app_context():
            with suppress(DomainError):
                somebody_acts(office, draw, references)
            here = {one.id for one in accounts.colleagues(office.water)}
            for who in ("handler", "colleague", "lead", "other"):
                account_id = office.people[who].account_id or 0
                held = held_counts(account_id)
                seen += len(held)
                assert not held or account_id in here, f"step {step}: {who} left and holds cases"
    assert seen > 20, "cases were held all along"
