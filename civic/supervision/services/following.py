"""What a department says has come of a recommendation: published at once, and only ever added to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from civic.core import outbox
from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.errors import N_, Invalid, NotFound
from civic.core.extensions import db
from civic.supervision import policy
from civic.supervision.models import Assessment, FollowUp, Recommendation
from civic.supervision.rules.assessments import (
    LONGEST_RECOMMENDATION,
    SHORTEST_FOLLOW_UP,
    AssessmentState,
    FollowUpStatus,
)
from civic.supervision.services.scripts import FOLLOW_UP, SCRIPT
from civic.web.caching import raise_content_version


def publish_follow_up(
    actor: Actor, recommendation_id: int, status: FollowUpStatus, text: str, now: datetime
) -> int:
    """Add a statement; the newest counts and all stay. Its lead speaks for the department.

    Returns the id. Raises NotFound (for other departments too), NotAllowed, :class:`Invalid`.
    """
    query = (
        select(Recommendation)
        .join(Assessment, Assessment.id == Recommendation.assessment_id)
        .where(Recommendation.id == recommendation_id, Assessment.state == AssessmentState.PUBLISHED.value)
    )
    found: Recommendation | None = db.session.scalar(query)
    if found is None or not policy.can_write_part(actor, found.department_id):
        raise NotFound(N_("There is no such recommendation."))
    policy.can_speak_for(actor, found.department_id).require()
    words = text.strip()
    if len(words) < SHORTEST_FOLLOW_UP:
        raise Invalid(N_("Say what was done, or why not."), field="text")
    if len(words) > LONGEST_RECOMMENDATION:
        raise Invalid(
            N_("This is too long: at most %(most)s characters."), field="text", most=LONGEST_RECOMMENDATION
        )
    row = FollowUp(
        recommendation_id=found.id, status=status.value, text=words, said_by=actor.account_id, said_at=now
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "recommendation.follow_up", "recommendation", found.id, now, status=status.value)
    outbox.enqueue(SCRIPT, f"{SCRIPT}:{FOLLOW_UP}:{row.id}", {"subject": FOLLOW_UP, "id": row.id}, now)
    raise_content_version()
    return row.id
