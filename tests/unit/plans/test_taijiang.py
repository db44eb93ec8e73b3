"""The real plan, read whole: the text is the judge."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from civic.departments.rules import read_yaml
from civic.plans.errata import read_errata
from civic.plans.importer import parse_plan
from civic.plans.rules import ItemKind, Nature, ParsedItem, ParsedPlan, TargetKind, target_kind

DATA = Path(__file__).resolve().parents[3] / "civic" / "data" / "taijiang"


@pytest.fixture(scope="module")
def plan() -> ParsedPlan:
    document = DATA / "taijiang-14fyp.md"
    return parse_plan(document.name, document.read_bytes(), read_errata(DATA / "errata.yaml"))


@pytest.fixture(scope="module")
def items(plan: ParsedPlan) -> dict[str, ParsedItem]:
    return {item.code: item for item in plan.items}


def test_the_plan_has_the_items_that_its_text_has(plan: ParsedPlan) -> None:
    counts = Counter(item.kind for item in plan.items)
    assert counts == {ItemKind.PREFACE: 1, ItemKind.CHAPTER: 9, ItemKind.SECTION: 36, ItemKind.CLAUSE: 107}


def test_every_character_is_on_an_item(plan: ParsedPlan) -> None:
    assert plan.coverage.complete
    assert plan.coverage.total == plan.coverage.placed > 35_000


def test_metadata_comes_from_cover_and_notice(plan: ParsedPlan) -> None:
    metadata = plan.metadata
    assert metadata.title == "福州市台江区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要"
    assert metadata.document_number == "台政综〔2021〕12号"
    assert (str(metadata.issued_on), str(metadata.approved_on)) == ("2021-05-12", "2021-01-29")
    assert (metadata.issued_by, metadata.approved_by) == ("福州市台江区人民政府", "区十七届人大六次会议")


@pytest.mark.parametrize(
    ("code", "number", "title", "parent"),
    [
        ("1", "第一章", "开启高质量发展新篇章 加快建设现代商贸金融服务核心区", None),
        ("4", "第四章", "推进全方位合作 建设更加包容的开放台江", None),
        ("6", "第六章", "创造高品质生活 建设更有品位的幸福台江", None),
        ("9", "第九章", "强化规划实施保障 为实现“十四五”目标而奋斗", None),
        ("1.3", "第三节", "2035 年远景目标", "1"),
        ("6.3", "第三节", "实施全民健身行动", "6"),
        ("6.3.1", "一、", "完善全民健身网络服务体系", "6.3"),
        ("9.2.4", "四、", "强化监测评估", "9.2"),
    ],
)
def test_numbers_titles_and_parents(
    items: dict[str, ParsedItem], code: str, number: str, title: str, parent: str | None
) -> None:
    item = items[code]
    assert (item.number, item.title, item.parent) == (number, title, parent)


def test_sections_without_clauses_carry_their_paragraphs(items: dict[str, ParsedItem]) -> None:
    parents = {item.parent for item in items.values() if item.kind is ItemKind.CLAUSE}
    sections = {code for code, item in items.items() if item.kind is ItemKind.SECTION}
    assert sections - parents == {"1.2", "1.3", "9.3"}
    assert [len(items[code].paragraphs) for code in ("1.2", "1.3", "9.3")] == [6, 6, 2]


def test_a_paragraph_cut_by_a_page_break_is_whole_again(items: dict[str, ParsedItem]) -> None:
    (paragraph,) = items["6.2.1"].paragraphs
    assert "双向转诊、分级诊疗等深度合作。" in paragraph.text
    assert paragraph.lines == (622, 624)
    begins = [
        "围绕“一个目标”",
        "做好“两篇文章”",
        "壮大“三大增长极”",
        "建设“四大中心”",
        "做强“五大产业”",
        "提升“六大民生福祉”",
    ]
    paragraphs = items["1.4.3"].paragraphs
    assert len(paragraphs) == len(begins)
    assert all(p.text.startswith(begin) for p, begin in zip(paragraphs, begins, strict=True))


def test_markup_is_never_shown(plan: ParsedPlan) -> None:
    texts = [p.text for item in plan.items for p in item.paragraphs] + [item.title for item in plan.items]
    assert not [text for text in texts if "**" in text or "<b>" in text or "#" in text]


def test_slips_are_mended_only_through_the_errata(items: dict[str, ParsedItem], plan: ParsedPlan) -> None:
    assert len(plan.errata) == 5
    text = "".join(p.text for item in items.values() for p in item.paragraphs)
    assert "员" in text
    assert not [slip for slip in (" etc ", " and ", "价价", "員") if slip in text]
    assert "食品安全“党政同责”和“一岗双责”制度" in text


def test_each_box_names_its_projects(plan: ParsedPlan) -> None:
    assert [len(box.projects) for box in plan.boxes] == [20, 52, 21]
    projects = {project.code: project for box in plan.boxes for project in box.projects}
    assert (projects["B1-001"].category, projects["B1-001"].name) == ("金融项目", "民生银行区域总部大楼")
    assert projects["B2-043"].name == "群众路小学周边地块（含广达路 93、95 小区、市园林局宿舍地块）"
    assert projects["B2-052"].name == "地铁、路网、公园、广场、市政基础设施建设等方面涉及征迁地块"
    assert (projects["B3-001"].action, projects["B3-001"].name) == ("改扩建", "瀛滨小学")
    assert (projects["B2-003"].action, projects["B2-003"].name) == ("建设", "鳌中路")
    assert projects["B3-021"].name == "新建小区配套建设社区居家养老服务照料中心和社区居家养老服务站"
    assert [box.section for box in plan.boxes] == ["3.5", "5.4", "7.3"]


def test_table_2_is_typed(plan: ParsedPlan) -> None:
    table = next(t for t in plan.tables if t.number == 2)
    rows = {i.code: i for i in table.indicators}
    gdp = rows["T2-01"]
    values = [cell and cell.value for cell in (gdp.baseline, gdp.target, gdp.target_rate)]
    assert values == [Decimal("600.81"), Decimal("862.5"), Decimal("7.5")]
    assert (gdp.unit, gdp.category, gdp.nature) == ("亿元", "经济发展", Nature.EXPECTED)
    jobs = rows["T2-10"].target
    assert jobs
    assert jobs.cumulative
    external = rows["T2-09"].target
    assert external
    assert (external.text, external.value) == ("不高于全市平均水平", None)
    assert {code for code, row in rows.items() if row.nature is Nature.BINDING} == {
        f"T2-{n}" for n in (15, 16, 17, 18)
    }
    assert len(rows) == 18


def test_table_1_carries_real_results(plan: ParsedPlan) -> None:
    table = next(t for t in plan.tables if t.number == 1)
    rows = {i.code: i for i in table.indicators}
    assert len(rows) == 18
    assert all(row.baseline_year == 2015 and row.target_year == 2020 and row.result for row in rows.values())
    printed = {
        code: (
            row.baseline and row.baseline.text,
            row.target and row.target.text,
            row.result and row.result.text,
        )
        for code, row in rows.items()
    }
    assert printed["T1-01"] == ("369.6", "570左右", "600.81")
    assert printed["T1-05"] == ("389.6", "[1000]", "[881.1]")
    assert printed["T1-08"] == ("1.42", "[4.5]", "7.8亿元人民币")
    assert printed["T1-17"] == ("0.033", "<0.035", "0.02")
    assert rows["T1-17"].name == "城市细颗粒物(PM2.5)年均浓度"
    assert [note for note in table.notes if "2018年商务厅调整纳统口径，当年统计数据不可同比。" in note]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("T1-01", TargetKind.GROWTH),
        ("T1-05", TargetKind.CUMULATIVE),
        ("T1-08", TargetKind.NOT_COMPARABLE),
        ("T1-09", TargetKind.LEVEL),
        ("T1-14", TargetKind.MAINTAIN),
        ("T1-16", TargetKind.EXTERNAL),
        ("T1-17", TargetKind.CEILING),
        ("T2-05", TargetKind.ANNUAL_RATE),
        ("T2-09", TargetKind.EXTERNAL),
        ("T2-13", TargetKind.MAINTAIN),
        ("T2-14", TargetKind.LEVEL),
    ],
)
def test_the_kind_of_a_target_follows_from_the_print(plan: ParsedPlan, code: str, kind: TargetKind) -> None:
    rows = {i.code: i for table in plan.tables for i in table.indicators}
    assert target_kind(rows[code]) is kind


def test_the_rule_on_adjustments_is_quoted_word_for_word(items: dict[str, ParsedItem]) -> None:
    district = read_yaml("district.yaml", (DATA / "district.yaml").read_text("utf-8"))
    entry = next(plan for plan in district["plans"] if plan["slug"] == "taijiang-14")
    (rule,) = (one for one in entry["adjusting"]["rules"] if one.get("code"))
    assert any(rule["quote"] in paragraph.text for paragraph in items[rule["code"]].paragraphs)
