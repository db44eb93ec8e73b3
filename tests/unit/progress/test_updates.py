"""How a report makes its item look, what it must say, and what one report changes against another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.progress.rules import Square
from civic.progress.rules.differences import Turn, differences, text_pieces
from civic.progress.rules.updates import (
    Evidence,
    EvidenceKind,
    Milestone,
    Report,
    UpdateStatus,
    flaws,
    is_web_address,
    standing,
    with_keys,
)

S = UpdateStatus
TODAY = date(2024, 3, 1)
REPORT = Report(S.UNDER_WAY, "已经完成选址，正在办理用地手续。", date(2024, 2, 20))


@pytest.mark.parametrize(
    ("status", "expected_on", "deadline", "square", "label"),
    [
        (S.DONE, date(2023, 1, 1), date(2023, 1, 1), Square.DONE, "Done"),
        (S.UNDER_WAY, None, None, Square.GOING, "Under way"),
        (S.UNDER_WAY, TODAY, None, Square.GOING, "Under way"),
        (S.UNDER_WAY, TODAY - timedelta(days=1), None, Square.LATE, "Past its date"),
        (S.UNDER_WAY, date(2030, 1, 1), TODAY - timedelta(days=1), Square.LATE, "Past its date"),
        (S.DELAYED, date(2030, 1, 1), None, Square.LATE, "Delayed"),
        (S.NOT_STARTED, None, None, Square.EMPTY, "Not started"),
        (S.NOT_STARTED, None, date(2023, 12, 31), Square.LATE, "Past its date"),
        (S.ADJUSTED, None, None, Square.GOING, "Adjusted"),
        (S.ADJUSTED, date(2024, 1, 1), None, Square.LATE, "Past its date"),
    ],
)
def test_the_look_of_an_item(
    status: S, expected_on: date | None, deadline: date | None, square: Square, label: str
) -> None:
    looks = standing(status, TODAY, expected_on=expected_on, deadline=deadline)
    assert (looks.square, looks.label, looks.adjusted) == (square, label, status is S.ADJUSTED)


days = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@given(st.sampled_from(S), st.none() | days, st.none() | days, days, st.integers(0, 4000))
def test_time_alone_never_makes_an_item_look_better(
    status: S, expected_on: date | None, deadline: date | None, today: date, later: int
) -> None:
    worse = [Square.DONE, Square.GOING, Square.EMPTY, Square.LATE]
    now = standing(status, today, expected_on=expected_on, deadline=deadline)
    then = standing(status, today + timedelta(days=later), expected_on=expected_on, deadline=deadline)
    assert worse.index(then.square) >= worse.index(now.square)


def places(report: Report) -> list[str]:
    return [flaw.place for flaw in flaws(report, TODAY)]


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (REPORT, []),
        (replace(REPORT, as_of=TODAY), []),
        (replace(REPORT, as_of=TODAY + timedelta(days=1)), ["as_of"]),
        (replace(REPORT, text="  太短  "), ["text"]),
        (replace(REPORT, text="长" * 4001), ["text"]),
        (replace(REPORT, percent=0), []),
        (replace(REPORT, percent=101), ["percent"]),
        (replace(REPORT, percent=-1), ["percent"]),
        (replace(REPORT, status=S.DONE, percent=99), ["percent"]),
        (replace(REPORT, status=S.DONE, percent=100), []),
        (replace(REPORT, status=S.NOT_STARTED, percent=1), ["percent"]),
        (replace(REPORT, status=S.DELAYED), ["expected_on"]),
        (replace(REPORT, status=S.DELAYED, expected_on=date(2025, 1, 1)), []),
        (replace(REPORT, expected_on=date(2024, 2, 19)), ["expected_on"]),
        (replace(REPORT, status=S.DONE, expected_on=date(2024, 2, 1)), []),
        (replace(REPORT, milestones=(Milestone("m1", "", TODAY),)), ["milestones-0-title"]),
        (replace(REPORT, milestones=(Milestone("m1", "开工"),)), ["milestones-0-planned_on"]),
        (
            replace(REPORT, milestones=(Milestone("m1", "开工", TODAY, date(2024, 2, 21)),)),
            ["milestones-0-actual_on"],
        ),
        (
            replace(REPORT, status=S.DONE, milestones=(Milestone("m1", "开工", TODAY),)),
            ["milestones-0-actual_on"],
        ),
        (
            replace(REPORT, evidence=(Evidence(EvidenceKind.LINK, "公示", "www.example.org"),)),
            ["evidence-0-url"],
        ),
        (replace(REPORT, evidence=(Evidence(EvidenceKind.PHOTO, "现场"),)), ["evidence-0-file"]),
        (
            replace(REPORT, evidence=(Evidence(EvidenceKind.LINK, "公示", "https://e.cn"),) * 13),
            ["evidence"],
        ),
        (replace(REPORT, milestones=(Milestone("", "开工", TODAY),) * 21), ["milestones"]),
    ],
)
def test_what_a_report_must_say(report: Report, expected: list[str]) -> None:
    assert places(report) == expected


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("https://www.taijiang.gov.cn/a?b=1", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("ftp://example.org/a", False),
        ("https://", False),
        ("https://exa mple.org", False),
        ('https://example.org/"onload=', False),
        ("//example.org", False),
        ("https://[::1", False),
        ("https://example.org/" + "a" * 500, False),
    ],
)
def test_links_are_web_addresses(text: str, fine: bool) -> None:
    assert is_web_address(text) is fine


def test_milestones_keep_their_keys_and_new_ones_get_their_own() -> None:
    given_keys = ("m2", "", "m2", "")
    found = with_keys(Milestone(key, "开工", TODAY) for key in given_keys)
    assert [one.key for one in found] == ["m2", "m1", "m3", "m4"]


text = st.text("台江区公园建设完成 2024.5%abc，。", max_size=60)


@given(text, text)
def test_the_pieces_give_both_texts_back(old: str, new: str) -> None:
    pieces = text_pieces(old, new)
    assert "".join(p.text for p in pieces if p.turn is not Turn.NEW) == old
    assert "".join(p.text for p in pieces if p.turn is not Turn.GONE) == new
    assert all(a.turn is not b.turn for a, b in pairwise(pieces))


def test_numbers_and_words_are_not_cut() -> None:
    pieces = text_pieces("完成 12.5%，预计2024-10-01开工", "完成 13.5%，预计2024-11-01开工")
    assert [p.text for p in pieces if p.turn is Turn.GONE] == ["12.5%", "2024-10-01"]
    assert [p.text for p in pieces if p.turn is Turn.NEW] == ["13.5%", "2024-11-01"]


def test_what_one_report_changes_against_another() -> None:
    old = replace(
        REPORT,
        milestones=(Milestone("m1", "选址", TODAY), Milestone("m2", "开工", TODAY)),
        evidence=(Evidence(EvidenceKind.LINK, "公示", "https://e.cn"),),
    )
    new = replace(
        old,
        status=S.DELAYED, percent=20, expected_on=date(2025, 6, 30),
        milestones=(Milestone("m1", "选址", TODAY, TODAY), Milestone("m3", "验收", date(2025, 6, 1))),
        evidence=(Evidence(EvidenceKind.PHOTO, "现场", file="k" * 43),),
    )  # fmt: skip
    found = differences(old, new)
    assert {one.name: (one.old, one.new) for one in found.fields} == {
        "status": (S.UNDER_WAY, S.DELAYED),
        "percent": (None, 20),
        "expected_on": (None, date(2025, 6, 30)),
    }
    assert [(one.old and one.old.key, one.new and one.new.key) for one in found.milestones] == [
        ("m1", "m1"), (None, "m3"), ("m2", None),
    ]  # fmt: skip
    assert [one.title for one in found.evidence_gone] == ["公示"]
    assert [one.title for one in found.evidence_new] == ["现场"]
    assert not found.text_changed
    assert found.any
    assert not differences(old, old).any
