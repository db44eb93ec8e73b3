"""What a public page says of a case speaks to everyone, not to the person who wrote."""

from __future__ import annotations

import re
from datetime import date

import pytest

from civic.cases.queries.reading import NOT_IN_PUBLIC
from civic.cases.rules import ACTION_TEXTS, CaseAction, to_everyone, told
from civic.cases.rules.telling import TO_EVERYONE

CLOCK = {"clock": {"day": "2026-12-11"}}
SPEAKS_TO_THE_WRITER = re.compile(r"\byou", re.IGNORECASE)


@pytest.mark.parametrize("action", [one for one in CaseAction if one not in NOT_IN_PUBLIC])
@pytest.mark.parametrize("params", [{}, CLOCK], ids=["without a day", "with a day"])
@pytest.mark.parametrize("by_resident", [False, True])
def test_no_step_speaks_to_the_writer_in_public(
    action: CaseAction, params: dict[str, object], by_resident: bool
) -> None:
    sentence = told(action, params, by_resident=by_resident, old=date(2026, 12, 1))
    if sentence is None:
        return
    public = to_everyone(sentence)
    assert not SPEAKS_TO_THE_WRITER.search(f"{public.msgid} {public.named}")
    assert public.params == sentence.params


def test_every_public_wording_replaces_one_that_is_said() -> None:
    said = set()
    for action in CaseAction:
        for params in ({}, CLOCK):
            for by_resident in (False, True):
                sentence = told(action, params, by_resident=by_resident)
                said |= {sentence.msgid, sentence.named} if sentence else set()
    assert set(TO_EVERYONE) <= said


@pytest.mark.parametrize("old", [None, date(2026, 12, 1)])
def test_a_moved_deadline_is_told_by_both_that_can_move_it(old: date | None) -> None:
    """The event doesn't say whether working days or a deadline of the district were changed."""
    sentence = told(CaseAction.MOVE_DEADLINES, CLOCK, old=old)
    assert sentence is not None
    assert re.search(r"working days or the district's deadlines have changed", sentence.msgid)
    assert "calendar" not in ACTION_TEXTS[CaseAction.MOVE_DEADLINES].past


@pytest.mark.parametrize("action", CaseAction)
def test_no_button_promises_staff_a_notice_that_nothing_sends(action: CaseAction) -> None:
    assert "notice" not in ACTION_TEXTS[action].consequence
