"""That a case has gone on to another department: for those who had it."""

from __future__ import annotations

from datetime import datetime

from civic.cases.models import Case
from civic.cases.queries.reading import tell
from civic.core.actor import Actor, Role
from civic.core.extensions import db


def passed_on_at(actor: Actor, case_id: int) -> datetime | None:
    """When the case last left a department for which the actor works; None if it never was there."""
    case = db.session.get(Case, case_id)
    told = tell(case) if case else None
    if told is None:
        return None
    own = actor.departments(Role.HANDLER, Role.LEAD)
    left = [stint.ended_at for stint in told.facts.stints if stint.department_id in own and stint.ended_at]
    return max(left, default=None)
