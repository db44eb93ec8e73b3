"""What has happened on a case that whoever has it must see in a list, and until when: read from its events. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from civic.cases.rules.vocabulary import CaseAction

A = CaseAction


class Mark(StrEnum):
    """What a row of a list says has happened. ``sent_back`` is a draft or, of an answered case, a correction."""

    RESIDENT_ANSWERED = "resident_answered"
    ADDED_TO = "added_to"
    PART_GIVEN = "part_given"
    SENT_BACK = "sent_back"
    TO_PUBLISH = "to_publish"


@dataclass(frozen=True, slots=True)
class Step:
    """One event, and whether somebody of a department did it."""

    action: CaseAction
    by_department: bool


TOLD = frozenset({Mark.RESIDENT_ANSWERED, Mark.ADDED_TO, Mark.PART_GIVEN})
"""What others brought: it's marked until whoever has the case does the next thing with it."""

_ELSEWHERE = frozenset(
    {A.ROUTE, A.TRANSFER, A.DESIGNATE, A.DECLINE, A.APPEAL, A.MERGE, A.WITHDRAW, A.REOPEN, A.CLOSE}
)
"""Begins anew or ends: whoever has the case now reads all of it."""
_HANDLED = frozenset(
    {
        A.ACCEPT, A.RETURN, A.ASK_RESIDENT, A.RESUME, A.INVITE, A.WITHDRAW_INVITATION, A.REQUEST_EXTENSION,
        A.DRAFT_REPLY, A.SEND_FOR_APPROVAL,
    }
)  # fmt: skip
_OVER: Mapping[Mark, frozenset[CaseAction]] = MappingProxyType(
    {
        **dict.fromkeys(TOLD, _ELSEWHERE | {A.PUBLISH_REPLY}),
        Mark.SENT_BACK: _ELSEWHERE - {A.CLOSE}
        | {A.SEND_FOR_APPROVAL, A.PUBLISH_REPLY, A.DRAFT_CORRECTION, A.CORRECT_REPLY},
        Mark.TO_PUBLISH: _ELSEWHERE | {A.SEND_FOR_APPROVAL, A.SEND_BACK, A.DRAFT_REPLY, A.PUBLISH_REPLY},
    }
)
"""What takes a mark away, whoever does it."""

_SETS: Mapping[CaseAction, Mark] = MappingProxyType(
    {
        A.ADD_INFORMATION: Mark.ADDED_TO,
        A.CONTRIBUTE: Mark.PART_GIVEN,
        A.SEND_BACK: Mark.SENT_BACK,
        A.APPROVE_REPLY: Mark.TO_PUBLISH,
    }
)
MARKING = frozenset(_SETS) | _HANDLED | frozenset().union(*_OVER.values())
"""The events that say anything about marks."""


def marks(steps: Iterable[Step]) -> frozenset[Mark]:
    """What is marked after these events of one case, in their order."""
    found: set[Mark] = set()
    asked = False
    for step in steps:
        found = {mark for mark in found if not _ends(mark, step)}
        if step.action in _SETS:
            answers = asked and step.action is A.ADD_INFORMATION
            found.add(Mark.RESIDENT_ANSWERED if answers else _SETS[step.action])
        if step.action in (A.ASK_RESIDENT, A.ADD_INFORMATION, A.RESUME):
            asked = step.action is A.ASK_RESIDENT
    return frozenset(found)


def _ends(mark: Mark, step: Step) -> bool:
    handled = mark in TOLD and step.by_department and step.action in _HANDLED
    return handled or step.action in _OVER[mark]
