"""The way a case went, told to its writer: one natural sentence per step, with who did it and the day that follows.

What concerns only the staff isn't told (:data:`~civic.cases.rules.wording.ACTION_TEXTS` has no public words for it).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from civic.cases.rules.refusing import PRIVATE_SENTENCES, PrivateBecause
from civic.cases.rules.sentences import Sentence
from civic.cases.rules.vocabulary import CaseAction
from civic.cases.rules.wording import ACTION_TEXTS
from civic.core.errors import N_

A = CaseAction

NAMED: Mapping[CaseAction, str] = {
    A.ROUTE: N_("Your message was passed to %(department)s."),
    A.TRANSFER: N_("Your message was passed on to %(department)s. The deadline stays."),
    A.DESIGNATE: N_("The dispatcher has decided that %(department)s answers. The deadline stays."),
    A.INVITE: N_("%(department)s was asked to help with the answer."),
    A.WITHDRAW_INVITATION: N_("%(department)s is no longer needed for the answer."),
    A.ACCEPT: N_("%(department)s has accepted your message and is working on it."),
    A.ASK_RESIDENT: N_("%(department)s has a question for you. The clock stands still until you answer."),
    A.RESUME: N_("%(department)s goes on with the information it has. The clock runs again."),
    A.SEND_FOR_APPROVAL: N_("%(department)s has written the answer; its lead has to approve it."),
    A.PUBLISH_REPLY: N_("%(department)s has answered."),
    A.CORRECT_REPLY: N_("%(department)s has corrected its answer."),
    A.SUCCEED: N_(
        "Departments were reorganised: %(department)s goes on with your message. The deadline stays."
    ),
}
"""The same steps with the department that took them, or that they name."""

DATED: Mapping[CaseAction, str] = {
    A.SUBMIT: N_("We received your message. The answer is due by %(due)s."),
    A.ADD_INFORMATION: N_("You answered, and the clock runs again. The answer is due by %(due)s."),
    A.REOPEN: N_("You objected, and the case was opened again. The new answer is due by %(due)s."),
    A.APPEAL: N_("You objected to its being declined. The answer is due by %(due)s."),
}
"""Steps that set the deadline."""

MOVED: Mapping[CaseAction, str] = {
    A.APPROVE_EXTENSION: N_(
        "The department needs more time: the answer is due by %(due)s instead of %(old)s."
    ),
    A.MOVE_DEADLINES: N_(
        "The working days or the district's deadlines have changed: "
        "the answer is due by %(due)s instead of %(old)s."
    ),
}
"""Steps that move the deadline."""

CLOSED_BY_RATING = N_("With your rating the case was closed.")

TO_EVERYONE: Mapping[str, str] = {
    "We received your message.": N_("The message was received."),
    DATED[A.SUBMIT]: N_("The message was received. The answer is due by %(due)s."),
    "Your message was passed to the department in charge.": N_(
        "The message was passed to the department in charge."
    ),
    NAMED[A.ROUTE]: N_("The message was passed to %(department)s."),
    "Your message was passed to another department. The deadline stays.": N_(
        "The message was passed to another department. The deadline stays."
    ),
    NAMED[A.TRANSFER]: N_("The message was passed on to %(department)s. The deadline stays."),
    "Departments were reorganised: another one goes on with your message. The deadline stays.": N_(
        "Departments were reorganised: another one goes on with the message. The deadline stays."
    ),
    NAMED[A.SUCCEED]: N_(
        "Departments were reorganised: %(department)s goes on with the message. The deadline stays."
    ),
    "The public copy of your message was covered anew.": N_(
        "The public copy of the message was covered anew."
    ),
    "The department has accepted your message and is working on it.": N_(
        "The department has accepted the message and is working on it."
    ),
    NAMED[A.ACCEPT]: N_("%(department)s has accepted the message and is working on it."),
    "Your case was listed for supervision.": N_("The case was listed for supervision."),
    "Your message is handled together with others on the same matter; you get the same answer.": N_(
        "The message is handled together with others on the same matter; all get the same answer."
    ),
    "Your message is handled on its own again.": N_("The message is handled on its own again."),
    "You objected, and the case was opened again.": N_(
        "The resident objected, and the case was opened again."
    ),
    DATED[A.REOPEN]: N_(
        "The resident objected, and the case was opened again. The new answer is due by %(due)s."
    ),
    "You withdrew your message.": N_("The resident withdrew the message."),
    CLOSED_BY_RATING: N_("With the resident's rating the case was closed."),
}
"""On a public page the reader isn't the writer: what speaks to the writer, and how it is said to everyone."""


def told(
    action: CaseAction, params: Mapping[str, Any], *, by_resident: bool = False, old: date | None = None
) -> Sentence | None:
    """The step in the resident's words, None for an internal one; ``old``: the deadline before it, if there was one."""
    public = ACTION_TEXTS[action].public
    if public is None or (action is A.SUCCEED and params.get("holds") is False):
        return None
    due = due_of(params)
    if due is not None and action in MOVED and old is not None and old != due:
        return Sentence(MOVED[action], {"due": due, "old": old})
    if due is not None and action in DATED:
        return Sentence(DATED[action], {"due": due})
    if action is A.KEEP_PRIVATE and "code" in params:
        return Sentence(PRIVATE_SENTENCES[PrivateBecause(params["code"])])
    if action is A.CLOSE and by_resident:
        return Sentence(CLOSED_BY_RATING)
    return Sentence(public, named=NAMED.get(action, ""))


def to_everyone(sentence: Sentence) -> Sentence:
    """The same step as a page says it that everyone reads."""
    return Sentence(
        TO_EVERYONE.get(sentence.msgid, sentence.msgid),
        sentence.params,
        TO_EVERYONE.get(sentence.named, sentence.named),
    )


def due_of(params: Mapping[str, Any]) -> date | None:
    """The day on which the answer is due after an event, None if the event says nothing of it."""
    clock = params.get("clock")
    return date.fromisoformat(clock["day"]) if clock else None
