"""One word through the whole desk: published masked, misrouted, sent back, answered, objected to, answered, closed."""

from __future__ import annotations

from typing import Any

from civic.cases import queries, services
from civic.cases.queries import PublicCase
from civic.cases.rules import CaseAction, CaseStatus, Publication, RatingLevel, Resolution, Solved
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.delivery import deliver_due
from civic.core.jobs import jobs
from tests.integration.desk.office import REPLY, Office, forms_of

A = CaseAction
WORDS = "我是林小红，电话13859100001，请在河边增设路灯。"
MASKED = "我是＊＊＊，电话＊＊＊＊＊＊＊＊＊＊＊，请在河边增设路灯。"


def by_resident(office: Office, reference: str, service: Any, *args: Any, **values: Any) -> None:
    case = office.case(reference)
    with office.app.app_context(), unit_of_work():
        service(RESIDENT, case.case_id, case.version, *args, now=office.now, **values)


def public(office: Office, reference: str) -> PublicCase | None:
    with office.app.app_context():
        return queries.public_case(reference, office.now)


def test_a_word_is_published_moved_answered_objected_to_answered_again_and_closed(office: Office) -> None:
    reference = office.submit(text=WORDS)

    # The dispatcher finds the proposed mask filled in, original beside it, and sends it as it stands.
    page = office.get("dispatcher", "/desk/review")
    assert '<mark class="exposes" title="' in page.get_data(as_text=True)
    form = next(f for f in forms_of(page) if f.action.endswith("/publish-masked"))
    assert form.fields["masked_text"] == MASKED
    assert office.send("dispatcher", form).status_code == 302
    assert office.case(reference).publication is Publication.MASKED

    # Misrouted, and so the dispatcher finds; the department designated by the dispute keeps it.
    office.act(
        "handler", reference, "return", reason="照明不归我局。", suggested_department_id=str(office.roads)
    )
    office.act(
        "dispatcher", reference, "designate", department_id=str(office.water), reason="内河步道归水务局。"
    )
    assert "return" not in office.offers("handler", reference)

    # Taken, handed to a colleague, drafted, sent back, drafted again, approved, published.
    office.act("handler", reference, "take")
    colleague = str(office.people["colleague"].account_id)
    office.act("handler", reference, "assign", account_id=colleague)
    office.act("colleague", reference, "accept")
    office.act("colleague", reference, "draft-reply", text="会处理。", resolution="adopted", then="send")
    office.act("lead", reference, "send-back", reason="请写明何时完成。")
    office.act("colleague", reference, "draft-reply", text=REPLY, resolution="adopted", then="send")
    office.act("lead", reference, "approve-reply", then="publish")
    shown = public(office, reference)
    assert shown is not None
    assert (shown.text, shown.replies[-1].text) == (MASKED, REPLY)
    assert shown.replies[-1].author_id is None

    # The worker writes both in Traditional characters.
    with office.app.app_context():
        deliver_due(office.now)
    shown = public(office, reference)
    assert shown is not None
    assert shown.text_hant == "我是＊＊＊，電話＊＊＊＊＊＊＊＊＊＊＊，請在河邊增設路燈。"
    assert shown.replies[-1].text_hant == "已安排十二盞路燈，九月底前裝好。"

    # Dissatisfied, with a reason: a second round with a deadline of its own.
    office.pass_time(days=1)
    by_resident(
        office,
        reference,
        services.rate_reply,
        RatingLevel.DISSATISFIED,
        solved=Solved.NOT,
        reason="只装了两盏。",
    )
    case = office.case(reference)
    assert (case.status, case.round_number, case.reopenings) == (CaseStatus.IN_PROGRESS, 2, 1)
    assert "只装了两盏。" in office.open("colleague", reference).get_data(as_text=True)
    assert reference in office.get("colleague", "/desk/?view=reopened").get_data(as_text=True)
    office.act(
        "colleague", reference, "draft-reply", text="其余十盏已装好。", resolution="resolved", then="send"
    )
    office.act("lead", reference, "approve-reply", then="publish")

    # A slip in the published answer: corrected by a newer one, the old stays readable.
    office.act(
        "lead",
        reference,
        "correct-reply",
        text="其余十盏已于今日装好。",
        resolution="resolved",
        reason="写明日期。",
    )
    assert [r.text for r in office.case(reference).replies] == [
        REPLY,
        "其余十盏已装好。",
        "其余十盏已于今日装好。",
    ]

    # Nobody objects: the worker's job closes it.
    office.pass_time(days=16)
    with office.app.app_context(), unit_of_work():
        jobs(office.app)["sweep_cases"].run(office.now)
    case = office.case(reference)
    assert (case.status, case.resolution) == (CaseStatus.CLOSED, Resolution.RESOLVED)

    # Taken down at last, at once.
    office.act("dispatcher", reference, "unpublish", reason="当事人要求撤下。")
    assert public(office, reference) is None

    assert [entry.action for entry in office.case(reference).history] == [
        A.SUBMIT, A.ROUTE, A.PUBLISH_MASKED, A.RETURN, A.DESIGNATE, A.TAKE, A.ASSIGN, A.ACCEPT,
        A.DRAFT_REPLY, A.SEND_FOR_APPROVAL, A.SEND_BACK, A.DRAFT_REPLY, A.SEND_FOR_APPROVAL, A.APPROVE_REPLY,
        A.PUBLISH_REPLY, A.RATE, A.REOPEN, A.DRAFT_REPLY, A.SEND_FOR_APPROVAL, A.APPROVE_REPLY,
        A.PUBLISH_REPLY, A.CORRECT_REPLY, A.CLOSE, A.UNPUBLISH,
    ]  # fmt: skip
    with office.app.app_context():
        assert services.check_stats() == []
