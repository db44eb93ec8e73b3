"""The dispatcher's choices: likely departments with one press, disputes, objections, possible duplicates."""

from __future__ import annotations

import re

from civic.cases import services
from civic.cases.queries import case_id_of
from civic.cases.rules import CaseStatus, HeldBecause
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from tests.integration.desk.office import Office, forms_of
from tests.integration.desk.test_queue import shown
from tests.integration.desk.test_rules import LAMP, lamp_rule

TRIAGE = "/desk/triage"


def one_press(office: Office, reference: str, view: str = "") -> list[dict[str, str]]:
    """The forms of the likely departments on the dispatcher's page."""
    page = office.get("dispatcher", f"{TRIAGE}?view={view}&case={reference}")
    return [
        {**form.fields, "action": form.action}
        for form in forms_of(page)
        if form.fields.keys() >= {"department_id", "reason", "version"} and form.fields["reason"]
    ]


def test_a_rule_that_isnt_certain_points_to_its_department_and_one_press_sends_the_case_there(
    office: Office,
) -> None:
    lamp_rule(office)
    reference = office.submit(text="您好，" * 40 + LAMP, item_id=None)
    assert office.case(reference).status is CaseStatus.TRIAGE
    likely = one_press(office, reference)
    assert likely[0]["department_id"] == str(office.roads)
    assert likely[0]["reason"] == "规则 D-01：路灯 (路灯)"
    assert len(likely) <= 3
    form = next(f for f in forms_of(office.get("dispatcher", TRIAGE)) if f.fields.get("reason"))
    assert office.send("dispatcher", form).status_code == 302
    case = office.case(reference)
    assert (case.status, case.department_id) == (CaseStatus.ROUTED, office.roads)
    assert case.history[-1].text == "规则 D-01：路灯 (路灯)"


def test_both_statements_of_a_dispute_are_shown_and_agreeing_is_one_press(office: Office) -> None:
    reference = office.submit()
    office.act(
        "handler", reference, "return", reason="路灯归道路部门。", suggested_department_id=str(office.roads)
    )
    [agree] = [f for f in one_press(office, reference, "returned") if f["department_id"] == str(office.roads)]
    assert agree["action"].endswith("/transfer")
    office.act("dispatcher", reference, "transfer", department_id=str(office.roads), reason="同意。")
    office.act(
        "other", reference, "return", reason="步道归水务部门。", suggested_department_id=str(office.water)
    )
    page = office.get("dispatcher", f"{TRIAGE}?view=returned").get_data(as_text=True)
    assert page.index("路灯归道路部门。") < page.index("步道归水务部门。")
    assert "答复期限照常计算" in page


def test_an_objection_stands_beside_the_first_decision(office: Office) -> None:
    reference = office.submit(item_id=None, text="公司欠我工资。")
    office.act("dispatcher", reference, "decline", code="statutory_channel", explanation="请先申请劳动仲裁。")
    case = office.case(reference)
    with office.app.app_context(), unit_of_work():
        services.appeal_case(RESIDENT, case.case_id, case.version, "这不是劳动争议。", office.now)
    page = office.get("dispatcher", f"{TRIAGE}?view=appealed").get_data(as_text=True)
    assert page.index("请先申请劳动仲裁。") < page.index("这不是劳动争议。")
    assert "不能再次不予受理" in page
    assert "decline" not in office.offers("dispatcher", reference)
    other = office.submit(item_id=None, text="请问几点下班？")
    listed = office.get("dispatcher", f"{TRIAGE}?view=appealed").get_data(as_text=True)
    assert other not in listed


def test_open_cases_that_say_nearly_the_same_are_grouped_merged_or_kept_apart(office: Office) -> None:
    first = office.submit(text="河边步道的路灯坏了三天，晚上很黑。")
    second = office.submit(text="河边步道路灯坏了，晚上很黑，老人不敢走。")
    third = office.submit(text="河边步道的路灯坏了三天了，晚上很黑很黑。")
    office.submit(text="公园的椅子太少了，希望多放几张。")

    def groups() -> list[list[str]]:
        page = office.get("dispatcher", "/desk/duplicates").get_data(as_text=True)
        return [
            re.findall(r'name="case" value="([^"]+)"', part) for part in page.split("duplicate-group")[1:]
        ]

    assert groups() == [[first, second, third]]
    page = office.get("dispatcher", "/desk/duplicates").get_data(as_text=True)
    assert f"/desk/cases/{second}/merge?into={first}" in page
    merged, into = office.case(third), office.case(first)
    with office.app.app_context(), unit_of_work():
        services.merge_case(
            office.people["dispatcher"],
            merged.case_id,
            merged.version,
            into.case_id,
            office.now,
            reason="同一处。",
        )
    assert groups() == [[first, second]]
    apart = next(
        f for f in forms_of(office.get("dispatcher", "/desk/duplicates")) if f.action.endswith("/apart")
    )
    browser = office.browser("dispatcher")
    with office.at_work():
        sent = {"csrf_token": apart.fields["csrf_token"], "case": [first, second]}
        assert browser.post(apart.action, data=sent).status_code == 302
        assert browser.post(apart.action, data=sent).status_code == 302, "twice is once"
    assert groups() == []


def test_what_nobody_answered_for_sixty_days_stands_in_a_list_of_its_own(office: Office) -> None:
    answered, waiting = office.submit(), office.submit()
    office.answered(answered)
    listed = "/desk/?view=red_line"
    office.pass_time(days=59)
    assert waiting not in office.get("lead", listed).get_data(as_text=True)
    office.pass_time(days=1)
    page = office.get("lead", listed).get_data(as_text=True)
    assert waiting in page
    assert answered not in page
    assert waiting not in office.get("other", listed).get_data(as_text=True)

    later, version = office.submit(), office.case(waiting).version
    with office.app.app_context(), unit_of_work():
        old, new = case_id_of(waiting), case_id_of(later)
        assert old is not None
        assert new is not None
        services.merge_case(office.people["lead"], old, version, new, office.now, reason="同一件事。")
    page = office.get("lead", listed).get_data(as_text=True)
    assert later in page, "whoever has waited for sixty days waits for its answer now"


def test_all_open_cases_of_the_dispatcher_hold_those_without_a_department(office: Office) -> None:
    routed, unrouted = office.submit(), office.submit(item_id=None, text="请问几点下班？")
    held = office.submit(held=(HeldBecause.QUICK,))
    everything = {routed, unrouted, held}
    assert set(shown(office, "dispatcher", "/desk/?view=department")) == everything
    assert shown(office, "handler", "/desk/?view=department") == [routed]
