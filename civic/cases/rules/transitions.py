"""The one table of what may happen to a case, from which buttons, permissions, documentation and tests derive.

``TRANSITIONS[(status, action)]`` says to which statuses the action can lead and in which
capacity someone may do it. What isn't in the table can't be done. Conditions beyond status
and capacity (once only, within two days, …) are in ``guards``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from civic.cases.rules.vocabulary import (
    ANSWERED,
    AT_DEPARTMENT,
    ENDED,
    OPEN,
    CaseAction,
    CaseStatus,
    Party,
)

A = CaseAction
S = CaseStatus
P = Party


@dataclass(frozen=True, slots=True)
class Transition:
    """Where an action leads from one status, and who may do it.

    ``to`` lists every status it can lead to; where it's more than one, the facts of the
    case decide (a third objection goes to the dispatcher, an unmerged case goes back
    to where it was).
    """

    to: tuple[CaseStatus, ...]
    by: frozenset[Party]


_HANDLERS = (P.HANDLER, P.LEAD)
_ROUTABLE = (S.SUBMITTED, S.TRIAGE)
_LIVE = OPEN | ANSWERED


def _table() -> dict[tuple[CaseStatus | None, CaseAction], Transition]:
    table: dict[tuple[CaseStatus | None, CaseAction], Transition] = {}

    def allow(
        action: CaseAction,
        sources: Iterable[CaseStatus | None],
        to: CaseStatus | tuple[CaseStatus, ...] | None,
        *by: Party,
    ) -> None:
        for source in sources:
            target = source if to is None else to
            assert target is not None
            targets = target if isinstance(target, tuple) else (target,)
            table[source, action] = Transition(targets, frozenset(by))

    allow(A.SUBMIT, [None], S.SUBMITTED, P.RESIDENT, P.DISPATCHER, *_HANDLERS)
    allow(A.TRIAGE, [S.SUBMITTED], S.TRIAGE, P.SYSTEM, P.DISPATCHER)
    allow(A.ROUTE, _ROUTABLE, S.ROUTED, P.SYSTEM, P.DISPATCHER)
    allow(A.TRANSFER, [S.ROUTED, S.IN_PROGRESS, S.REPLY_REVIEW], S.ROUTED, P.DISPATCHER)
    allow(A.DESIGNATE, [S.TRIAGE, S.ROUTED, S.IN_PROGRESS], S.ROUTED, P.DISPATCHER)

    for action in (A.PUBLISH, A.PUBLISH_MASKED, A.KEEP_PRIVATE):
        allow(action, _LIVE, None, P.DISPATCHER)
    for action in (A.UNPUBLISH, A.REMASK):
        allow(action, _LIVE | {S.MERGED}, None, P.DISPATCHER)
    allow(A.REVOKE_CONSENT, _LIVE | {S.MERGED}, None, P.RESIDENT)
    allow(A.DECLINE, [S.SUBMITTED, S.TRIAGE, S.ROUTED, S.IN_PROGRESS], S.DECLINED, P.DISPATCHER)
    allow(A.APPEAL, [S.DECLINED], S.TRIAGE, P.RESIDENT)

    allow(A.TAKE, AT_DEPARTMENT, None, *_HANDLERS)
    # The platform does so when somebody leaves: no case stays with a person who no longer works on it.
    for action in (A.HAND_BACK, A.ASSIGN):
        allow(action, AT_DEPARTMENT, None, P.SYSTEM, *_HANDLERS)
    allow(A.INVITE, [S.ROUTED, S.IN_PROGRESS, S.AWAITING_RESIDENT], None, P.DISPATCHER, *_HANDLERS)
    allow(A.WITHDRAW_INVITATION, AT_DEPARTMENT, None, P.DISPATCHER, *_HANDLERS)
    allow(A.CONTRIBUTE, AT_DEPARTMENT, None, P.SUPPORT)

    allow(A.ACCEPT, [S.ROUTED], S.IN_PROGRESS, *_HANDLERS)
    allow(A.RETURN, [S.ROUTED, S.IN_PROGRESS], None, *_HANDLERS)
    allow(A.ASK_RESIDENT, [S.IN_PROGRESS], S.AWAITING_RESIDENT, *_HANDLERS)
    allow(A.ADD_INFORMATION, OPEN - {S.AWAITING_RESIDENT}, None, P.RESIDENT)
    allow(A.ADD_INFORMATION, [S.AWAITING_RESIDENT], S.IN_PROGRESS, P.RESIDENT)
    allow(A.RESUME, [S.AWAITING_RESIDENT], S.IN_PROGRESS, P.SYSTEM, *_HANDLERS)
    allow(A.REQUEST_EXTENSION, [S.IN_PROGRESS], None, *_HANDLERS)
    for action in (A.APPROVE_EXTENSION, A.REFUSE_EXTENSION):
        allow(action, AT_DEPARTMENT, None, P.DISPATCHER)
    allow(A.ESCALATE, AT_DEPARTMENT | {S.TRIAGE}, None, P.DISPATCHER, P.SYSTEM, *_HANDLERS)
    # Not while the resident is asked: the clock stands still, and the answer would go astray.
    allow(A.MERGE, OPEN - {S.AWAITING_RESIDENT}, S.MERGED, P.DISPATCHER, P.LEAD)
    allow(A.UNMERGE, [S.MERGED], (S.TRIAGE, S.ROUTED, S.IN_PROGRESS), P.DISPATCHER, P.SYSTEM)
    allow(A.ABSORB, OPEN | {S.REPLIED}, None, P.DISPATCHER, P.LEAD)
    allow(A.RELEASE, _LIVE, None, P.DISPATCHER, P.SYSTEM)

    allow(A.DRAFT_REPLY, [S.IN_PROGRESS], None, *_HANDLERS)
    allow(A.DRAFT_REPLY, [S.REPLY_REVIEW], None, P.LEAD)
    allow(A.SEND_FOR_APPROVAL, [S.IN_PROGRESS], S.REPLY_REVIEW, *_HANDLERS)
    allow(A.SEND_BACK, [S.REPLY_REVIEW], S.IN_PROGRESS, P.LEAD)
    allow(A.APPROVE_REPLY, [S.REPLY_REVIEW], None, P.LEAD)
    allow(A.PUBLISH_REPLY, [S.REPLY_REVIEW], S.REPLIED, *_HANDLERS)
    allow(A.PUBLISH_REPLY, [S.IN_PROGRESS], S.REPLIED, P.LEAD)
    allow(A.DRAFT_CORRECTION, ANSWERED, None, *_HANDLERS)
    allow(A.SEND_BACK, ANSWERED, None, P.LEAD)
    allow(A.CORRECT_REPLY, ANSWERED, None, P.LEAD)
    allow(A.CONCEAL_REPLY, _LIVE, None, P.DISPATCHER, P.LEAD)

    allow(A.RATE, [S.REPLIED], None, P.RESIDENT)
    # Of the common answer, which is another case's: who objects to it is taken out of the merge.
    allow(A.RATE, [S.MERGED], None, P.RESIDENT)
    allow(A.REOPEN, [S.MERGED], (S.IN_PROGRESS, S.TRIAGE), P.RESIDENT)
    allow(A.REOPEN, [S.REPLIED], (S.IN_PROGRESS, S.TRIAGE), P.RESIDENT)
    allow(A.WITHDRAW, OPEN, S.WITHDRAWN, P.RESIDENT)
    allow(A.ERASE_CONTACT, CaseStatus, None, P.RESIDENT)
    # An open case has to end first: there would be nothing left to answer.
    allow(A.ERASE_WORDS, ENDED | {S.REPLIED}, None, P.RESIDENT)
    allow(A.REISSUE_CODE, CaseStatus, None, P.DISPATCHER)

    allow(A.CLOSE, [S.REPLIED], S.CLOSED, P.RESIDENT, P.SYSTEM)
    allow(A.BECAME_OVERDUE, OPEN, None, P.SYSTEM)
    allow(A.MOVE_DEADLINES, OPEN, None, P.SYSTEM)
    allow(A.SUCCEED, OPEN, None, P.SYSTEM)
    allow(A.FOLLOW, [S.MERGED], None, P.SYSTEM)
    return table


TRANSITIONS: Mapping[tuple[CaseStatus | None, CaseAction], Transition] = MappingProxyType(_table())


def actions_from(status: CaseStatus | None) -> tuple[CaseAction, ...]:
    """What can happen from a status, in the order of the vocabulary."""
    return tuple(action for action in CaseAction if (status, action) in TRANSITIONS)
