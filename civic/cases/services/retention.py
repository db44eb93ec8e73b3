"""What goes by itself: contacts and unseen photos some time after a case has ended, and traces that serve nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import aliased

from civic.cases.models import (
    Case,
    CaseAttachment,
    CasePhoto,
    Contact,
    Presence,
    QueryKey,
    Reply,
    ReplyRevision,
)
from civic.cases.queries.presence import PRESENT_FOR
from civic.cases.rules import ENDED, CaseStatus, RevisionsErased
from civic.cases.services.attaching import erase_unsent
from civic.cases.services.photos import erase_originals
from civic.core import events
from civic.core.config import settings
from civic.core.extensions import db

BATCH = 500
"""Contacts per run, and messages with photos: the next run goes on where this one stopped."""


def erase_contacts(now: datetime) -> int:
    """Erase contacts whose case ended more than ``contact_days`` ago; how many were.

    A merged case ends with its survivor: as long as that one is worked on, its people may have to be
    reached. Source: Personal Information Protection Law, article 19 (shortest time necessary).
    """
    due = select(Contact.id).join(Case, Case.feedback_id == Contact.feedback_id)
    found = list(db.session.scalars(_long_ended(due, now).limit(BATCH)))
    if found:
        db.session.execute(delete(Contact).where(Contact.id.in_(found)))
    return len(found)


def forget_traces(now: datetime) -> None:
    """Forget who had a case open and has gone, and query codes that were replaced long ago."""
    db.session.execute(delete(Presence).where(Presence.seen_at < now - PRESENT_FOR))
    long_ago = now - timedelta(days=settings().contact_days)
    db.session.execute(delete(QueryKey).where(QueryKey.replaced_at < long_ago))


def erase_revisions(now: datetime) -> int:
    """Erase the versions of drafts of cases that ended so long ago; of how many replies. The replies stay."""
    due = (
        select(ReplyRevision.reply_id)
        .distinct()
        .join(Reply, Reply.id == ReplyRevision.reply_id)
        .join(Case, Case.id == Reply.case_id)
    )
    found = list(db.session.scalars(_long_ended(due, now).limit(BATCH)))
    if found:
        db.session.execute(delete(ReplyRevision).where(ReplyRevision.reply_id.in_(found)))
        events.publish(RevisionsErased(tuple(found)))
    return len(found)


def erase_unsent_files(now: datetime) -> int:
    """Erase, by then as well, files that never went out with an answer; how many."""
    due = select(CaseAttachment.case_id).distinct().join(Case, Case.id == CaseAttachment.case_id)
    found = db.session.scalars(_long_ended(due, now).where(CaseAttachment.reply_id.is_(None)).limit(BATCH))
    return erase_unsent(list(found))


def erase_unseen_photos(now: datetime) -> int:
    """Erase, by then as well, what the public doesn't see of photos; of how many messages."""
    original = CasePhoto.file_key.is_not(None) & or_(
        CasePhoto.shown_key.is_(None), CasePhoto.shown_key != CasePhoto.file_key
    )
    taken_down = Case.visible.is_(False) & or_(
        CasePhoto.file_key.is_not(None), CasePhoto.shown_key.is_not(None)
    )
    due = select(CasePhoto.feedback_id).distinct().join(Case, Case.feedback_id == CasePhoto.feedback_id)
    found = list(db.session.scalars(_long_ended(due, now).where(or_(original, taken_down)).limit(BATCH)))
    if found:
        erase_originals(found)
    return len(found)


def _long_ended(query: Select[Any], now: datetime) -> Select[Any]:
    """Of cases that ended more than ``contact_days`` ago, merged ones with their survivor."""
    before = now - timedelta(days=settings().contact_days)
    survivor = aliased(Case)
    return query.outerjoin(survivor, survivor.id == Case.survivor_id).where(
        Case.status.in_([status.value for status in ENDED]),
        Case.ended_at < before,
        or_(Case.status != CaseStatus.MERGED.value, survivor.ended_at < before),
    )
