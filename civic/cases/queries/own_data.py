"""All that is kept of one message and its writer, for the writer (Personal Information Protection Law, article 45)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from civic.cases.models import Case, Contact, Feedback, QueryKey
from civic.cases.queries.notices import NOTICES_OFF, NOTICES_ON
from civic.cases.queries.photos import PhotoRow, photos_of_case
from civic.cases.queries.reading import Told, public_text, tell
from civic.cases.queries.told_rows import TrackingPage
from civic.cases.queries.tracking import tracked_case
from civic.cases.rules import OPEN, CaseAction, CaseStatus, Channel, SpeaksAs
from civic.core import audit
from civic.core.config import settings
from civic.core.errors import N_, NotFound
from civic.core.extensions import db

CONTACT_VIEWED = "case.contact_viewed"
"""The audit row of each look at a contact: ``capacity`` in which, and of which department."""
OWN_DATA_SHOWN = "case.own_data_shown"
"""The audit row of each time that the writer was shown everything."""
CONTACT_FIELDS = ("name", "phone", "email", "address")


@dataclass(frozen=True, slots=True)
class ToldOfSelf:
    """What the writer told beside the words. ``locale``: the language of the form that was filled in."""

    place: str
    street_id: int | None
    community_id: int | None
    paragraph_excerpt: str
    speaks_as: SpeaksAs | None
    under_14: bool
    about_staff: bool
    channel: Channel
    outside_reference: str
    locale: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What the writer agreed to, when, and until when; ``what``: publication, guardian, email, sms."""

    what: str
    at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class LookAtContact:
    """Who saw the contact: a capacity (``Party``, '' where it wasn't recorded) and a department, never a name."""

    at: datetime
    capacity: str
    department_id: int | None


@dataclass(frozen=True, slots=True)
class OwnData:
    """Everything but the contact itself, which is decrypted only by a service that leaves an audit row.

    ``public_text`` is what everybody reads, '' while the case isn't public. ``contact_until`` is the day on which
    the contact is erased by itself, None while the case runs or there is none.
    """

    case: TrackingPage
    is_open: bool
    told: ToldOfSelf
    public_text: str
    contact_fields: tuple[str, ...]
    contact_until: datetime | None
    consents: tuple[Consent, ...]
    photos: tuple[PhotoRow, ...]
    code_issued_at: datetime | None
    looks: tuple[LookAtContact, ...]


def own_data(case_id: int, now: datetime) -> OwnData:
    """What is kept of a case whose code was checked before; raises :class:`~civic.core.errors.NotFound`."""
    case = db.session.get(Case, case_id)
    if case is None:
        raise NotFound(N_("There is no such case."), code="no_case")
    words = db.session.get_one(Feedback, case.feedback_id)
    fields = _contact_fields(words.id)
    return OwnData(
        case=tracked_case(case_id, now),
        is_open=CaseStatus(case.status) in OPEN,
        told=_told(words),
        public_text=public_text(case, words)[0] if case.visible else "",
        contact_fields=fields,
        contact_until=contact_until(case) if fields else None,
        consents=_consents(case, words),
        photos=photos_of_case(case_id),
        code_issued_at=db.session.scalar(
            select(QueryKey.issued_at).where(QueryKey.feedback_id == words.id, QueryKey.replaced_at.is_(None))
        ),
        looks=_looks(case_id),
    )


def contact_until(case: Case) -> datetime | None:
    """When the contact is erased by itself; None while the case, or the one it was merged into, goes on."""
    ends = [case.ended_at]
    if case.status == CaseStatus.MERGED.value:
        ends.append(db.session.scalar(select(Case.ended_at).where(Case.id == case.survivor_id)))
    known = [moment for moment in ends if moment is not None]
    return max(known) + timedelta(days=settings().contact_days) if len(known) == len(ends) else None


def _contact_fields(feedback_id: int) -> tuple[str, ...]:
    row = db.session.scalar(select(Contact).where(Contact.feedback_id == feedback_id))
    return tuple(name for name in CONTACT_FIELDS if row is not None and getattr(row, name) is not None)


def _told(words: Feedback) -> ToldOfSelf:
    return ToldOfSelf(
        place=words.place,
        street_id=words.street_id,
        community_id=words.community_id,
        paragraph_excerpt=words.paragraph_excerpt,
        speaks_as=SpeaksAs(words.speaks_as) if words.speaks_as else None,
        under_14=words.under_14,
        about_staff=words.about_staff,
        channel=Channel(words.channel),
        outside_reference=words.outside_reference,
        locale=words.locale,
    )


def _consents(case: Case, words: Feedback) -> tuple[Consent, ...]:
    told = tell(case)
    assert told is not None
    ends = (CaseAction.REVOKE_CONSENT.value, CaseAction.ERASE_WORDS.value)
    ended_at = next((event.at for event in told.events if event.action in ends), None)
    found = []
    if words.wants_publication:
        found.append(Consent("publication", words.received_at, ended_at))
    if words.guardian:
        found.append(Consent("guardian", words.received_at, None))
    return (*found, *_consents_to_notices(case, told))


def _consents_to_notices(case: Case, told: Told) -> tuple[Consent, ...]:
    """When the writer wanted to be told by which way, from the record of it; it ends with the contact as well."""
    begun: dict[str, datetime] = {}
    found = []
    for entry in audit.entries_on("case", case.id, (NOTICES_ON, NOTICES_OFF)):
        channel = entry.params["channel"]
        if entry.action == NOTICES_ON:
            begun[channel] = entry.at
        else:
            found.append(Consent(channel, begun.pop(channel), entry.at))
    erasing = (CaseAction.ERASE_CONTACT.value, CaseAction.ERASE_WORDS.value)
    erased_at = next((event.at for event in told.events if event.action in erasing), None)
    if erased_at is None and not _contact_fields(case.feedback_id):
        erased_at = contact_until(case)
    return (*found, *(Consent(channel, at, erased_at) for channel, at in begun.items()))


def _looks(case_id: int) -> tuple[LookAtContact, ...]:
    shown: Iterable[audit.Entry] = audit.entries_on("case", case_id, (CONTACT_VIEWED, OWN_DATA_SHOWN))
    return tuple(
        LookAtContact(
            entry.at,
            "resident" if entry.action == OWN_DATA_SHOWN else entry.params.get("capacity", ""),
            entry.params.get("department_id"),
        )
        for entry in shown
    )
