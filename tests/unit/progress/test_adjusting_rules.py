"""Adjustments, said: the notice period day by day, old and new field by field."""

from __future__ import annotations

from datetime import date

import pytest

from civic.plans.rules import AdjustmentSubject, TargetKind
from civic.progress.rules.adjusting import (
    FIELD_LABELS,
    KIND_LABELS,
    NOTICE_LABELS,
    STATE_LABELS,
    SUBJECT_LABELS,
    AdjustmentState,
    Notice,
    lines,
    notice_of,
    said,
)

FIRST, LAST = date(2024, 3, 1), date(2024, 3, 10)
CELL = {"text": "862.5", "value": "862.5", "qualifier": "", "cumulative": False, "unit": ""}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 2, 29), Notice.COMING),
        (FIRST, Notice.OPEN),
        (LAST, Notice.OPEN),
        (date(2024, 3, 11), Notice.OVER),
    ],
)
def test_both_days_belong_to_the_notice_period(day: date, expected: Notice) -> None:
    assert notice_of(FIRST, LAST, day) is expected
    assert notice_of(None, None, day) is None


def test_everything_has_its_words() -> None:
    assert set(STATE_LABELS) == set(AdjustmentState)
    assert set(NOTICE_LABELS) == set(Notice)
    assert set(SUBJECT_LABELS) == set(AdjustmentSubject)
    assert set(KIND_LABELS) == set(TargetKind)


def test_old_and_new_stand_in_a_fixed_order() -> None:
    found = lines({"target_year": 2025, "target": CELL}, {"target_year": 2026, "target": None})
    assert [(line.label, line.old, line.new) for line in found] == [
        (FIELD_LABELS["target"], "862.5", ""),
        (FIELD_LABELS["target_year"], "2025", "2026"),
    ]


def test_a_text_is_shown_word_by_word_in_both_scripts() -> None:
    (line,) = lines(
        {"text": "新增公交线路3条。", "text_hant": "新增公交線路3條。"},
        {"text": "新增公交线路2条。", "text_hant": "新增公交線路2條。"},
    )
    assert line.is_words
    assert [piece.text for piece in line.pieces(False) if piece.turn != "same"] == ["3", "2"]
    assert "線路" in line.pieces(True)[0].text


def test_days_kinds_and_measures() -> None:
    (day,) = lines({"deadline": None}, {"deadline": "2026-06-30"})
    assert (day.old_day, day.new_day) == (None, date(2026, 6, 30))
    (kind,) = lines({"target_kind": "growth"}, {"target_kind": "level"})
    assert kind.is_msgid
    assert kind.new == KIND_LABELS[TargetKind.LEVEL]
    assert said("measure", {"text": "90%以上", "year": 2025}) == "90%以上（2025）"
    assert said("item", False) == "not in the plan"
    assert said("order", ["p1", "p2"]) == "p1、p2"
