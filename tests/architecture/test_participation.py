"""``docs/participation.md``: each sentence of the plan on participation has its page and test, or what is planned."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from civic import create_app
from civic.plans.errata import read_errata
from civic.plans.importer import parse_plan
from tests.conftest import make_settings

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "civic" / "data" / "taijiang"
DOCUMENT = (ROOT / "docs" / "participation.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in DOCUMENT.splitlines()
    if re.match(r"\| \d+ \|", line)
]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.fixture(scope="module")
def plan_text() -> dict[str, str]:
    """The plan's text by code, without white space; '' is all of it."""
    source = DATA / "taijiang-14fyp.md"
    plan = parse_plan(source.name, source.read_bytes(), read_errata(DATA / "errata.yaml"))
    texts = {item.code: "".join(p.text for p in item.paragraphs) for item in plan.items}
    return {code: bare(text) for code, text in [*texts.items(), ("", "".join(texts.values()))]}


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    app = create_app(make_settings(tmp_path_factory.mktemp("addresses")))
    return {rule.rule for rule in app.url_map.iter_rules()}


def test_all_sentences_are_there() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 37))


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_row_holds_what_it_says(row: list[str], plan_text: dict[str, str], addresses: set[str]) -> None:
    _number, clause, sentence, answer, pages, tests = row
    within = plan_text["" if clause == "—" else clause]
    assert bare(sentence).rstrip("。") in within, "the plan doesn't say that there"
    assert answer
    planned = re.search(r"planned: \S.{8,}", tests)
    assert planned or (named(pages) and named(tests)), "neither page and test nor what is planned"
    assert [page for page in named(pages) if page not in addresses] == []
    for test in named(tests):
        path, _, name = test.partition("::")
        assert (ROOT / path).is_file(), test
        assert re.search(rf"^def {re.escape(name)}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE), test
