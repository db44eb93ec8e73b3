"""The shipped district, file by file: who answers for everything, and what was promised in whose words."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from civic.departments.rules import (
    DepartmentEntry,
    DepartmentKind,
    StreetEntry,
    read_departments,
    read_district,
    read_streets,
    read_synonyms,
    read_yaml,
)
from civic.plans.duty_files import parse_commitments, parse_responsibilities
from civic.plans.errata import read_errata
from civic.plans.importer import parse_plan
from civic.plans.rules import ItemKind, ParsedPlan
from civic.plans.services import Duty, NewCommitment

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "civic" / "data" / "taijiang"
REFERENCE = ROOT.parent / "shared" / "reference"


def source(name: str) -> str:
    return (DATA / name).read_text("utf-8")


@pytest.fixture(scope="module")
def plan() -> ParsedPlan:
    document = DATA / "taijiang-14fyp.md"
    return parse_plan(document.name, document.read_bytes(), read_errata(DATA / "errata.yaml"))


@pytest.fixture(scope="module")
def departments() -> tuple[DepartmentEntry, ...]:
    return read_departments("departments.yaml", read_yaml("departments.yaml", source("departments.yaml")))


@pytest.fixture(scope="module")
def streets(departments: tuple[DepartmentEntry, ...]) -> tuple[StreetEntry, ...]:
    content = read_yaml("streets.yaml", source("streets.yaml"))
    return read_streets("streets.yaml", content, {d.key for d in departments})


@pytest.fixture(scope="module")
def duties() -> dict[str, dict[str, Duty]]:
    return parse_responsibilities("responsibilities.yaml", source("responsibilities.yaml"))


@pytest.fixture(scope="module")
def commitments() -> tuple[NewCommitment, ...]:
    return parse_commitments("commitments.yaml", source("commitments.yaml"))


def answerable(plan: ParsedPlan) -> set[str]:
    """Every clause, every text that has no clauses under it, every figure and project."""
    parents = {item.parent for item in plan.items}
    texts = {item.code for item in plan.items if item.code not in parents}
    assert texts >= {item.code for item in plan.items if item.kind is ItemKind.CLAUSE}
    own = next(table for table in plan.tables if table.number == 2)
    figures = {indicator.code for indicator in own.indicators}
    return texts | figures | {project.code for box in plan.boxes for project in box.projects}


def test_somebody_answers_for_every_clause_indicator_and_project(
    plan: ParsedPlan, duties: dict[str, dict[str, Duty]]
) -> None:
    wanted = answerable(plan)
    assert len(wanted) == 107 + 4 + 18 + 93
    assert wanted - set(duties["taijiang-14"]) == set()
    assert set(duties["taijiang-14"]) - wanted == set()
    finished = next(table for table in plan.tables if table.number == 1)
    assert set(duties["taijiang-13"]) == {indicator.code for indicator in finished.indicators}


def test_each_duty_names_known_departments_once(
    departments: tuple[DepartmentEntry, ...],
    duties: dict[str, dict[str, Duty]],
    commitments: tuple[NewCommitment, ...],
) -> None:
    keys = {department.key for department in departments}
    every = [duty for plan in duties.values() for duty in plan.values()] + [c.duty for c in commitments]
    for duty in every:
        named = (duty.lead, *duty.support)
        assert len(set(named)) == len(named)
        assert set(named) <= keys
    leads = {duty.lead for duty in every}
    streets = {d.key for d in departments if d.kind is DepartmentKind.STREET}
    assert not leads & streets


def test_the_comment_beside_a_duty_is_the_items_title(plan: ParsedPlan) -> None:
    titles = {item.code: item.title for item in plan.items}
    titles |= {indicator.code: indicator.name for table in plan.tables for indicator in table.indicators}
    titles |= {project.code: project.name for box in plan.boxes for project in box.projects}
    wrong = []
    for code, comment in re.findall(r'^ +"([^"]+)": \{.*\}  # (.+)$', source("responsibilities.yaml"), re.M):
        if not comment.startswith(titles[code]):
            wrong.append((code, comment, titles[code]))
    assert wrong == []


def test_promises_cover_all_six_areas_in_the_plans_own_words(
    plan: ParsedPlan, commitments: tuple[NewCommitment, ...]
) -> None:
    texts = {item.code: [p.text for p in item.paragraphs] for item in plan.items}
    assert len(commitments) >= 60
    areas = Counter(commitment.area for commitment in commitments)
    assert set(areas) == {"income", "environment", "health", "education", "security", "culture"}
    assert min(areas.values()) >= 10
    assert len({commitment.code for commitment in commitments}) == len(commitments)
    assert len({(c.clause, c.quote) for c in commitments}) == len(commitments)
    for commitment in commitments:
        assert any(commitment.quote in text for text in texts[commitment.clause]), commitment.code
        assert commitment.code.startswith(f"M-{commitment.clause}-")


CHINESE = {"半小时": "30", "全覆盖": "100"}


def test_a_measure_says_no_more_than_the_quote_or_its_sentence(
    plan: ParsedPlan, commitments: tuple[NewCommitment, ...]
) -> None:
    texts = {item.code: "".join(p.text for p in item.paragraphs) for item in plan.items}
    measured = [commitment for commitment in commitments if commitment.measure]
    assert len(measured) >= 20
    for commitment in measured:
        assert commitment.measure
        value = commitment.measure.get("value")
        said = texts[commitment.clause] + "".join(v for k, v in CHINESE.items() if k in commitment.quote)
        assert value is None or value in said, commitment.code
    for commitment in commitments:
        if re.search(r"\d+%|全覆盖|\d+分钟", commitment.quote):
            assert commitment.measure, commitment.code
        if commitment.deadline:
            assert re.search("2025|十四五", texts[commitment.clause]), commitment.code


def test_ten_streets_with_their_communities(
    departments: tuple[DepartmentEntry, ...], streets: tuple[StreetEntry, ...]
) -> None:
    assert len(streets) == 10
    assert sum(len(street.communities) for street in streets) == 52
    offices = {d.key for d in departments if d.kind is DepartmentKind.STREET}
    assert {street.department for street in streets} == offices
    for street in streets:
        assert re.fullmatch(r"350103\d{3}", street.code)
        assert all(community.code.startswith(street.code) for community in street.communities)


def test_district_and_synonyms_are_read(departments: tuple[DepartmentEntry, ...], plan: ParsedPlan) -> None:
    content = read_yaml("district.yaml", source("district.yaml"))
    district = read_district("district.yaml", content, {d.key for d in departments})
    assert [entry.slug for entry in district.plans] == ["taijiang-14", "taijiang-13"]
    assert district.texts["name"] in plan.metadata.title
    text = "".join(item.title + "".join(p.text for p in item.paragraphs) for item in plan.items)
    for word, others in read_synonyms(
        "synonyms.yaml", read_yaml("synonyms.yaml", source("synonyms.yaml"))
    ).items():
        assert any(other in text for other in others), word


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference lists are not beside this checkout")
def test_departments_and_streets_are_those_of_the_reference(
    departments: tuple[DepartmentEntry, ...], streets: tuple[StreetEntry, ...]
) -> None:
    with (REFERENCE / "departments.csv").open(encoding="utf-8") as file:
        listed = {(row["key"], row["name"]) for row in csv.DictReader(file)}
    assert listed <= {(d.key, d.name) for d in departments}
    with (REFERENCE / "streets_communities.csv").open(encoding="utf-8") as file:
        places = {tuple(row.values()) for row in csv.DictReader(file)}
    assert places == {(s.code, s.name, c.code, c.name) for s in streets for c in s.communities}
