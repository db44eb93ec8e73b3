"""What holds of any case whatever happened to it, written from the rules that people know, not from the code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from civic.cases.rules import (
    ANSWERED,
    AT_DEPARTMENT,
    ENDED,
    OPEN,
    CaseAction,
    CaseFacts,
    CaseStatus,
    CounterKey,
    Event,
    Measure,
    Publication,
)

A = CaseAction
GONE = {A.ERASE_CONTACT, A.ERASE_WORDS, A.REISSUE_CODE}
REVIEWED = {A.PUBLISH, A.PUBLISH_MASKED, A.KEEP_PRIVATE, A.UNPUBLISH, A.REMASK, A.REVOKE_CONSENT}
MERGED = {A.UNMERGE, A.RATE, A.REOPEN, A.UNPUBLISH, A.REMASK, A.REVOKE_CONSENT, A.FOLLOW}
CORRECTED = {A.DRAFT_CORRECTION, A.SEND_BACK, A.CORRECT_REPLY, A.CONCEAL_REPLY}
NOTHING_BUT = {
    A.CLOSE: GONE | REVIEWED | CORRECTED | {A.RELEASE},
    A.WITHDRAW: GONE,
    A.DECLINE: GONE | {A.APPEAL},
    A.MERGE: GONE | MERGED,
    A.FOLLOW: GONE | MERGED,
    A.ERASE_WORDS: {A.ERASE_CONTACT, A.REISSUE_CODE, A.RELEASE, A.CLOSE, A.FOLLOW} | CORRECTED,
}
"""What may follow at once on what ends a case, or on erasing its words."""

NEVER_AGAIN = {
    A.SUBMIT: {A.SUBMIT},
    A.APPEAL: {A.APPEAL, A.DECLINE},
    A.ESCALATE: {A.ESCALATE},
    A.CLOSE: {A.RATE, A.REOPEN, A.MERGE, A.DECLINE, A.WITHDRAW, A.PUBLISH_REPLY},
    A.WITHDRAW: set(CaseAction) - GONE,
    A.REVOKE_CONSENT: {A.PUBLISH, A.PUBLISH_MASKED, A.KEEP_PRIVATE, A.REMASK, A.REVOKE_CONSENT},
    A.PUBLISH_REPLY: {A.DECLINE, A.APPEAL},
    A.ERASE_WORDS: set(CaseAction) - NOTHING_BUT[A.ERASE_WORDS],
}
"""What can't come any more once something has happened, however long ago."""

TOGETHER = ({A.MERGE}, {A.UNMERGE, A.REOPEN})
"""What it takes to judge the answer of the case that this one was merged into, and to be parted from it."""

MOVED_ON = (A.ROUTE, A.TRANSFER, A.DESIGNATE, A.APPEAL, A.REOPEN)
"""With these another department has the case, or another answer is owed."""

NEEDS = {
    A.APPEAL: ({A.DECLINE}, {A.APPEAL}),
    A.UNMERGE: TOGETHER,
    A.FOLLOW: TOGETHER,
    A.SEND_FOR_APPROVAL: ({A.DRAFT_REPLY}, {A.PUBLISH_REPLY, A.TRANSFER}),
    A.APPROVE_REPLY: ({A.SEND_FOR_APPROVAL}, {A.SEND_BACK, A.TRANSFER, A.PUBLISH_REPLY}),
    A.SEND_BACK: (
        {A.SEND_FOR_APPROVAL, A.DRAFT_CORRECTION},
        {A.SEND_BACK, A.TRANSFER, A.PUBLISH_REPLY, A.CORRECT_REPLY, A.REOPEN},
    ),
    A.PUBLISH_REPLY: ({A.DRAFT_REPLY}, {A.PUBLISH_REPLY, A.TRANSFER}),
    A.DRAFT_CORRECTION: ({A.PUBLISH_REPLY}, {A.REOPEN}),
    A.CORRECT_REPLY: ({A.PUBLISH_REPLY}, {A.REOPEN}),
    A.RATE: ({A.PUBLISH_REPLY}, {A.RATE, A.REOPEN}),
    A.REOPEN: ({A.PUBLISH_REPLY}, {A.REOPEN, A.CLOSE}),
    A.CLOSE: ({A.PUBLISH_REPLY}, {A.REOPEN, A.CLOSE}),
    A.APPROVE_EXTENSION: ({A.REQUEST_EXTENSION}, {A.APPROVE_EXTENSION, A.REFUSE_EXTENSION, *MOVED_ON}),
    A.REFUSE_EXTENSION: ({A.REQUEST_EXTENSION}, {A.APPROVE_EXTENSION, A.REFUSE_EXTENSION, *MOVED_ON}),
    A.RESUME: ({A.ASK_RESIDENT}, {A.RESUME, A.ADD_INFORMATION}),
}  # fmt: skip
"""What must have happened before an action, without what would undo it in between."""


def history_is_lawful(events: Iterable[Event], leads: Collection[int] | None = None) -> None:
    """Whether things happened in an order in which they can; ``leads``: the accounts whose yes an answer needs."""
    past: list[Event] = []
    for event in events:
        action = event.action
        done = [earlier.action for earlier in past]
        assert bool(past) == (action is not A.SUBMIT), "a case begins once, with what a resident said"
        if done:
            assert action in NOTHING_BUT.get(done[-1], set(CaseAction)), f"{action} follows on {done[-1]}"
        for earlier in done:
            assert action not in NEVER_AGAIN.get(earlier, ()), f"{action} after {earlier}"
        needed, undone = TOGETHER if judges_together(event) else NEEDS.get(action, ((), ()))
        if needed:
            last = next((one for one in reversed(done) if one in needed or one in undone), None)
            assert last in needed, f"{action} without {needed}"
        if action is A.PUBLISH_REPLY and leads is not None:
            approved = done[::-1].index(A.DRAFT_REPLY)
            agreed = {one.account_id for one in past[len(past) - approved :] if one.action is A.APPROVE_REPLY}
            assert {event.account_id, *agreed} & set(leads), "an answer went out without a lead's yes"
        if action is A.CORRECT_REPLY and leads is not None:
            assert event.account_id in leads, "an answer was corrected without a lead's yes"
        assert not past or event.at >= past[-1].at
        past.append(event)
    times = Counter(event.action for event in past)
    assert times[A.REOPEN] <= 3
    assert times[A.APPROVE_EXTENSION] <= 1 + times[A.REOPEN] + times[A.APPEAL]
    own = sum(event.action is A.RATE and not judges_together(event) for event in past)
    assert own <= times[A.PUBLISH_REPLY]


def judges_together(event: Event) -> bool:
    """Whether it is about an answer that another case got."""
    return event.action in (A.RATE, A.REOPEN) and "department_id" in event.params


def facts_are_possible(facts: CaseFacts) -> None:
    status = facts.status
    assert (status is CaseStatus.AWAITING_RESIDENT) == (facts.paused_at is not None)
    assert not (facts.return_pending and facts.paused_at), "nobody could decide on the return"
    assert (status is CaseStatus.DECLINED) == (facts.decline_code is not None)
    assert (status is CaseStatus.MERGED) == (facts.survivor_id is not None)
    assert (status in ENDED) == (facts.ended_at is not None)
    assert (status in ANSWERED) == (facts.round.replied_at is not None)
    assert (status in OPEN) == (facts.stint is not None)
    if status in AT_DEPARTMENT | ANSWERED:
        assert facts.department_id is not None
    if status in AT_DEPARTMENT:
        assert facts.stint is not None
        assert facts.stint.department_id == facts.department_id
    if status in (CaseStatus.SUBMITTED, CaseStatus.TRIAGE):
        assert facts.department_id is None
    if facts.publication in (Publication.PUBLIC, Publication.MASKED):
        assert facts.wants_publication
        assert facts.published_at is not None
    assert (facts.publication is Publication.MASKED) == (facts.masked_text_id is not None)
    assert facts.reopenings <= 3
    assert [s.number for s in facts.stints] == list(range(1, len(facts.stints) + 1))
    assert sum(s.ended_at is None for s in facts.stints) == (status in OPEN)
    if facts.erased_at is not None:
        assert status in ENDED | {CaseStatus.REPLIED}
        assert facts.publication is Publication.PRIVATE
        assert not facts.wants_publication


def figures_are_possible(facts: CaseFacts, contributed: Counter[CounterKey]) -> None:
    """Whether one case can count so; ``contributed`` is what it adds to the counters."""
    total: Counter[Measure] = Counter()
    for key, n in contributed.items():
        assert n > 0
        total[key.measure] += n
    assert total[Measure.RECEIVED] == 1
    assert total[Measure.OPENED] - total[Measure.LEFT] == (facts.status in OPEN)
    assert total[Measure.REPLY_ON_TIME] <= total[Measure.REPLY_DUE] <= 1
    assert total[Measure.AGAIN_ON_TIME] <= total[Measure.AGAIN_DUE] <= 3
    assert total[Measure.ACCEPT_ON_TIME] <= total[Measure.ACCEPT_DUE]
    assert total[Measure.OWN_ON_TIME] <= total[Measure.OWN_DUE]
    assert total[Measure.SOLVED] + total[Measure.NOT_SOLVED] <= (facts.status is CaseStatus.CLOSED)
    running = 0
    overdue = sorted(
        (key.day, key.measure is Measure.LEFT_OVERDUE, n)
        for key, n in contributed.items()
        if key.measure in (Measure.BECAME_OVERDUE, Measure.CAME_OVERDUE, Measure.LEFT_OVERDUE)
    )
    for _day, leaves, n in overdue:
        running += -n if leaves else n
        assert running >= 0
    assert running == (facts.status in OPEN and facts.clock_runs)
