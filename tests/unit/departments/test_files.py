"""A district's files are read strictly: what is wrong is named with file and line."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.departments.rules import (
    DataError,
    read_calendar,
    read_departments,
    read_district,
    read_streets,
    read_synonyms,
    read_yaml,
)
from civic.departments.rules.district import CUT_OFFS

DISTRICT = """name: 河湾区
name_en: Hewan
site_name: 河湾规划
site_name_en: Hewan Plan
reference_prefix: HW
areas:
  - {key: homes, name: 安居, name_en: Homes}
plans:
  - {slug: hewan-15, document: a.md, first_year: 2026, last_year: 2030, short_name: 十五五, short_name_en: 15th}
service_levels:
  - {level: question, days: 5, effective_from: 2026-01-01}
"""


def district(text: str) -> Any:
    return read_district("district.yaml", read_yaml("district.yaml", text), {"homes"})


def test_a_district_has_sensible_defaults() -> None:
    found = district(DISTRICT)
    assert (found.zone, found.closes_at.isoformat("minutes")) == ("Asia/Shanghai", "17:30")
    assert found.plans[0].status == "published"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("reference_prefix: HW", "reference_prefix: hw", "line 5.*capital letters"),
        ("site_name: 河湾规划\n", "", "'site_name' is missing"),
        ("name_en: Hewan\n", "name_en: Hewan\nname_en: Again\n", "line 3.*stands twice"),
        ("name: 河湾区", "name: 河湾区\nmotto: 好", "line 2.*'motto' is not known"),
        (
            "{key: homes, name: 安居",
            "{key: homes, name: 安居}\n  - {key: homes, name: 安居",
            "line 7|stands twice",
        ),
        ("document: a.md", "document: a.md, table_of: hewan-14", "either a 'document' or"),
        ("document: a.md", "table_of: hewan-14", "must stand before"),
        ("slug: hewan-15", "slug: Hewan 15", "small letters"),
        ("level: question", "level: quickly", "line 11"),
        ("days: 5", "days: 0", "line 11"),
        ("effective_from: 2026-01-01", "effective_from: soon", "line 11"),
        ("reference_prefix: HW", "reference_prefix: HW\nzone: Moon/Base", "no time zone"),
        ("reference_prefix: HW", "reference_prefix: HW\ncloses_at: '08:00'", "later than"),
        ("reference_prefix: HW", "reference_prefix: HW\nprogress: {ahead_by: 60%}", "from 0 to 50%"),
        ("reference_prefix: HW", "reference_prefix: HW\nprogress: {behind_by: -1%}", "from 0 to 50%"),
        ("reference_prefix: HW", "reference_prefix: HW\nprogress: {around_by: little}", "from 0 to 50%"),
        ("reference_prefix: HW", "reference_prefix: HW\nprogress: {slack: 5%}", "slack"),
        ("reference_prefix: HW", "reference_prefix: HW\nprogress: 5%", "must hold"),
    ],
)
def test_a_slip_in_the_districts_file_is_named_with_its_line(old: str, new: str, words: str) -> None:
    assert old in DISTRICT
    with pytest.raises(DataError, match=words):
        district(DISTRICT.replace(old, new))


def test_cut_offs_are_shares_and_what_is_not_said_is_the_default() -> None:
    said = district(DISTRICT + "progress: {ahead_by: 2.5%, behind_by: 0.1}\n").progress
    assert said == {"ahead_by": "0.025", "behind_by": "0.1", "around_by": "0.01"}
    assert district(DISTRICT).progress == CUT_OFFS


@pytest.mark.parametrize(
    ("continues", "words"),
    [
        ("{plan: hewan-14, indicators: {T1-01: T1-01}}", "no plan 'hewan-14'"),
        ("{plan: hewan-15, indicators: [T1-01]}", "must hold"),
        ("{plan: hewan-15, indicators: {T1-01: 7}}", "T1-01"),
        ("{plan: hewan-15, indicators: {T1-01: {code: T1-02}}}", "changed"),
        ("{plan: hewan-15, indicators: {T1-01: T1-02}, line: yes}", "line"),
    ],
)
def test_what_an_indicator_continues_is_checked(continues: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        district(DISTRICT.replace("document: a.md", f"document: a.md, continues: {continues}"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("departments:\n - {key: A, name: a, name_en: a}", "line 2.*small letters"),
        ("departments:\n - {key: a, name: a, name_en: a}\n - {key: a, name: b, name_en: b}", "line 3.*twice"),
        ("departments:\n - {key: a, name: a, name_en: a, kind: ministry}", "ministry"),
        ("departments: none", "must be a list"),
    ],
)
def test_departments(text: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_departments("departments.yaml", read_yaml("departments.yaml", text))


def test_streets_name_known_offices_and_new_codes() -> None:
    good = "streets:\n - {code: '1', name: a, name_en: a, department: office, communities: [{code: '2', name: b}]}"
    (street,) = read_streets("s", read_yaml("s", good), {"office"})
    assert [community.code for community in street.communities] == ["2"]
    with pytest.raises(DataError, match="not in departments"):
        read_streets("s", read_yaml("s", good), set())
    with pytest.raises(DataError, match="twice"):
        read_streets("s", read_yaml("s", good.replace("'2'", "'1'")), {"office"})


YEAR = """year: 2027
notice: {title: 通知}
holidays:
 - {name: 元旦, from: 2027-01-01, to: 2027-01-03, makeup: [2027-01-09]}
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2027-01-09", "2027-01-08", "no weekend"),
        ("to: 2027-01-03", "to: 2026-12-31", "not in 2027"),
        ("to: 2027-01-03", "to: 2027-01-09", "stands twice"),
        ("notice: {title: 通知}", "notice: {}", "title"),
        ("year: 2027", "year: next", "must be a number"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(old: str, new: str, words: str) -> None:
    assert len(read_calendar("2027.yaml", read_yaml("2027.yaml", YEAR)).days) == 2
    with pytest.raises(DataError, match=words):
        read_calendar("2027.yaml", read_yaml("2027.yaml", YEAR.replace(old, new)))


def test_synonyms_are_lists_of_words() -> None:
    assert read_synonyms("s", read_yaml("s", "食堂: [助餐]")) == {"食堂": ["助餐"]}
    assert read_synonyms("s", read_yaml("s", "# nothing yet")) == {}
    for wrong in ("食堂: 助餐", "- 食堂", "12: [助餐]"):
        with pytest.raises(DataError):
            read_synonyms("s", read_yaml("s", wrong))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_never_worse(text: str) -> None:
    try:
        read_yaml("any.yaml", text)
    except DataError:
        return
