"""One thing done to several cases: asked first, each by its own law and version, and what failed is said with why."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from werkzeug.test import TestResponse

from civic.cases.rules import CaseStatus, FeedbackKind, Resolution
from civic.core.db import unit_of_work
from civic.desk.services import NewTemplate, create_template
from tests.integration.desk.office import WORDS, Form, Office, forms_of

LIST = "/en/desk/?view=department&order=oldest"


def ticked(office: Office, who: str, deed: str, *references: str) -> TestResponse:
    """Tick cases in the list and press a button: the question comes back."""
    page = office.get(who, LIST)
    values = re.findall(r'name="case" value="([^"]+)"', page.get_data(as_text=True))
    chosen = [value for value in values if value.partition(":")[0] in references]
    assert len(chosen) == len(references)
    return post(office, who, bulk_form(page), deed=deed, case=chosen)


def bulk_form(page: TestResponse) -> Form:
    return next(form for form in forms_of(page) if form.action == "/en/desk/bulk")


def sure(office: Office, who: str, question: TestResponse, **typed: object) -> str:
    """Press the button of the question; what the answer says."""
    answer = post(office, who, bulk_form(question), case=cases_of(question), **typed)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(answer.get_data(as_text=True))).split())


def post(office: Office, who: str, form: Form, **typed: object) -> TestResponse:
    with office.at_work():
        return office.browser(who).post(form.action, data={**form.fields, **typed})


def cases_of(page: TestResponse) -> list[str]:
    return re.findall(r'name="case" value="([^"]+)"', page.get_data(as_text=True))


def test_several_are_accepted_and_the_one_that_changed_meanwhile_is_named(office: Office) -> None:
    first, second, changed = (office.submit() for _ in range(3))
    question = ticked(office, "handler", "accept", first, second, changed)
    asked = question.get_data(as_text=True)
    assert "Accept: 3 cases" in asked
    assert asked.count(WORDS) == 3, "it says what each is about"
    elsewhere = post(office, "other", bulk_form(question), case=cases_of(question), sure="")
    assert WORDS not in elsewhere.get_data(as_text=True), "another department learns nothing by their numbers"
    assert office.case(first).status is CaseStatus.ROUTED, "asking does nothing"
    office.act("colleague", changed, "take")
    said = sure(office, "handler", question)
    assert "Accepted: 2 cases" in said
    assert f"Not done: 1 case {changed} 黄经办 changed it meanwhile." in said
    assert office.case(second).status is CaseStatus.IN_PROGRESS
    assert office.case(changed).status is CaseStatus.ROUTED
    again = sure(office, "handler", question)
    assert "Accepted: 0 cases" in again
    assert "Not done: 3 cases" in again, "sent twice, it happens once"


def test_a_lead_gives_several_to_a_colleague_and_takes_that_back(office: Office) -> None:
    both = [office.submit(), office.submit()]
    question = ticked(office, "lead", "assign", *both)
    unnamed = post(office, "lead", bulk_form(question), case=cases_of(question))
    assert unnamed.status_code == 422
    assert "Choose a colleague." in unnamed.get_data(as_text=True)
    colleague = office.people["colleague"].account_id
    with office.at_work():
        form = bulk_form(question)
        answer = office.browser("lead").post(
            form.action, data={**form.fields, "case": cases_of(question), "to": str(colleague)}
        )
    assert [office.case(one).assignee_id for one in both] == [colleague] * 2
    said = sure(office, "lead", answer, deed="hand-back")
    assert "Handed back: 2 cases" in said
    assert [office.case(one).assignee_id for one in both] == [None] * 2


def test_another_departments_case_is_no_case_and_an_empty_choice_says_so(office: Office) -> None:
    reference = office.submit()
    office.submit(text="别的事情。")
    question = ticked(office, "handler", "take", reference)
    form = bulk_form(question)
    foreign = office.get("other", LIST)
    token = re.search(r'name="csrf_token" value="([^"]+)"', foreign.get_data(as_text=True))
    assert token
    form.fields["csrf_token"] = token[1]
    said = post(office, "other", form, case=[f"{reference}:1", "TJ-2026-AAAAAA:1"]).get_data(as_text=True)
    assert said.count("There is no such case.") == 2, "what exists and what doesn't read alike"
    assert office.case(reference).assignee_id is None
    empty = post(office, "handler", bulk_form(question), case=[])
    assert empty.status_code == 302
    assert empty.location.endswith(LIST)


def test_a_template_becomes_the_draft_of_each_case_that_has_none_and_that_it_is_for(office: Office) -> None:
    with office.app.app_context(), unit_of_work():
        new = NewTemplate(
            "路灯", "【称呼】：已派人查看（【编号】）。", (FeedbackKind.SUGGESTION,), Resolution.ADOPTED
        )
        template_id = create_template(office.people["lead"], office.water, new, office.now)
        create_template(
            office.people["lead"], office.water, replace(new, name="停用", is_active=False), office.now
        )
    first, second, written, question = (
        *(office.submit() for _ in range(3)),
        office.submit(kind=FeedbackKind.QUESTION),
    )
    waiting = office.submit()
    for reference in (first, second, written, question):
        office.accept(reference)
    office.act("handler", written, "draft-reply", text="自己写的。", resolution="adopted")
    asked = ticked(office, "handler", "template", first, second, written, question, waiting)
    page = asked.get_data(as_text=True)
    assert "Draft from a template: 5 cases" in page
    assert ">路灯</option>" in page
    assert "停用" not in page
    assert "Choose a template." in post(office, "handler", bulk_form(asked), case=cases_of(asked)).get_data(
        as_text=True
    )
    said = sure(office, "handler", asked, template=str(template_id))
    assert "Drafted: 2 cases" in said
    assert f"{written} There is a draft already; nothing was written over." in said
    assert f"{question} This template isn't for cases of this kind or department." in said
    assert waiting in said.partition("Not done: 3 cases")[2]
    draft = office.case(second, "handler").draft
    assert draft
    assert (draft.text, draft.resolution) == (f"居民朋友：已派人查看（{second}）。", Resolution.ADOPTED)
    kept = office.case(written, "handler").draft
    assert kept
    assert kept.text == "自己写的。"
    assert office.case(waiting, "handler").draft is None
