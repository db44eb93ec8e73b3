"""What the table can't say by status alone: once only, within two days, not without consent.

:func:`refusal` answers with the sentence for the person, or None if nothing stands against it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from civic.cases.rules.answering import MAX_REOPENINGS
from civic.cases.rules.facts import CaseFacts
from civic.cases.rules.vocabulary import (
    ANSWERED,
    VISIBLE,
    CaseAction,
    CaseStatus,
    ExtensionState,
    Party,
    Publication,
    RatingLevel,
)
from civic.core.errors import N_


@dataclass(frozen=True, slots=True)
class Asking:
    """Who wants to do something, when, and in which capacities."""

    now: datetime
    parties: frozenset[Party]
    account_id: int | None = None


AFTER_ERASURE = frozenset(
    {
        CaseAction.ERASE_CONTACT,
        CaseAction.REISSUE_CODE,
        CaseAction.DRAFT_CORRECTION,
        CaseAction.SEND_BACK,
        CaseAction.CORRECT_REPLY,
        CaseAction.CONCEAL_REPLY,
        CaseAction.RELEASE,
        CaseAction.CLOSE,
        CaseAction.FOLLOW,
    }
)
"""What can still happen once the words are gone: nothing that asks for them, opens the case or shows it."""

HOLDS_OTHERS = N_(
    "Other cases are merged into this one. Merge the other case into this one instead, or have the dispatcher "
    "take them out first."
)

Guard = Callable[[CaseFacts, Asking], str | None]


def refusal(facts: CaseFacts, action: CaseAction, asking: Asking) -> str | None:
    """Why ``action`` isn't possible in these facts (a msgid), None if it is."""
    if facts.erased_at is not None and action not in AFTER_ERASURE:
        return N_("The words of this case were erased at the resident's request: it stays as it is.")
    guard = _GUARDS.get(action)
    return guard(facts, asking) if guard else None


def _publish(facts: CaseFacts, asking: Asking) -> str | None:
    if not facts.wants_publication:
        return N_("The resident has not agreed to publication.")
    if facts.publication in VISIBLE:
        return N_("The case is public already.")
    return None


def _keep_private(facts: CaseFacts, asking: Asking) -> str | None:
    return None if facts.publication is Publication.PENDING else N_("Publication is decided already.")


def _visible(facts: CaseFacts, asking: Asking) -> str | None:
    return None if facts.publication in VISIBLE else N_("The case isn't public.")


def _revoke_consent(facts: CaseFacts, asking: Asking) -> str | None:
    return None if facts.wants_publication else N_("There is no consent to publication.")


def _decline(facts: CaseFacts, asking: Asking) -> str | None:
    if facts.reopenings or any(entry.replied_at for entry in facts.rounds):
        return N_("A case that was answered can't be declined any more.")
    if facts.appealed:
        return N_("The resident has appealed already: this case must be answered.")
    return None


def _appeal(facts: CaseFacts, asking: Asking) -> str | None:
    if facts.appealed:
        return N_("An appeal is possible once.")
    if facts.appeal_until is not None and asking.now > facts.appeal_until:
        return N_("The time to object has passed. You can always send a new message.")
    return None


_MOVERS = frozenset({Party.LEAD, Party.SYSTEM})
"""Who moves a case that a colleague has."""


def _take(facts: CaseFacts, asking: Asking) -> str | None:
    if facts.assignee_id == asking.account_id:
        return N_("You have this case already.")
    if facts.assignee_id is None or asking.parties & _MOVERS:
        return None
    return N_(
        "A colleague has this case; only the lead can move it. Ask the lead for it, or your colleague to hand it "
        "back. You can work on it without having it."
    )


def _withdraw_invitation(facts: CaseFacts, asking: Asking) -> str | None:
    return None if facts.owing_part else N_("No supporting department still owes its part.")


def _hand_back(facts: CaseFacts, asking: Asking) -> str | None:
    if facts.assignee_id is None:
        return N_("Nobody has taken this case.")
    if facts.assignee_id == asking.account_id or asking.parties & _MOVERS:
        return None
    return N_("A colleague has this case.")


def _assign(facts: CaseFacts, asking: Asking) -> str | None:
    if facts.assignee_id in (None, asking.account_id) or asking.parties & _MOVERS:
        return None
    return N_("A colleague has this case; only the lead can move it.")


def _return(facts: CaseFacts, asking: Asking) -> str | None:
    stint = facts.stint
    if stint is None or facts.return_pending:
        return N_("The return is waiting for the dispatcher already.")
    if stint.designated:
        return N_("The dispatcher has designated your department: this case can't be returned.")
    if stint.department_id in facts.returned_by:
        return N_("Your department has returned this case once already.")
    if stint.return_by is None or asking.now > stint.return_by:
        return N_("The time to return this case as misrouted has passed.")
    return None


def _accept(facts: CaseFacts, asking: Asking) -> str | None:
    # Whoever accepts would undo a colleague's return without a word, and it is possible once only.
    if facts.return_pending:
        return N_("The return is waiting for the dispatcher, who decides which department answers.")
    return None


def _ask_resident(facts: CaseFacts, asking: Asking) -> str | None:
    # While the resident is asked the dispatcher could not decide on it.
    if facts.return_pending:
        return N_("The return is waiting for the dispatcher: until then the resident can't be asked.")
    return None


def _designate(facts: CaseFacts, asking: Asking) -> str | None:
    if facts.status is CaseStatus.TRIAGE or facts.return_pending:
        return None
    return N_("There is no return to decide on.")


def _clock_has_run_out(facts: CaseFacts, asking: Asking) -> bool:
    return facts.clock_runs and asking.now > facts.round.clock.due_at


def _request_extension(facts: CaseFacts, asking: Asking) -> str | None:
    if facts.extension is not ExtensionState.NONE:
        return N_("An extension can be asked for once.")
    if _clock_has_run_out(facts, asking):
        return N_("The deadline has passed: it can't be extended any more.")
    return None


def _approve_extension(facts: CaseFacts, asking: Asking) -> str | None:
    if facts.extension is not ExtensionState.REQUESTED:
        return N_("No extension has been asked for.")
    if _clock_has_run_out(facts, asking):
        return N_("The deadline has passed: it can't be extended any more.")
    return None


def _refuse_extension(facts: CaseFacts, asking: Asking) -> str | None:
    requested = facts.extension is ExtensionState.REQUESTED
    return None if requested else N_("No extension has been asked for.")


def _escalate(facts: CaseFacts, asking: Asking) -> str | None:
    return N_("The case is listed for supervision already.") if facts.escalated_at else None


def _merge(facts: CaseFacts, asking: Asking) -> str | None:
    return HOLDS_OTHERS if facts.absorbed else None


def _needs_draft(facts: CaseFacts, asking: Asking) -> str | None:
    return None if facts.draft_id else N_("There is no draft of a reply yet.")


def _send_back(facts: CaseFacts, asking: Asking) -> str | None:
    if facts.status in ANSWERED and not facts.correction_waits:
        return N_("No correction waits for your approval.")
    return None


def _approve(facts: CaseFacts, asking: Asking) -> str | None:
    if facts.approver_id is not None:
        return N_("The reply is approved already.")
    return _needs_draft(facts, asking)


def _publish_reply(facts: CaseFacts, asking: Asking) -> str | None:
    if facts.approver_id is None and Party.LEAD not in asking.parties:
        return N_("The lead of the department has not approved the reply yet.")
    return _needs_draft(facts, asking)


def _rate(facts: CaseFacts, asking: Asking) -> str | None:
    return N_("You have rated this answer already.") if facts.round.rating else None


def _reopen(facts: CaseFacts, asking: Asking) -> str | None:
    if facts.round.rating not in (None, RatingLevel.DISSATISFIED):
        return N_("You have rated this answer as satisfactory.")
    if facts.reopenings > MAX_REOPENINGS:
        return N_("This case can't be reopened again. You can turn to the supervision of the district.")
    return None


def _close(facts: CaseFacts, asking: Asking) -> str | None:
    last = facts.round
    if Party.RESIDENT in asking.parties:
        satisfied = last.rating in (RatingLevel.SATISFIED, RatingLevel.BASICALLY_SATISFIED)
        return None if satisfied else N_("The answer has not been rated yet.")
    if last.close_at is None or asking.now < last.close_at:
        return N_("The resident can still object.")
    return None


def _became_overdue(facts: CaseFacts, asking: Asking) -> str | None:
    if not _clock_has_run_out(facts, asking) or facts.overdue_noted_for == facts.round.clock.due_at:
        return N_("The case hasn't just become overdue.")
    return None


_GUARDS: dict[CaseAction, Guard] = {
    CaseAction.PUBLISH: _publish,
    CaseAction.PUBLISH_MASKED: _publish,
    CaseAction.KEEP_PRIVATE: _keep_private,
    CaseAction.UNPUBLISH: _visible,
    CaseAction.REMASK: _visible,
    CaseAction.REVOKE_CONSENT: _revoke_consent,
    CaseAction.DECLINE: _decline,
    CaseAction.APPEAL: _appeal,
    CaseAction.TAKE: _take,
    CaseAction.HAND_BACK: _hand_back,
    CaseAction.ASSIGN: _assign,
    CaseAction.WITHDRAW_INVITATION: _withdraw_invitation,
    CaseAction.ACCEPT: _accept,
    CaseAction.RETURN: _return,
    CaseAction.ASK_RESIDENT: _ask_resident,
    CaseAction.DESIGNATE: _designate,
    CaseAction.REQUEST_EXTENSION: _request_extension,
    CaseAction.APPROVE_EXTENSION: _approve_extension,
    CaseAction.REFUSE_EXTENSION: _refuse_extension,
    CaseAction.ESCALATE: _escalate,
    CaseAction.MERGE: _merge,
    CaseAction.SEND_FOR_APPROVAL: _needs_draft,
    CaseAction.SEND_BACK: _send_back,
    CaseAction.APPROVE_REPLY: _approve,
    CaseAction.PUBLISH_REPLY: _publish_reply,
    CaseAction.RATE: _rate,
    CaseAction.REOPEN: _reopen,
    CaseAction.CLOSE: _close,
    CaseAction.BECAME_OVERDUE: _became_overdue,
}
