"""The one table of what may happen to an opinion, and why something can't be done now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from civic.core.errors import N_
from civic.supervision.rules.opinions.facts import OpinionFacts
from civic.supervision.rules.opinions.vocabulary import (
    ANSWERED,
    WITH_DEPARTMENT,
    OpinionAction,
    OpinionStatus,
    Party,
)


@dataclass(frozen=True, slots=True)
class Transition:
    """Where an action leads from one status, and who may do it; of several the facts decide."""

    to: tuple[OpinionStatus, ...]
    by: frozenset[Party]


S, A, P = OpinionStatus, OpinionAction, Party


def _table() -> dict[tuple[OpinionStatus | None, OpinionAction], Transition]:
    table: dict[tuple[OpinionStatus | None, OpinionAction], Transition] = {}

    def allow(
        action: OpinionAction,
        sources: Iterable[OpinionStatus | None],
        to: tuple[OpinionStatus, ...],
        *by: Party,
    ) -> None:
        for source in sources:
            table[source, action] = Transition(to or (source or S.DRAFT,), frozenset(by))

    here = (S.SENT, S.RETURNED)
    allow(A.WRITE, (None, S.DRAFT), (S.DRAFT,), P.DEPUTY)
    allow(A.SEND, (S.DRAFT,), (S.SENT,), P.DEPUTY)
    allow(A.WITHDRAW, (S.DRAFT, S.SENT, S.IN_APPROVAL), (S.WITHDRAWN,), P.DEPUTY)
    allow(A.DRAFT_ANSWER, here, (), P.HANDLER, P.LEAD)
    allow(A.SEND_FOR_APPROVAL, here, (S.IN_APPROVAL,), P.HANDLER, P.LEAD)
    allow(A.SEND_BACK, (S.IN_APPROVAL,), here, P.LEAD)
    allow(A.APPROVE, (S.IN_APPROVAL,), (S.DELIVERED,), P.LEAD)
    allow(A.RATE, (S.DELIVERED,), (S.CLOSED, S.RETURNED), P.DEPUTY)
    allow(A.TAKE_OVER, sorted({*WITH_DEPARTMENT, *ANSWERED}), (), P.SUCCESSOR)
    for action in (A.DEPUTY_AGREES, A.DEPUTY_REFUSES):
        allow(action, (S.CLOSED,), (), P.DEPUTY)  # before that, agreeing goes with the rating
    for action in (A.DEPARTMENT_AGREES, A.DEPARTMENT_REFUSES):
        allow(action, sorted(ANSWERED), (), P.LEAD)
    allow(A.SUCCEED, sorted(set(S) - {S.WITHDRAWN}), (), P.SYSTEM)
    allow(A.MOVE_DEADLINE, sorted(WITH_DEPARTMENT), (), P.SYSTEM)
    return table


TRANSITIONS: Mapping[tuple[OpinionStatus | None, OpinionAction], Transition] = MappingProxyType(_table())
"""What isn't in the table can't be done."""


WRONG_STATE = N_("This is not possible in the present state of the opinion.")
WRONG_ROLE = N_("Your role does not allow this.")
_REFUSALS: Mapping[OpinionAction, str] = MappingProxyType({
    A.SEND_FOR_APPROVAL: N_("Write the answer first."),
    A.APPROVE: N_("You wrote this answer last: another lead has to approve it."),
    A.WITHDRAW: N_("It has been answered once: rate the second answer instead."),
})  # fmt: skip


def refusal(
    facts: OpinionFacts, action: OpinionAction, parties: frozenset[Party], account_id: int | None
) -> str:
    """Why somebody can't do this now, as a msgid; '' if they can."""
    transition = TRANSITIONS.get((facts.status, action))
    if transition is None:
        return WRONG_STATE
    if not parties & transition.by:
        return WRONG_ROLE
    against = {
        A.SEND_FOR_APPROVAL: facts.draft_id is None,
        A.APPROVE: account_id == facts.draft_by,
        A.WITHDRAW: len(facts.rounds) > 1,
    }
    if against.get(action):
        return _REFUSALS[action]
    pointless = {
        A.DEPUTY_AGREES: facts.deputy_agrees,
        A.DEPUTY_REFUSES: not facts.deputy_agrees,
        A.DEPARTMENT_AGREES: facts.department_agrees,
        A.DEPARTMENT_REFUSES: not facts.department_agrees,
    }
    return WRONG_STATE if pointless.get(action) else ""
