"""When the mail of the morning leaves, and from when on somebody is told."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from civic.accounts.rules import TOLD_BACK, told_from
from civic.notices.rules.digests import HEADINGS, Topic, is_time
from civic.supervision.rules.opinions import NoticedOpinion, OpinionStatus, noticed, standing

NOW = datetime(2026, 9, 7, 2, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("local", "wanted"),
    [(time(8, 29), False), (time(8, 30), True), (time(16, 0), True), (time(17, 30), False), (time(2), False)],
)
def test_it_leaves_in_working_hours_only(local: time, wanted: bool) -> None:
    assert is_time(local, time(8, 30), time(17, 30)) is wanted


def test_nobody_is_told_twice_nor_of_what_is_long_past() -> None:
    created = NOW - 300 * DAY
    assert told_from(None, created, NOW) == NOW - TOLD_BACK
    assert told_from(NOW - DAY, created, NOW) == NOW - DAY
    assert told_from(NOW - 60 * DAY, created, NOW) == NOW - TOLD_BACK
    assert told_from(None, NOW - DAY, NOW) == NOW - DAY, "a newcomer from the first day on"


def test_every_topic_has_its_heading() -> None:
    assert set(HEADINGS) == set(Topic)


@pytest.mark.parametrize(
    ("opened", "due", "wanted"),
    [
        (-40, -0.5, NoticedOpinion.OVERDUE),
        (-40, -3, None),
        (-40, 2.5, NoticedOpinion.DUE_SOON),
        (-40, 1, None),
        (-0.5, 30, NoticedOpinion.ARRIVED),
        (-3, 30, None),
    ],
)
def test_an_opinion_is_told_once_for_each_turn(
    opened: float, due: float, wanted: NoticedOpinion | None
) -> None:
    span, soon = (NOW - DAY, NOW), (NOW + 2 * DAY, NOW + 3 * DAY)
    assert noticed(NOW + opened * DAY, NOW + due * DAY, span, soon, NOW) is wanted


def test_how_an_opinion_stands() -> None:
    soon = NOW + 3 * DAY
    sent, waiting = OpinionStatus.SENT, OpinionStatus.IN_APPROVAL
    assert standing(sent, NOW - DAY, soon, NOW) is NoticedOpinion.OVERDUE
    assert standing(waiting, NOW + DAY, soon, NOW) is NoticedOpinion.DUE_SOON
    assert standing(waiting, NOW + 9 * DAY, soon, NOW) is NoticedOpinion.APPROVAL
    assert standing(sent, NOW + 9 * DAY, soon, NOW) is None
