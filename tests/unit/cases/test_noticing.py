"""Who is told of what, and as long as it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from civic.cases.rules import (
    AT_DEPARTMENT,
    CAUSES,
    OPEN,
    CaseStatus,
    Noticed,
    Pending,
    Stake,
    concerns,
    still_stands,
)

NOW = datetime(2026, 9, 7, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("what", "own", "led", "dispatched"),
    [
        (Noticed.OVERDUE, True, True, True),
        (Noticed.DUE_SOON, True, False, False),
        (Noticed.APPROVAL, False, True, False),
        (Noticed.SENT_BACK, True, False, False),
        (Noticed.TO_PUBLISH, True, False, False),
        (Noticed.REOPENED, True, True, True),
        (Noticed.ADDED, True, False, True),
        (Noticed.PART_ASKED, False, False, False),
        (Noticed.PART_GIVEN, True, False, False),
        (Noticed.NOT_EXTENDED, True, False, False),
        (Noticed.EXTENDED, True, False, False),
        (Noticed.KEPT, False, True, False),
        (Noticed.TRANSFERRED, False, True, False),
        (Noticed.RETURNED, False, False, True),
        (Noticed.ASSIGNED, True, False, False),
    ],
)
def test_each_kind_concerns_who_can_do_something(
    what: Noticed, own: bool, led: bool, dispatched: bool
) -> None:
    stakes = {"own": Stake(own=True), "led": Stake(led=True), "dispatched": Stake(dispatched=True)}
    told = {name: concerns(what, stake) for name, stake in stakes.items()}
    assert told == {"own": own, "led": led, "dispatched": dispatched}
    assert not concerns(what, Stake(unassigned=True)), "what is somebody else's concerns nobody"


@pytest.mark.parametrize(
    ("stake", "told"),
    [
        (
            Stake(led=True, unassigned=True),
            {Noticed.DUE_SOON, Noticed.ADDED, Noticed.PART_GIVEN, Noticed.EXTENDED, Noticed.NOT_EXTENDED},
        ),
        (Stake(led=True, signing=True), {Noticed.ADDED}),
        (Stake(drafted=True), {Noticed.SENT_BACK, Noticed.TO_PUBLISH}),
        (Stake(owes=True), {Noticed.PART_ASKED}),
    ],
)
def test_what_more_somebody_is_told_of(stake: Stake, told: set[Noticed]) -> None:
    """What nobody has taken and what is to be signed is its lead's care, a draft its writer's, a part whose it is."""
    plain = {what for what in Noticed if concerns(what, Stake(led=stake.led))}
    assert {what for what in Noticed if concerns(what, stake)} - plain == told


@pytest.mark.parametrize("what", Noticed)
@pytest.mark.parametrize("status", CaseStatus)
def test_nobody_is_told_of_what_is_settled(what: Noticed, status: CaseStatus) -> None:
    stands = still_stands(what, status, NOW - timedelta(hours=1), NOW, Pending(is_return=True))
    assert not stands or status in OPEN
    if what in (Noticed.RETURNED, Noticed.KEPT, Noticed.ASSIGNED):
        assert stands == (status in AT_DEPARTMENT)
    assert not still_stands(Noticed.OVERDUE, status, NOW + timedelta(hours=1), NOW, Pending())
    assert not still_stands(Noticed.OVERDUE, status, None, NOW, Pending()), "a clock that stands"
    assert not still_stands(Noticed.RETURNED, status, None, NOW, Pending())


@pytest.mark.parametrize("status", [CaseStatus.REPLIED, CaseStatus.CLOSED])
def test_a_correction_of_an_answered_case_waits_for_the_lead_or_again_for_its_writer(
    status: CaseStatus,
) -> None:
    def standing(pending: Pending) -> set[Noticed]:
        return {what for what in Noticed if still_stands(what, status, None, NOW, pending)}

    assert standing(Pending(for_lead=True, draft=True)) == {Noticed.APPROVAL}
    assert standing(Pending(draft=True)) == {Noticed.SENT_BACK}
    assert standing(Pending()) == set(), "published, or left behind"


def test_every_kind_but_the_clocks_own_has_its_event() -> None:
    assert set(CAUSES.values()) == set(Noticed) - {Noticed.DUE_SOON}
