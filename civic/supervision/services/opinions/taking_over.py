"""Another deputy goes on in the place of one who has left."""

from __future__ import annotations

from datetime import datetime

from civic.core import audit
from civic.core.actor import Actor
from civic.supervision.rules.opinions import OpinionAction
from civic.supervision.services.opinions.applying import changing


def take_over_opinion(actor: Actor, opinion_id: int, version: int, now: datetime) -> None:
    """From now on the actor is the opinion's deputy. Raises NotFound as long as its own one is still here."""
    with changing(actor, opinion_id, version, now) as work:
        former = work.current.deputy_id
        work.apply(OpinionAction.TAKE_OVER, former_id=former)
        audit.record(actor, "opinion.take_over", "opinion", opinion_id, now, former_id=former)
