"""Being told what happens: the resident's own switch for each way, and the link that switches off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from civic.cases.models import Case, Contact
from civic.cases.queries.notices import NOTICES_OFF, NOTICES_ON
from civic.cases.rules import NoticeChannel
from civic.core import audit
from civic.core.actor import Actor
from civic.core.addresses import read_email, read_mobile
from civic.core.crypto import decrypt
from civic.core.errors import N_, Invalid, NotFound
from civic.core.extensions import db
from civic.core.ids import new_nonce


def check_reachable(channels: Collection[NoticeChannel], email: str, phone: str) -> None:
    """Raise :class:`Invalid` at the field if messages by one of these ways could not arrive."""
    if NoticeChannel.EMAIL in channels and read_email(email) is None:
        raise Invalid(
            N_("To be told by e-mail, enter an e-mail address. It looks like name@example.com."),
            code="no_email",
            field="email",
        )
    if NoticeChannel.SMS in channels and read_mobile(phone) is None:
        raise Invalid(
            N_("To be told by text message, enter a mobile number. It has 11 digits and begins with 1."),
            code="no_mobile",
            field="phone",
        )


def switch_notices(actor: Actor, case_id: int, channel: NoticeChannel, now: datetime, *, on: bool) -> None:
    """The resident wants to be told by this way, or no longer; doing it twice changes nothing.

    Raises :class:`NotFound` once no contact is left, :class:`Invalid` if nothing can arrive there.
    """
    contact = db.session.scalar(
        select(Contact).join(Case, Case.feedback_id == Contact.feedback_id).where(Case.id == case_id)
    )
    if contact is None:
        raise NotFound(N_("How to reach you isn't kept any more."), code="no_contact")
    if on:
        check_reachable({channel}, _opened(contact.email), _opened(contact.phone))
    _switch(actor, contact, case_id, channel, now, on=on)


def end_notices(actor: Actor, contact_id: int, nonce: str, channel: NoticeChannel, now: datetime) -> None:
    """What the link in a message does; nothing happens if it has been switched off or erased since."""
    found = db.session.execute(
        select(Contact, Case.id)
        .join(Case, Case.feedback_id == Contact.feedback_id)
        .where(Contact.id == contact_id)
    ).one_or_none()
    if found is not None and nonce_of(found.Contact, channel) == nonce:
        _switch(actor, found.Contact, found.id, channel, now, on=False)


def note_consent(actor: Actor, case_id: int, channel: NoticeChannel, now: datetime, *, on: bool) -> None:
    """A consent and its end are on record (Personal Information Protection Law, articles 14 and 15)."""
    audit.record(actor, NOTICES_ON if on else NOTICES_OFF, "case", case_id, now, channel=channel.value)


def nonce_of(contact: Contact, channel: NoticeChannel) -> str | None:
    """What the links by this way carry; None while it's switched off."""
    return contact.email_nonce if channel is NoticeChannel.EMAIL else contact.phone_nonce


def _switch(
    actor: Actor, contact: Contact, case_id: int, channel: NoticeChannel, now: datetime, *, on: bool
) -> None:
    if (nonce_of(contact, channel) is not None) == on:
        return
    nonce = new_nonce() if on else None
    if channel is NoticeChannel.EMAIL:
        contact.email_nonce = nonce
    else:
        contact.phone_nonce = nonce
    note_consent(actor, case_id, channel, now, on=on)


def _opened(value: bytes | None) -> str:
    return decrypt(value) if value else ""
