"""What goes by itself: contacts some time after a case has ended, and traces that serve nothing any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import aliased

from civic.cases.models import Case, Contact, Feedback, Presence, QueryKey
from civic.cases.rules import ENDED, CaseStatus
from civic.cases.services.reaching import PRESENT_FOR
from civic.core.config import settings
from civic.core.extensions import db

BATCH = 500
"""Contacts per run: the next run goes on where this one stopped."""


def erase_contacts(now: datetime) -> int:
    """Erase contacts whose case ended more than ``contact_days`` ago; how many were.

    A merged case ends with its survivor: as long as that one is worked on, its people may have to be
    reached. Source: Personal Information Protection Law, article 19 (shortest time necessary).
    """
    before = now - timedelta(days=settings().contact_days)
    survivor = aliased(Case)
    due = (
        select(Contact.id)
        .join(Feedback, Feedback.id == Contact.feedback_id)
        .join(Case, Case.feedback_id == Feedback.id)
        .outerjoin(survivor, survivor.id == Case.survivor_id)
        .where(
            Case.status.in_([status.value for status in ENDED]),
            Case.ended_at < before,
            or_(Case.status != CaseStatus.MERGED.value, survivor.ended_at < before),
        )
        .limit(BATCH)
    )
    found = list(db.session.scalars(due))
    if found:
        db.session.execute(delete(Contact).where(Contact.id.in_(found)))
    return len(found)


def forget_traces(now: datetime) -> None:
    """Forget who had a case open and has gone, and query codes that were replaced long ago."""
    db.session.execute(delete(Presence).where(Presence.seen_at < now - PRESENT_FOR))
    long_ago = now - timedelta(days=settings().contact_days)
    db.session.execute(delete(QueryKey).where(QueryKey.replaced_at < long_ago))
