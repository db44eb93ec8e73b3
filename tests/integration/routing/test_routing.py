"""Where a new case goes, with the real district: items, rules, streets, channels, and the stored reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import update

from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.plans.duty_files import parse_responsibilities
from civic.routing.queries import recognise_channels, say_reason
from civic.routing.rules import RoutingDecision
from civic.routing.services import route
from civic.web.caching import renew_reference

ROOT = Path(__file__).resolve().parents[3]
EXPECTED = yaml.safe_load((ROOT / "tests" / "data" / "routing_expected.yaml").read_text("utf-8"))
DUTIES = ROOT / "civic" / "data" / "taijiang" / "responsibilities.yaml"


@pytest.fixture
def district(taijiang: Flask) -> Iterator[Flask]:
    with taijiang.test_request_context():
        yield taijiang
        db.session.remove()


def key(decision: RoutingDecision) -> str:
    if decision.department_id is None:
        return "dispatcher"
    return departments.department(decision.department_id).key


def street_id(code: str) -> int:
    return next(street.id for street in departments.streets() if street.code == code)


def item_id(code: str, plan: str = "taijiang-14") -> int:
    return plans.item_by_code(plan, code).id


def test_each_expected_message_goes_where_it_must_in_both_scripts(district: Flask) -> None:
    wrong = []
    for entry in EXPECTED:
        street = street_id(entry["street"]) if "street" in entry else None
        decision = route(text=entry["text"], kind=entry.get("kind", "report"), street_id=street)
        went = key(decision)
        went = "street" if went.startswith("street-") else went
        if went != entry["to"]:
            wrong.append((entry["text"], entry["to"], went, decision.reason))
        assert say_reason(decision.reason)
    assert wrong == []


def test_feedback_on_an_item_goes_to_whoever_answers_for_it(district: Flask) -> None:
    duties = parse_responsibilities("responsibilities.yaml", DUTIES.read_text("utf-8"))
    leads = {(plan, code): duty.lead for plan, found in duties.items() for code, duty in found.items()}
    table = district.test_cli_runner().invoke(args=["civic", "routing-table"]).output
    rows = list(csv.DictReader(io.StringIO(table)))
    went = {(row["plan"], row["item"]): row["department"] for row in rows}
    assert {place: went[place] for place in leads} == leads
    without = {code for (plan, code), department in went.items() if not department}
    chapters_and_sections = {"1", "6", "6.3"}
    assert chapters_and_sections <= without
    assert not [code for code in without if code.count(".") == 2 or code[0] in "TBM"]


def test_staff_matters_then_the_item_then_rules_and_the_reason_is_stored(district: Flask) -> None:
    decision = route(text="路灯坏了", item_id=item_id("6.2.1"))
    assert key(decision) == "nhc"
    assert decision.reason == {"code": "item_lead", "plan": "taijiang-14", "item": "6.2.1"}
    assert say_reason(decision.reason) == "6.2.1 的牵头部门"
    chapter = route(text="路灯坏了", item_id=item_id("6"))
    assert (key(chapter), chapter.reason["code"], chapter.reason["rule"]) == ("constr", "rule", "R-08")
    nothing = route(text="写得很好", item_id=item_id("6"))
    assert nothing.reason == {"code": "no_lead", "plan": "taijiang-14", "item": "6"}

    decision = route(text="路灯坏了", item_id=item_id("6.2.1"), about_staff=True)
    assert (decision.department_id, decision.reason) == (None, {"code": "about_staff"})


def test_several_matters_what_is_said_in_passing_and_streets(district: Flask) -> None:
    several = route(text="小区垃圾没人收，路灯也坏了")
    assert several.reason == {"code": "several", "rules": ["R-08", "R-19"]}
    assert "R-08, R-19" in say_reason(several.reason)
    passing = route(text="好" * 200 + "路灯坏了")
    assert (passing.department_id, passing.reason["code"]) == (None, "in_passing")

    for street in departments.streets():
        decision = route(text="楼道堆满杂物", street_id=street.id)
        assert decision.department_id == street.department_id
        assert decision.reason["street"] == street.code
    assert route(text="楼道堆满杂物").reason["code"] == "no_street"


def test_a_department_that_takes_no_more_cases_is_never_chosen(taijiang: Flask) -> None:
    table = db.metadata.tables["department"]
    with taijiang.test_request_context(), unit_of_work() as session:
        gone = departments.department_ids()["nhc"]
        session.execute(update(table).where(table.c.id == gone).values(active=False))
        renew_reference()
    with taijiang.test_request_context():
        assert route(text="家庭医生怎么签约").department_id is None
        assert route(text="什么时候签约", item_id=item_id("6.2.1")).department_id is None


CHANNELS = [
    ("隔壁着火了", ["S-01"]),
    ("隔壁著火了，快來人", ["S-01"]),
    ("有人持刀，还有人晕倒", ["S-02", "S-03"]),
    ("对法院判决不服", ["S-04"]),
    ("老板拖欠工资", ["S-05"]),
    ("路灯坏了", []),
]


def test_matters_with_a_channel_of_their_own_are_recognised_emergencies_first(district: Flask) -> None:
    names = {row["id"]: row["name"] for row in rules("channels")}
    for text, channels in CHANNELS:
        assert [channel.name for channel in recognise_channels(text)] == [names[code] for code in channels]


def rules(part: str) -> list[dict[str, Any]]:
    content = yaml.safe_load((DUTIES.parent / "routing.yaml").read_text("utf-8"))
    found: list[dict[str, Any]] = content[part]
    return found
