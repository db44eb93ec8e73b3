"""The dispatcher's choice of department: routing, transfer, designation, extensions, escalation, merging."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from civic.cases import policy
from civic.cases.models import TextRole
from civic.cases.rules import ANSWERED, CaseAction, closing_moment, is_content, mergeable
from civic.cases.services.applying import CaseWork, State, changing, changing_merged, changing_two
from civic.cases.services.clocking import (
    assignment_clocks,
    check_extension,
    extended_clocks,
    held_days,
    resumed_clocks,
)
from civic.cases.services.surroundings import check_department
from civic.core.actor import SYSTEM, Actor
from civic.core.errors import N_, Invalid


def route_case(
    actor: Actor,
    case_id: int,
    version: int,
    department_id: int,
    now: datetime,
    *,
    reason: str = "",
    item_id: int | None = None,
) -> State:
    """Give a case without a department to one; ``item_id`` also ties it to an item of the plan."""
    with changing(actor, case_id, version, now) as work:
        text = work.write(TextRole.ROUTING_REASON, reason, required=False)
        _send(work, CaseAction.ROUTE, department_id, item_id=item_id, **text)
    return work.state


def transfer_case(
    actor: Actor, case_id: int, version: int, department_id: int, now: datetime, *, reason: str
) -> State:
    """Move a case to another department; where a return is pending, this agrees with it."""
    with changing(actor, case_id, version, now) as work:
        if department_id == work.current.department_id:
            raise Invalid(
                N_("The case is with this department already."), code="same_department", field="department_id"
            )
        text = work.write(TextRole.ROUTING_REASON, reason)
        _send(work, CaseAction.TRANSFER, department_id, **text)
    return work.state


def designate_case(
    actor: Actor, case_id: int, version: int, department_id: int, now: datetime, *, reason: str
) -> State:
    """Decide a dispute: that department answers, and can't return the case (首接负责)."""
    with changing(actor, case_id, version, now) as work:
        text = work.write(TextRole.ROUTING_REASON, reason)
        _send(work, CaseAction.DESIGNATE, department_id, **text)
    return work.state


def _send(work: CaseWork, action: CaseAction, department_id: int, **params: Any) -> None:
    check_department(department_id)
    work.apply(
        action,
        department_id=department_id,
        held_days=held_days(work),
        reason={"code": "dispatcher"},
        **assignment_clocks(work, department_id),
        **params,
    )


def approve_extension(
    actor: Actor, case_id: int, version: int, now: datetime, *, days: int | None = None
) -> State:
    """Move the deadline by the days asked for, or by as many as the dispatcher allows; the resident is told."""
    with changing(actor, case_id, version, now) as work:
        # A refusal comes before anything is counted.
        work.require(CaseAction.APPROVE_EXTENSION)
        allowed = work.current.extension_days or 0 if days is None else days
        check_extension(work, allowed)
        work.apply(CaseAction.APPROVE_EXTENSION, days=allowed, **extended_clocks(work, allowed))
    return work.state


def refuse_extension(actor: Actor, case_id: int, version: int, now: datetime, *, reason: str) -> State:
    """The deadline stays; the department reads why."""
    with changing(actor, case_id, version, now) as work:
        work.apply(CaseAction.REFUSE_EXTENSION, **work.write(TextRole.EXTENSION_REASON, reason))
    return work.state


def escalate_case(actor: Actor, case_id: int, version: int, now: datetime, *, reason: str) -> State:
    """List the case for supervision."""
    with changing(actor, case_id, version, now) as work:
        work.apply(CaseAction.ESCALATE, **work.write(TextRole.ESCALATION_REASON, reason))
    return work.state


def merge_case(
    actor: Actor, case_id: int, version: int, survivor_id: int, now: datetime, *, reason: str = ""
) -> State:
    """Handle the case as part of another one: one answer serves both, each resident keeps the receipt.

    The actor must be allowed to act on both.
    """
    if survivor_id == case_id:
        raise Invalid(N_("A case can't be merged into itself."), code="same_case", field="survivor_id")
    with changing_two(actor, case_id, version, survivor_id, now) as (work, survivor):
        _merge(work, survivor, reason)
    return work.state


def _merge(work: CaseWork, survivor: CaseWork, reason: str) -> None:
    decision = policy.can_merge(work.actor, mergeable(work.current), mergeable(survivor.current))
    if not decision and work.may(CaseAction.MERGE):
        raise Invalid(decision.reason, code="no_merge", field="survivor")
    decision.require()
    survivor.apply(CaseAction.ABSORB, case_id=work.case.id)
    text = work.write(TextRole.MERGE_REASON, reason, required=False)
    work.apply(
        CaseAction.MERGE,
        survivor_id=survivor.case.id,
        held_days=held_days(work),
        judge_until=_judge_until(survivor),
        **text,
    )
    work.go_along(survivor.current.department_id)


def _judge_until(survivor: CaseWork) -> str | None:
    """Until when an answer that was there before can be judged: as long as by whoever got it when it was given."""
    if survivor.current.status not in ANSWERED:
        return None
    around = survivor.around
    days = around.levels(survivor.current.department_id).close_after
    return closing_moment(around.calendar, survivor.now, days).isoformat()


def unmerge_case(actor: Actor, case_id: int, version: int, now: datetime, *, reason: str = "") -> State:
    """Handle the case on its own again; the merged time is given back to its clocks."""
    with changing_merged(actor, case_id, version, now) as (work, survivor):
        work.require(CaseAction.UNMERGE)
        assert survivor is not None
        merged_at = work.current.ended_at
        text = work.write(TextRole.MERGE_REASON, reason, required=False)
        clocks = resumed_clocks(work, merged_at) if merged_at else {}
        work.apply(CaseAction.UNMERGE, **clocks, **text)
        survivor.apply(CaseAction.RELEASE, case_id=case_id)
    return work.state


def release_absorbed(work: CaseWork) -> None:
    """Let the cases that were merged into this one go on alone before it ends.

    Where words were erased or the writer was content with an answer, it stays merged: nothing is left to answer.
    """
    for case_id in work.current.absorbed:
        with changing(SYSTEM, case_id, None, work.now) as other:
            if other.current.erased_at is not None or is_content(other.current):
                continue
            clocks = resumed_clocks(other, other.current.ended_at) if other.current.ended_at else {}
            other.apply(CaseAction.UNMERGE, **clocks)
        work.apply(CaseAction.RELEASE, by=SYSTEM, case_id=case_id)
