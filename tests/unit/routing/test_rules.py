"""The law of routing: when a rule holds, which one decides, and when only a person can."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from civic.departments.rules import DataError, read_departments, read_streets, read_yaml
from civic.routing.rules import (
    OPENING,
    Condition,
    Ground,
    Question,
    RoutingTable,
    Rule,
    Trial,
    choose,
    condition_of,
    decide,
    is_said_at_once,
    read_routing,
    weigh,
    write_routing,
)

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "civic" / "data" / "taijiang"
VOICES = ROOT.parent / "shared" / "voices" / "labelled_raw.csv.gz"
EXPECTED = yaml.safe_load((ROOT / "tests" / "data" / "routing_expected.yaml").read_text("utf-8"))


def content(name: str) -> Any:
    return read_yaml(name, (DATA / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def table() -> RoutingTable:
    keys = {department.key for department in read_departments("d", content("departments.yaml"))}
    streets = {street.code for street in read_streets("s", content("streets.yaml"), keys)}
    return read_routing("routing.yaml", content("routing.yaml"), keys, streets)


def rule(code: str, word: str, department: str, **more: Any) -> Rule:
    return Rule(code, code, Condition(any=(word,)), department, **more)


LAMP, SCHOOL = rule("R-1", "路灯", "roads"), rule("R-2", "学校", "edu", yields=True)
WASTE, LIFT = rule("R-3", "垃圾", "waste"), rule("R-4", "电梯", "market")
NEW_LIFT = rule("R-5", "加装电梯", "roads", over=("R-4",))
RULES = (LAMP, SCHOOL, WASTE, LIFT, NEW_LIFT)


@pytest.mark.parametrize(
    ("text", "deciding"),
    [
        ("路灯坏了", ["R-1"]),
        ("学校门口的路灯坏了", ["R-1"]),
        ("学校太远", ["R-2"]),
        ("路灯坏了，垃圾也没人收", ["R-1", "R-3"]),
        ("电梯坏了", ["R-4"]),
        ("想加装电梯", ["R-5"]),
        ("路灯坏了，想加装电梯", ["R-1"]),
        ("加装电梯，垃圾", ["R-3", "R-5"]),
        ("别的事", []),
    ],
)
def test_rules_that_disagree_leave_it_to_a_person(text: str, deciding: list[str]) -> None:
    assert [found.code for found in choose(RULES, Question(text))] == deciding
    match = RoutingTable(RULES).match(Question(text))
    assert (match.code if match else None) == (deciding[0] if len(deciding) == 1 else None)


def test_what_comes_late_in_a_long_text_decides_nothing() -> None:
    early, late = "路灯坏了。" + "好" * OPENING, "好" * OPENING + "路灯坏了。"
    assert is_said_at_once(LAMP, Question(early))
    assert not is_said_at_once(LAMP, Question(late))
    assert RoutingTable(RULES).match(Question(late)) is None


def test_every_stated_condition_must_hold() -> None:
    condition = Condition(
        any=("灯",),
        all=(("坏", "灭"), ("路",)),
        none=("红",),
        kinds=("report",),
        streets=("1",),
        speaks_as=("resident",),
    )
    good = Question("路灯坏了", "report", "1", "resident")
    assert condition.holds(good)
    for wrong in (
        Question("路坏了", "report", "1", "resident"),
        Question("路灯好了", "report", "1", "resident"),
        Question("路红灯坏了", "report", "1", "resident"),
        Question("路灯坏了", "question", "1", "resident"),
        Question("路灯坏了", "report", "2", "resident"),
        Question("路灯坏了", "report", "1", "business"),
    ):
        assert not condition.holds(wrong)
    assert condition_of(condition.as_params()) == condition
    wider = condition.in_more_forms(lambda word: [word.replace("灯", "燈")])
    assert wider.holds(Question("路燈坏了", "report", "1", "resident"))


words = st.text(alphabet="路灯学校垃圾电梯加装，。", max_size=30)


@given(words, words)
def test_saying_more_never_makes_one_department_certain_of_what_was_open(text: str, more: str) -> None:
    before = {found.target for found in choose((LAMP, WASTE, LIFT), Question(text))}
    after = {found.target for found in choose((LAMP, WASTE, LIFT), Question(f"{text}。{more}"))}
    assert before <= after


@given(words)
def test_the_order_of_the_table_decides_nothing_but_which_reason_is_named(text: str) -> None:
    one = {found.target for found in choose(RULES, Question(text))}
    other = {found.target for found in choose(tuple(reversed(RULES)), Question(text))}
    assert one == other


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rules:\n - {id: A, name: a, any: [x], department: nowhere}\nchannels: []", "nowhere"),
        ("rules:\n - {id: A, name: a, any: [x]}\nchannels: []", "either a 'department' or 'street"),
        ("rules:\n - {id: A, name: a, department: edu}\nchannels: []", "must say when it holds"),
        ("rules:\n - {id: A, name: a, any: [x], department: edu, over: [B]}\nchannels: []", "no other rule"),
        (
            "rules:\n - {id: A, name: a, any: [x], department: edu, yields: 1}\nchannels: []",
            "true or left out",
        ),
        ("rules:\n - {id: A, name: a, any: [12], department: edu}\nchannels: []", "put numbers in quotes"),
        ("rules:\n - {id: A, name: a, any: [x], none: [x], department: edu}\nchannels: []", "never match"),
        (
            "rules:\n - {id: A, name: a, any: [x], department: edu, over: [B]}\n"
            " - {id: B, name: b, any: [y], department: edu, over: [A]}\nchannels: []",
            "each go before the other",
        ),
        (
            "rules:\n - {id: A, name: a, any: [x], department: edu}\n"
            " - {id: A, name: b, any: [y], department: edu}\nchannels: []",
            "line 3: the id 'A' stands twice",
        ),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_routing("routing.yaml", read_yaml("routing.yaml", text), {"edu"}, set())


def test_every_word_of_the_table_can_decide_alone(table: RoutingTable) -> None:
    """A word that always meets another department's rule would only ever reach the dispatcher."""
    dead = [
        (found.code, word)
        for found in table.rules
        for word in found.condition.any
        if found.code not in {other.code for other in choose(table.rules, Question(word))}
    ]
    assert dead == []


PLAUSIBLE = {
    "城乡建设": {"constr", "housing", "cg", "nr", "", "emer"},
    "劳动和社会保障": {"hrss", "med_ins", "mca", "vet", "fedh"},
    "教育文体": {"edu", "mct"},
    "商贸旅游": {"mofcom", "amr", "mct", "ndrc", "tech", "fin"},
    "卫生计生": {"nhc", "med_ins", "amr"},
    "环境保护": {"eco", "cg", "constr", "nr"},
    "交通运输": {"constr", "police", "cg"},
}
"""Which departments a message of a class may go to ('' is the street's office)."""


@pytest.mark.skipif(
    not VOICES.exists(), reason="the real messages are not beside this checkout; none is shipped"
)
def test_real_messages_go_to_a_plausible_department(table: RoutingTable) -> None:
    """1,088 real messages of other cities, classed by hand: 34 % are routed, 88 % of those plausibly."""
    with gzip.open(VOICES, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    counted: Counter[bool] = Counter()
    for row in rows:
        found = table.match(Question(f"{row['留言主题']}。{row['留言详情']}"))
        if found is not None:
            counted[found.department in PLAUSIBLE[row["一级标签"]]] += 1
    routed = counted.total()
    print(f"routed {routed} of {len(rows)}, plausible {counted[True] / routed:.3f}")
    assert routed / len(rows) >= 0.30
    assert counted[True] / routed >= 0.85


SIMPLIFIED = [e for e in EXPECTED if "street" not in e and not any(c in e["text"] for c in "樓辦個與來開")]
"""Traditional forms of the words are added when the table is loaded: see the integration test."""


@pytest.mark.parametrize("entry", SIMPLIFIED, ids=lambda entry: entry["text"][:16])
def test_the_table_sends_each_message_where_it_must_go(table: RoutingTable, entry: dict[str, str]) -> None:
    found = table.match(Question(entry["text"], entry.get("kind", "")))
    went = found.department if found and not found.to_street else "dispatcher"
    assert went == entry["to"], found and found.code


@dataclass(frozen=True)
class Standing:
    """A rule as the district's table holds it."""

    code: str
    condition: Condition
    department_id: int | None
    over: tuple[str, ...] = ()
    yields: bool = False
    name: str = ""
    name_hant: str = ""

    @property
    def to_street(self) -> bool:
        return self.department_id is None

    @property
    def target(self) -> int | None:
        return self.department_id


WORDS = ("路灯", "学校", "垃圾", "电梯")
GROUND = Ground(frozenset({1, 2, 3}), {"street": 3})
STANDING = st.builds(
    Standing,
    st.sampled_from(("R-1", "R-2", "R-3", "R-4", "R-5")),
    st.builds(Condition, any=st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(tuple)),
    st.sampled_from((None, 1, 2, 3, 4)),
    over=st.lists(st.sampled_from(("R-1", "R-2", "R-3")), max_size=2).map(tuple),
    yields=st.booleans(),
)
TABLES = st.lists(STANDING, max_size=5, unique_by=lambda rule: rule.code).map(tuple)
TEXTS = st.lists(st.sampled_from((*WORDS, "好" * OPENING)), max_size=5).map("，".join)


@given(TABLES, TABLES, TEXTS, st.sampled_from(("", "street")))
def test_a_trial_finds_exactly_the_texts_that_two_tables_send_elsewhere(
    before: tuple[Standing, ...], after: tuple[Standing, ...], text: str, street: str
) -> None:
    question = Question(text, street=street)
    was, becomes = (decide(rules, question, GROUND) for rules in (before, after))
    found = Trial(before, after, GROUND).ask(question)
    assert (found is not None) == (was.department_id != becomes.department_id)
    assert found in (None, (was, becomes))


@given(TABLES, TEXTS)
def test_what_is_said_of_each_rule_agrees_with_the_decision(rules: tuple[Standing, ...], text: str) -> None:
    question = Question(text)
    decision, weighed = decide(rules, question, GROUND), weigh(rules, question, GROUND)
    assert [one.rule for one in weighed] == [rule for rule in rules if rule.condition.holds(question)]
    assert all(one.words for one in weighed)
    deciding = [one.rule.code for one in weighed if one.fate in ("decides", "in_passing")]
    if len(deciding) > 1:
        assert decision.reason == {"code": "several", "rules": deciding}
    else:
        assert decision.params.get("rule") == next(iter(deciding), None)


def test_the_table_is_written_as_it_is_read(table: RoutingTable) -> None:
    keys = {department.key for department in read_departments("d", content("departments.yaml"))}
    streets = {street.code for street in read_streets("s", content("streets.yaml"), keys)}
    written = write_routing(table)
    assert read_routing("routing.yaml", read_yaml("routing.yaml", written), keys, streets) == table
