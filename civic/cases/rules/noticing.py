"""What members of staff are told of without asking: which events, to whom, and as long as it still stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from civic.cases.rules.vocabulary import ANSWERED, AT_DEPARTMENT, OPEN, CaseAction, CaseStatus


class Noticed(StrEnum):
    """What somebody is told of, the most urgent first. ``due_soon`` alone is no event: the clock brings it."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    APPROVAL = "approval"
    SENT_BACK = "sent_back"
    REOPENED = "reopened"
    KEPT = "kept"
    RETURNED = "returned"
    ASSIGNED = "assigned"


CAUSES: Mapping[CaseAction, Noticed] = MappingProxyType(
    {
        CaseAction.BECAME_OVERDUE: Noticed.OVERDUE,
        CaseAction.SEND_FOR_APPROVAL: Noticed.APPROVAL,
        CaseAction.DRAFT_CORRECTION: Noticed.APPROVAL,
        CaseAction.SEND_BACK: Noticed.SENT_BACK,
        CaseAction.REOPEN: Noticed.REOPENED,
        CaseAction.DESIGNATE: Noticed.KEPT,
        CaseAction.RETURN: Noticed.RETURNED,
        CaseAction.ASSIGN: Noticed.ASSIGNED,
    }
)


@dataclass(frozen=True, slots=True)
class Stake:
    """What a case is to the reader: ``own`` or of somebody they stand in for, of a department they lead, nobody's."""

    own: bool = False
    led: bool = False
    dispatched: bool = False
    unassigned: bool = False


def concerns(what: Noticed, stake: Stake) -> bool:
    """Whether somebody with this stake in the case is told."""
    match what:
        case Noticed.SENT_BACK | Noticed.ASSIGNED:
            return stake.own
        case Noticed.APPROVAL | Noticed.KEPT:
            return stake.led
        case Noticed.RETURNED:
            return stake.dispatched
        case Noticed.DUE_SOON:
            # What nobody has taken yet is its lead's care.
            return stake.own or (stake.led and stake.unassigned)
        case _:
            return stake.own or stake.led or stake.dispatched


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits on a case for somebody: a return for the dispatcher, a text for the lead, ``draft`` for its writer."""

    is_return: bool = False
    for_lead: bool = False
    draft: bool = False


def still_stands(
    what: Noticed, status: CaseStatus, due_at: datetime | None, now: datetime, pending: Pending
) -> bool:
    """Whether it is still so; nobody is told of what was settled meanwhile."""
    match what:
        case Noticed.OVERDUE:
            return status in OPEN and due_at is not None and due_at < now
        case Noticed.DUE_SOON:
            return status in OPEN
        case Noticed.APPROVAL:
            return pending.for_lead
        case Noticed.SENT_BACK:
            # Of an answered case it is a correction that was sent back.
            return status is CaseStatus.IN_PROGRESS or (
                status in ANSWERED and pending.draft and not pending.for_lead
            )
        case Noticed.REOPENED:
            return status in OPEN
        case Noticed.RETURNED:
            return status in AT_DEPARTMENT and pending.is_return
        case _:
            return status in AT_DEPARTMENT
