"""Hints about replies at the desk: while writing, before approval, set aside, on each database."""

from __future__ import annotations

import pytest

from civic.cases import queries, services
from civic.cases.rules import CaseAction
from civic.cases.services.retention import erase_revisions
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.desk.quality import SET_ASIDE
from tests.integration.desk.office import Office, forms_of
from tests.integration.desk.test_attachments import attach

EMPTY = "您好！您反映的问题已收悉，感谢您的关注与支持！"


def test_hints_go_with_the_writing_and_stop_nothing(office: Office) -> None:
    reference = office.submit(text="河边路灯什么时候修好？")
    office.accept(reference)
    form = office.form("handler", reference, "draft-reply")
    form.action += "/hints"
    typed = {**form.fields, "text": EMPTY}
    with office.at_work():
        live = office.browser("handler").post(
            "/en" + form.action, data=typed, headers={"X-Requested-With": "fetch"}
        ).get_data(as_text=True)  # fmt: skip
    assert "<html" not in live
    assert "A question seems to be without an answer." in live
    assert "河边路灯什么时候修好？" in live
    assert office.case(reference, "handler").draft is None
    # Without script the whole form comes back as it was typed, and a hint that was set aside is no longer listed.
    page = office.send("handler", form, text=EMPTY, code="unanswered").get_data(as_text=True)
    assert EMPTY in page
    assert 'value="unanswered"' not in page
    assert 'value="courtesy"' in page
    # The lead reads what stays and what was set aside; nothing stops the reply.
    office.act("handler", reference, "draft-reply", text=EMPTY, resolution="explained", then="send")
    shown = office.get("lead", f"/en/desk/cases/{reference}").get_data(as_text=True)
    assert "Without courtesy phrases almost nothing is left." in shown
    assert shown.index("Set aside as not applicable:") < shown.index(
        "A question seems to be without an answer."
    )
    aside = next(f for f in forms_of(office.open("lead", reference)) if f.action.endswith("/hints"))
    assert office.send("lead", aside, code="courtesy").status_code == 302
    assert 'value="courtesy"' not in office.open("lead", reference).get_data(as_text=True)
    assert office.looks(SET_ASIDE) == [office.people["handler"].account_id, office.people["lead"].account_id]
    office.act("lead", reference, "approve-reply", then="publish")
    assert office.case(reference).history[-1].action is CaseAction.PUBLISH_REPLY


def test_a_text_sent_to_another_resident_is_pointed_out_with_its_case(
    office: Office,
) -> None:
    first, second = office.submit(), office.submit()
    office.answered(first)
    long = "经现场查看，河边步道确有照明盲区，我局已安排增设路灯，将于9月30日前安装完毕。"
    office.act("lead", first, "correct-reply", text=long, resolution="adopted", reason="写明日期。")
    office.accept(second)
    office.act("handler", second, "draft-reply", text=long)
    page = office.open("handler", second).get_data(as_text=True)
    assert 'value="repeated"' in page
    assert f'<a href="/desk/cases/{first}">' in page


def test_hints_are_worked_out_only_where_they_are_shown(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = office.submit()
    office.draft(reference, send=True)

    def unwanted(*_args: object) -> None:
        raise AssertionError("the department's earlier replies were read for a page that shows no hint")

    monkeypatch.setattr("civic.desk.quality.cases.earlier_replies", unwanted)
    for address in ("/send-back", "/escalate"):
        assert office.get("lead", f"/desk/cases/{reference}{address}").status_code == 200
    for who in ("handler", "dispatcher", "auditor"):
        assert office.open(who, reference).status_code == 200
        assert office.get(who, f"/desk/cases/{reference}/pane").status_code == 200


def test_where_a_reply_can_be_let_out_stands_what_there_is_to_see_before(office: Office) -> None:
    """Also beside a list: the hints, what changed (be it only what the reply brings), the files, who else looks."""
    reference = office.submit()
    office.accept(reference)
    office.act("handler", reference, "draft-reply", text=EMPTY, resolution="adopted", then="send")
    office.act("lead", reference, "send-back", reason="归供电公司。")
    office.pass_time(minutes=5)
    body = "区供电公司，电话 0591-0000000"
    assert attach(office, "handler", reference, "reply").status_code == 302
    office.act("handler", reference, "draft-reply", resolution="referred", referred_to=body, then="send")
    case_id = office.case(reference).case_id
    with office.app.app_context(), unit_of_work():
        services.touch_presence(office.people["colleague"], case_id, office.now)
    for address in (f"/desk/cases/{reference}/pane", "/desk/?view=approval", f"/desk/cases/{reference}"):
        page = office.get("lead", address).text
        assert "<del>采纳</del> <ins>转送有权机关</ins>" in page
        assert f"<ins>{body}</ins>" in page
        assert 'name="code" value="courtesy"' in page
        assert "路灯清单.pdf" in page
        assert "黄经办" in page
    # Whoever can't let it out reads the draft alone.
    assert "<ins>" not in office.get("handler", f"/desk/cases/{reference}/pane").text


def test_the_lead_sees_what_changed_and_both_hands_stay_known(office: Office) -> None:
    reference = office.submit()
    office.draft(reference, send=True)
    # Nothing to compare at first sight. What the lead changes is shown to both, and whose text it is stays known.
    assert "<del>" not in office.open("lead", reference).get_data(as_text=True)
    changed = "已安排十五盏路灯，九月底前装好。"
    office.pass_time(minutes=5)
    office.act("lead", reference, "draft-reply", text=changed)
    for who in ("lead", "handler"):
        page = office.open(who, reference).get_data(as_text=True)
        assert "<del>二</del><ins>五</ins>" in page
        assert "陈经办" in page
    # Sent back and changed again, the lead sees what came after.
    office.pass_time(minutes=5)
    office.act("lead", reference, "send-back", reason="请写明河段。")
    office.pass_time(minutes=5)
    office.act("handler", reference, "draft-reply", text=changed + "东段先装。", then="send")
    page = office.open("lead", reference).get_data(as_text=True)
    assert "<ins>东段先装。</ins>" in page
    assert "<del>二</del>" not in page
    office.act("lead", reference, "draft-reply", text=changed + "东段先行安装。", resolution="adopted")
    office.act("lead", reference, "approve-reply", then="publish")
    page = office.get("lead", f"/en/desk/cases/{reference}").get_data(as_text=True)
    assert "Written by 陈经办, changed by 郑科长, approved by 郑科长" in page
    assert "(single signature)" not in page
    # A correction goes through the same editor: what it changes, and what there is to point out.
    form = office.form("lead", reference, "correct-reply")
    with office.at_work():
        live = office.browser("lead").post(
            form.action + "/hints",
            data={**form.fields, "text": changed + "张女士已知。"},
            headers={"X-Requested-With": "fetch"},
        ).get_data(as_text=True)  # fmt: skip
    assert "张女士" in live.split('value="exposes"')[0]
    assert "<del>" in live
    # The versions of the draft stay while the case is open, and go with the words that they may have quoted.
    reply_id = office.case(reference).replies[-1].reply_id
    with office.app.app_context(), unit_of_work():
        case = office.case(reference)
        assert erase_revisions(office.now) == 0
        assert len(queries.revisions_of(reply_id)) == 4
        services.erase_words(RESIDENT, case.case_id, case.version, office.now)
        assert queries.revisions_of(reply_id) == ()
