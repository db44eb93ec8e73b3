"""The words of opinions: statuses, actions, capacities, classes of answers, and what buttons say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from civic.core.errors import N_

LONGEST_TITLE, LONGEST_OPINION, LONGEST_ANSWER, LONGEST_REMARK = 80, 3_000, 8_000, 500
SHORTEST_TEXT = 10
MOST_CASES = 100
"""Cases that one opinion can name: more is a matter for a summary."""
LAST_ROUND = 2
"""A second answer is the last: whoever is still dissatisfied says so, and that is counted."""


class OpinionStatus(StrEnum):
    """Where an opinion is."""

    DRAFT = "draft"
    SENT = "sent"
    RETURNED = "returned"
    IN_APPROVAL = "in_approval"
    DELIVERED = "delivered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


STATUS_LABELS: Mapping[OpinionStatus, str] = MappingProxyType({
    OpinionStatus.DRAFT: N_("Draft, not sent"),
    OpinionStatus.SENT: N_("With the department"),
    OpinionStatus.RETURNED: N_("With the department again"),
    OpinionStatus.IN_APPROVAL: N_("Answer waits for approval"),
    OpinionStatus.DELIVERED: N_("Answered, to be rated"),
    OpinionStatus.CLOSED: N_("Closed"),
    OpinionStatus.WITHDRAWN: N_("Withdrawn"),
})  # fmt: skip
WITH_DEPARTMENT = frozenset({OpinionStatus.SENT, OpinionStatus.RETURNED, OpinionStatus.IN_APPROVAL})
"""The department owes an answer: the clock runs."""
ANSWERED = frozenset({OpinionStatus.DELIVERED, OpinionStatus.CLOSED})


class OpinionAction(StrEnum):
    """What can happen to an opinion, in the order in which buttons stand."""

    WRITE = "write"
    SEND = "send"
    DRAFT_ANSWER = "draft_answer"
    SEND_FOR_APPROVAL = "send_for_approval"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    RATE = "rate"
    WITHDRAW = "withdraw"
    TAKE_OVER = "take_over"
    DEPUTY_AGREES = "deputy_agrees"
    DEPUTY_REFUSES = "deputy_refuses"
    DEPARTMENT_AGREES = "department_agrees"
    DEPARTMENT_REFUSES = "department_refuses"
    SUCCEED = "succeed"
    MOVE_DEADLINE = "move_deadline"


class Party(StrEnum):
    """In which capacity somebody meets an opinion; ``deputy`` is the one who wrote it or took it over, ``successor``
    another one where that deputy has left."""

    DEPUTY = "deputy"
    SUCCESSOR = "successor"
    HANDLER = "handler"
    LEAD = "lead"
    SYSTEM = "system"


class AnswerClass(StrEnum):
    """What an answer says of the matter, as departments classify answers to deputies."""

    SOLVED = "A"
    UNDER_WAY = "B"
    DEFERRED = "C"
    REFERENCE = "D"


CLASS_LABELS: Mapping[AnswerClass, str] = MappingProxyType({
    AnswerClass.SOLVED: N_("A: solved, or solved for the most part"),
    AnswerClass.UNDER_WAY: N_("B: being solved, or planned"),
    AnswerClass.DEFERRED: N_("C: can’t be solved for now"),
    AnswerClass.REFERENCE: N_("D: taken for reference"),
})  # fmt: skip


class TextRole(StrEnum):
    """What a text of an opinion is."""

    OPINION = "opinion"
    ANSWER = "answer"
    REMARK = "remark"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Wording:
    """A button: what it's called and what it brings (msgids)."""

    label: str
    consequence: str


WORDINGS: Mapping[OpinionAction, Wording] = MappingProxyType({
    OpinionAction.WRITE: Wording(N_("Change the draft"), N_("Only you see a draft.")),
    OpinionAction.SEND: Wording(
        N_("Send to the department"),
        N_("It gets a number and a deadline, and can’t be changed any more. Deputies and auditors can read it."),
    ),
    OpinionAction.DRAFT_ANSWER: Wording(
        N_("Write the answer"), N_("Only your department sees it until your lead has approved it.")
    ),
    OpinionAction.SEND_FOR_APPROVAL: Wording(
        N_("Send for approval"), N_("Your lead reads it and hands it over, or sends it back to you.")
    ),
    OpinionAction.APPROVE: Wording(
        N_("Approve and hand over"),
        N_("The deputy gets the answer now; it can’t be changed any more. The deadline is met or missed with this."),
    ),
    OpinionAction.SEND_BACK: Wording(
        N_("Send back"), N_("The answer goes back to be written anew, with your remark. The deadline runs on.")
    ),
    OpinionAction.RATE: Wording(
        N_("Rate the answer"),
        N_("Satisfied or basically satisfied closes it. Dissatisfied sends it back once, with a new deadline; "
           "a second answer closes it however it is rated."),
    ),
    OpinionAction.WITHDRAW: Wording(
        N_("Withdraw"), N_("The department need not answer any more. It stays on record and is no longer open.")
    ),
    OpinionAction.TAKE_OVER: Wording(
        N_("Take it over"),
        N_("Its deputy has left. From now on you rate the answer, send it back once, withdraw it and agree to "
           "publication in their place. The history names both of you."),
    ),
    OpinionAction.DEPUTY_AGREES: Wording(
        N_("Agree to publication"),
        N_("Once it is closed and the department agrees as well, everyone can read opinion, answers and rating, "
           "without your name."),
    ),
    OpinionAction.DEPUTY_REFUSES: Wording(
        N_("Take agreement back"), N_("From the next request on nobody reads it on the public site.")
    ),
    OpinionAction.DEPARTMENT_AGREES: Wording(
        N_("Agree to publication"),
        N_("Once it is closed and the deputy agrees as well, everyone can read opinion, answers and rating."),
    ),
    OpinionAction.DEPARTMENT_REFUSES: Wording(
        N_("Take agreement back"), N_("From the next request on nobody reads it on the public site.")
    ),
})  # fmt: skip
