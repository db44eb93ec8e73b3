"""Departments merge and split: open cases pass as they stand, what has ended keeps the old name."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts.absences import absences
from civic.accounts.queries import actor_of
from civic.accounts.services import NewAbsence, enter_absence
from civic.cases import services
from civic.cases.models import Assignment, Case
from civic.cases.queries import CasePage, case_id_of, open_cases_of
from civic.cases.rules import CaseAction, CaseStatus, ExtensionState, StintEnd
from civic.cases.services.applying import load_facts
from civic.cases.services.projecting import case_columns, stint_columns
from civic.core.actor import RESIDENT, Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.departments.rules import ReorganisationKind
from civic.departments.services import NewReorganisation, apply_reorganisations, plan_reorganisation
from civic.plans import queries as plans
from tests.factories import make_account, make_department
from tests.integration.desk.office import WORDS, Office, forms_of
from tests.statements import between_changes, counted

A, S = CaseAction, CaseStatus
PAPER = {"title": "关于机构改革的通知", "number": "台委〔2026〕3号", "dated": "2026-09-01"}
PLACE = "/admin/departments/water"


def enter(office: Office, kind: str, day: str, target: int) -> TestResponse:
    """The administrator fills in the first page; what comes back is the preview, or the errors."""
    page = office.get("admin", f"{PLACE}/reorganise")
    (form,) = [one for one in forms_of(page) if "target" in one.fields]
    form.action = f"{PLACE}/reorganise"
    return office.send("admin", form, kind=kind, target=str(target), effective_on=day, **PAPER)


def confirm(office: Office, preview: TestResponse, keys: list[str]) -> TestResponse:
    """The administrator ticks ``keys`` on the preview and confirms."""
    (form,) = [one for one in forms_of(preview) if "target" in one.fields]
    browser = office.browser("admin")
    with office.at_work():
        fields: dict[str, Any] = {**form.fields, "keys": keys, "sure": "yes"}
        return browser.post(f"{PLACE}/reorganise", data=fields)


def person(office: Office, who: str) -> str:
    return f"person:{office.people[who].account_id}"


def everybody(office: Office) -> list[str]:
    return [person(office, who) for who in ("handler", "colleague", "lead")]


def with_new_roles(office: Office) -> None:
    """What people may do is read anew, as with each request."""
    with office.app.app_context():
        office.people.update({who: actor_of(one.account_id or 0) for who, one in office.people.items()})


def resident(office: Office, service: Any, reference: str, **values: Any) -> None:
    with office.app.app_context(), unit_of_work():
        case_id = case_id_of(reference)
        assert case_id is not None
        version = db.session.get_one(Case, case_id).version
        service(RESIDENT, case_id, version, now=office.now, **values)


def assert_rows_are_replays(office: Office) -> None:
    """Rows are what the events say, and the counters what a recount gives."""
    with office.app.app_context():
        for case in db.session.scalars(select(Case)):
            facts = load_facts(case.id)
            assert facts is not None
            assert {name: getattr(case, name) for name in case_columns(facts)} == case_columns(facts)
            stints = db.session.scalars(
                select(Assignment).where(Assignment.case_id == case.id).order_by(Assignment.number)
            ).all()
            assert [{name: getattr(row, name) for name in stint_columns(facts, stint)} for row, stint in
                    zip(stints, facts.stints, strict=True)] == [
                stint_columns(facts, stint) for stint in facts.stints
            ]  # fmt: skip
        assert services.check_stats() == []


def in_every_state(office: Office) -> dict[str, str]:
    """One case of the waterworks in each state that it can be met in."""
    parks = with_parks(office)
    cases = {
        name: office.submit() for name in ("routed", "accepted", "asked", "review", "extension", "returned")
    }
    cases["helped"] = office.submit()
    office.accept(cases["accepted"])
    office.accept(cases["asked"])
    office.act("handler", cases["asked"], "ask-resident", question="哪一段？")
    office.draft(cases["review"], send=True)
    office.accept(cases["extension"])
    office.act("handler", cases["extension"], "request-extension", days="3", reason="等待施工。")
    office.act("handler", cases["returned"], "return", reason="不属我局。")
    # A case of another department, which the waterworks help with.
    office.act("dispatcher", cases["helped"], "transfer", department_id=str(parks), reason="归园林。")
    office.act("gardener", cases["helped"], "invite", department_id=str(office.water), message="请提供水位。")
    office.act("handler", cases["helped"], "contribute", text="水位正常。")
    cases["about"] = office.submit(about_staff=True)
    cases["answered"] = office.submit()
    office.answered(cases["answered"])
    return cases


def with_parks(office: Office) -> int:
    """A third department, with a handler."""
    with office.app.app_context(), office.at_work():
        parks = make_department("parks", "区园林中心")
        office.people["gardener"] = make_account(Role.HANDLER, department_id=parks)
    return parks


def test_a_merger_in_the_middle_of_everything(office: Office) -> None:
    cases = in_every_state(office)
    office.pass_time(hours=2)
    before = {name: office.case(reference) for name, reference in cases.items()}
    day = "2026-09-07"

    with office.app.app_context(), unit_of_work():
        handler, colleague = (office.people[who].account_id or 0 for who in ("handler", "colleague"))
        away = NewAbsence(handler, office.water, office.now.date(), office.now.date(), colleague)
        enter_absence(office.people["handler"], away, office.now)

    preview = enter(office, "merge", day, office.roads)
    said = preview.get_data(as_text=True)
    assert preview.status_code == 200, said
    assert "6.3.1 防洪排涝" in said
    assert not any(secret in said for secret in (*cases.values(), WORDS, "林女士"))
    with office.app.app_context():
        opened = open_cases_of(office.water)
    assert opened.held == 6
    assert opened.supported == 1
    refused = confirm(office, preview, everybody(office)[:2])
    assert refused.status_code == 422
    assert "区住建局" in refused.get_data(as_text=True)
    assert office.case(cases["routed"]).department_id == office.water, "what was refused moved nothing"

    assert confirm(office, preview, everybody(office)).status_code == 302
    with_new_roles(office)
    for name in ("routed", "accepted", "asked", "review", "extension", "returned"):
        assert_passed(before[name], office.case(cases[name]), office)
    assert office.case(cases["review"], "lead").draft is not None
    helped = office.case(cases["helped"])
    assert [part.department_id for part in helped.parts] == [office.roads]
    assert helped.parts[0].text == "水位正常。"
    assert_rows_are_replays(office)

    # The contact stays sealed from those who are complained about, in whichever department they are now.
    office.act("dispatcher", cases["about"], "route", department_id=str(office.roads), reason="归住建。")
    assert office.case(cases["about"], "lead").contact_refusal
    # Sessions and work go on; the answer is that of the department that gives it.
    office.act("lead", cases["review"], "approve-reply", then="publish")
    office.act("dispatcher", cases["extension"], "approve-extension")
    resident(office, services.add_information, cases["asked"], text="三号楼。")
    assert office.case(cases["asked"]).status is S.IN_PROGRESS
    office.accept(cases["routed"], "other")
    names = {
        reply.department_id for name in ("review", "answered") for reply in office.case(cases[name]).replies
    }
    assert names == {office.roads, office.water}, "an answer keeps the name under which it was given"
    # What had ended is read where it was, by those who look after it now, and comes to life in the successor's hands.
    assert office.case(cases["answered"]).department_id == office.water
    assert office.open("other", cases["answered"]).status_code == 200
    resident(office, services.reopen_case, cases["answered"], reason="仍然很暗。")
    assert office.case(cases["answered"]).department_id == office.roads
    assert office.case(office.submit()).department_id == office.roads
    assert_rows_are_replays(office)

    with office.app.app_context():
        assert "water" not in {row.key for row in departments.departments()}
        assert departments.department_ids()["water"] == office.roads
        (passed,) = absences((office.roads,), office.now.date())
        assert (passed.account_id, passed.stand_in_id) == (handler, colleague), "who is away stays away"
        with unit_of_work():
            assert apply_reorganisations(office.now) == 0, "doing it again changes nothing"
    assert enter(office, "merge", day, office.roads).status_code == 422
    desk = office.get("dispatcher", "/en/desk/").get_data(as_text=True)
    assert '<optgroup label="Former departments"><option value="water"' in desk
    former = office.get("admin", "/en/departments/water").get_data(as_text=True)
    assert 'href="/en/departments/roads"' in former
    assert PAPER["number"] in former
    assert 'href="/en/departments/water"' in office.get("admin", "/en/departments/roads").get_data(
        as_text=True
    )


def assert_passed(before: CasePage, after: CasePage, office: Office) -> None:
    """The same case in other hands: its state, its people and every deadline stay."""
    assert after.department_id == office.roads
    assert (after.status, after.assignee_id) == (before.status, before.assignee_id)
    assert after.reply_deadline == before.reply_deadline
    assert after.accept_deadline == before.accept_deadline
    old, new = after.stints[-2:]
    assert (old.department_id, old.end) == (office.water, StintEnd.SUCCEEDED)
    assert new.own_due_at == before.stints[-1].own_due_at
    assert after.history[-1].action is A.SUCCEED
    assert after.return_pending == before.return_pending
    assert (after.extension is ExtensionState.REQUESTED) == (before.extension is ExtensionState.REQUESTED)


def plan_merger_of_parks(office: Office, day: date) -> None:
    """It is done right before whatever is planned for a later day: reference data changes before more cases pass."""
    parks = with_parks(office)
    new = NewReorganisation(
        ReorganisationKind.MERGE, parks, office.roads, day, PAPER["title"], PAPER["number"], day
    )
    with office.app.app_context(), unit_of_work():
        plan_reorganisation(office.people["admin"], new, office.now)


def test_a_planned_split_is_withdrawn_or_done_on_its_day(office: Office) -> None:
    about_item, elsewhere = office.submit(), office.submit(item_id=None, text="路灯坏了。")
    office.act("dispatcher", elsewhere, "route", department_id=str(office.water), reason="归水务。")
    for reference in (about_item, elsewhere):
        office.act("colleague", reference, "take")
    item = f"item:{office.item_id}"

    preview = enter(office, "split", "2026-09-09", office.roads)
    assert "6.3.1 防洪排涝" in preview.get_data(as_text=True)
    assert confirm(office, preview, []).status_code == 422, "nothing was chosen"
    assert confirm(office, preview, [item, person(office, "lead")]).status_code == 422, (
        "the old one needs a lead"
    )
    assert confirm(office, preview, [item, person(office, "colleague")]).status_code == 422, (
        "so does the new one"
    )
    with office.app.app_context(), office.at_work():
        make_account(Role.LEAD, department_id=office.roads)
    for outcome in ("withdrawn", "done"):
        chosen = [item, person(office, "colleague")]
        assert confirm(office, enter(office, "split", "2026-09-09", office.roads), chosen).status_code == 302
        assert office.case(about_item).department_id == office.water
        if outcome == "withdrawn":
            page = office.get("admin", PLACE)
            (form,) = [one for one in forms_of(page) if one.action.endswith("/withdraw")]
            assert office.send("admin", form).status_code == 302
    plan_merger_of_parks(office, date(2026, 9, 8))
    office.pass_time(days=2)
    with office.app.app_context():
        with counted(office.app) as statements, unit_of_work():
            assert apply_reorganisations(office.now) == 2
        between = between_changes(statements)
        assert not [one for one in between if "FROM calendar_day" in one], "read once for all cases"
        with unit_of_work():
            assert apply_reorganisations(office.now) == 0
        assert plans.lead_department_id(office.item_id) == office.roads
    moved, stayed = office.case(about_item), office.case(elsewhere)
    colleague = office.people["colleague"].account_id
    assert (moved.department_id, moved.assignee_id) == (office.roads, colleague)
    assert (stayed.department_id, stayed.assignee_id) == (office.water, None), (
        "it is back with those who stay"
    )
    assert_rows_are_replays(office)
    assert office.open("colleague", elsewhere).status_code == 404
    form = forms_of(office.get("admin", PLACE))
    assert not [one for one in form if one.action.endswith("/withdraw")]
