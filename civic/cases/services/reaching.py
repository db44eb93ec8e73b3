"""Reaching the resident, and who looks at a case: contact data, query codes, presence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from civic.cases import policy
from civic.cases.codes import hash_of_code
from civic.cases.models import Case, Contact, Presence, QueryKey, TextRole
from civic.cases.queries.own_data import CONTACT_VIEWED, OWN_DATA_SHOWN
from civic.cases.queries.presence import PRESENT_FOR, Present, present
from civic.cases.rules import CaseAction, CaseFacts, Party, Recognised
from civic.cases.services.applying import State, changing, load_facts, not_found
from civic.core import audit
from civic.core.actor import Actor
from civic.core.crypto import code_from_nonce, decrypt, same
from civic.core.errors import N_, Invalid
from civic.core.extensions import db

WATCHES = (Party.DISPATCHER, Party.LEAD, Party.HANDLER)
"""Capacities in which a contact may be seen; the first that fits is recorded."""


@dataclass(frozen=True, slots=True)
class ContactView:
    """How to reach the resident, in the clear; empty where nothing was given."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


def reveal_contact(actor: Actor, case_id: int, now: datetime) -> ContactView:
    """Decrypt the contact for someone who may see it; each view is an audit row.

    Raises :class:`NotAllowed` for everybody else, co-handlers and a department complained about included.
    """
    facts = _seen(actor, case_id)
    policy.can_see_contact(actor, facts).require()
    capacity = next(p for p in WATCHES if p in policy.parties(actor, facts))
    # As it is now: the resident may ask one day who looked, and people change departments.
    where = {} if capacity is Party.DISPATCHER else {"department_id": facts.department_id}
    audit.record(actor, CONTACT_VIEWED, "case", case_id, now, capacity=capacity.value, **where)
    return _contact_of(case_id)


def show_own_contact(actor: Actor, case_id: int, now: datetime) -> ContactView:
    """The writer's own contact, for the page or file of everything that is kept; each time is an audit row."""
    policy.can_have_own_data(actor, _seen(actor, case_id)).require()
    audit.record(actor, OWN_DATA_SHOWN, "case", case_id, now)
    return _contact_of(case_id)


def _contact_of(case_id: int) -> ContactView:
    contact = db.session.scalar(
        select(Contact).join(Case, Case.feedback_id == Contact.feedback_id).where(Case.id == case_id)
    )
    if contact is None:
        return ContactView()
    return ContactView(
        name=_opened(contact.name),
        phone=_opened(contact.phone),
        email=_opened(contact.email),
        address=_opened(contact.address),
    )


def reissue_code(
    actor: Actor, case_id: int, version: int, nonce: str, how: Recognised, now: datetime, *, reason: str
) -> tuple[State, str]:
    """Give a resident who lost it a new query code, made from the form's ``nonce``; the old one stops working.

    ``how`` the person was recognised is in the event and in the audit trail; raises :class:`Invalid`
    if it was by a contact that isn't there.
    """
    code = code_from_nonce(nonce)
    with changing(actor, case_id, version, now) as work:
        feedback_id = work.case.feedback_id
        if how is Recognised.CONTACT and not _has_contact(feedback_id):
            raise Invalid(N_("There is no contact on file."), code="no_contact", field="how")
        work.apply(CaseAction.REISSUE_CODE, how=how.value, **work.write(TextRole.REISSUE_REASON, reason))
        audit.record(actor, "case.code_reissued", "case", case_id, now, how=how.value)
        current = (QueryKey.feedback_id == feedback_id, QueryKey.replaced_at.is_(None))
        db.session.execute(update(QueryKey).where(*current).values(replaced_at=now))
        db.session.add(QueryKey(feedback_id=feedback_id, code_hash=hash_of_code(code), issued_at=now))
    return work.state, code


def code_again(actor: Actor, case_id: int, nonce: str) -> str | None:
    """The query code made from ``nonce`` if the case has it by now: the second click of two."""
    _seen(actor, case_id)
    code = code_from_nonce(nonce)
    current = db.session.scalar(
        select(QueryKey.code_hash)
        .join(Case, Case.feedback_id == QueryKey.feedback_id)
        .where(Case.id == case_id, QueryKey.replaced_at.is_(None))
    )
    return code if current is not None and same(current, hash_of_code(code)) else None


def note_reading(actor: Actor, case_id: int, now: datetime) -> None:
    """Record that an auditor opened a case from inside, and with it those merged into it, whose words it holds."""
    facts = _seen(actor, case_id)
    if policy.is_recorded(actor, facts):
        for read in (case_id, *facts.absorbed):
            audit.record(actor, "case.read", "case", read, now)


def touch_presence(
    actor: Actor, case_id: int, now: datetime, *, writing: bool = False
) -> tuple[Present, ...]:
    """Note that the actor has the case open; who else has. Who was gone for a while begins anew."""
    _seen(actor, case_id)
    if actor.account_id is None:
        return ()
    make = sqlite_insert if db.engine.dialect.name == "sqlite" else postgresql_insert
    statement = make(Presence).values(
        case_id=case_id, account_id=actor.account_id, since_at=now, seen_at=now, writing=writing
    )
    was_gone = Presence.seen_at <= now - PRESENT_FOR
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["case_id", "account_id"],
            set_={
                "since_at": case((was_gone, now), else_=Presence.since_at),
                "seen_at": statement.excluded.seen_at,
                "writing": statement.excluded.writing,
            },
        )
    )
    return present(case_id, now, but=actor.account_id)


def leave(actor: Actor, case_id: int) -> None:
    """The actor has closed the case's page."""
    db.session.execute(
        delete(Presence).where(Presence.case_id == case_id, Presence.account_id == actor.account_id)
    )


def _seen(actor: Actor, case_id: int) -> CaseFacts:
    facts = load_facts(case_id)
    if facts is None or not policy.can_see(actor, facts):
        raise not_found()
    return facts


def _has_contact(feedback_id: int) -> bool:
    return db.session.scalar(select(Contact.id).where(Contact.feedback_id == feedback_id)) is not None


def _opened(value: bytes | None) -> str:
    return decrypt(value) if value else ""
