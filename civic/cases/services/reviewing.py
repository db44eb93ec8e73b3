"""What the public may read: review before publication, taking down, masking, declining. No clock stops for it."""

from __future__ import annotations

from datetime import datetime

from civic.cases.models import TextRole
from civic.cases.rules import (
    NEEDS_EXPLANATION,
    NEEDS_WORDS,
    CaseAction,
    DeclineCode,
    PrivateBecause,
    closing_moment,
)
from civic.cases.services.applying import State, changing
from civic.cases.services.clocking import held_days
from civic.cases.services.dispatching import release_absorbed
from civic.core.actor import Actor
from civic.core.errors import N_, Invalid

CHOICES = frozenset({CaseAction.PUBLISH, CaseAction.PUBLISH_MASKED})


def review_publication(
    actor: Actor, case_id: int, version: int, choice: CaseAction, now: datetime, *, masked_text: str = ""
) -> State:
    """Publish as written or masked; ``choice`` is one of ``CHOICES``."""
    if choice not in CHOICES:
        raise Invalid(N_("Choose whether to publish."), code="bad_choice", field="choice")
    with changing(actor, case_id, version, now) as work:
        text = {}
        if choice is CaseAction.PUBLISH_MASKED:
            text = work.write(TextRole.MASKED, masked_text, field_name="masked_text")
        work.apply(choice, **text)
    return work.state


def keep_private(
    actor: Actor, case_id: int, version: int, because: PrivateBecause, now: datetime, *, explanation: str = ""
) -> State:
    """Don't publish what its writer wished to be public; who wrote it reads the reason."""
    with changing(actor, case_id, version, now) as work:
        text = work.write(
            TextRole.PRIVATE_EXPLANATION,
            explanation,
            required=because in NEEDS_WORDS,
            field_name="explanation",
        )
        work.apply(CaseAction.KEEP_PRIVATE, code=because.value, **text)
    return work.state


def unpublish_case(actor: Actor, case_id: int, version: int, now: datetime, *, reason: str) -> State:
    """Take the case down; the public can't read it from the next request on."""
    with changing(actor, case_id, version, now) as work:
        work.apply(CaseAction.UNPUBLISH, **work.write(TextRole.UNPUBLISH_REASON, reason))
    return work.state


def remask_case(actor: Actor, case_id: int, version: int, masked_text: str, now: datetime) -> State:
    """Replace the public text by a newly masked one."""
    with changing(actor, case_id, version, now) as work:
        work.apply(CaseAction.REMASK, **work.write(TextRole.MASKED, masked_text, field_name="masked_text"))
    return work.state


def decline_case(
    actor: Actor, case_id: int, version: int, code: DeclineCode, now: datetime, *, explanation: str = ""
) -> State:
    """Don't take the case on, with a reason code; which level or channel is competent must be named.

    The resident can object once, as long as to an answer.
    """
    with changing(actor, case_id, version, now) as work:
        text = work.write(
            TextRole.DECLINE_EXPLANATION,
            explanation,
            required=code in NEEDS_EXPLANATION,
            field_name="explanation",
        )
        release_absorbed(work)
        until = closing_moment(work.around.calendar, now, work.around.levels().close_after)
        work.apply(
            CaseAction.DECLINE,
            code=code.value,
            held_days=held_days(work),
            appeal_until=until.isoformat(),
            **text,
        )
    return work.state
