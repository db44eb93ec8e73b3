"""What the sample says: marked in every text, nobody's name or number, and refused where it isn't whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from civic.cases.rules import FeedbackKind, RatingLevel, Resolution
from civic.core.errors import NotFound
from civic.demo import reading
from civic.demo.reading import read_sample
from civic.departments.rules.datafile import DataError

MARK = "（示例）"


def test_every_text_that_could_be_taken_for_real_carries_the_mark() -> None:
    for case in read_sample("taijiang").cases:
        texts = [case.text, *([case.masked] if case.masked else []), *(r.text for r in case.replies)]
        assert all(text.endswith(MARK) and text.count(MARK) == 1 for text in texts), case.key


def test_no_number_of_a_person_but_the_one_that_is_masked() -> None:
    for case in read_sample("taijiang").cases:
        texts = " ".join([case.text, case.masked, *(r.text for r in case.replies), *case.words.values()])
        assert set(re.findall(r"\d{7,}", texts)) <= {"13800000000"}, case.key
        assert "13800000000" not in case.masked


def test_the_sample_is_varied() -> None:
    sample = read_sample("taijiang")
    cases = sample.cases
    assert 85 <= len(cases) <= 130
    assert {case.kind for case in cases} == set(FeedbackKind)
    assert {case.rating for case in cases} == {None, *RatingLevel}
    assert {reply.resolution for case in cases for reply in case.replies} >= {
        Resolution.RESOLVED, Resolution.EXPLAINED, Resolution.PLANNED, Resolution.ADOPTED,
        Resolution.PARTLY_ADOPTED,
    }  # fmt: skip
    assert len({case.street for case in cases if case.street}) == 10
    assert len({case.text for case in cases}) == len(cases)
    shapes = {re.sub(r"\d+", "0", case.item.split("-")[0]) for case in cases}
    assert shapes >= {"", "0.0.0", "M", "B0", "T0"}


def test_a_district_without_a_sample_is_told_so() -> None:
    with pytest.raises(NotFound, match="no sample data for the district elsewhere"):
        read_sample("elsewhere")


@pytest.mark.parametrize(
    "line, problem",
    [
        ("path: nowhere", "no path 'nowhere'"),
        ("path: waiting\n    before: 0", "working days, 1 or more"),
        ("path: waiting\n    before: 3\n    colour: red", "'colour' is not known"),
        ("path: routine\n    before: 3", "needs 1 replies, not 0"),
        ("path: merged\n    before: 3", "'into' is missing"),
        ("path: waiting\n    before: 3\n    rating: happy", "'happy' isn't one of"),
    ],
)
def test_a_slip_of_the_pen_is_an_error_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, problem: str
) -> None:
    home = tmp_path / "place"
    (home / "cases").mkdir(parents=True)
    for name in ("paths.yaml", "staff.yaml"):
        (home / name).write_text((reading.HOME / "taijiang" / name).read_text(encoding="utf-8"))
    (home / "cases" / "some.yaml").write_text(f"cases:\n  - key: a\n    text: words\n    {line}\n")
    monkeypatch.setattr(reading, "HOME", tmp_path)
    with pytest.raises(DataError, match=problem) as caught:
        read_sample("place")
    assert "some.yaml" in str(caught.value)
