"""Each side agrees to publication, and can take it back."""

from __future__ import annotations

from datetime import datetime

from civic.core.actor import Actor
from civic.supervision.rules.opinions import OpinionAction
from civic.supervision.services.opinions.applying import changing

AGREEMENTS = frozenset(
    {
        OpinionAction.DEPUTY_AGREES,
        OpinionAction.DEPUTY_REFUSES,
        OpinionAction.DEPARTMENT_AGREES,
        OpinionAction.DEPARTMENT_REFUSES,
    }
)


def agree_to_publication(
    actor: Actor, opinion_id: int, version: int, action: OpinionAction, now: datetime
) -> None:
    """One of :data:`AGREEMENTS`; effective on the next request."""
    if action not in AGREEMENTS:
        raise ValueError(action)
    with changing(actor, opinion_id, version, now) as work:
        work.apply(action)
