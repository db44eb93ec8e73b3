"""From draft to published reply through the desk's forms: two signatures, one, corrections, late saves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from civic.cases import queries, services
from civic.cases.models import Case
from civic.cases.rules import CaseAction, CaseStatus, FeedbackKind, Measure, Resolution
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.extensions import db
from tests.integration.desk.office import REPLY, Form, Office, forms_of


@dataclass(frozen=True)
class Window:
    measures: frozenset[Measure]
    since: date
    until: date


def test_handler_drafts_lead_approves_and_publishes(office: Office) -> None:
    reference = office.submit()
    office.act("handler", reference, "accept")
    office.act("handler", reference, "draft-reply", text=REPLY, resolution="adopted")
    assert office.case(reference).status is CaseStatus.IN_PROGRESS
    office.act("handler", reference, "send-for-approval")
    assert office.case(reference).status is CaseStatus.REPLY_REVIEW
    assert REPLY in office.open("lead", reference).get_data(as_text=True)
    office.act("lead", reference, "approve-reply")
    assert office.case(reference).is_approved
    office.act("handler", reference, "publish-reply")
    case = office.case(reference)
    assert case.status is CaseStatus.REPLIED
    assert case.resolution is Resolution.ADOPTED
    assert not case.signed_alone
    page = office.open("handler", reference).get_data(as_text=True)
    assert REPLY in page
    assert "陈经办" in page
    assert "郑科长" in page


def test_one_press_saves_and_sends_and_one_approves_and_publishes(office: Office) -> None:
    reference = office.submit()
    office.act("handler", reference, "accept")
    office.act("handler", reference, "draft-reply", text=REPLY, resolution="adopted", then="send")
    office.act("lead", reference, "approve-reply", then="publish")
    actions = [entry.action for entry in office.case(reference).history][2:]
    assert actions == [
        CaseAction.ACCEPT,
        CaseAction.DRAFT_REPLY,
        CaseAction.SEND_FOR_APPROVAL,
        CaseAction.APPROVE_REPLY,
        CaseAction.PUBLISH_REPLY,
    ]


def test_a_draft_that_cannot_be_sent_is_kept_neither_nor_lost(office: Office) -> None:
    """Saving and sending is one act: without a resolution nothing is saved, and the text comes back."""
    reference = office.submit()
    office.accept(reference)
    form = office.form("handler", reference, "draft-reply")
    answer = office.send("handler", form, text=REPLY, then="send")
    assert answer.status_code == 422
    assert REPLY in answer.get_data(as_text=True)
    assert "error-summary" in answer.get_data(as_text=True)
    assert office.case(reference, "handler").draft is None
    assert office.send("handler", form, text=REPLY).status_code == 302
    draft = office.case(reference, "handler").draft
    assert draft is not None
    assert draft.text == REPLY


def test_referring_needs_the_body_and_how_to_reach_it(office: Office) -> None:
    reference = office.submit()
    office.accept(reference)
    form = office.form("handler", reference, "draft-reply")
    answer = office.send("handler", form, text=REPLY, resolution="referred", then="send")
    assert answer.status_code == 422
    body = "区人民法院立案庭，电话 0591-0000000"
    office.act(
        "handler", reference, "draft-reply", text=REPLY, resolution="referred", referred_to=body, then="send"
    )
    office.act("lead", reference, "approve-reply", then="publish")
    assert body in office.open("handler", reference).get_data(as_text=True)


def test_adopting_is_offered_for_suggestions_only(office: Office) -> None:
    suggestion, complaint = office.submit(), office.submit(kind=FeedbackKind.COMPLAINT)
    for reference, offered in ((suggestion, True), (complaint, False)):
        office.accept(reference)
        page = office.open("handler", reference).get_data(as_text=True)
        assert ('value="adopted"' in page) is offered


def test_sending_back_shows_the_reason_above_the_draft(office: Office) -> None:
    reference = office.submit()
    office.draft(reference, send=True)
    office.act("lead", reference, "send-back", reason="请写明完工日期。")
    assert office.case(reference).status is CaseStatus.IN_PROGRESS
    page = office.open("handler", reference).get_data(as_text=True)
    assert page.index("请写明完工日期。") < page.index(f"/desk/cases/{reference}/draft-reply")
    office.act("handler", reference, "draft-reply", text=REPLY + "电话已告知。", then="send")
    assert (
        "请写明完工日期。" not in office.open("lead", reference).get_data(as_text=True).split("timeline")[0]
    )


def test_a_lead_alone_is_a_single_signature_and_says_so_before_and_after(office: Office) -> None:
    reference = office.submit()
    office.accept(reference, "lead")
    office.act("lead", reference, "draft-reply", text=REPLY, resolution="adopted")
    assert "your signature alone" in office.get("lead", f"/en/desk/cases/{reference}").get_data(as_text=True)
    office.act("lead", reference, "publish-reply")
    assert office.case(reference).signed_alone
    assert "single signature" in office.get("handler", f"/en/desk/cases/{reference}").get_data(as_text=True)


def test_a_lead_changes_a_word_in_review_and_approves(office: Office) -> None:
    reference = office.submit()
    office.draft(reference, send=True)
    office.act("lead", reference, "draft-reply", text=REPLY + "（已核）")
    office.act("lead", reference, "approve-reply", then="publish")
    case = office.case(reference)
    assert case.replies[-1].text == REPLY + "（已核）"
    assert not case.signed_alone


def test_without_a_script_the_link_opens_the_folded_form(office: Office) -> None:
    reference = office.submit()
    office.draft(reference, send=True)
    [address] = re.findall(r'href="([^"]+)" data-opens="draft-reply"', office.open("lead", reference).text)
    assert 'id="draft-reply">' in office.open("lead", reference).text
    assert (
        'id="draft-reply" open>' in office.get("lead", address.partition("#")[0].replace("&amp;", "&")).text
    )


def test_a_second_click_on_approve_does_no_harm(office: Office) -> None:
    reference = office.submit()
    office.draft(reference, send=True)
    form = office.form("lead", reference, "approve-reply")
    first = office.send("lead", form, then="publish")
    second = office.send("lead", form, then="publish")
    assert (first.status_code, second.status_code) == (302, 302)
    actions = [entry.action for entry in office.case(reference).history]
    assert actions.count(CaseAction.APPROVE_REPLY) == 1
    assert actions.count(CaseAction.PUBLISH_REPLY) == 1


def test_the_same_press_by_somebody_else_is_no_second_click(office: Office) -> None:
    reference = office.submit()
    mine = office.form("handler", reference, "accept")
    theirs = office.form("colleague", reference, "accept")
    assert office.send("handler", mine).status_code == 302
    late = office.send("colleague", theirs)
    assert late.status_code == 409
    assert "陈经办" in late.get_data(as_text=True)


def test_a_late_save_is_refused_with_both_texts(office: Office) -> None:
    reference = office.submit()
    office.accept(reference)
    early = office.form("handler", reference, "draft-reply")
    office.act("colleague", reference, "draft-reply", text="同事先写好的答复。", resolution="explained")
    late = office.send("handler", early, text="我写的另一份答复。", resolution="planned")
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "同事先写好的答复。" in page
    assert "我写的另一份答复。" in page
    draft = office.case(reference, "handler").draft
    assert draft is not None
    assert draft.text == "同事先写好的答复。"
    # The page carries a form with the present version, so that nobody types twice.
    again = next(f for f in forms_of(late) if f.action.endswith("/draft-reply"))
    assert office.send("handler", again).status_code == 302
    draft = office.case(reference, "handler").draft
    assert draft is not None
    assert draft.text == "我写的另一份答复。"
    assert draft.resolution is Resolution.PLANNED


def test_two_different_drafts_of_one_person_are_no_second_click(office: Office) -> None:
    reference = office.submit()
    office.accept(reference)
    one = office.form("handler", reference, "draft-reply")
    assert office.send("handler", one, text="第一稿", resolution="adopted").status_code == 302
    assert office.send("handler", one, text="第一稿", resolution="adopted").status_code == 302
    assert office.send("handler", one, text="另一个窗口里的稿子", resolution="adopted").status_code == 409


def test_what_comes_after_the_case_went_elsewhere_says_so_and_gives_the_text_back(office: Office) -> None:
    reference = office.submit()
    office.accept(reference)
    late = office.form("handler", reference, "draft-reply")
    note = next(form for form in forms_of(office.open("handler", reference)) if form.action.endswith("/note"))
    office.now += timedelta(minutes=30)
    office.act("dispatcher", reference, "transfer", reason="归住建局。", department_id=str(office.roads))
    for form in (late, note):
        answer = office.send("handler", form, text="灯杆已经下单，周五到货。")
        assert answer.status_code == 409
        assert "2026年9月7日 10:30" in answer.text
        assert "灯杆已经下单，周五到货。" in answer.text
        assert "区住建局" not in answer.text
    # Its page says the same and no more, and to whoever never had it nothing is said.
    assert office.open("handler", reference).status_code == 409
    never = Form(f"/desk/cases/{office.submit()}/note", forms_of(office.get("other", "/desk/"))[0].fields)
    assert office.send("other", never, text="越权").status_code == 404


def test_what_became_impossible_offers_no_form_again(office: Office) -> None:
    reference = office.submit()
    office.draft(reference)
    late = office.form("handler", reference, "ask-resident")
    office.act("colleague", reference, "send-for-approval")
    answer = office.send("handler", late, question="还有一个问题要问您。")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "还有一个问题要问您。" in page
    assert not [form for form in forms_of(answer) if form.action.endswith("/ask-resident")]


def test_a_published_reply_is_corrected_by_a_newer_one(office: Office) -> None:
    reference = office.submit()
    office.answered(reference)
    assert "correct-reply" not in office.offers("handler", reference)
    office.act(
        "lead",
        reference,
        "correct-reply",
        text="更正：十月十五日前装好。",
        reason="工期有变。",
        resolution="adopted",
    )
    old, new = office.case(reference).replies
    assert new.is_current
    assert new.corrects_id == old.reply_id
    page = office.open("handler", reference).get_data(as_text=True)
    assert REPLY in page
    assert "更正：十月十五日前装好。" in page
    office.act("dispatcher", reference, "conceal-reply", reply_id=str(old.reply_id))
    assert REPLY not in office.open("handler", reference).get_data(as_text=True)


def test_a_correction_by_the_lead_alone_is_listed_as_a_single_signature(office: Office) -> None:
    reference = office.submit()
    office.answered(reference)
    assert "single signature" not in office.get("handler", f"/en/desk/cases/{reference}").get_data(
        as_text=True
    )
    office.pass_time(days=10)
    form = office.form("lead", reference, "correct-reply")
    assert "single signature" in office.get("lead", f"/en/desk/cases/{reference}").get_data(as_text=True)
    until = office.now + timedelta(days=15)
    answer = office.send("lead", form, text="更正：列入明年计划。", reason="预算有变。", resolution="planned")
    assert answer.status_code == 302
    page = office.get("handler", f"/en/desk/cases/{reference}").get_data(as_text=True)
    assert "Written and published by 郑科长 alone (single signature)" in page
    assert "Written by 陈经办, approved by 郑科长" in page
    with office.app.app_context():
        # The figure counts it on its day, and its list has it.
        measure = frozenset({Measure.SINGLE_SIGNATURE})
        window = Window(measure, office.now.date(), office.now.date())
        assert [one.n for one in queries.stat_sums([window])] == [1]
        behind = queries.cases_behind(queries.Selection([window]))
        assert [row.reference for row in behind.rows] == [reference]
        # What the answer brings is another: the resident has the whole time to object to that.
        assert services.check_stats() == []
        close_at = db.session.scalars(select(Case.close_at).where(Case.reference == reference)).one()
        assert close_at is not None
        assert close_at.date() == until.date()


def waiting(office: Office) -> list[str]:
    """What the lead finds in the list of what waits for approval."""
    page = office.get("lead", "/en/desk/?view=approval").get_data(as_text=True)
    return re.findall(r'data-case="([^"]+)"', page)


CORRECTED = "更正：已安排十四盏路灯，十月底前装好。"


def noticed(office: Office, who: str, kind: str) -> str:
    """What somebody is told of; '' if nothing of that kind."""
    page = office.get(who, "/en/desk/notices").get_data(as_text=True)
    found = re.search(rf'aria-labelledby="notices-{kind}">.*?</section>', page, re.DOTALL)
    return found.group(0) if found else ""


def test_a_correction_that_a_colleague_wrote_bears_two_signatures(office: Office) -> None:
    office.pass_time(minutes=5)
    reference = office.submit()
    office.answered(reference)
    proposal = {"text": CORRECTED, "resolution": "adopted", "reason": "数量有误。"}
    form = office.form("handler", reference, "draft-correction")
    assert form.fields["text"] == REPLY
    assert office.send("handler", form, **(proposal | {"reason": " "})).status_code == 422
    for _click in range(2):
        assert office.send("handler", form, **proposal).status_code == 302

    # Nobody outside reads it; the lead finds it, with the reason and what would change.
    office.act("dispatcher", reference, "publish")
    with office.app.test_client() as anyone, office.at_work():
        assert "十四盏" not in anyone.get(f"/cases/{reference}").get_data(as_text=True)
    assert waiting(office) == [reference]
    office.pass_time(minutes=2)
    assert reference in noticed(office, "lead", "approval")
    assert "correction proposed" in office.get("lead", "/en/desk/?view=approval").get_data(as_text=True)
    page = office.get("lead", f"/en/desk/cases/{reference}").get_data(as_text=True)
    assert "数量有误。" in page
    assert re.search(r"<del>[^<]*二[^<]*</del><ins>[^<]*四[^<]*</ins>", page)
    assert "single signature" not in page

    # Sent back with a reason, proposed anew, changed by a word and published by the lead.
    office.act("lead", reference, "send-back", reason="请核对日期。")
    assert waiting(office) == []
    assert "请核对日期。" in office.open("handler", reference).get_data(as_text=True).split("timeline")[0]
    office.pass_time(minutes=2)
    assert noticed(office, "lead", "approval") == ""
    assert reference in noticed(office, "handler", "sent_back")
    again = office.form("handler", reference, "draft-correction")
    assert again.fields["text"] == CORRECTED
    office.send("handler", again)
    form = office.form("lead", reference, "correct-reply")
    assert (form.fields["text"], form.fields["reason"]) == (CORRECTED, "数量有误。")
    assert office.send("lead", form, text=CORRECTED + "（已核）").status_code == 302
    case = office.case(reference)
    assert case.replies[-1].text == CORRECTED + "（已核）"
    assert case.signed_alone == frozenset()
    page = office.get("handler", f"/en/desk/cases/{reference}").get_data(as_text=True)
    assert "Written by 陈经办, changed by 郑科长, approved by 郑科长" in page
    assert waiting(office) == []

    # An objection leaves what was proposed behind: the new answer begins with an empty draft.
    office.act("handler", reference, "draft-correction", **proposal)
    with office.app.app_context(), unit_of_work():
        services.reopen_case(RESIDENT, case.case_id, office.case(reference).version, "还是没装。", office.now)
    assert waiting(office) == []
    assert office.form("handler", reference, "draft-reply").fields["text"] == ""


@pytest.mark.parametrize("slug", ["draft-reply", "approve-reply", "publish-reply"])
def test_an_action_out_of_its_time_leads_back_to_the_case(office: Office, slug: str) -> None:
    reference = office.submit()
    answer = office.get("handler", f"/desk/cases/{reference}/{slug}")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/desk/cases/{reference}")


def test_after_sending_the_list_comes_next(office: Office) -> None:
    reference = office.submit()
    office.draft(reference)
    browser = office.browser("handler")
    form = office.form("handler", reference, "send-for-approval")
    answer = office.send("handler", form, back="mine")
    assert answer.headers["Location"].endswith("/desk/?view=mine")
    with office.at_work():
        flashed = browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert reference in flashed


def test_the_moment_of_publishing_is_kept(office: Office) -> None:
    reference = office.submit()
    office.answered(reference)
    assert office.case(reference).replies[-1].published_at == datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
