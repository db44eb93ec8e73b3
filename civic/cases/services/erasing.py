"""Erasing at the resident's own request. What happened to the case stays; what they told us doesn't."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from civic.cases.models import (
    FROM_RESIDENT,
    CaseText,
    Contact,
    Feedback,
    QueryKey,
    Rating,
    Reply,
    ReplyRevision,
)
from civic.cases.rules import CaseAction, RevisionsErased
from civic.cases.services.applying import State, changing
from civic.cases.services.attaching import erase_unsent
from civic.cases.services.clocking import held_days
from civic.cases.services.dispatching import release_absorbed
from civic.cases.services.photos import erase_photos
from civic.core import audit, events
from civic.core.actor import Actor
from civic.core.errors import N_, NotAllowed
from civic.core.extensions import db

NOTHING_LEFT = {
    "text": "",
    "text_hant": "",
    "text_salt": "",
    "text_hash": "",
    "community_id": None,
    "place": "",
    "speaks_as": None,
    "under_14": False,
    "guardian": False,
    "outside_reference": "",
}
"""The words and what else tells of the person. Without the salt no event's hash can be matched to a guessed text."""


def erase_contact(actor: Actor, case_id: int, version: int, now: datetime) -> State:
    """Erase name, telephone, e-mail and address; the case goes on. Raises NotAllowed if there is nothing to erase."""
    with changing(actor, case_id, version, now) as work:
        work.apply(CaseAction.ERASE_CONTACT)
        if not _forget_contact(work.case.feedback_id):
            raise NotAllowed(N_("No contact is kept with this case."), code="no_contact")
        audit.record(actor, "case.contact_erased", "case", case_id, now)
    return work.state


def erase_words(actor: Actor, case_id: int, version: int, now: datetime) -> State:
    """Erase words, photos and contact; an open case is withdrawn with it. It can't be undone.

    Source: Personal Information Protection Law, article 47. Rows, events and counters of the case stay, so
    that figures can be made anew; cases merged into an open one go on alone. The current query key
    stays too: with it the person can see that it was done.
    """
    with changing(actor, case_id, version, now) as work:
        if work.current.is_open:
            release_absorbed(work)
            work.apply(CaseAction.WITHDRAW, held_days=held_days(work))
        work.apply(CaseAction.ERASE_WORDS)
        _forget_contact(work.case.feedback_id)
        _forget_texts(case_id)
        _forget_revisions(case_id)
        erase_unsent([case_id])
        erase_photos(work.case.feedback_id)
        _forget_words(work.case.feedback_id, now)
        audit.record(actor, "case.words_erased", "case", case_id, now)
    return work.state


def _forget_contact(feedback_id: int) -> bool:
    gone = delete(Contact).where(Contact.feedback_id == feedback_id).returning(Contact.id)
    return db.session.scalar(gone) is not None


def _forget_texts(case_id: int) -> None:
    own = (CaseText.case_id == case_id, CaseText.role.in_([role.value for role in FROM_RESIDENT]))
    said = select(CaseText.id).where(*own)
    db.session.execute(update(Rating).where(Rating.text_id.in_(said)).values(text_id=None))
    db.session.execute(delete(CaseText).where(*own))


def _forget_revisions(case_id: int) -> None:
    """What was struck out of a draft may have quoted the words."""
    replies = tuple(db.session.scalars(select(Reply.id).where(Reply.case_id == case_id)))
    db.session.execute(delete(ReplyRevision).where(ReplyRevision.reply_id.in_(replies)))
    events.publish(RevisionsErased(replies))


def _forget_words(feedback_id: int, now: datetime) -> None:
    db.session.execute(
        update(Feedback).where(Feedback.id == feedback_id).values(**NOTHING_LEFT, erased_at=now)
    )
    former = (QueryKey.feedback_id == feedback_id, QueryKey.replaced_at.is_not(None))
    db.session.execute(delete(QueryKey).where(*former))
