"""Who may do what with a case. Buttons, services and tests ask the same functions."""

from __future__ import annotations

from datetime import datetime

from civic.cases.rules import (
    TRANSITIONS,
    Asking,
    AttachedTo,
    CaseAction,
    CaseFacts,
    CaseStatus,
    Mergeable,
    Party,
    merge_refusal,
    refusal,
)
from civic.cases.rules.merging import CANT_GO_ON
from civic.core.actor import Actor, ActorKind, Role
from civic.core.errors import N_
from civic.core.policy import ALLOWED, Decision, refused

WRONG_STATE = N_("This is not possible in the present state of the case.")
WRONG_ROLE = N_("Your role does not allow this.")


def parties(actor: Actor, facts: CaseFacts) -> frozenset[Party]:
    """In which capacities the actor meets this case; nobody's business gives the empty set."""
    if actor.kind is ActorKind.RESIDENT:
        return frozenset({Party.RESIDENT})
    if actor.kind is ActorKind.SYSTEM:
        return frozenset({Party.SYSTEM})
    found: set[Party] = set()
    if actor.has(Role.DISPATCHER):
        found.add(Party.DISPATCHER)
    if actor.has_in(facts.department_id, Role.HANDLER, Role.LEAD):
        found.add(Party.HANDLER)
    if actor.has_in(facts.department_id, Role.LEAD):
        found.add(Party.LEAD)
    if any(actor.has_in(d, Role.HANDLER, Role.LEAD) for d in facts.supports):
        found.add(Party.SUPPORT)
    return frozenset(found)


def can_see(actor: Actor, facts: CaseFacts) -> Decision:
    """Whether the case exists for this actor: another department's doesn't."""
    if parties(actor, facts) or actor.has(Role.AUDITOR):
        return ALLOWED
    return refused(WRONG_ROLE)


def is_recorded(actor: Actor, facts: CaseFacts) -> bool:
    """Whether a look at the case from inside is written down: an auditor's, who has no part in it.

    Of a published case too: inside stand the words that were covered, notes, reasons and drafts.
    """
    return actor.has(Role.AUDITOR) and not parties(actor, facts)


def can_skim(actor: Actor, department_id: int | None, *, is_public: bool) -> bool:
    """Whether lists may show how a case begins: what an auditor reads of a private one has to be opened."""
    if is_public or not actor.has(Role.AUDITOR):
        return True
    return actor.has(Role.DISPATCHER) or actor.has_in(department_id, Role.HANDLER, Role.LEAD)


def can(actor: Actor, action: CaseAction, facts: CaseFacts, now: datetime) -> Decision:
    """Whether the actor may do ``action`` with this case now, and if not, why."""
    transition = TRANSITIONS.get((facts.status, action))
    if transition is None:
        return refused(WRONG_STATE)
    capacities = parties(actor, facts)
    if not capacities & transition.by:
        return refused(WRONG_ROLE)
    reason = refusal(facts, action, Asking(now, capacities & transition.by, actor.account_id))
    return refused(reason) if reason else ALLOWED


def allowed_actions(actor: Actor, facts: CaseFacts, now: datetime) -> tuple[CaseAction, ...]:
    """Everything the actor may do with the case now, in the order of the vocabulary."""
    return tuple(action for action in CaseAction if can(actor, action, facts, now))


def refused_actions(actor: Actor, facts: CaseFacts, now: datetime) -> dict[CaseAction, str]:
    """What status and role allow and yet something stands against: {action: the reason}."""
    refused = {}
    capacities = parties(actor, facts)
    for action in CaseAction:
        transition = TRANSITIONS.get((facts.status, action))
        if transition is not None and capacities & transition.by:
            reason = can(actor, action, facts, now).reason
            if reason:
                refused[action] = reason
    return refused


def can_merge(actor: Actor, case: Mergeable, survivor: Mergeable) -> Decision:
    """Whether the actor may merge the one case into the other as both stand, and if not, why."""
    reason = merge_refusal(case, survivor)
    if reason:
        return refused(reason)
    if not _merges(actor, case, CaseAction.MERGE):
        return refused(WRONG_ROLE)
    return ALLOWED if _merges(actor, survivor, CaseAction.ABSORB) else refused(CANT_GO_ON)


def _merges(actor: Actor, one: Mergeable, action: CaseAction) -> bool:
    by = TRANSITIONS[one.status, action].by
    dispatches = Party.DISPATCHER in by and actor.has(Role.DISPATCHER)
    return dispatches or (Party.LEAD in by and actor.has_in(one.department_id, Role.LEAD))


def can_submit(actor: Actor) -> Decision:
    """Residents write for themselves; staff of a department or the dispatcher enter what a caller says."""
    if actor.kind is ActorKind.RESIDENT or actor.has(Role.DISPATCHER, Role.HANDLER, Role.LEAD):
        return ALLOWED
    return refused(WRONG_ROLE)


def can_note(actor: Actor, facts: CaseFacts) -> Decision:
    """Internal notes: whoever works on the case."""
    if parties(actor, facts) & {Party.DISPATCHER, Party.HANDLER, Party.LEAD, Party.SUPPORT}:
        return ALLOWED
    return refused(WRONG_ROLE)


def can_attach(actor: Actor, attached_to: AttachedTo, facts: CaseFacts, now: datetime) -> Decision:
    """Files for colleagues: whoever may leave a note. For the answer: whoever may draft or correct it now."""
    if attached_to is AttachedTo.NOTE:
        return can_note(actor, facts)
    if facts.approver_id is not None and facts.status is not CaseStatus.REPLIED:
        return refused(N_("The reply is approved as it is. Change its draft first, then the files."))
    drafting = can(actor, CaseAction.DRAFT_REPLY, facts, now)
    return drafting if drafting else can(actor, CaseAction.DRAFT_CORRECTION, facts, now)


def can_remove_attachment(
    actor: Actor, attached_to: AttachedTo, account_id: int, facts: CaseFacts, now: datetime, *, is_out: bool
) -> Decision:
    """What has gone out: the department's lead or the dispatcher. Before: who may put one there, or did it."""
    if is_out:
        return ALLOWED if parties(actor, facts) & {Party.LEAD, Party.DISPATCHER} else refused(WRONG_ROLE)
    if attached_to is AttachedTo.REPLY:
        return can_attach(actor, attached_to, facts, now)
    return ALLOWED if account_id == actor.account_id else refused(N_("Only who put it there may remove it."))


def can_decide_photo(actor: Actor, facts: CaseFacts) -> Decision:
    """Photos are looked at by whoever looks at the words before publication, and only with the writer's consent."""
    if Party.DISPATCHER not in parties(actor, facts):
        return refused(WRONG_ROLE)
    if not facts.wants_publication:
        return refused(N_("The resident did not agree to publication."))
    return ALLOWED


def can_see_contact(actor: Actor, facts: CaseFacts) -> Decision:
    """Contact data: the dispatcher, and the holding department unless the case is about it.

    Supporting departments, auditors and deputies never see it.
    """
    capacities = parties(actor, facts)
    if Party.DISPATCHER in capacities:
        return ALLOWED
    if Party.HANDLER not in capacities:
        return refused(WRONG_ROLE)
    if is_sealed(facts):
        return refused(N_("This case is about the department or its staff: the contact is sealed from it."))
    return ALLOWED


def can_have_own_data(actor: Actor, facts: CaseFacts) -> Decision:
    """Everything that is kept, contact included, is handed out to the writer alone, who has the query code."""
    return ALLOWED if Party.RESIDENT in parties(actor, facts) else refused(WRONG_ROLE)


def is_sealed(facts: CaseFacts) -> bool:
    """Whether the contact is sealed from the department that holds the case.

    Where it isn't known which department a complaint is about, it is sealed from whichever holds it.
    """
    return facts.about_staff and facts.sealed_department_id in (None, facts.department_id)


def queue_scope(actor: Actor) -> frozenset[int] | None:
    """The departments whose cases the actor sees in queues; None means all, the empty set none."""
    if actor.has(Role.DISPATCHER, Role.AUDITOR):
        return None
    return actor.departments(Role.HANDLER, Role.LEAD)
