"""Who wants to be told what happens to a case, and where to; read by the worker and by the resident's own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from civic.cases.models import Case, Contact, Feedback
from civic.cases.rules import CaseStatus, NoticeChannel
from civic.core.addresses import mask_email, mask_phone, read_email, read_mobile
from civic.core.crypto import decrypt
from civic.core.extensions import db

NOTICES_ON, NOTICES_OFF = "case.notices_on", "case.notices_off"
"""The audit rows of a wish to be told and of its end; ``channel`` says by which way."""


@dataclass(frozen=True, slots=True)
class NoticeSwitch:
    """One way of being told, as its owner sees it: the address masked, and whether it's on."""

    channel: NoticeChannel
    address: str
    is_on: bool
    possible: bool
    """Messages can arrive there: not so for a fixed line."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One resident who wants to be told by one way; ``case_id`` is the own case, also if it was merged into another."""

    case_id: int
    channel: NoticeChannel


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a message goes, in clear, for the moment of sending; ``address`` is '' if nothing arrives there."""

    contact_id: int
    nonce: str
    address: str
    locale: str
    others_lately: int
    """Messages of the last 24 hours, beside this one, that named the same address."""
    close_at: datetime | None
    """When the case closes by itself, once it's answered."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """What a link in a message names: the case, and the address it went to, masked. ``nonce`` None: switched off."""

    contact_id: int
    case_id: int
    reference: str
    nonce: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Closing:
    """An answered case that closes by itself soon, and by which ways its writer is told."""

    case_id: int
    close_at: datetime
    channels: tuple[NoticeChannel, ...]


def notice_switches(case_id: int) -> tuple[NoticeSwitch, ...]:
    """The ways by which the writer of a case can be told; empty once no contact is left."""
    contact = db.session.scalar(
        select(Contact).join(Case, Case.feedback_id == Contact.feedback_id).where(Case.id == case_id)
    )
    if contact is None:
        return ()
    found = []
    if contact.email is not None:
        email = decrypt(contact.email)
        found.append(
            NoticeSwitch(
                NoticeChannel.EMAIL,
                mask_email(email),
                contact.email_nonce is not None,
                bool(read_email(email)),
            )
        )
    if contact.phone is not None:
        phone = decrypt(contact.phone)
        found.append(
            NoticeSwitch(
                NoticeChannel.SMS,
                mask_phone(phone),
                contact.phone_nonce is not None,
                bool(read_mobile(phone)),
            )
        )
    return tuple(found)


def wishes_of(case_id: int, *, merged_too: bool) -> tuple[Wish, ...]:
    """Who is told what happens to a case: its writer, and on request those whose cases were merged into it."""
    own = Case.id == case_id
    rows = db.session.execute(
        select(Case.id, Contact.email_nonce, Contact.phone_nonce)
        .join(Contact, Contact.feedback_id == Case.feedback_id)
        .where(
            or_(own, Case.survivor_id == case_id) if merged_too else own,
            or_(Contact.email_nonce.is_not(None), Contact.phone_nonce.is_not(None)),
        )
        .order_by(Case.id)
    )
    return tuple(
        Wish(row.id, channel) for row in rows for channel in _channels(row.email_nonce, row.phone_nonce)
    )


def recipient(case_id: int, channel: NoticeChannel, now: datetime) -> Recipient | None:
    """Where a message to the writer of a case goes; None if it was switched off or erased."""
    row = db.session.execute(
        select(Contact, Feedback.locale, Case.close_at)
        .join(Feedback, Feedback.id == Contact.feedback_id)
        .join(Case, Case.feedback_id == Feedback.id)
        .where(Case.id == case_id)
    ).one_or_none()
    if row is None:
        return None
    contact: Contact = row.Contact
    if channel is NoticeChannel.EMAIL:
        nonce, sealed, read, same = contact.email_nonce, contact.email, read_email, Contact.email_hash
        hashed = contact.email_hash
    else:
        nonce, sealed, read, same = contact.phone_nonce, contact.phone, read_mobile, Contact.phone_hash
        hashed = contact.phone_hash
    if nonce is None or sealed is None:
        return None
    others = select(func.count()).select_from(Contact).join(Feedback, Feedback.id == Contact.feedback_id)
    lately = others.where(
        same == hashed, Contact.id < contact.id, Feedback.received_at > now - timedelta(days=1)
    )
    return Recipient(
        contact.id,
        nonce,
        read(decrypt(sealed)) or "",
        row.locale,
        db.session.scalar(lately) or 0,
        row.close_at,
    )


def addressed(contact_id: int, channel: NoticeChannel) -> Addressed | None:
    """What a link with this contact in it names; None once it was erased. The nonce is still to be compared."""
    row = db.session.execute(
        select(Contact, Case.id, Case.reference)
        .join(Case, Case.feedback_id == Contact.feedback_id)
        .where(Contact.id == contact_id)
    ).one_or_none()
    if row is None:
        return None
    contact: Contact = row.Contact
    if channel is NoticeChannel.EMAIL:
        nonce, shown = contact.email_nonce, mask_email(decrypt(contact.email)) if contact.email else ""
    else:
        nonce, shown = contact.phone_nonce, mask_phone(decrypt(contact.phone)) if contact.phone else ""
    return Addressed(contact_id, row.id, row.reference, nonce, shown)


def closing_soon(now: datetime, within: timedelta, answered_before: datetime) -> tuple[Closing, ...]:
    """Answered cases that close by themselves within a time, whose writers want to be told."""
    rows = db.session.execute(
        select(Case.id, Case.close_at, Contact.email_nonce, Contact.phone_nonce)
        .join(Contact, Contact.feedback_id == Case.feedback_id)
        .where(
            Case.status == CaseStatus.REPLIED.value,
            Case.close_at > now,
            Case.close_at <= now + within,
            Case.replied_at <= answered_before,
            or_(Contact.email_nonce.is_not(None), Contact.phone_nonce.is_not(None)),
        )
        .order_by(Case.close_at, Case.id)
    )
    return tuple(
        Closing(row.id, row.close_at, _channels(row.email_nonce, row.phone_nonce))
        for row in rows
        if row.close_at is not None
    )


def _channels(email_nonce: str | None, phone_nonce: str | None) -> tuple[NoticeChannel, ...]:
    on = ((NoticeChannel.EMAIL, email_nonce), (NoticeChannel.SMS, phone_nonce))
    return tuple(channel for channel, nonce in on if nonce is not None)
