"""What people read about actions: the button, its consequence, the history, the resident's timeline.

All strings are msgids. ``public`` is None for what concerns only the staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civic.cases.rules.vocabulary import CaseAction
from civic.core.errors import N_

A = CaseAction


REASON_LABELS: Mapping[str, str] = {
    "dispatcher": N_("Chosen by the dispatcher"),
    "about_staff": N_("It is about a department's staff, so the dispatcher decides"),
    "merged": N_("Departments were merged"),
    "split": N_("Tasks passed to another department"),
    "held": N_("Held when it came in; a person has looked at it"),
    "loaded": N_("As the system says from which the case was loaded"),
}
"""Reasons of an assignment that a person gave; those of the routing rules are said by ``civic.routing``."""


OBJECTED = N_(
    "The writer of a merged message objected to the answer: that message is answered on its own again"
)
"""In the history, of a release for that reason."""


@dataclass(frozen=True, slots=True)
class ActionText:
    """The words of one action: ``label`` (button), ``consequence`` (sentence beside it), ``past``
    (entry in the history) and ``public`` (entry in the resident's timeline, None if not shown)."""

    label: str
    consequence: str
    past: str
    public: str | None = None


ACTION_TEXTS: Mapping[CaseAction, ActionText] = {
    A.SUBMIT: ActionText(
        N_("Submit"),
        N_("The case gets a number and its reply clock starts."),
        N_("Submitted"),
        N_("We received your message."),
    ),
    A.TRIAGE: ActionText(
        N_("Looked at: let it go its way"),
        N_(
            "The department in charge gets the case if that is certain; otherwise it waits here for your choice."
        ),
        N_("Sent to the dispatcher"),
        N_("The district's dispatcher is choosing the department in charge."),
    ),
    A.ROUTE: ActionText(
        N_("Route"),
        N_("The department gets the case and must accept it within its time."),
        N_("Routed"),
        N_("Your message was passed to the department in charge."),
    ),
    A.TRANSFER: ActionText(
        N_("Transfer"),
        N_("Another department gets the case; the reply clock runs on."),
        N_("Transferred"),
        N_("Your message was passed to another department. The deadline stays."),
    ),
    A.DESIGNATE: ActionText(
        N_("Designate a department"),
        N_("That department gets the case and can't return it."),
        N_("Designated"),
        N_("The dispatcher has decided which department answers. The deadline stays."),
    ),
    A.PUBLISH: ActionText(
        N_("Publish as written"),
        N_("Everyone can read the resident's words, and later the reply."),
        N_("Published"),
        N_("Your message was published."),
    ),
    A.PUBLISH_MASKED: ActionText(
        N_("Publish masked"),
        N_("Everyone can read the masked text; the original stays inside."),
        N_("Published masked"),
        N_("Your message was published with personal details covered."),
    ),
    A.KEEP_PRIVATE: ActionText(
        N_("Keep private"),
        N_("The case is handled and answered, but not published; its writer reads why."),
        N_("Kept private"),
        N_("Your message isn't published; it is handled all the same."),
    ),
    A.UNPUBLISH: ActionText(
        N_("Take down"),
        N_("The public can't read the case from the next request on."),
        N_("Taken down"),
        N_("Your message was taken down from the public pages."),
    ),
    A.REMASK: ActionText(
        N_("Mask again"),
        N_("The new masked text replaces the public one at once."),
        N_("Masked again"),
        N_("The public copy of your message was covered anew."),
    ),
    A.REVOKE_CONSENT: ActionText(
        N_("Object to publication"),
        N_(
            "What was public is taken down at once, and it is never published. The case is answered all the same."
        ),
        N_("Consent to publication revoked"),
        N_("You objected to publication. Your message is private; it is answered all the same."),
    ),
    A.DECLINE: ActionText(
        N_("Decline"),
        N_("The case ends with a reason; the resident is told and can appeal once."),
        N_("Declined"),
        N_("The dispatcher declined your message."),
    ),
    A.APPEAL: ActionText(
        N_("Appeal"),
        N_("The dispatcher looks at it again, with a deadline of its own."),
        N_("Appealed by the resident"),
        N_("You appealed. The dispatcher is looking at it again."),
    ),
    A.TAKE: ActionText(
        N_("Take"),
        N_("The case is yours; colleagues see that you have it."),
        N_("Taken"),
    ),
    A.ASSIGN: ActionText(
        N_("Assign"),
        N_("The colleague has the case from now on; it stands in their list “Mine”."),
        N_("Assigned"),
    ),
    A.HAND_BACK: ActionText(
        N_("Hand back"),
        N_("The case goes back to the department's unassigned ones."),
        N_("Handed back"),
    ),
    A.INVITE: ActionText(
        N_("Invite a supporting department"),
        N_("That department can read the case, without contact details, and add its part."),
        N_("Supporting department invited"),
        N_("Another department was asked to help with the answer."),
    ),
    A.WITHDRAW_INVITATION: ActionText(
        N_("Withdraw an invitation"),
        N_(
            "That department owes no part of the answer any more. If it has given none before, it can't read the case "
            "any more either."
        ),
        N_("Invitation of a supporting department withdrawn"),
        N_("A department that was asked to help with the answer is needed no longer."),
    ),
    A.CONTRIBUTE: ActionText(
        N_("Add our part"),
        N_("The department in charge gets your part for its answer."),
        N_("Part added by a supporting department"),
    ),
    A.ACCEPT: ActionText(
        N_("Accept"),
        N_("Your department is in charge and starts work; the acceptance clock stops."),
        N_("Accepted"),
        N_("The department has accepted your message and is working on it."),
    ),
    A.RETURN: ActionText(
        N_("Return as misrouted"),
        N_("The dispatcher decides; until then the case stays with you and its clocks run."),
        N_("Returned as misrouted"),
    ),
    A.ASK_RESIDENT: ActionText(
        N_("Ask the resident"),
        N_("The reply clock stops until the resident answers."),
        N_("Resident asked"),
        N_("The department has a question for you. The clock stands still until you answer."),
    ),
    A.ADD_INFORMATION: ActionText(
        N_("Add information"),
        N_("The department is told; a clock that was stopped runs again."),
        N_("Information added by the resident"),
        N_("You added information."),
    ),
    A.RESUME: ActionText(
        N_("Go on without an answer"),
        N_("The reply clock runs again; the working days of the pause are given back."),
        N_("Work resumed"),
        N_("The department goes on with the information it has."),
    ),
    A.REQUEST_EXTENSION: ActionText(
        N_("Ask for an extension"),
        N_("The dispatcher decides; possible once."),
        N_("Extension asked for"),
    ),
    A.APPROVE_EXTENSION: ActionText(
        N_("Approve the extension"),
        N_("The deadline moves and the resident is told."),
        N_("Extension approved"),
        N_("The department needs more time; the new deadline is shown here."),
    ),
    A.REFUSE_EXTENSION: ActionText(
        N_("Refuse the extension"),
        N_("The deadline stays."),
        N_("Extension refused"),
    ),
    A.ESCALATE: ActionText(
        N_("Escalate"),
        N_("The case is listed for supervision."),
        N_("Listed for supervision"),
        N_("Your case was listed for supervision."),
    ),
    A.MERGE: ActionText(
        N_("Merge into another case"),
        N_("One answer serves both; this resident keeps the receipt and gets that answer."),
        N_("Merged into another case"),
        N_("Your message is handled together with others on the same matter; you get the same answer."),
    ),
    A.UNMERGE: ActionText(
        N_("Undo the merge"),
        N_("The case goes back to where it was; the merged time doesn't count against it."),
        N_("Merge undone"),
        N_("Your message is handled on its own again."),
    ),
    A.ABSORB: ActionText(
        N_("Take in another case"),
        N_("The answer of this case serves the other one too."),
        N_("Another case was merged into this one"),
    ),
    A.RELEASE: ActionText(
        N_("Release a merged case"),
        N_("The other case is handled on its own again."),
        N_("A merged case was released"),
    ),
    A.DRAFT_REPLY: ActionText(
        N_("Save draft"),
        N_("Only your department sees the draft."),
        N_("Reply drafted"),
    ),
    A.SEND_FOR_APPROVAL: ActionText(
        N_("Send for approval"),
        N_("The lead of your department gets the draft for approval."),
        N_("Reply sent for approval"),
        N_("The answer is written and has to be approved."),
    ),
    A.SEND_BACK: ActionText(
        N_("Send back"),
        N_("The handler gets the draft back with your reason."),
        N_("Reply sent back"),
    ),
    A.APPROVE_REPLY: ActionText(
        N_("Approve"),
        N_("The reply can be published as it stands."),
        N_("Reply approved"),
    ),
    A.PUBLISH_REPLY: ActionText(
        N_("Publish the reply"),
        N_("The resident gets the reply; if the case is public, everyone can read it."),
        N_("Reply published"),
        N_("The department has answered."),
    ),
    A.DRAFT_CORRECTION: ActionText(
        N_("Propose a correction"),
        N_(
            "The lead of your department gets it for approval; until then the published reply stays as it is."
        ),
        N_("Correction proposed"),
    ),
    A.CORRECT_REPLY: ActionText(
        N_("Correct the reply"),
        N_("A new version replaces the reply; the old one stays readable."),
        N_("Reply corrected"),
        N_("The department has corrected its answer."),
    ),
    A.CONCEAL_REPLY: ActionText(
        N_("Hide an old version"),
        N_("The old version can't be read any more, because it exposes a person."),
        N_("Old version of the reply hidden"),
    ),
    A.RATE: ActionText(
        N_("Rate"),
        N_("Your rating counts in the department's figures."),
        N_("Rated by the resident"),
        N_("You rated the answer."),
    ),
    A.REOPEN: ActionText(
        N_("Object"),
        N_("The case is opened again with a deadline of its own."),
        N_("Reopened by the resident"),
        N_("You objected, and the case was opened again."),
    ),
    A.WITHDRAW: ActionText(
        N_("Withdraw"),
        N_("The case ends and is taken down from the public pages."),
        N_("Withdrawn by the resident"),
        N_("You withdrew your message."),
    ),
    A.ERASE_CONTACT: ActionText(
        N_("Erase how to reach me"),
        N_("Name, phone and e-mail are erased for good; nobody can ask you anything any more."),
        N_("Contact erased at the resident's request"),
        N_("You had your contact erased."),
    ),
    A.ERASE_WORDS: ActionText(
        N_("Erase my words"),
        N_("Words, photos and contact are erased for good and taken down at once."),
        N_("Words, photos and contact erased at the resident's request"),
        N_("You had your words, photos and contact erased."),
    ),
    A.REISSUE_CODE: ActionText(
        N_("Issue a new query code"),
        N_("The old code stops working; this is recorded."),
        N_("New query code issued"),
        N_("You were given a new query code; the old one no longer works."),
    ),
    A.CLOSE: ActionText(
        N_("Close"),
        N_("The case is finished."),
        N_("Closed"),
        N_("No objection came in time, and the case was closed."),
    ),
    A.BECAME_OVERDUE: ActionText(
        N_("Note that it is overdue"),
        N_("From now on the case counts as overdue in the department's figures."),
        N_("Became overdue"),
        N_("The deadline has passed without an answer. This is shown in the department's figures."),
    ),
    A.MOVE_DEADLINES: ActionText(
        N_("Recompute the deadlines"),
        N_("The deadlines follow the working days and the days allowed that now hold."),
        N_("Deadlines recomputed after a change of working days or of the days allowed"),
        N_("The working days or the district's deadlines have changed; the deadline was recomputed."),
    ),
    A.SUCCEED: ActionText(
        N_("Pass to the succeeding department"),
        N_("The succeeding department goes on where the former one stood; all clocks stay."),
        N_("Passed to the succeeding department"),
        N_("Departments were reorganised: another one goes on with your message. The deadline stays."),
    ),
    A.FOLLOW: ActionText(
        N_("Go along with the case it was merged into"),
        N_(
            "The department that has the other case now reaches this resident too; the former one no longer does."
        ),
        N_("Went along with the case it was merged into"),
        None,
    ),
}


def past_text(action: CaseAction, params: Mapping[str, Any]) -> str:
    """The entry in the history."""
    if action is A.RELEASE and params.get("reason", {}).get("code") == "objected":
        return OBJECTED
    return ACTION_TEXTS[action].past
