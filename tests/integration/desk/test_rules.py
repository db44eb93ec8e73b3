"""Rules of routing on the site: a text is tried, a change is tried on past messages, then it holds for new ones."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from civic.core import dated
from civic.core.db import unit_of_work
from civic.departments import queries as departments
from civic.departments.rules import read_yaml
from civic.routing.queries import routing_table
from civic.routing.rules import read_routing
from tests.integration.desk.office import Form, Office, forms_of

LAMP = "西环路的路灯坏了一个月。"


def rule_form(office: Office, who: str, address: str) -> Form:
    form = next(f for f in forms_of(office.get(who, address)) if "effective_on" in f.fields)
    form.action = address
    return form


def lamp_rule(office: Office, who: str = "dispatcher", **typed: str) -> tuple[str, str]:
    """Try and save a rule that gives lamps to the roads; (page of the trial, address after saving)."""
    address = "/desk/rules/new"
    given = {
        "name": "路灯", "any": "路灯、景观灯", "department_id": str(office.roads), "reason": "局务会议定。", **typed,
    }  # fmt: skip
    tried = office.send(who, rule_form(office, who, address), **given, then="try")
    form = next(f for f in forms_of(tried) if "tried" in f.fields)
    form.action = address
    saved = office.send(who, form, then="save")
    assert saved.status_code == 302, saved.get_data(as_text=True)
    return tried.get_data(as_text=True), str(saved.location)


def department_of(office: Office, reference: str) -> int | None:
    return office.case(reference).department_id


def test_a_new_rule_is_tried_on_past_messages_saved_and_followed_by_new_ones(office: Office) -> None:
    to_roads, elsewhere, unrouted = (office.submit(text=LAMP, item_id=None) for _ in range(3))
    office.submit(text="公园里没有椅子。", item_id=None)
    on_item = office.submit(text=LAMP)
    for reference, department in ((to_roads, office.roads), (elsewhere, office.water)):
        office.act("dispatcher", reference, "route", department_id=str(department), reason="派单。")
    page, _address = lamp_rule(office)
    assert "在 5 条留言中，有 3 条的去向会改变。" in page
    assert re.search(r"派单员</td><td>[^<]+</td><td class=\"num\">3</td>", page)
    figures = re.findall(r"<dd>(\d+)</dd>", page)
    assert figures[:3] == ["1", "1", "1"], (
        "at once where it is; taken from where it is; waits for the dispatcher"
    )
    assert {found in page for found in (to_roads, elsewhere, unrouted)} == {True}
    assert on_item not in page, "an item's lead goes before every rule"
    # It holds for new messages, in both scripts; those with a department stay.
    assert department_of(office, office.submit(text=LAMP, item_id=None)) == office.roads
    assert department_of(office, office.submit(text="景觀燈壞了", item_id=None)) == office.roads
    assert department_of(office, elsewhere) == office.water
    assert department_of(office, unrouted) is None


def test_what_is_saved_is_what_was_tried(office: Office) -> None:
    address = "/desk/rules/new"
    form = rule_form(office, "dispatcher", address)
    typed = {"name": "路灯", "any": "路灯", "department_id": str(office.roads), "reason": "试行。"}
    tried = office.send("dispatcher", form, **typed, then="save")
    assert "在 0 条留言中" in tried.get_data(as_text=True), "a save without a trial only tries"
    again = next(f for f in forms_of(tried) if "tried" in f.fields)
    again.action = address
    changed = office.send("dispatcher", again, any="路灯、灯杆", then="save")
    assert changed.status_code == 200, "what was entered since is tried anew"
    assert "灯杆" in changed.get_data(as_text=True)
    assert "D-01" not in office.get("dispatcher", "/desk/rules").get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("any", "灯", "“灯”太短"),
        ("any", "", "请说明何时适用"),
        ("none", "路灯", "“路灯”永远不会匹配"),
        ("over", "R-99", "没有编号为 R-99 的其他规则"),
        ("department_id", "999", 'href="#department_id"'),
        ("days", "9999", "1 到 366"),
        ("reason", "", "请说明变更原因"),
    ],
)
def test_what_cant_be_a_rule_is_said_at_its_field_and_nothing_typed_is_lost(
    office: Office, field: str, typed: str, said: str
) -> None:
    given = {
        "name": "路灯",
        "any": "路灯",
        "department_id": str(office.roads),
        "reason": "试行。",
        "note": "备注在此",
    }
    address = "/desk/rules/new"
    answer = office.send("admin", rule_form(office, "admin", address), **given | {field: typed}, then="try")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert f'href="#{field}"' in page
    assert "备注在此" in page


def test_a_rule_is_changed_from_a_day_on_its_history_tells_and_a_stale_save_is_refused(
    office: Office,
) -> None:
    lamp_rule(office)
    address = "/desk/rules/D-01"
    first = rule_form(office, "dispatcher", address)
    tomorrow = (office.now + timedelta(days=1)).date().isoformat()

    def saved(who: str, form: Form, **typed: str) -> tuple[int, str]:
        tried = office.send(who, form, **typed, then="try")
        sure = next(f for f in forms_of(tried) if "tried" in f.fields)
        sure.action = address
        answer = office.send(who, sure, then="save")
        return answer.status_code, answer.get_data(as_text=True)

    assert (
        saved(
            "dispatcher", first, department_id=str(office.water), reason="移交水务。", effective_on=tomorrow
        )[0]
        == 302
    )
    assert department_of(office, office.submit(text=LAMP, item_id=None)) == office.roads, "not before its day"
    office.pass_time(days=1)
    with office.app.app_context(), unit_of_work():
        assert dated.apply_due(office.now, departments.local_day(office.now)) == 1
    assert department_of(office, office.submit(text=LAMP, item_id=None)) == office.water
    second = rule_form(office, "admin", address)
    status, page = saved("admin", second, name="灯", reason="改名。", seen=first.fields["seen"])
    assert status == 422
    assert "有人已经修改" in page or "其他人" in page
    shown = office.get("dispatcher", address).get_data(as_text=True)
    assert "移交水务。" in shown
    assert "<del>" in shown

    off = rule_form(office, "dispatcher", address)
    off.fields.pop("active")
    assert saved("dispatcher", off, reason="停用。")[0] == 302
    assert department_of(office, office.submit(text=LAMP, item_id=None)) is None
    assert "停用" in office.get("dispatcher", "/desk/rules").get_data(as_text=True)


def test_a_planned_change_can_be_dropped(office: Office) -> None:
    lamp_rule(office)
    address = "/desk/rules/D-01"
    later = (office.now + timedelta(days=9)).date().isoformat()
    tried = office.send(
        "dispatcher",
        rule_form(office, "dispatcher", address),
        name="灯",
        reason="改名。",
        effective_on=later,
        then="try",
    )
    form = next(f for f in forms_of(tried) if "tried" in f.fields)
    form.action = address
    office.send("dispatcher", form, then="save")
    drop = next(f for f in forms_of(office.get("dispatcher", address)) if f.action.endswith("/withdraw"))
    assert office.send("dispatcher", drop).status_code == 302
    office.pass_time(days=10)
    with office.app.app_context(), unit_of_work():
        assert dated.apply_due(office.now, departments.local_day(office.now)) == 0


def test_a_text_is_tried_with_its_words_and_what_becomes_of_each_rule(office: Office) -> None:
    lamp_rule(office)
    lamp_rule(office, name="学校", any="学校", department_id=str(office.water), yields="y")
    form = next(f for f in forms_of(office.get("dispatcher", "/desk/rules")) if "text" in f.fields)
    form.action = "/desk/rules"
    page = office.send("dispatcher", form, text="学校门口的路灯坏了").get_data(as_text=True)
    assert "<mark>路灯</mark>" in page
    assert "由它决定" in page
    assert "让位：可能只是说明地点" in page
    assert "派单员" in office.send("dispatcher", form, text="谢谢你们").get_data(as_text=True)


def test_the_table_as_it_stands_is_printed_in_the_form_of_its_file(office: Office) -> None:
    lamp_rule(office, all="坏了、不亮\n路口、小区", none="已修好", kinds="report")
    printed = office.app.test_cli_runner().invoke(args=["civic", "routing-rules"]).output
    with office.app.app_context():
        table = routing_table()
        keys = departments.department_ids()
    assert read_routing("routing.yaml", read_yaml("routing.yaml", printed), keys, set()) == table
    assert "any: [路灯, 景观灯]" in printed


def test_an_administrator_sees_counts_and_no_messages(office: Office) -> None:
    reference = office.submit(text=LAMP, item_id=None)
    page, _address = lamp_rule(office, "admin")
    assert "有 1 条的去向会改变" in page
    assert reference not in page
