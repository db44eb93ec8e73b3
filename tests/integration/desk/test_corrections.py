"""What routing got wrong: cases that people gave to another department, counted by what decided."""

from __future__ import annotations

import re

from tests.integration.desk.office import Office
from tests.integration.desk.test_rules import LAMP, lamp_rule

ADDRESS = "/desk/rules/corrections"


def figures(page: str) -> list[tuple[str, str]]:
    """Of each row: how often it decided, how often otherwise since."""
    rows = re.findall(r"<tbody>(.*?)</tbody>", page, re.S)
    cells = re.findall(r'<td class="num">(?:<a[^>]*>)?(\d+)', rows[0]) if rows else []
    return list(zip(cells[::2], cells[1::2], strict=True))


def test_what_people_sent_elsewhere_is_counted_by_rule_and_by_item(office: Office) -> None:
    assert "没有" in office.get("dispatcher", ADDRESS).get_data(as_text=True)
    lamp_rule(office)
    texts = (LAMP, "桥下路灯不亮。", "路灯太亮睡不着。", "公园里没有椅子。")
    _kept, sent, undecided, by_hand = (office.submit(text=text, item_id=None) for text in texts)
    on_item, _on_item_too = office.submit(), office.submit()
    office.act("dispatcher", sent, "transfer", department_id=str(office.water), reason="归水务局。")
    office.act("dispatcher", on_item, "transfer", department_id=str(office.roads), reason="归住建局。")
    # A department that only asks for it, and what a person routed in the first place, corrects no rule.
    office.act("other", undecided, "return", reason="不归我局。", suggested_department_id=str(office.water))
    office.act("dispatcher", by_hand, "route", department_id=str(office.roads), reason="派单。")
    office.act("dispatcher", by_hand, "transfer", department_id=str(office.water), reason="改派。")

    page = office.get("dispatcher", ADDRESS).get_data(as_text=True)
    assert figures(page) == [("2", "1"), ("3", "1")], "as many, so the larger share first"
    assert 'href="/desk/rules/D-01"' in page
    assert set(re.findall(r'/desk/cases/([^"]+)"', page)) == {sent, on_item}
    narrowed = office.get("dispatcher", f"{ADDRESS}?by=D-01").get_data(as_text=True)
    assert sent in narrowed
    assert on_item not in narrowed
    # Administrators keep the rules and read no case.
    counted = office.get("admin", ADDRESS).get_data(as_text=True)
    assert figures(counted) == [("2", "1"), ("3", "1")]
    assert sent not in counted
    assert "桥下路灯不亮" not in counted
    # Sent back, it was right after all; and what is older than the period isn't counted.
    office.act("dispatcher", sent, "transfer", department_id=str(office.roads), reason="仍归住建局。")
    assert figures(office.get("dispatcher", ADDRESS).get_data(as_text=True)) == [("2", "1")]
    office.pass_time(days=91)
    assert "没有" in office.get("dispatcher", ADDRESS).get_data(as_text=True)
