"""What members of staff are told of without asking: which events, to whom, and as long as it still stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from civic.cases.rules.marking import Mark
from civic.cases.rules.vocabulary import ANSWERED, AT_DEPARTMENT, OPEN, CaseAction, CaseStatus


class Noticed(StrEnum):
    """What somebody is told of, the most urgent first. ``due_soon`` alone is no event: the clock brings it."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    APPROVAL = "approval"
    SENT_BACK = "sent_back"
    TO_PUBLISH = "to_publish"
    REOPENED = "reopened"
    ADDED = "added"
    PART_ASKED = "part_asked"
    PART_GIVEN = "part_given"
    NOT_EXTENDED = "not_extended"
    EXTENDED = "extended"
    KEPT = "kept"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    ASSIGNED = "assigned"


CAUSES: Mapping[CaseAction, Noticed] = MappingProxyType(
    {
        CaseAction.BECAME_OVERDUE: Noticed.OVERDUE,
        CaseAction.SEND_FOR_APPROVAL: Noticed.APPROVAL,
        CaseAction.DRAFT_CORRECTION: Noticed.APPROVAL,
        CaseAction.SEND_BACK: Noticed.SENT_BACK,
        CaseAction.APPROVE_REPLY: Noticed.TO_PUBLISH,
        CaseAction.REOPEN: Noticed.REOPENED,
        CaseAction.ADD_INFORMATION: Noticed.ADDED,
        CaseAction.INVITE: Noticed.PART_ASKED,
        CaseAction.CONTRIBUTE: Noticed.PART_GIVEN,
        CaseAction.REFUSE_EXTENSION: Noticed.NOT_EXTENDED,
        CaseAction.APPROVE_EXTENSION: Noticed.EXTENDED,
        CaseAction.DESIGNATE: Noticed.KEPT,
        CaseAction.TRANSFER: Noticed.TRANSFERRED,
        CaseAction.RETURN: Noticed.RETURNED,
        CaseAction.ASSIGN: Noticed.ASSIGNED,
    }
)


STANDS_BY: Mapping[Noticed, frozenset[Mark]] = MappingProxyType(
    {
        Noticed.TO_PUBLISH: frozenset({Mark.TO_PUBLISH}),
        Noticed.ADDED: frozenset({Mark.RESIDENT_ANSWERED, Mark.ADDED_TO}),
        Noticed.PART_GIVEN: frozenset({Mark.PART_GIVEN}),
    }
)
"""What is told as long as the row of the case is marked with it."""


@dataclass(frozen=True, slots=True)
class Stake:
    """What a case is to the reader: ``own`` or of somebody they stand in for, of a department they lead, nobody's.

    ``drafted``: what is written for it is theirs; ``signing``: a text of it waits for them; ``owes``: a part of it is
    asked of their department.
    """

    own: bool = False
    led: bool = False
    dispatched: bool = False
    unassigned: bool = False
    drafted: bool = False
    signing: bool = False
    owes: bool = False


def concerns(what: Noticed, stake: Stake) -> bool:
    """Whether somebody with this stake in the case is told."""
    match what:
        case Noticed.ASSIGNED:
            return stake.own
        case Noticed.SENT_BACK | Noticed.TO_PUBLISH:
            return stake.own or stake.drafted
        case Noticed.APPROVAL | Noticed.KEPT | Noticed.TRANSFERRED:
            return stake.led
        case Noticed.PART_ASKED:
            return stake.owes
        case Noticed.RETURNED:
            return stake.dispatched
        case Noticed.DUE_SOON | Noticed.PART_GIVEN | Noticed.EXTENDED | Noticed.NOT_EXTENDED:
            # What nobody has taken yet is its lead's care.
            return stake.own or (stake.led and stake.unassigned)
        case Noticed.ADDED:
            # Nothing is signed that the resident's last word may have changed.
            return stake.own or stake.dispatched or (stake.led and (stake.unassigned or stake.signing))
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
    """Whether it is still so by how the case stands; nobody is told of what was settled meanwhile."""
    match what:
        case Noticed.OVERDUE:
            return status in OPEN and due_at is not None and due_at < now
        case Noticed.DUE_SOON | Noticed.ADDED | Noticed.REOPENED:
            return status in OPEN
        case Noticed.APPROVAL:
            return pending.for_lead
        case Noticed.SENT_BACK:
            # Of an answered case it is a correction that was sent back.
            return status is CaseStatus.IN_PROGRESS or (
                status in ANSWERED and pending.draft and not pending.for_lead
            )
        case Noticed.TO_PUBLISH:
            return status is CaseStatus.REPLY_REVIEW
        case Noticed.TRANSFERRED:
            return status is CaseStatus.ROUTED
        case Noticed.RETURNED:
            return status in AT_DEPARTMENT and pending.is_return
        case _:
            return status in AT_DEPARTMENT
