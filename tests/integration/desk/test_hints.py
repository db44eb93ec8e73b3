"""Hints about replies at the desk: while writing, before approval, set aside, on each database."""

from __future__ import annotations

from civic.cases.rules import CaseAction
from civic.desk.quality import SET_ASIDE
from tests.integration.desk.office import Office, forms_of

EMPTY = "您好！您反映的问题已收悉，感谢您的关注与支持！"


def test_hints_go_with_the_writing_and_stop_nothing(office: Office) -> None:
    reference = office.submit(text="河边路灯什么时候修好？")
    office.act("handler", reference, "accept")
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
    office.act("handler", second, "accept")
    office.act("handler", second, "draft-reply", text=long)
    page = office.open("handler", second).get_data(as_text=True)
    assert 'value="repeated"' in page
    assert f'<a href="/desk/cases/{first}">' in page
