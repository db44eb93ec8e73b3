"""The words of a case: statuses, resolutions, kinds, reasons and actions, each with its msgid for people.

One vocabulary: an event of a case is named by the action that caused it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from civic.core.errors import N_

SHORTEST, LONGEST = 4, 2000
"""Characters of a resident's text (DESIGN §7)."""

MAX_TEXT = 5000
"""Longest reason, question or reply, in characters."""


class CaseStatus(StrEnum):
    """Where a case is. The second and third axes are :class:`Resolution` and :class:`Publication`."""

    SUBMITTED = "submitted"
    TRIAGE = "triage"
    ROUTED = "routed"
    IN_PROGRESS = "in_progress"
    AWAITING_RESIDENT = "awaiting_resident"
    REPLY_REVIEW = "reply_review"
    REPLIED = "replied"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


OPEN = frozenset(
    {
        CaseStatus.SUBMITTED,
        CaseStatus.TRIAGE,
        CaseStatus.ROUTED,
        CaseStatus.IN_PROGRESS,
        CaseStatus.AWAITING_RESIDENT,
        CaseStatus.REPLY_REVIEW,
    }
)
"""Statuses in which the platform owes the resident an answer."""

AT_DEPARTMENT = frozenset(
    {CaseStatus.ROUTED, CaseStatus.IN_PROGRESS, CaseStatus.AWAITING_RESIDENT, CaseStatus.REPLY_REVIEW}
)
"""Open, and one department holds it."""

ANSWERED = frozenset({CaseStatus.REPLIED, CaseStatus.CLOSED})
HIDDEN = frozenset({CaseStatus.DECLINED, CaseStatus.MERGED, CaseStatus.WITHDRAWN})
"""While a case is there the public reads nothing of it."""
ENDED = HIDDEN | {CaseStatus.CLOSED}


class Resolution(StrEnum):
    """What an answer brought, set with the reply."""

    RESOLVED = "resolved"
    EXPLAINED = "explained"
    PLANNED = "planned"
    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    NOT_ADOPTED = "not_adopted"
    REFERRED = "referred"


class Publication(StrEnum):
    """Whether the public can read the case."""

    PRIVATE = "private"
    PENDING = "pending"
    PUBLIC = "public"
    MASKED = "masked"
    REFUSED = "refused"


VISIBLE = frozenset({Publication.PUBLIC, Publication.MASKED})
MAY_BE_PUBLIC = VISIBLE | {Publication.PENDING}
"""The writer agreed, and nobody has decided against it."""


class FeedbackKind(StrEnum):
    """What a resident's word is."""

    SUGGESTION = "suggestion"
    QUESTION = "question"
    COMPLAINT = "complaint"
    REPORT = "report"
    PRAISE = "praise"


class SpeaksAs(StrEnum):
    """As whom a resident speaks (optional; a routing condition)."""

    RESIDENT = "resident"
    BUSINESS = "business"
    ORGANISATION = "organisation"
    COMPATRIOT = "compatriot"


class Channel(StrEnum):
    """How a word came in."""

    WEB = "web"
    COUNTER = "counter"
    HOTLINE = "hotline"
    LETTER = "letter"


class HeldBecause(StrEnum):
    """Why a message waits for the dispatcher's eye before it goes anywhere."""

    NO_PROOF = "no_proof"
    BAD_PROOF = "bad_proof"
    TRAP = "trap"
    QUICK = "quick"
    ADDRESS = "address"
    BROWSER = "browser"
    SAME_TEXT = "same_text"
    ADVERTISING = "advertising"


class DeclineCode(StrEnum):
    """Why a case isn't taken on."""

    NOT_THIS_LEVEL = "not_this_level"
    STATUTORY_CHANNEL = "statutory_channel"
    EMERGENCY = "emergency"
    DUPLICATE = "duplicate"
    NO_SUBSTANCE = "no_substance"
    UNLAWFUL = "unlawful"
    ADVERTISING = "advertising"


NEEDS_EXPLANATION = frozenset({DeclineCode.NOT_THIS_LEVEL, DeclineCode.STATUTORY_CHANNEL})
"""Decline codes that must name the level or the channel that is competent."""


class RatingLevel(StrEnum):
    """How satisfied a resident is with an answer."""

    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"


class Solved(StrEnum):
    """Whether a resident finds the matter solved; nothing is kept of who can't say yet."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT = "not"


class Recognised(StrEnum):
    """How the dispatcher knew who asked for a new query code."""

    CONTACT = "contact"
    QUESTIONS = "questions"


class PhotoState(StrEnum):
    """Whether the public sees a photo while its case is public."""

    WAITING = "waiting"
    SHOWN = "shown"
    HELD = "held"


class NoticeChannel(StrEnum):
    """By which way a resident can be told what happens."""

    EMAIL = "email"
    SMS = "sms"


class CaseAction(StrEnum):
    """Everything that can happen to a case; also the type of the event that records it."""

    SUBMIT = "submit"
    TRIAGE = "triage"
    ROUTE = "route"
    TRANSFER = "transfer"
    DESIGNATE = "designate"
    # review
    PUBLISH = "publish"
    PUBLISH_MASKED = "publish_masked"
    KEEP_PRIVATE = "keep_private"
    UNPUBLISH = "unpublish"
    REMASK = "remask"
    REVOKE_CONSENT = "revoke_consent"
    DECLINE = "decline"
    APPEAL = "appeal"
    # people
    TAKE = "take"
    ASSIGN = "assign"
    HAND_BACK = "hand_back"
    INVITE = "invite"
    WITHDRAW_INVITATION = "withdraw_invitation"
    CONTRIBUTE = "contribute"
    # handling
    ACCEPT = "accept"
    RETURN = "return"
    ASK_RESIDENT = "ask_resident"
    ADD_INFORMATION = "add_information"
    RESUME = "resume"
    REQUEST_EXTENSION = "request_extension"
    APPROVE_EXTENSION = "approve_extension"
    REFUSE_EXTENSION = "refuse_extension"
    ESCALATE = "escalate"
    MERGE = "merge"
    UNMERGE = "unmerge"
    ABSORB = "absorb"
    RELEASE = "release"
    # replying
    DRAFT_REPLY = "draft_reply"
    SEND_FOR_APPROVAL = "send_for_approval"
    SEND_BACK = "send_back"
    APPROVE_REPLY = "approve_reply"
    PUBLISH_REPLY = "publish_reply"
    DRAFT_CORRECTION = "draft_correction"
    CORRECT_REPLY = "correct_reply"
    CONCEAL_REPLY = "conceal_reply"
    # the resident
    RATE = "rate"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    ERASE_CONTACT = "erase_contact"
    ERASE_WORDS = "erase_words"
    REISSUE_CODE = "reissue_code"
    # time
    CLOSE = "close"
    BECAME_OVERDUE = "became_overdue"
    MOVE_DEADLINES = "move_deadlines"
    # departments that merge and split
    SUCCEED = "succeed"
    FOLLOW = "follow"


class Party(StrEnum):
    """In which capacity someone acts on one case. One person can be several."""

    RESIDENT = "resident"
    HANDLER = "handler"
    LEAD = "lead"
    SUPPORT = "support"
    DISPATCHER = "dispatcher"
    SYSTEM = "system"


class RoundKind(StrEnum):
    """Why a round of answering began: the first, a dissatisfied resident, an appeal against declining."""

    FIRST = "first"
    REOPENED = "reopened"
    APPEALED = "appealed"


class StintEnd(StrEnum):
    """How a department's time with a case ended."""

    ROUTED = "routed"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    SUCCEEDED = "succeeded"
    REPLIED = "replied"
    DECLINED = "declined"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class ExtensionState(StrEnum):
    """An extension is asked for once and decided by the dispatcher."""

    NONE = "none"
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


STATUS_LABELS: Mapping[CaseStatus, str] = {
    CaseStatus.SUBMITTED: N_("Received"),
    CaseStatus.TRIAGE: N_("Waiting to be routed"),
    CaseStatus.ROUTED: N_("Waiting for acceptance"),
    CaseStatus.IN_PROGRESS: N_("In progress"),
    CaseStatus.AWAITING_RESIDENT: N_("Waiting for the resident"),
    CaseStatus.REPLY_REVIEW: N_("Reply waiting for approval"),
    CaseStatus.REPLIED: N_("Answered"),
    CaseStatus.CLOSED: N_("Closed"),
    CaseStatus.DECLINED: N_("Declined"),
    CaseStatus.MERGED: N_("Merged"),
    CaseStatus.WITHDRAWN: N_("Withdrawn"),
}

RESOLUTION_LABELS: Mapping[Resolution, str] = {
    Resolution.RESOLVED: N_("Resolved"),
    Resolution.EXPLAINED: N_("Explained"),
    Resolution.PLANNED: N_("Put into the plan of work"),
    Resolution.ADOPTED: N_("Adopted"),
    Resolution.PARTLY_ADOPTED: N_("Partly adopted"),
    Resolution.NOT_ADOPTED: N_("Not adopted"),
    Resolution.REFERRED: N_("Referred to the competent authority"),
}

PUBLICATION_LABELS: Mapping[Publication, str] = {
    Publication.PRIVATE: N_("Private"),
    Publication.PENDING: N_("Waiting for review"),
    Publication.PUBLIC: N_("Public"),
    Publication.MASKED: N_("Public, masked"),
    Publication.REFUSED: N_("Not published"),
}

KIND_LABELS: Mapping[FeedbackKind, str] = {
    FeedbackKind.SUGGESTION: N_("Suggestion"),
    FeedbackKind.QUESTION: N_("Question"),
    FeedbackKind.COMPLAINT: N_("Complaint"),
    FeedbackKind.REPORT: N_("Problem report"),
    FeedbackKind.PRAISE: N_("Praise"),
}

SPEAKS_AS_LABELS: Mapping[SpeaksAs, str] = {
    SpeaksAs.RESIDENT: N_("A resident"),
    SpeaksAs.BUSINESS: N_("A business"),
    SpeaksAs.ORGANISATION: N_("An organisation"),
    SpeaksAs.COMPATRIOT: N_("A Taiwan compatriot"),
}

CHANNEL_LABELS: Mapping[Channel, str] = {
    Channel.WEB: N_("Website"),
    Channel.COUNTER: N_("Counter"),
    Channel.HOTLINE: N_("Hotline"),
    Channel.LETTER: N_("Letter"),
}

HELD_LABELS: Mapping[HeldBecause, str] = {
    HeldBecause.NO_PROOF: N_("It came without the browser's own check: script is off, or the browser is old"),
    HeldBecause.BAD_PROOF: N_("The browser's own check was forged, too old or used before"),
    HeldBecause.TRAP: N_("A field was filled in that people don't see"),
    HeldBecause.QUICK: N_("It was sent faster than anyone can write"),
    HeldBecause.ADDRESS: N_(
        "Many messages came from this connection within a short time; it may be a housing block, a school or a hall"
    ),
    HeldBecause.BROWSER: N_("Many messages came from this browser within a short time"),
    HeldBecause.SAME_TEXT: N_("The very same text came several times within a day"),
    HeldBecause.ADVERTISING: N_("It looks like advertising"),
}

DECLINE_LABELS: Mapping[DeclineCode, str] = {
    DeclineCode.NOT_THIS_LEVEL: N_("Not within this district's competence"),
    DeclineCode.STATUTORY_CHANNEL: N_("Belongs to a statutory channel"),
    DeclineCode.EMERGENCY: N_("An emergency: call 110, 119 or 120 at once"),
    DeclineCode.DUPLICATE: N_("Already received from the same person"),
    DeclineCode.NO_SUBSTANCE: N_("Says nothing that can be handled"),
    DeclineCode.UNLAWFUL: N_("Unlawful content"),
    DeclineCode.ADVERTISING: N_("Advertising"),
}

RATING_LABELS: Mapping[RatingLevel, str] = {
    RatingLevel.SATISFIED: N_("Satisfied"),
    RatingLevel.BASICALLY_SATISFIED: N_("Basically satisfied"),
    RatingLevel.DISSATISFIED: N_("Dissatisfied"),
}

SOLVED_LABELS: Mapping[Solved, str] = {
    Solved.SOLVED: N_("The matter is solved"),
    Solved.PARTLY: N_("The matter is partly solved"),
    Solved.NOT: N_("The matter is not solved"),
}

RECOGNISED_LABELS: Mapping[Recognised, str] = {
    Recognised.CONTACT: N_("I reached the person by the contact on file"),
    Recognised.QUESTIONS: N_("The person answered my questions about the message rightly"),
}

PARTY_LABELS: Mapping[Party, str] = {
    Party.RESIDENT: N_("Resident"),
    Party.HANDLER: N_("Handler of the department"),
    Party.LEAD: N_("Lead of the department"),
    Party.SUPPORT: N_("Supporting department"),
    Party.DISPATCHER: N_("Dispatcher"),
    Party.SYSTEM: N_("The platform itself"),
}
