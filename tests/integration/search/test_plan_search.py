"""Search over the real plan: the item that a reader expects stands among the first three."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.search import queries

CASES = Path(__file__).resolve().parents[2] / "data" / "search_cases.json"
LINSHUI = CASES.parent / "linshui"


def test_what_readers_expect_is_among_the_first_three_in_both_scripts(taijiang: Flask) -> None:
    result = taijiang.test_cli_runner().invoke(args=["civic", "measure-search", str(CASES), "--json"])
    assert result.exit_code == 0, result.output
    rows = json.loads(result.output)
    assert {(row["of"], row["script"]) for row in rows} == {
        (of, script) for of in ("search", "suggest") for script in ("as given", "traditional")
    }
    for row in rows:
        assert row["cases"] == 24
        assert row["missed"] == []
        assert row["hit@1"] >= 22


@pytest.mark.parametrize(
    ("name", "of", "share"), [("queries", "search", 0.97), ("messages", "suggest", 0.95)]
)
def test_residents_own_words_find_what_they_mean_in_either_half(
    taijiang: Flask, name: str, of: str, share: float
) -> None:
    path = CASES.with_name(f"search_{name}.json")
    result = taijiang.test_cli_runner().invoke(args=["civic", "measure-search", str(path), "--json"])
    assert result.exit_code == 0, result.output
    rows = [row for row in json.loads(result.output) if row["of"] == of]
    assert {row["half"] for row in rows} == {"tuning", "held out"}
    for row in rows:
        assert row["hit@3"] >= share * row["cases"], row


def test_what_a_synonym_stands_for_is_said_in_the_plan(taijiang: Flask) -> None:
    with taijiang.app_context():
        document = plans.document("taijiang-14")
        synonyms = departments.district().search_synonyms
        said = "\n".join(paragraph.text for rows in document.paragraphs.values() for paragraph in rows)
        said += "\n".join(item.title for item in document.items)
    for word, others in synonyms.items():
        assert word not in others, word
        for other in others:
            assert other in said, f"{word}: {other}"


def test_both_scripts_find_the_same_show_where_and_put_first_what_is_named(taijiang: Flask) -> None:
    with taijiang.test_request_context():
        simplified = queries.search("长期护理保险").found
        traditional = queries.search("長期護理保險").found
        assert simplified[0].ref.code == traditional[0].ref.code == "6.1.4"
        assert "长期护理保险" in simplified[0].excerpt
        assert "長期護理保險" in simplified[0].excerpt_hant
        assert queries.search("  ").found == ()
        named = {"瀛滨小学": "B3-001", "民生银行区域总部": "B1-001", "人均预期寿命": "T2-14"}
        assert {query: queries.search(query).found[0].ref.code for query in named} == named
        assert all(found.ref.kind in queries.SUGGESTED for found in queries.suggest("路上没地方停车"))


def test_each_district_has_its_own_synonyms_and_a_new_load_shows_at_once(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["civic", "load", str(LINSHUI)]).exit_code == 0
    with app.test_request_context():
        assert "2.1.1" in [found.ref.code for found in queries.search("坐船").found]
        assert queries.search("停车").found == ()
