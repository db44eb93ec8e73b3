"""Any plan: what is read comes out whole, and what can't be read is refused with its line."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from civic.plans.importer import PlanSourceError, parse_plan
from civic.plans.importer.boxes import split_outside_brackets
from civic.plans.importer.lines import chinese_number, clean
from civic.plans.rules import Erratum, ParsedPlan
from civic.plans.services.paragraphs import match_paragraphs

SMALL = """前言
这是前言。
第一章 开头
第一节 基础
一、道路
修路一条。
二、桥梁
修桥一座，
通往对岸。
第二章 结尾
第一节 保障
落实到位。
"""

DIGITS = "零一二三四五六七八九"


def read(text: str, errata: tuple[Erratum, ...] = ()) -> ParsedPlan:
    return parse_plan("plan.txt", text.encode(), errata)


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (DIGITS[ones] if ones else "")


@given(st.integers(1, 99))
def test_chinese_numbers(number: int) -> None:
    assert chinese_number(chinese(number)) == number


sentences = st.text(alphabet="修路造桥种树通水便民", min_size=1, max_size=12).map(lambda s: s + "。")
paragraph_lists = st.lists(sentences, min_size=0, max_size=3)
plans = st.lists(
    st.lists(st.lists(paragraph_lists, max_size=3), min_size=1, max_size=3), min_size=1, max_size=4
)


def written(plan: list[list[list[list[str]]]], heading: str) -> str:
    lines = []
    for c, sections in enumerate(plan, 1):
        lines.append(f"{heading}第{chinese(c)}章 章{c}")
        for s, clauses in enumerate(sections, 1):
            lines.append(f"{heading}第{chinese(s)}节 节{s}")
            for k, paragraphs in enumerate(clauses, 1):
                lines.append(f"{heading}{chinese(k)}、条{k}")
                lines += paragraphs
    return "\n\n".join(lines) + "\n"


@given(plans, st.sampled_from(["", "# ", "##### ", "## **"]))
def test_a_plan_is_read_whole_whatever_its_heading_marks(
    plan: list[list[list[list[str]]]], heading: str
) -> None:
    parsed = read(written(plan, heading))
    assert parsed.coverage.complete
    clauses = {item.code: [p.text for p in item.paragraphs] for item in parsed.items}
    for c, sections in enumerate(plan, 1):
        for s, found in enumerate(sections, 1):
            for k, paragraphs in enumerate(found, 1):
                assert clauses[f"{c}.{s}.{k}"] == paragraphs


def test_a_line_that_does_not_end_a_sentence_goes_on() -> None:
    items = {item.code: item for item in read(SMALL).items}
    assert [p.text for p in items["1.1.2"].paragraphs] == ["修桥一座，通往对岸。"]
    assert items["1.1.2"].paragraphs[0].lines == (8, 9)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("二、桥梁", "三、桥梁", 7, "expected number 2"),
        ("二、桥梁", "一、桥梁", 7, "stands twice"),
        ("第二章 结尾", "第三章 结尾", 10, "expected number 2"),
        ("第二章 结尾", "第一章 结尾", 10, "stands twice"),
        ("第一节 基础", "第二节 基础", 4, "expected number 1"),
        ("第一章 开头\n第一节", "第一节", 3, "before the first chapter"),
    ],
)
def test_a_number_that_jumps_or_repeats_is_refused_with_its_line(
    old: str, new: str, line: int, words: str
) -> None:
    with pytest.raises(PlanSourceError, match=words) as error:
        read(SMALL.replace(old, new))
    assert error.value.line == line


TABLE = """表1 主要指标
分类\t指标\t单位\t2020年\t2025年\t属性
经济\t1.产值\t亿元\t1\t2\t预期性
\t2.收入\t元\t3\t4\t预期性
"""


def test_a_ragged_row_is_refused_with_its_line() -> None:
    good = SMALL.replace("第二章", f"{TABLE}第二章")
    assert len(read(good).tables[0].indicators) == 2
    with pytest.raises(PlanSourceError, match="cells") as error:
        read(good.replace("\t2.收入\t元\t3\t4\t预期性", "\t2.收入\t元\t3"))
    assert error.value.line == 13


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plan.md", b"", "empty"),
        ("plan.md", b" \n\n ", "empty"),
        ("plan.md", b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
        ("plan.txt", b"%PDF-1.7 ...", "PDF"),
        ("plan.md", "第一章 开头".encode("gb18030"), "UTF-8"),
        ("plan.md", b"hello\nworld\n", "no chapter"),
        ("plan.xlsx", b"PK\x03\x04", ".xlsx"),
        ("plan.docx", b"PK\x03\x04 no word", "no Word document"),
        ("plan.txt", b"\x00\x01\x02 text", "binary"),
    ],
)
def test_another_kind_of_file_is_refused_with_what_to_do(name: str, content: bytes, words: str) -> None:
    with pytest.raises(PlanSourceError, match=words):
        parse_plan(name, content)


def test_the_line_of_a_wrong_encoding_is_named() -> None:
    with pytest.raises(PlanSourceError) as error:
        parse_plan("plan.md", b"ok\nok\n" + "坏".encode("gb18030"))
    assert error.value.line == 3


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_never_worse(content: bytes) -> None:
    try:
        parse_plan("plan.txt", content)
    except PlanSourceError:
        return


def test_an_erratum_that_does_not_fit_is_refused() -> None:
    mended = read(SMALL, (Erratum(6, "修路一条", "修一条路", "slip"),))
    assert "修一条路。" in [p.text for item in mended.items for p in item.paragraphs]
    for wrong in (Erratum(6, "没有", "x", "why"), Erratum(99, "a", "b", "why"), Erratum(6, "", "b", "why")):
        with pytest.raises(PlanSourceError):
            read(SMALL, (wrong,))


def test_a_word_document_is_read_through_the_same_code() -> None:
    document = Document()
    for line in SMALL.splitlines():
        document.add_paragraph(line)
    rows = [row.split("\t") for row in TABLE.splitlines()[1:]]
    document.add_paragraph("第三章 附表")
    document.add_paragraph("第一节 指标")
    document.add_paragraph(TABLE.splitlines()[0])
    table = document.add_table(len(rows), len(rows[0]))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    out = BytesIO()
    document.save(out)
    parsed = parse_plan("plan.docx", out.getvalue())
    assert parsed.coverage.complete
    titles = {item.code: item.title for item in parsed.items}
    assert (titles["3"], titles["3.1"], titles["1.1.2"]) == ("附表", "指标", "桥梁")
    assert [i.name for i in parsed.tables[0].indicators] == ["产值", "收入"]


@given(st.lists(st.text(alphabet="路桥（）()、", max_size=6), max_size=5))
def test_splitting_loses_only_separators_and_spaces(parts: list[str]) -> None:
    text = "、".join(parts)
    joined = "".join(split_outside_brackets(text, "、"))
    assert joined.replace("、", "") == text.replace("、", "")


def test_markup_and_stray_spaces_go_and_words_stay() -> None:
    assert clean("#### **一、从 370 亿元** ") == "一、从 370 亿元"
    assert clean("浓度(PM <sub>2.5</sub> )年均") == "浓度(PM2.5)年均"
    assert clean("发展 基础") == "发展基础"


texts = st.lists(st.text(alphabet="甲乙丙丁", min_size=1, max_size=6), max_size=6, unique=True)


@given(texts, st.randoms(use_true_random=False))
def test_paragraphs_that_only_move_keep_their_identity(before: list[str], random: object) -> None:
    after = list(before)
    random.shuffle(after)  # type: ignore[attr-defined]
    matched = match_paragraphs(before, after)
    assert {new: before[old] for new, old in matched.items()} == dict(enumerate(after))
