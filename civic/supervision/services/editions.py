"""Publishing the scoreboard of a quarter, once it is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from civic.cases import queries as cases
from civic.cases.services import last_event
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.supervision.models import ScoreboardEdition
from civic.supervision.queries.editions import edition_document
from civic.supervision.rules.assessments import canonical
from civic.supervision.rules.editions import due_edition
from civic.supervision.rules.snapshots import period_text
from civic.web.caching import raise_content_version


def publish_scoreboard(now: datetime) -> int:
    """The worker's job: publish the quarter that ended last; how many were. A second run finds none."""
    period = due_edition(departments.local_day(now), cases.counted_since())
    if period is None:
        return 0
    text = period_text(period)
    if db.session.scalar(select(ScoreboardEdition.id).where(ScoreboardEdition.period == text)) is not None:
        return 0
    last_event()  # No event is written until this is: figures, and what can be read of them, are of one moment.
    db.session.add(
        ScoreboardEdition(
            period=text,
            since=period.since,
            until=period.until,
            published_at=now,
            document=canonical(edition_document(period)).decode(),
        )
    )
    raise_content_version()
    return 1
