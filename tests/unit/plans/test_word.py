"""The real plan as a Word document reads the same as the shipped Markdown: through the same code."""

from __future__ import annotations

from pathlib import Path

import pytest

from civic.plans.errata import read_errata
from civic.plans.importer import parse_plan
from civic.plans.rules import ItemKind, ParsedPlan
from tests.factories.documents import word_plan

DATA = Path(__file__).resolve().parents[3] / "civic" / "data" / "taijiang"
SOURCE = (DATA / "taijiang-14fyp.md").read_text("utf-8")
ERRATA = read_errata(DATA / "errata.yaml")


@pytest.fixture(scope="module")
def printed() -> ParsedPlan:
    return parse_plan("taijiang-14fyp.md", SOURCE.encode(), ERRATA)


@pytest.fixture(scope="module")
def word() -> ParsedPlan:
    return parse_plan("plan.docx", word_plan(SOURCE, ERRATA))


def test_every_item_is_there_with_every_character(printed: ParsedPlan, word: ParsedPlan) -> None:
    assert word.coverage.complete
    assert word.coverage.total == printed.coverage.total
    counts = [sum(item.kind is kind for item in word.items) for kind in ItemKind]
    assert counts[:4] == [1, 9, 36, 107]
    texts = [
        [(item.code, item.number, item.title, [p.text for p in item.paragraphs]) for item in plan.items]
        for plan in (word, printed)
    ]
    assert texts[0] == texts[1]


def test_metadata_tables_and_projects_are_the_same(printed: ParsedPlan, word: ParsedPlan) -> None:
    assert word.metadata == printed.metadata
    for ours, theirs in zip(word.tables, printed.tables, strict=True):
        assert len(ours.indicators) == 18
        assert [(i.code, i.name, i.unit, i.category, i.nature) for i in ours.indicators] == [
            (i.code, i.name, i.unit, i.category, i.nature) for i in theirs.indicators
        ]
        cells = [
            [(i.baseline, i.target, i.target_rate, i.result, i.result_rate) for i in table.indicators]
            for table in (ours, theirs)
        ]
        assert cells[0] == cells[1]
        assert ours.notes == theirs.notes
    projects = [
        [(p.code, p.category, p.name, p.action) for box in plan.boxes for p in box.projects]
        for plan in (word, printed)
    ]
    assert projects[0] == projects[1]
    assert len(projects[0]) == 93
