"""A row of another system becomes a case that could have lived here, or is refused with a column and a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.cases.rules import (
    ENDED,
    OPEN,
    TRANSITIONS,
    CaseFacts,
    CaseStatus,
    Levels,
    Measure,
    Publication,
    contributions,
    evolve,
    replay,
)
from civic.cases.rules.past_events import Almanac, Kept, past_events
from civic.cases.rules.past_moments import is_format, read_moment
from civic.cases.rules.past_rows import WORDS, Column, Places, Reading, RowRefused, read_row
from tests.unit.cases.happenings import CALENDAR

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
PLACES = Places(
    departments={"water": 11, "区水务局": 11, "roads": 12, "old": 13, "gone": 14},
    items={"6.3.1": 5},
    streets={"瀛洲街道": 3},
    heirs={13: 11},
    closed=frozenset({13, 14}),
)
READING = Reading(PLACES, ZONE, NOW, values={Column.KIND: {"投诉": "complaint"}})
ROW: Mapping[Column, str] = {
    Column.ID: "A-1",
    Column.KIND: "complaint",
    Column.TEXT: "河边步道的路灯坏了三天。",
    Column.SUBMITTED_AT: "2026-09-07 10:00",
    Column.ITEM: "6.3.1",
    Column.STREET: "瀛洲街道",
    Column.DEPARTMENT: "water",
    Column.ACCEPTED_AT: "2026-09-08 09:00",
    Column.REPLY: "已更换灯泡。",
    Column.REPLIED_AT: "2026-09-10 16:00",
    Column.RESOLUTION: "resolved",
    Column.RATING: "satisfied",
    Column.SOLVED: "solved",
    Column.CLOSED_AT: "2026-09-11",
    Column.PUBLIC: "yes",
}
WITHOUT_END = {
    Column.ACCEPTED_AT: "", Column.REPLY: "", Column.REPLIED_AT: "", Column.RESOLUTION: "", Column.RATING: "",
    Column.SOLVED: "", Column.CLOSED_AT: "",
}  # fmt: skip


def almanac() -> Almanac:
    return Almanac(CALENDAR, lambda department_id, day: Levels())


def told(row: Mapping[Column, str]) -> CaseFacts:
    """The facts of a row's case; every step is one that the table of transitions allows."""
    past = read_row(row, READING)
    events = past_events(past, Kept(1, "h", 2, "r"), almanac(), "旧系统", NOW)
    facts: CaseFacts | None = None
    for before, event in zip((None, *events), events, strict=False):
        status = facts.status if facts else None
        transition = TRANSITIONS[status, event.action]
        facts = evolve(facts, event)
        assert facts.status in transition.to or (not transition.to and facts.status is status)
        assert before is None or before.at <= event.at <= NOW
    assert facts is not None
    assert facts == replay(events)
    return facts


def test_an_answered_case_is_told_as_it_went() -> None:
    facts = told(ROW)
    assert (facts.status, facts.publication) == (CaseStatus.CLOSED, Publication.PUBLIC)
    counted = {key.measure: key for key in contributions(facts)}
    assert counted[Measure.ACCEPT_DAYS].bucket == 1
    assert counted[Measure.REPLY_DAYS].bucket == 3
    assert {
        Measure.REPLY_ON_TIME,
        Measure.ACCEPT_ON_TIME,
        Measure.OWN_ON_TIME,
        Measure.SOLVED,
    } <= counted.keys()
    assert Measure.SINGLE_SIGNATURE not in counted, "who signed isn't known"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (WITHOUT_END, CaseStatus.ROUTED),
        (WITHOUT_END | {Column.DEPARTMENT: ""}, CaseStatus.TRIAGE),
        (WITHOUT_END | {Column.ACCEPTED_AT: "2026-09-08 09:00"}, CaseStatus.IN_PROGRESS),
        (WITHOUT_END | {Column.WITHDRAWN_AT: "2026/9/9"}, CaseStatus.WITHDRAWN),
        (WITHOUT_END | {Column.DECLINE_CODE: "no_substance", Column.CLOSED_AT: "2026-09-09"}, CaseStatus.DECLINED),
        ({Column.RATING: "", Column.SOLVED: "", Column.CLOSED_AT: ""}, CaseStatus.CLOSED),
        ({Column.REPLIED_AT: "2026-11-18 9:00", Column.RATING: "", Column.SOLVED: "", Column.CLOSED_AT: ""},
         CaseStatus.REPLIED),
        ({Column.RATED_AT: "2026-10-20"}, CaseStatus.CLOSED),
        ({Column.ROUTED_AT: "2026-09-07 15:00"}, CaseStatus.CLOSED),
    ],
)  # fmt: skip
def test_it_ends_as_the_row_says(change: Mapping[Column, str], status: CaseStatus) -> None:
    facts = told({**ROW, **change})
    assert facts.status is status
    if facts.is_open:
        assert facts.overdue_noted_for == facts.round.clock.due_at, "no sweep has anything left to note"


def test_what_is_not_said_is_not_counted() -> None:
    counted = {key.measure for key in contributions(told({**ROW, Column.ACCEPTED_AT: ""}))}
    assert not counted & {Measure.ACCEPT_DUE, Measure.ACCEPT_ON_TIME, Measure.ACCEPT_DAYS}
    assert Measure.REPLY_ON_TIME in counted


def test_words_that_expose_someone_are_not_shown_unseen() -> None:
    for column, words in ((Column.TEXT, "请打我电话13859100011"), (Column.REPLY, "已联系13859100011的机主")):
        facts = told({**ROW, column: words})
        assert (facts.publication, facts.wants_publication) == (Publication.REFUSED, True)


def test_an_open_case_is_with_whoever_stands_for_its_department_today() -> None:
    assert told({**ROW, Column.DEPARTMENT: "old"}).department_id == 13
    assert told({**ROW, **WITHOUT_END, Column.DEPARTMENT: "old"}).department_id == 11


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({Column.ID: " "}, Column.ID),
        ({Column.ID: "x" * 81}, Column.ID),
        ({Column.KIND: ""}, Column.KIND),
        ({Column.KIND: "Beschwerde"}, Column.KIND),
        ({Column.TEXT: "灯坏"}, Column.TEXT),
        ({Column.TEXT: "灯" * 2001}, Column.TEXT),
        ({Column.SUBMITTED_AT: ""}, Column.SUBMITTED_AT),
        ({Column.SUBMITTED_AT: "2026-13-01"}, Column.SUBMITTED_AT),
        ({Column.SUBMITTED_AT: "2026-11-21"}, Column.SUBMITTED_AT),
        ({Column.SUBMITTED_AT: "0001-01-01"}, Column.SUBMITTED_AT),
        ({Column.PUBLISHED_AT: "1970-01-01 08:00"}, Column.PUBLISHED_AT),
        ({Column.REPLIED_AT: "2026-09-06 16:00"}, Column.REPLIED_AT),
        ({Column.REPLIED_AT: ""}, Column.REPLIED_AT),
        ({Column.REPLY: ""}, Column.REPLY),
        ({Column.RESOLUTION: ""}, Column.RESOLUTION),
        ({Column.RESOLUTION: "adopted"}, Column.RESOLUTION),
        ({Column.RESOLUTION: "referred"}, Column.REFERRED_TO),
        ({Column.DEPARTMENT: ""}, Column.DEPARTMENT),
        ({Column.DEPARTMENT: "nobody"}, Column.DEPARTMENT),
        ({**WITHOUT_END, Column.DEPARTMENT: "gone"}, Column.DEPARTMENT),
        ({Column.ITEM: "9.9.9"}, Column.ITEM),
        ({Column.STREET: "长安街"}, Column.STREET),
        ({Column.RATING: ""}, Column.RATING),
        ({**WITHOUT_END, Column.RATING: "satisfied"}, Column.RATING),
        ({Column.RATED_AT: "2026-09-09"}, Column.RATED_AT),
        ({**WITHOUT_END, Column.CLOSED_AT: "2026-09-11"}, Column.REPLY),
        ({Column.WITHDRAWN_AT: "2026-09-09"}, Column.WITHDRAWN_AT),
        ({**WITHOUT_END, Column.DECLINED_AT: "2026-09-09"}, Column.DECLINE_CODE),
        ({**WITHOUT_END, Column.DECLINE_CODE: "unlawful"}, Column.DECLINED_AT),
        ({**WITHOUT_END, Column.DECLINED_AT: "2026-09-09", Column.DECLINE_CODE: "statutory_channel"},
         Column.EXPLANATION),
        ({Column.PUBLIC: "maybe"}, Column.PUBLIC),
        ({Column.PUBLISHED_AT: "2026-09-01"}, Column.PUBLISHED_AT),
    ],
)  # fmt: skip
def test_what_cant_be_is_refused_at_its_column(change: Mapping[Column, str], column: Column) -> None:
    with pytest.raises(RowRefused) as refused:
        read_row({**ROW, **change}, READING)
    assert refused.value.column is column
    assert refused.value.reason.endswith(".")


@pytest.mark.parametrize(
    ("given", "formats", "local"),
    [
        ("2024-03-05", (), "2024-03-05 12:00"),
        ("2024/3/5 8:07", (), "2024-03-05 08:07"),
        ("2024年3月5日 14时20分", (), "2024-03-05 14:20"),
        ("2024年03月05日14:20:33", (), "2024-03-05 14:20"),
        ("2024-03-05T06:20:00+00:00", (), "2024-03-05 14:20"),
        ("２０２４-０３-０５ １４：２０", (), "2024-03-05 14:20"),
        ("05.03.2024 14:20", ("%d.%m.%Y %H:%M",), "2024-03-05 14:20"),
        ("05.03.2024", ("%d.%m.%Y",), "2024-03-05 12:00"),
        ("20240305", (), "2024-03-05 12:00"),
        ("20240305T142000", (), "2024-03-05 14:20"),
        ("05.03.2024", (), None),
        ("2024-02-30", (), None),
        ("gestern", (), None),
    ],
)  # fmt: skip
def test_moments_are_read_as_people_write_them(
    given: str, formats: tuple[str, ...], local: str | None
) -> None:
    found = read_moment(given, ZONE, formats)
    assert (found and f"{found.astimezone(ZONE):%Y-%m-%d %H:%M}") == local


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("%d.%m.%Y %H:%M", True), ("%m/%d/%y", True), ("%Y年%m月%d日", True), ("%Y%j", True),
        ("%I:%M %p %d.%m.%Y", True), ("%Y-%m-%dT%H:%M:%S%z", True), ("%Q", False), ("dd.mm.yyyy", False),
        ("%d.%m", False), ("%-d.%m.%Y", False), ("%I:%M %d.%m.%Y", False), ("%d.%m.%Y %d", False),
        ("", False), ("%", False),
    ],
)  # fmt: skip
def test_a_format_tells_a_day_and_which_half_of_it(pattern: str, fits: bool) -> None:
    assert is_format(pattern) is fits


@st.composite
def rows(draw: Any) -> dict[Column, str]:
    """Rows as other systems have them: many cells empty, some wrong, moments in any order."""
    start = datetime(2026, 8, 1, tzinfo=UTC) + timedelta(hours=draw(st.integers(0, 2700)))
    found = {
        Column.ID: "A-1",
        Column.KIND: draw(st.sampled_from(WORDS[Column.KIND])),
        Column.TEXT: draw(st.sampled_from(("路灯坏了三天", "我叫王小明，灯坏了", "灯"))),
        Column.SUBMITTED_AT: start.isoformat(),
    }
    at = start
    for column in Column:
        if column in found or draw(st.booleans()):
            continue
        if column.value.endswith("_at"):
            at += timedelta(hours=draw(st.integers(-3, 300)))
            found[column] = at.isoformat()
        elif column in WORDS:
            found[column] = draw(st.sampled_from(WORDS[column]))
        else:
            names = {
                Column.DEPARTMENT: PLACES.departments, Column.ITEM: PLACES.items, Column.STREET: PLACES.streets
            }.get(column, ("已经办理完毕",))  # fmt: skip
            found[column] = draw(st.sampled_from(list(names)))
    return found


@settings(max_examples=300)
@given(rows())
def test_whatever_a_row_holds_it_is_a_possible_case_or_refused(row: dict[Column, str]) -> None:
    try:
        past = read_row(row, READING)
    except RowRefused:
        return
    facts = told(row)
    assert facts.status in (OPEN if past.is_open else ENDED | {CaseStatus.REPLIED})
    assert facts.is_visible <= (row.get(Column.PUBLIC) == "yes" and "王小明" not in row[Column.TEXT])
    assert all(n == 1 for n in contributions(facts).values())
    assert facts.is_open == (facts.stint is not None)
