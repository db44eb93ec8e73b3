"""From a filled-in form to a case: what both the resident's and the staff's form do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from civic.cases import services as cases
from civic.cases.rules import Channel, FeedbackKind, SpeaksAs
from civic.cases.services import NewContact, NewFeedback, Receipt
from civic.core.actor import Actor
from civic.core.db import unit_of_work
from civic.intake import queries, services
from civic.intake.forms import AssistedForm, FeedbackForm
from civic.intake.photos import KeptPhoto
from civic.intake.queries import Subject
from civic.intake.services import Arrival
from civic.intake.tickets import Ticket
from civic.web.locale import chinese_or_english, current_locale, hans_or_hant

EXCERPT = 300


def fill_choices(form: FeedbackForm) -> None:
    """Streets and communities, grouped, as the form's list of places."""
    groups: dict[str, list[tuple[str, str]]] = {"": [("", "—")]}
    for choice in queries.streets():
        street = chinese_or_english(choice.street.name, choice.street.name_hant, choice.street.name_en)
        rows = [(f"s:{choice.street.code}", street)]
        rows += [(f"c:{row.code}", hans_or_hant(row.name, row.name_hant)) for row in choice.communities]
        groups[street] = rows
    form.where.choices = groups


def send(
    actor: Actor,
    form: FeedbackForm,
    subject: Subject,
    photos: Iterable[KeptPhoto],
    ticket: Ticket,
    now: datetime,
    *,
    arrival: Arrival | None = None,
) -> Receipt:
    """Make the case in one transaction; ``arrival`` is what speaks for or against a resident's message.

    Raises :class:`~civic.core.errors.Invalid` at the field to blame and TooMany.
    """
    street_id, community_id = queries.place_of(form.where.data or "")
    assisted = isinstance(form, AssistedForm)
    new = NewFeedback(
        kind=FeedbackKind(form.kind.data),
        text=form.text.data or "",
        nonce=ticket.nonce,
        item_id=subject.item.id if subject.item else None,
        paragraph_anchor=subject.paragraph.anchor if subject.paragraph else "",
        paragraph_excerpt=subject.paragraph.text[:EXCERPT] if subject.paragraph else "",
        street_id=street_id,
        community_id=community_id,
        place=form.place.data or "",
        wants_publication=bool(form.wants_publication.data),
        speaks_as=SpeaksAs(form.speaks_as.data) if form.speaks_as.data else None,
        under_14=bool(form.under_14.data),
        guardian=bool(form.guardian.data),
        about_staff=bool(form.about_staff.data),
        channel=Channel(form.channel.data) if assisted else Channel.WEB,
        outside_reference=(form.outside_reference.data or "") if assisted else "",
        contact=NewContact(
            form.name.data or "", form.phone.data or "", form.email.data or "", tell_by=form.tell_by
        ),
        photos=tuple(photo.file.key for photo in photos),
        locale=current_locale(),
    )
    with unit_of_work():
        if arrival is None:
            return cases.submit_feedback(actor, new, now)
        decision = services.weigh_message(arrival, now)
        receipt = cases.submit_feedback(actor, replace(new, held=decision.because), now)
        if not receipt.repeated:
            services.count_message(arrival.sender, now)
        return receipt
