"""Publishing the scoreboard of a quarter, once it is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from civic.cases import queries as cases
from civic.cases.services import last_event
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.supervision.models import ScoreboardEdition
from civic.supervision.queries.editions import edition_document
from civic.supervision.rules import Period
from civic.supervision.rules.assessments import canonical
from civic.supervision.rules.editions import due_editions
from civic.supervision.rules.snapshots import period_text
from civic.web.caching import raise_content_version


def publish_scoreboard(now: datetime) -> int:
    """The worker's job: publish each quarter that is over and wasn't published; how many were. A second run finds
    none."""
    newest = db.session.scalar(select(func.max(ScoreboardEdition.until)))
    due = due_editions(departments.local_day(now), cases.counted_since(), newest)
    if due:
        last_event()  # No event is written until this is: figures, and what can be read of them, are of one moment.
        db.session.add_all(_edition(period, now) for period in due)
        raise_content_version()
    return len(due)


def _edition(period: Period, now: datetime) -> ScoreboardEdition:
    return ScoreboardEdition(
        period=period_text(period),
        since=period.since,
        until=period.until,
        published_at=now,
        document=canonical(edition_document(period)).decode(),
    )
