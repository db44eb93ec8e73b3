"""What a resident does with the case. The view has checked reference and query code before."""

from __future__ import annotations

from datetime import datetime

from civic.cases.models import TextRole
from civic.cases.rules import CaseAction, start_clock
from civic.cases.services.applying import State, changing
from civic.cases.services.clocking import held_days, resumed_clocks
from civic.cases.services.dispatching import release_absorbed
from civic.core.actor import Actor


def add_information(actor: Actor, case_id: int, version: int, text: str, now: datetime) -> State:
    """Add something, or answer the department's question; a stopped clock runs again."""
    with changing(actor, case_id, version, now) as work:
        stopped_at = work.current.paused_at
        clocks = resumed_clocks(work, stopped_at) if stopped_at else {}
        addition = work.write(TextRole.ADDITION, text, field_name="text")
        work.apply(CaseAction.ADD_INFORMATION, **addition, **clocks)
    return work.state


def withdraw_case(actor: Actor, case_id: int, version: int, now: datetime) -> State:
    """End the case; what was public is taken down, and cases merged into it go on alone."""
    with changing(actor, case_id, version, now) as work:
        release_absorbed(work)
        work.apply(CaseAction.WITHDRAW, held_days=held_days(work))
    return work.state


def revoke_consent(actor: Actor, case_id: int, version: int, now: datetime) -> State:
    """Take back the consent to publication (Personal Information Protection Law, article 15); the case goes on."""
    with changing(actor, case_id, version, now) as work:
        work.apply(CaseAction.REVOKE_CONSENT)
    return work.state


def appeal_case(actor: Actor, case_id: int, version: int, reason: str, now: datetime) -> State:
    """Ask to look again at a declined case, once; it gets a deadline of its own."""
    with changing(actor, case_id, version, now) as work:
        facts, around = work.current, work.around
        clock = start_clock(around.calendar, now, around.levels().reply_days(facts.kind))
        review = start_clock(around.calendar, now, around.levels().moderate)
        work.apply(
            CaseAction.APPEAL,
            clock=clock.as_params(),
            review=review.as_params() if facts.wants_publication else None,
            **work.write(TextRole.APPEAL, reason),
        )
    return work.state
