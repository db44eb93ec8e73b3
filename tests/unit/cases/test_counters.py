"""The figures of single cases, worked out by hand from the definitions.

The calendar: September 2026, of which the 20th (a Sunday) is a make-up workday, 1 to 7 October off.
Submitted on Monday the 7th, a suggestion is due after ten working days: on Sunday the 20th.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest

from civic.cases.rules import CaseAction, Measure, contributions, is_solved
from tests.unit.cases.happenings import at, story

A = CaseAction
WATER, ROADS = 11, 12
SEPTEMBER = 9


def figures(facts: object) -> Counter[tuple[Measure, date, int, int]]:
    return Counter(
        {(k.measure, k.day, k.department_id, k.bucket): n for k, n in contributions(facts).items()}  # type: ignore[arg-type]
    )


def day(number: int, month: int = SEPTEMBER) -> date:
    return date(2026, month, number)


OPENING = (
    (A.SUBMIT, at()),
    (A.ROUTE, at(), {"department_id": WATER}),
    (A.ACCEPT, at(1)),
)
ANSWER = (
    (A.DRAFT_REPLY, at(3), {"reply_id": 1, "account_id": 1}),
    (A.SEND_FOR_APPROVAL, at(3), {"account_id": 1}),
    (A.APPROVE_REPLY, at(4), {"account_id": 2}),
    (A.PUBLISH_REPLY, at(4), {"resolution": "resolved", "account_id": 2}),
)


def test_a_case_answered_in_time() -> None:
    facts = story(*OPENING, *ANSWER)
    assert figures(facts) == {
        (Measure.RECEIVED, day(7), WATER, 0): 1,
        (Measure.OPENED, day(7), WATER, 0): 1,
        (Measure.LEFT, day(11), WATER, 0): 1,
        (Measure.HELD_DAYS, day(11), WATER, 4): 1,
        (Measure.ACCEPT_DUE, day(8), WATER, 0): 1,
        (Measure.ACCEPT_ON_TIME, day(8), WATER, 0): 1,
        (Measure.ACCEPT_DAYS, day(8), WATER, 1): 1,
        (Measure.REPLY_DUE, day(20), WATER, 0): 1,
        (Measure.REPLY_ON_TIME, day(20), WATER, 0): 1,
        (Measure.REPLY_DAYS, day(11), WATER, 4): 1,
        (Measure.OWN_DUE, day(20), WATER, 0): 1,
        (Measure.OWN_ON_TIME, day(20), WATER, 0): 1,
    }


def test_a_case_nobody_answers_stays_in_the_denominator_and_in_the_stock_of_overdue() -> None:
    found = figures(story(*OPENING))
    assert found[Measure.REPLY_DUE, day(20), WATER, 0] == 1
    assert found[Measure.REPLY_ON_TIME, day(20), WATER, 0] == 0
    assert found[Measure.BECAME_OVERDUE, day(20), WATER, 0] == 1
    assert not [key for key in found if key[0] in (Measure.LEFT, Measure.LEFT_OVERDUE)]


def test_a_late_answer_counts_on_the_day_it_was_due() -> None:
    late = (
        (A.DRAFT_REPLY, at(15), {"reply_id": 1, "account_id": 1}),
        (A.PUBLISH_REPLY, at(15), {"resolution": "resolved", "account_id": 1}),
    )
    found = figures(story(*OPENING, *late))
    assert found[Measure.REPLY_DUE, day(20), WATER, 0] == 1
    assert not [key for key in found if key[0] is Measure.REPLY_ON_TIME]
    assert found[Measure.LEFT_OVERDUE, day(22), WATER, 0] == 1
    assert found[Measure.REPLY_DAYS, day(22), WATER, 12] == 1
    assert found[Measure.SINGLE_SIGNATURE, day(22), WATER, 0] == 1


def test_moving_keeps_the_residents_deadline_and_gives_each_department_its_own_days() -> None:
    moved = story(
        *OPENING,
        (A.TRANSFER, at(8), {"department_id": ROADS}),
        (A.ACCEPT, at(8)),
        (A.DRAFT_REPLY, at(15), {"reply_id": 1, "account_id": 1}),
        (A.PUBLISH_REPLY, at(15), {"resolution": "explained", "account_id": 1}),
    )
    found = figures(moved)
    assert found[Measure.REPLY_DUE, day(20), ROADS, 0] == 1
    assert not [key for key in found if key[0] is Measure.REPLY_ON_TIME]
    # Water held it six working days, left before its own deadline: it answers for no lateness.
    assert found[Measure.HELD_DAYS, day(15), WATER, 6] == 1
    assert not [key for key in found if key[0] is Measure.OWN_DUE and key[2] == WATER]
    # Roads had ten days from the 15th and took six.
    assert found[Measure.OWN_ON_TIME, day(28), ROADS, 0] == 1
    assert found[Measure.BECAME_OVERDUE, day(20), ROADS, 0] == 1
    assert found[Measure.LEFT_OVERDUE, day(22), ROADS, 0] == 1
    assert not [key for key in found if key[0] is Measure.BECAME_OVERDUE and key[2] == WATER]


def test_days_that_ended_before_a_successor_came_are_counted_once() -> None:
    """Neither acceptance nor own days are late twice because the department was merged meanwhile."""
    routed = ((A.SUBMIT, at()), (A.ROUTE, at(), {"department_id": WATER}))
    passed = {"from_id": WATER, "department_id": ROADS, "holds": True}
    late = (
        (A.ACCEPT, at(15)),
        (A.DRAFT_REPLY, at(15), {"reply_id": 1, "account_id": 1}),
        (A.PUBLISH_REPLY, at(15), {"resolution": "explained", "account_id": 1}),
    )
    found = figures(story(*routed, (A.SUCCEED, at(14), passed), *late))
    due = {key[:3] for key in found if key[0] in (Measure.ACCEPT_DUE, Measure.OWN_DUE)}
    assert due == {(Measure.ACCEPT_DUE, day(8), WATER), (Measure.OWN_DUE, day(20), WATER)}
    # What hadn't run out passes on, and is the successor's alone.
    found = figures(story(*routed, (A.SUCCEED, at(0, hours=1), passed), *late))
    due = {key[:3] for key in found if key[0] in (Measure.ACCEPT_DUE, Measure.OWN_DUE)}
    assert due == {(Measure.ACCEPT_DUE, day(8), ROADS), (Measure.OWN_DUE, day(20), ROADS)}


def test_what_comes_overdue_is_overdue_at_once_and_counted_apart() -> None:
    found = figures(story(*OPENING, (A.TRANSFER, at(15), {"department_id": ROADS})))
    assert found[Measure.BECAME_OVERDUE, day(20), WATER, 0] == 1
    assert found[Measure.LEFT_OVERDUE, day(22), WATER, 0] == 1
    assert found[Measure.CAME_OVERDUE, day(22), ROADS, 0] == 1
    assert not [key for key in found if key[0] is Measure.BECAME_OVERDUE and key[2] == ROADS]


def test_withdrawn_before_the_deadline_leaves_the_denominator_and_after_it_does_not() -> None:
    early = figures(story(*OPENING, (A.WITHDRAW, at(3))))
    assert not [key for key in early if key[0] is Measure.REPLY_DUE]
    assert early[Measure.WITHDRAWN, day(10), WATER, 0] == 1
    late = figures(story(*OPENING, (A.WITHDRAW, at(14))))
    assert late[Measure.REPLY_DUE, day(20), WATER, 0] == 1
    assert late[Measure.LEFT_OVERDUE, day(21), WATER, 0] == 1


def test_withdrawn_while_the_clock_stands_still_was_not_late() -> None:
    found = figures(story(*OPENING, (A.ASK_RESIDENT, at(2)), (A.WITHDRAW, at(40))))
    assert not [key for key in found if key[0] in (Measure.REPLY_DUE, Measure.BECAME_OVERDUE)]


def test_declined_and_merged_cases_are_reported_apart() -> None:
    declined = figures(story(*OPENING, (A.DECLINE, at(2), {"code": "no_substance"})))
    assert declined[Measure.DECLINED, day(9), WATER, 0] == 1
    assert not [key for key in declined if key[0] is Measure.REPLY_DUE]
    merged = figures(story(*OPENING, (A.MERGE, at(2), {"survivor_id": 5})))
    assert merged[Measure.MERGED, day(9), WATER, 0] == 1
    assert merged[Measure.RECEIVED, day(7), WATER, 0] == 1
    assert not [key for key in merged if key[0] is Measure.REPLY_DUE]


DUE = (Measure.REPLY_DUE, Measure.ACCEPT_DUE, Measure.OWN_DUE)


def test_what_was_late_when_it_was_merged_stays_late_and_a_merge_undone_leaves_no_trace() -> None:
    """A backlog merged into a fresh case is the same backlog (decision 035)."""
    for opening in (OPENING, OPENING[:2]):
        late = story(*opening, (A.MERGE, at(14), {"survivor_id": 5}))
        found = figures(late)
        assert [found[m, day(8 if m is Measure.ACCEPT_DUE else 20), WATER, 0] for m in DUE] == [1, 1, 1]
        assert found[Measure.LEFT_OVERDUE, day(21), WATER, 0] == 1
        assert not [key for key in found if key[0] in (Measure.REPLY_ON_TIME, Measure.OWN_ON_TIME)]
        apart = story(*opening, (A.MERGE, at(14), {"survivor_id": 5}), (A.UNMERGE, at(30)))
        assert figures(apart) == figures(story(*opening))
    in_time = figures(story(*OPENING[:2], (A.MERGE, at(1), {"survivor_id": 5})))
    assert not [key for key in in_time if key[0] in DUE]


def test_a_pause_moves_the_deadline_by_its_working_days() -> None:
    waiting = story(*OPENING, (A.ASK_RESIDENT, at(2)))
    assert not [key for key in figures(waiting) if key[0] is Measure.REPLY_DUE]
    resumed = story(*OPENING, (A.ASK_RESIDENT, at(2)), (A.ADD_INFORMATION, at(7)))
    # From Wednesday the 9th up to Monday the 14th: three working days given back.
    assert resumed.round.clock.due_day == day(23)
    assert figures(resumed)[Measure.REPLY_DUE, day(23), WATER, 0] == 1


def test_a_question_after_the_deadline_stops_nothing() -> None:
    facts = story(*OPENING, (A.ASK_RESIDENT, at(14)))
    assert facts.clock_runs
    assert figures(facts)[Measure.REPLY_DUE, day(20), WATER, 0] == 1
    resumed = story(*OPENING, (A.ASK_RESIDENT, at(14)), (A.ADD_INFORMATION, at(18)))
    assert resumed.round.clock.due_day == day(20)


def test_a_reopened_round_counts_apart_with_its_own_deadline() -> None:
    facts = story(
        *OPENING,
        *ANSWER,
        (A.RATE, at(7), {"level": "dissatisfied", "solved": "not"}),
        (A.REOPEN, at(7)),
        (A.DRAFT_REPLY, at(8), {"reply_id": 2, "account_id": 1}),
        (A.PUBLISH_REPLY, at(9), {"resolution": "resolved", "account_id": 2}),
        (A.RATE, at(10), {"level": "basically_satisfied", "solved": "solved"}),
        (A.CLOSE, at(10)),
    )
    found = figures(facts)
    assert found[Measure.REPLY_ON_TIME, day(20), WATER, 0] == 1
    assert found[Measure.REOPENED, day(14), WATER, 0] == 1
    assert found[Measure.AGAIN_DUE, day(25), WATER, 0] == 1
    assert found[Measure.AGAIN_ON_TIME, day(25), WATER, 0] == 1
    assert found[Measure.AGAIN_DAYS, day(16), WATER, 2] == 1
    assert {key[1] for key in found if key[0] in (Measure.OWN_DUE, Measure.OWN_ON_TIME)} == {day(20)}
    former = contributions(facts, second_own=True) - contributions(facts)
    assert {(key.measure, key.day) for key in former} == {
        (Measure.OWN_DUE, day(25)), (Measure.OWN_ON_TIME, day(25)),
    }  # fmt: skip
    assert found[Measure.RATED_DISSATISFIED, day(14), WATER, 0] == 1
    assert found[Measure.RATED_BASICALLY, day(17), WATER, 0] == 1
    assert found[Measure.SOLVED, day(17), WATER, 0] == 1
    assert found[Measure.ACCEPT_DUE, day(8), WATER, 0] == 1


def test_closed_without_a_solution_never_counts_as_solved() -> None:
    for resolution, kind, said, expected in (
        ("resolved", "report", None, True),
        ("resolved", "report", "solved", True),
        ("resolved", "report", "partly", False),
        ("resolved", "report", "not", False),
        ("planned", "report", "solved", False),
        ("explained", "complaint", "solved", False),
        ("explained", "question", None, True),
        ("adopted", "suggestion", None, True),
        ("not_adopted", "suggestion", None, False),
        ("resolved", "praise", None, None),
    ):
        facts = story(
            (A.SUBMIT, at(), {"kind": kind}),
            *OPENING[1:],
            ANSWER[0],
            (A.PUBLISH_REPLY, at(4), {"resolution": resolution, "account_id": 2}),
            (A.RATE, at(5), {"level": "satisfied", "solved": said}),
            (A.CLOSE, at(5)),
        )
        assert is_solved(facts) is expected, (resolution, kind, said)


def test_what_the_dispatcher_holds_is_nobodys_department() -> None:
    facts = story(
        (A.SUBMIT, at()), (A.TRIAGE, at()), (A.ROUTE, at(2), {"department_id": ROADS}), (A.ACCEPT, at(2))
    )
    found = figures(facts)
    assert found[Measure.OPENED, day(7), 0, 0] == 1
    assert found[Measure.LEFT, day(9), 0, 0] == 1
    assert found[Measure.OPENED, day(9), ROADS, 0] == 1
    assert found[Measure.ACCEPT_DUE, day(10), ROADS, 0] == 1
    assert found[Measure.REPLY_DUE, day(20), ROADS, 0] == 1


def test_a_returned_case_that_was_never_accepted_is_not_held_against_the_department() -> None:
    facts = story(
        *OPENING[:2],
        (A.RETURN, at(1)),
        (A.TRANSFER, at(4), {"department_id": ROADS}),
    )
    found = figures(facts)
    assert found[Measure.RETURNED, day(8), WATER, 0] == 1
    assert not [key for key in found if key[0] is Measure.ACCEPT_DUE and key[2] == WATER]
    assert found[Measure.ACCEPT_DUE, day(14), ROADS, 0] == 1


ANSWERED = (
    (A.DRAFT_REPLY, at(2), {"reply_id": 1, "account_id": 1}),
    (A.PUBLISH_REPLY, at(2), {"resolution": "explained", "account_id": 2}),
)


def correction(when: datetime, resolution: str) -> tuple[Any, ...]:
    return (A.CORRECT_REPLY, when, {"reply_id": 2, "resolution": resolution, "account_id": 2})


def test_each_correction_that_one_person_signed_counts_on_its_own_day() -> None:
    found = figures(
        story(*OPENING, *ANSWERED, correction(at(3), "explained"), correction(at(4), "explained"))
    )
    signed = {key[1]: n for key, n in found.items() if key[0] is Measure.SINGLE_SIGNATURE}
    assert signed == {day(10): 1, day(11): 1}
    assert found[Measure.REPLY_DAYS, day(9), WATER, 2] == 1, "the first answer stays the first"


@pytest.mark.parametrize(
    ("before", "after", "solved"),
    [
        # Before the resident judged: what the correction brought is what is judged.
        ((correction(at(3), "resolved"), (A.CLOSE, at(20))), (), True),
        # Afterwards no department makes a solution of it …
        (
            ((A.RATE, at(3), {"level": "satisfied"}), (A.CLOSE, at(3))),
            (correction(at(4), "resolved"),),
            False,
        ),
        (((A.CLOSE, at(20)),), (correction(at(21), "resolved"), correction(at(22), "adopted")), False),
        # … but one can be taken back.
        ((correction(at(3), "resolved"), (A.CLOSE, at(20))), (correction(at(21), "planned"),), False),
        ((correction(at(3), "resolved"), (A.CLOSE, at(20))), (correction(at(21), "adopted"),), True),
    ],
)
def test_a_correction_makes_no_solution_of_an_answer_that_was_judged(
    before: tuple[Any, ...], after: tuple[Any, ...], solved: bool
) -> None:
    facts = story(*OPENING, *ANSWERED, *before, *after)
    assert is_solved(facts) is solved
    counted = {key[0] for key, n in figures(facts).items() if n} & {Measure.SOLVED, Measure.NOT_SOLVED}
    assert counted == {Measure.SOLVED if solved else Measure.NOT_SOLVED}
