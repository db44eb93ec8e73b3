"""A resident's word comes in: it becomes a case, is routed at once where that's certain, and gets a receipt."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.cases import policy
from civic.cases.codes import hash_of_code, text_fingerprint
from civic.cases.models import Case, Contact, Feedback, QueryKey
from civic.cases.rules import (
    CaseAction,
    CaseFacts,
    CaseStatus,
    Channel,
    FeedbackKind,
    HeldBecause,
    NoticeChannel,
    SpeaksAs,
    explain,
    start_clock,
)
from civic.cases.rules.vocabulary import LONGEST, SHORTEST
from civic.cases.services.applying import CaseWork, State, changing, checked_text, load_facts, salted_hash
from civic.cases.services.clocking import assignment_clocks
from civic.cases.services.notices import check_reachable, note_consent
from civic.cases.services.photos import keep_photos
from civic.cases.services.surroundings import Routed, find_department, reference_prefix, surroundings
from civic.core import ids
from civic.core.actor import SYSTEM, Actor
from civic.core.crypto import code_from_nonce, encrypt, keyed_hash
from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.core.ids import new_nonce
from civic.core.workdays import Deadline
from civic.departments import queries as departments

_PHONE = re.compile(r"\+?[\d\s\-()（）]{6,24}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class NewContact:
    """How to reach the resident; all of it optional."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    tell_by: frozenset[NoticeChannel] = frozenset()
    """By which ways the resident wants to be told what happens: a consent of its own, never assumed."""

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email or self.address)


@dataclass(frozen=True, slots=True)
class NewFeedback:
    """What a form hands over. With ``held`` the case waits for the dispatcher's eye before anything moves."""

    kind: FeedbackKind
    text: str
    nonce: str
    item_id: int | None = None
    paragraph_anchor: str = ""
    paragraph_excerpt: str = ""
    street_id: int | None = None
    community_id: int | None = None
    place: str = ""
    wants_publication: bool = False
    speaks_as: SpeaksAs | None = None
    under_14: bool = False
    guardian: bool = False
    about_staff: bool = False
    channel: Channel = Channel.WEB
    outside_reference: str = ""
    contact: NewContact | None = None
    photos: tuple[str, ...] = ()
    """Keys of uploaded drafts (see ``civic.files.services.store_draft``)."""
    held: tuple[HeldBecause, ...] = ()
    locale: str = "zh_Hans"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the resident gets. ``repeated``: the same form had been sent before; nothing new was made."""

    case_id: int
    reference: str
    query_code: str
    status: CaseStatus
    department_id: int | None
    due_at: datetime
    deadline: Deadline
    accept_due_at: datetime | None
    repeated: bool = False


def submit_feedback(actor: Actor, new: NewFeedback, now: datetime) -> Receipt:
    """Take in one resident's word. The same nonce always gives the same receipt and makes one case.

    Raises :class:`Invalid` at the field to blame, :class:`NotAllowed` for staff without a desk.
    """
    policy.can_submit(actor).require()
    nonce_hash = keyed_hash(new.nonce, "nonce")
    known = _feedback_of(nonce_hash)
    if known is not None:
        return _receipt_again(known, new.nonce)
    _check(actor, new)
    try:
        with db.session.begin_nested():
            feedback = _keep_feedback(actor, new, nonce_hash, now)
    except IntegrityError:
        # Two clicks at once: the other one has just made the case.
        known = _feedback_of(nonce_hash)
        if known is None:
            raise
        return _receipt_again(known, new.nonce)
    _keep_contact(feedback, new.contact)
    keep_photos(feedback.id, new.photos, now)
    db.session.add(
        QueryKey(feedback_id=feedback.id, code_hash=hash_of_code(code_from_nonce(new.nonce)), issued_at=now)
    )
    work = _open_case(actor, feedback, new, now)
    for channel in sorted(new.contact.tell_by if new.contact else ()):
        note_consent(actor, work.case.id, channel, now, on=True)
    return _receipt(work.case, work.current, new.nonce)


def receipt_of(nonce: str) -> Receipt | None:
    """The receipt of a form that was sent, from its one-time number; None if nothing was sent with it."""
    known = _feedback_of(keyed_hash(nonce, "nonce"))
    return _receipt_again(known, nonce) if known is not None else None


def _check(actor: Actor, new: NewFeedback) -> None:
    text = checked_text(new.text, "text", longest=LONGEST)
    if len(text) < SHORTEST:
        raise Invalid(
            N_("Please write a little more: at least %(shortest)s characters."),
            code="text_too_short",
            field="text",
            shortest=SHORTEST,
        )
    if new.under_14 and not new.guardian:
        raise Invalid(
            N_(
                "For a child under 14, a parent or guardian must agree and send this together with the child."
            ),
            code="guardian_missing",
            field="guardian",
        )
    if actor.is_staff and new.channel is Channel.WEB:
        raise Invalid(N_("Choose how the message came in."), code="channel_missing", field="channel")
    contact = new.contact or NewContact()
    if contact.phone and not _PHONE.fullmatch(contact.phone.strip()):
        raise Invalid(N_("This doesn't look like a telephone number."), code="bad_phone", field="phone")
    if contact.email and not _EMAIL.fullmatch(contact.email.strip()):
        raise Invalid(N_("This doesn't look like an e-mail address."), code="bad_email", field="email")
    check_reachable(contact.tell_by, contact.email, contact.phone)
    for value, field, longest in (
        (new.place, "place", 200),
        (new.outside_reference, "outside_reference", 80),
    ):
        checked_text(value, field, required=False, longest=longest)


def _keep_feedback(actor: Actor, new: NewFeedback, nonce_hash: str, now: datetime) -> Feedback:
    text = checked_text(new.text, "text", longest=LONGEST)
    feedback = Feedback(
        received_at=now,
        kind=new.kind.value,
        item_id=new.item_id,
        paragraph_anchor=new.paragraph_anchor,
        paragraph_excerpt=new.paragraph_excerpt,
        text=text,
        text_salt=secrets.token_hex(16),
        text_hash=text_fingerprint(text),
        street_id=new.street_id,
        community_id=new.community_id,
        place=new.place.strip(),
        wants_publication=new.wants_publication,
        speaks_as=new.speaks_as.value if new.speaks_as else None,
        under_14=new.under_14,
        guardian=new.guardian and new.under_14,
        about_staff=new.about_staff,
        channel=new.channel.value if actor.is_staff else Channel.WEB.value,
        outside_reference=new.outside_reference.strip() if actor.is_staff else "",
        entered_by_id=actor.account_id if actor.is_staff else None,
        nonce_hash=nonce_hash,
        locale=new.locale,
    )
    db.session.add(feedback)
    db.session.flush()
    return feedback


def _keep_contact(feedback: Feedback, contact: NewContact | None) -> None:
    if not contact:
        return
    phone = "".join(character for character in contact.phone if character.isdigit() or character == "+")
    email = contact.email.strip().lower()
    db.session.add(
        Contact(
            feedback_id=feedback.id,
            name=_sealed(contact.name),
            phone=_sealed(contact.phone),
            email=_sealed(contact.email),
            address=_sealed(contact.address),
            phone_hash=keyed_hash(phone, "phone") if phone else None,
            email_hash=keyed_hash(email, "email") if email else None,
            email_nonce=new_nonce() if NoticeChannel.EMAIL in contact.tell_by else None,
            phone_nonce=new_nonce() if NoticeChannel.SMS in contact.tell_by else None,
        )
    )


def _sealed(value: str) -> bytes | None:
    return encrypt(value.strip()) if value.strip() else None


def _open_case(actor: Actor, feedback: Feedback, new: NewFeedback, now: datetime) -> CaseWork:
    around = surroundings(now)
    routed = routing_of(feedback)
    case = Case(
        reference=_free_reference(around.calendar.local_day(now).year),
        feedback_id=feedback.id,
        version=1,
    )
    work = CaseWork(actor, now, case, None, None, around)
    levels = around.levels(routed.department_id)
    work.apply(
        CaseAction.SUBMIT,
        feedback_id=feedback.id,
        hash=salted_hash(feedback.text_salt, feedback.text),
        kind=new.kind.value,
        item_id=new.item_id,
        street_id=new.street_id,
        wants_publication=new.wants_publication,
        about_staff=new.about_staff,
        sealed_department_id=routed.department_id if new.about_staff else None,
        channel=feedback.channel,
        held=[reason.value for reason in new.held] or None,
        clock=start_clock(around.calendar, now, levels.reply_days(new.kind)).as_params(),
        review=start_clock(around.calendar, now, levels.moderate).as_params()
        if new.wants_publication
        else None,
    )
    if not new.held:
        _send_on(work, feedback, routed)
    work.begin()
    return work


def release_held(actor: Actor, case_id: int, version: int, now: datetime) -> State:
    """A held case was looked at and goes the way it would have gone at once."""
    with changing(actor, case_id, version, now) as work:
        feedback = db.session.get_one(Feedback, work.case.feedback_id)
        routed = routing_of(feedback)
        reason = _undecided(feedback, routed)
        work.apply(CaseAction.TRIAGE, reason=reason or {"code": "held"})
        if reason is None:
            _route(work, routed)
    return work.state


def routing_of(feedback: Feedback) -> Routed:
    """Where a new case goes, as the routing table stands now."""
    return find_department(
        feedback.text,
        kind=FeedbackKind(feedback.kind),
        item_id=feedback.item_id,
        street_id=feedback.street_id,
        speaks_as=SpeaksAs(feedback.speaks_as) if feedback.speaks_as else None,
    )


def _undecided(feedback: Feedback, routed: Routed) -> dict[str, Any] | None:
    """Why a person has to choose the department; None where it is certain."""
    if feedback.about_staff:
        return {"code": "about_staff"}
    return routed.reason if routed.department_id is None else None


def _send_on(work: CaseWork, feedback: Feedback, routed: Routed) -> None:
    """A certain department gets the case at once; a complaint about staff goes to the dispatcher."""
    reason = _undecided(feedback, routed)
    if reason is not None:
        work.apply(CaseAction.TRIAGE, by=SYSTEM, reason=reason)
    else:
        _route(work, routed)


def _route(work: CaseWork, routed: Routed) -> None:
    assert routed.department_id is not None
    work.apply(
        CaseAction.ROUTE,
        by=SYSTEM,
        department_id=routed.department_id,
        reason=routed.reason,
        **assignment_clocks(work, routed.department_id),
    )


def _free_reference(year: int) -> str:
    prefix = reference_prefix()
    while True:
        reference = ids.new_reference(prefix, year)
        if db.session.scalar(select(Case.id).where(Case.reference == reference)) is None:
            return reference


def _feedback_of(nonce_hash: str) -> int | None:
    return db.session.scalar(select(Feedback.id).where(Feedback.nonce_hash == nonce_hash))


def _receipt_again(feedback_id: int, nonce: str) -> Receipt:
    """The receipt of a form that was sent before; it shows where the case stands by now."""
    case = db.session.scalars(select(Case).where(Case.feedback_id == feedback_id)).one()
    facts = load_facts(case.id)
    assert facts is not None
    return _receipt(case, facts, nonce, repeated=True)


def _receipt(case: Case, facts: CaseFacts, nonce: str, *, repeated: bool = False) -> Receipt:
    clock = facts.rounds[0].clock
    return Receipt(
        case_id=case.id,
        reference=case.reference,
        query_code=code_from_nonce(nonce),
        status=facts.status,
        department_id=facts.department_id,
        due_at=clock.due_at,
        deadline=explain(departments.calendar(), clock),
        accept_due_at=facts.accept_due_at,
        repeated=repeated,
    )
