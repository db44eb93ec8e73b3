"""What a department does with a case before it answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from civic.cases import policy
from civic.cases.models import InternalNote, TextRole
from civic.cases.rules import CaseAction, NoteAdded
from civic.cases.services.applying import CaseWork, State, changing, checked_text, load_facts, not_found
from civic.cases.services.clocking import check_extension, days_since_assignment, part_due, resumed_clocks
from civic.cases.services.surroundings import check_colleague, check_department
from civic.core import events
from civic.core.actor import Actor
from civic.core.errors import N_, Invalid
from civic.core.extensions import db

LONGEST_PART = 20
"""The most working days within which a supporting department is asked for its part."""


def take_case(actor: Actor, case_id: int, version: int, now: datetime) -> State:
    """The actor has the case from now on; what a colleague has, only a lead takes."""
    with changing(actor, case_id, version, now) as work:
        work.apply(CaseAction.TAKE, assignee_id=actor.account_id, held_by=work.current.assignee_id)
    return work.state


def assign_case(actor: Actor, case_id: int, version: int, account_id: int, now: datetime) -> State:
    """Give the case to a colleague of the same department."""
    with changing(actor, case_id, version, now) as work:
        check_colleague(account_id, work.current.department_id)
        work.apply(CaseAction.ASSIGN, assignee_id=account_id, held_by=work.current.assignee_id)
    return work.state


def hand_back_case(actor: Actor, case_id: int, version: int, now: datetime) -> State:
    """Nobody has the case any more; it's among the department's unassigned ones."""
    with changing(actor, case_id, version, now) as work:
        work.apply(CaseAction.HAND_BACK, held_by=work.current.assignee_id)
    return work.state


def accept_case(actor: Actor, case_id: int, version: int, now: datetime) -> State:
    """The department is in charge; a case that nobody had becomes the actor's."""
    with changing(actor, case_id, version, now) as work:
        work.apply(CaseAction.ACCEPT, accept_days=days_since_assignment(work), assignee_id=actor.account_id)
    return work.state


def return_case(
    actor: Actor,
    case_id: int,
    version: int,
    now: datetime,
    *,
    reason: str,
    suggested_department_id: int | None = None,
) -> State:
    """Object that the case is misrouted: once, within two working days, with a reason and a suggestion.

    The case moves only when the dispatcher agrees; until then its clocks run.
    """
    with changing(actor, case_id, version, now) as work:
        if suggested_department_id is not None:
            check_department(suggested_department_id)
            if suggested_department_id == work.current.department_id:
                raise Invalid(
                    N_("Suggest another department than your own."),
                    code="same_department",
                    field="suggested_department_id",
                )
        text = work.write(TextRole.RETURN_REASON, reason)
        work.apply(CaseAction.RETURN, suggested_department_id=suggested_department_id, **text)
    return work.state


def ask_resident(actor: Actor, case_id: int, version: int, question: str, now: datetime) -> State:
    """Ask the resident something; the reply clock stands still until the answer."""
    with changing(actor, case_id, version, now) as work:
        work.apply(CaseAction.ASK_RESIDENT, **work.write(TextRole.QUESTION, question, field_name="question"))
    return work.state


def resume_case(actor: Actor, case_id: int, version: int, now: datetime) -> State:
    """Go on without the resident's answer; the days of the pause are given back."""
    with changing(actor, case_id, version, now) as work:
        stopped_at = work.current.paused_at
        work.apply(CaseAction.RESUME, **(resumed_clocks(work, stopped_at) if stopped_at else {}))
    return work.state


def request_extension(
    actor: Actor, case_id: int, version: int, days: int, now: datetime, *, reason: str
) -> State:
    """Ask the dispatcher for more working days, once and before the deadline."""
    with changing(actor, case_id, version, now) as work:
        check_extension(work, days)
        work.apply(CaseAction.REQUEST_EXTENSION, days=days, **work.write(TextRole.EXTENSION_REASON, reason))
    return work.state


def invite_departments(
    actor: Actor,
    case_id: int,
    version: int,
    department_ids: Sequence[int],
    now: datetime,
    *,
    message: str = "",
    days: int | None = None,
) -> State:
    """Ask other departments for their parts (会办), within ``days`` working days; they never see the contact.

    Who has given a part can be asked for another one.
    """
    if days is not None and not 1 <= days <= LONGEST_PART:
        raise Invalid(
            N_("A part is asked for within 1 to %(longest)s working days."),
            code="bad_part",
            field="days",
            longest=LONGEST_PART,
        )
    with changing(actor, case_id, version, now) as work:
        due = part_due(work, days) if days is not None else None
        for department_id in department_ids:
            _invite(work, department_id, message, due)
    return work.state


def _invite(work: CaseWork, department_id: int, message: str, due: str | None) -> None:
    check_department(department_id)
    if department_id == work.current.department_id:
        raise Invalid(
            N_("This department is in charge of the case itself."),
            code="same_department",
            field="department_id",
        )
    if department_id in work.current.owing_part:
        raise Invalid(
            N_("This department still owes the part that it was asked for."),
            code="same_department",
            field="department_id",
        )
    text = work.write(TextRole.INVITATION, message, required=False, field_name="message")
    work.apply(CaseAction.INVITE, department_id=department_id, due=due, **text)


def withdraw_invitation(actor: Actor, case_id: int, version: int, department_id: int, now: datetime) -> State:
    """Ask a department no longer for the part that it owes. If it never gave one, it can't read the case from the next
    request on."""
    with changing(actor, case_id, version, now) as work:
        work.require(CaseAction.WITHDRAW_INVITATION)
        if department_id not in work.current.owing_part:
            raise Invalid(
                N_("This department isn't asked any more, or has given its part already."),
                code="no_invitation",
                field="department_id",
            )
        work.apply(CaseAction.WITHDRAW_INVITATION, department_id=department_id)
    return work.state


def contribute_part(actor: Actor, case_id: int, version: int, text: str, now: datetime) -> State:
    """A supporting department gives its part of the answer to the department in charge."""
    with changing(actor, case_id, version, now) as work:
        own = actor.departments()
        # Who works in two of them gives the part that is still owed.
        department_id = next(
            (d for d in (*work.current.owing_part, *work.current.supports) if d in own), None
        )
        work.apply(
            CaseAction.CONTRIBUTE,
            department_id=department_id,
            **work.write(TextRole.CONTRIBUTION, text, field_name="text"),
        )
    return work.state


def add_note(actor: Actor, case_id: int, text: str, now: datetime) -> int:
    """Leave a note for colleagues; no event, no version: it changes nothing about the case."""
    facts = load_facts(case_id)
    if facts is None or not policy.can_see(actor, facts):
        raise not_found()
    policy.can_note(actor, facts).require()
    note = InternalNote(
        case_id=case_id,
        account_id=actor.account_id,
        department_id=next(
            (d for d in (facts.department_id, *facts.supports) if d in actor.departments()), None
        ),
        text=checked_text(text, "text"),
        at=now,
    )
    db.session.add(note)
    db.session.flush()
    events.publish(NoteAdded(case_id))
    return note.id
