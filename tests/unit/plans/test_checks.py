"""What the importer finds odd, and the proof that it would notice a lost character."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.plans.documents import period_of
from civic.plans.errata import read_errata
from civic.plans.importer import PlanSourceError, parse_plan
from civic.plans.importer.coverage import measure
from civic.plans.rules import ParsedPlan, ParsedProject
from civic.plans.services.projects import keep_codes

DATA = Path(__file__).resolve().parents[3] / "civic" / "data" / "taijiang"
START = "第一章 开头\n第一节 路\n一、修路\n"


def read(text: str) -> ParsedPlan:
    return parse_plan("plan.md", text.encode())


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (f"{START}修一条路。\n## 插图说明\n", 5, "heading without a number"),
        (f"{START}修一条路，\n", 4, "breaks off"),
        (f"{START}修（一条路。\n", 4, "（ and ） do not pair"),
        (f"{START}修路 and 修桥。\n", 4, "English word"),
        (f"{START}修一条价\n价格不贵的路。\n", 5, "both sides of a page break"),
        (f"{START}二、修桥\n修桥。\n", 3, "1.1.1 修路 has no text"),
    ],
)
def test_traces_of_a_bad_scan_are_named_with_their_line(text: str, line: int, words: str) -> None:
    assert [(at, said) for at, said in read(text).warnings if at == line and words in said]


TABLE = f"""{START}修路。
表1 指标
分类\t指标\t单位\t2020年\t2025年\t年均增长\t属性
经济\t1.产值\t亿元\t100\t%s\t%s\t预期性
"""


@pytest.mark.parametrize(
    ("target", "rate", "odd"),
    [
        ("161.05", "10%", False),
        ("161", "10%", False),
        ("170", "10%", True),
        ("130", "[30]", False),
        ("130", "[31]", True),
        ("[700]", "10%", False),
        ("下达指标内", "10%", False),
        ("170", "", False),
    ],
)
def test_a_printed_rate_is_held_against_the_printed_levels(target: str, rate: str, odd: bool) -> None:
    assert bool(read(TABLE % (target, rate)).warnings) is odd


def test_the_real_plan_warns_of_what_it_prints_and_not_of_what_the_errata_mended() -> None:
    document = DATA / "taijiang-14fyp.md"
    plan = parse_plan(document.name, document.read_bytes(), read_errata(DATA / "errata.yaml"))
    said = {text.split(" ")[0] for _, text in plan.warnings}
    assert said == {"T1-01", "T1-02", "T1-04", "T1-06", "T1-07", "T1-13", "T2-03", "T2-06"}
    bare = parse_plan(document.name, document.read_bytes())
    assert {line for line, _ in bare.warnings} - {line for line, _ in plan.warnings} == {366, 494, 732}


@given(st.integers(0, 10_000))
def test_a_paragraph_that_were_lost_would_show(seed: int) -> None:
    body = dict(enumerate(f"{START}修一条路，通到河边。\n二、修桥\n修一座桥。\n再修一座。".split("\n"), 1))
    plan = read("\n".join(body.values()))
    holders = [item for item in plan.items if item.paragraphs]
    victim = holders[seed % len(holders)]
    kept = tuple(
        replace(item, paragraphs=item.paragraphs[:-1]) if item is victim else item for item in plan.items
    )
    coverage = measure(body, kept, (), ())
    assert not coverage.complete
    assert coverage.total - coverage.placed == len(victim.paragraphs[-1].text)
    assert [line for line, _ in coverage.unplaced] == list(victim.paragraphs[-1].lines)
    assert float(coverage.percent) < 100


@given(st.lists(st.integers(3, 9), min_size=2, max_size=6))
def test_rows_of_unlike_width_are_refused_at_the_first_that_differs(widths: list[int]) -> None:
    rows = "\n".join("\t".join(str(i) for i in range(1, width + 1)) for width in widths)
    text = f"{START}修路。\n表1 指标\n{rows}\n"
    differing = next((i for i, width in enumerate(widths) if width != widths[0]), None)
    if differing is None:
        return
    with pytest.raises(PlanSourceError) as error:
        read(text)
    assert error.value.line == 6 + differing
    assert "cells" in str(error.value)


def projects(names: list[str]) -> list[ParsedProject]:
    return [ParsedProject(f"B1-{i:03d}", 1, "路", name, "", i) for i, name in enumerate(names, 1)]


def as_stored(codes: list[tuple[str, ParsedProject]]) -> dict[str, tuple[int, str, str]]:
    return {code: (project.box, project.category, project.name) for code, project in codes}


names = st.lists(st.text(alphabet="甲乙丙丁", min_size=1, max_size=4), max_size=8, unique=True)


@given(names, names)
def test_a_project_keeps_its_code_by_its_name(before: list[str], after: list[str]) -> None:
    first = as_stored(keep_codes({}, projects(before)))
    second = keep_codes(first, projects(after))
    codes = [code for code, _ in second]
    assert len(set(codes)) == len(codes)
    by_name = {name: code for code, (_, _, name) in first.items()}
    for code, project in second:
        if project.name in by_name:
            assert code == by_name[project.name]
        else:
            assert code not in {by_name[name] for name in after if name in by_name}


def test_a_corrected_name_keeps_the_code_of_its_place() -> None:
    first = as_stored(keep_codes({}, projects(["东路", "西路"])))
    assert [code for code, _ in keep_codes(first, projects(["东大路", "西路"]))] == ["B1-001", "B1-002"]
    assert [code for code, _ in keep_codes(first, projects(["新路", "东路", "西路"]))] == [
        "B1-003",
        "B1-001",
        "B1-002",
    ]


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("某区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要", (2021, 2025)),
        ("第十三个五年规划", (2016, 2020)),
        ("第二十个五年规划", (2051, 2055)),
        ("第二个五年计划", None),
        ("城市更新规划", None),
    ],
)
def test_the_period_follows_from_the_number_of_the_plan(title: str, years: tuple[int, int] | None) -> None:
    assert period_of(title) == years
