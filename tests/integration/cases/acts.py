"""What people can do to a case, with what they choose for it: the words of which a :mod:`crowd`'s script is made."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from civic.cases import services
from civic.cases.rules import (
    CaseAction,
    DeclineCode,
    FeedbackKind,
    Measure,
    PrivateBecause,
    RatingLevel,
    Recognised,
    Resolution,
    Solved,
)
from tests.integration.cases.figures import COLUMNS, SPANS

A = CaseAction
DEPARTMENTS = ("water", "roads", "parks")
PEOPLE = ("handler", "colleague", "lead", "other", "other_lead", "third_lead")
OUTSIDE = ("deputy", "auditor", "admin")
"""Nothing of a case is theirs to change."""
BROWSERS = ("one", "two", "three")
TEXT = "请尽快处理。"

Choices = Mapping[str, st.SearchStrategy[Any]]


class Do:
    """One line of a script, such as ``Do('transfer', by='dispatcher', case=1, department_id='roads')``."""

    def __init__(self, what: str, **given: Any) -> None:
        self.what, self.given = what, given

    def __repr__(self) -> str:
        given = "".join(f", {name}={value!r}" for name, value in self.given.items())
        return f"Do({self.what!r}{given})"


@dataclass(frozen=True)
class Act:
    """A service, what is ``said`` to it each time, what is ``chosen``, and how often people come to think of it."""

    service: Any
    said: Mapping[str, Any] = field(default_factory=dict)
    chosen: Choices = field(default_factory=dict)
    often: int = 8


departments = st.sampled_from(DEPARTMENTS)
resolutions = st.sampled_from([one.value for one in Resolution])
reason = {"reason": TEXT}
to_department = {"department_id": departments}
text = {"text": TEXT}
masked = {"masked_text": TEXT}
SELDOM, ASIDE, ONWARD = 1, 3, 30
"""With equal chances no case would live to be answered."""

ACTS: Mapping[CaseAction, Act] = {
    A.TRIAGE: Act(services.release_held),
    A.ROUTE: Act(services.route_case, chosen=to_department, often=ONWARD),
    A.TRANSFER: Act(services.transfer_case, reason, to_department, often=ASIDE),
    A.DESIGNATE: Act(services.designate_case, reason, to_department),
    A.PUBLISH: Act(services.review_publication, {"choice": A.PUBLISH}),
    A.PUBLISH_MASKED: Act(services.review_publication, {"choice": A.PUBLISH_MASKED, **masked}),
    A.KEEP_PRIVATE: Act(services.keep_private, {"because": PrivateBecause.EXPOSES}, often=ASIDE),
    A.UNPUBLISH: Act(services.unpublish_case, reason, often=ASIDE),
    A.REMASK: Act(services.remask_case, masked, often=ASIDE),
    A.REVOKE_CONSENT: Act(services.revoke_consent, often=SELDOM),
    A.DECLINE: Act(
        services.decline_case,
        {"explanation": TEXT},
        {"code": st.sampled_from([one.value for one in DeclineCode])},
    ),
    A.APPEAL: Act(services.appeal_case, reason, often=ONWARD),
    A.TAKE: Act(services.take_case, often=ASIDE),
    A.ASSIGN: Act(services.assign_case, chosen={"account_id": st.sampled_from(PEOPLE)}),
    A.HAND_BACK: Act(services.hand_back_case),
    A.ACCEPT: Act(services.accept_case, often=ONWARD),
    A.RETURN: Act(services.return_case, reason, {"suggested_department_id": st.none() | departments}),
    A.INVITE: Act(
        services.invite_departments,
        chosen={"department_ids": departments, "days": st.none() | st.integers(1, 5)},
    ),
    A.WITHDRAW_INVITATION: Act(services.withdraw_invitation),
    A.CONTRIBUTE: Act(services.contribute_part, text),
    A.ASK_RESIDENT: Act(services.ask_resident, {"question": TEXT}),
    A.ADD_INFORMATION: Act(services.add_information, text, often=ASIDE),
    A.RESUME: Act(services.resume_case),
    A.REQUEST_EXTENSION: Act(services.request_extension, reason, {"days": st.integers(1, 10)}, often=ONWARD),
    A.APPROVE_EXTENSION: Act(
        services.approve_extension, chosen={"days": st.none() | st.integers(1, 10)}, often=ONWARD
    ),
    A.REFUSE_EXTENSION: Act(services.refuse_extension, reason, often=20),
    A.ESCALATE: Act(services.escalate_case, reason, often=ASIDE),
    A.MERGE: Act(services.merge_case, chosen={"survivor_id": st.integers(1, 9)}),
    A.UNMERGE: Act(services.unmerge_case, often=ONWARD),
    A.DRAFT_REPLY: Act(
        services.draft_reply, {**text, "referred_to": "区法院"}, {"resolution": resolutions}, often=ONWARD
    ),
    A.SEND_FOR_APPROVAL: Act(services.send_for_approval, often=ONWARD),
    A.SEND_BACK: Act(services.send_back_reply, reason, often=20),
    A.APPROVE_REPLY: Act(services.approve_reply, chosen={"publish": st.booleans()}, often=ONWARD),
    A.PUBLISH_REPLY: Act(services.publish_reply, often=ONWARD),
    A.DRAFT_CORRECTION: Act(
        services.draft_correction,
        {**text, **reason, "referred_to": "区法院"},
        {"resolution": resolutions},
        often=ONWARD,
    ),
    A.CORRECT_REPLY: Act(
        services.correct_reply,
        {**text, **reason, "referred_to": "区法院"},
        {"resolution": resolutions},
        often=ONWARD,
    ),
    A.CONCEAL_REPLY: Act(services.conceal_reply),
    A.RATE: Act(
        services.rate_reply,
        chosen={
            "level": st.sampled_from([one.value for one in RatingLevel]),
            "reason": st.sampled_from(["", TEXT]),
            "solved": st.none() | st.sampled_from([one.value for one in Solved]),
        },
        often=ONWARD,
    ),
    A.REOPEN: Act(services.reopen_case, reason, often=ONWARD),
    A.WITHDRAW: Act(services.withdraw_case, often=SELDOM),
    A.ERASE_CONTACT: Act(services.erase_contact, often=SELDOM),
    A.ERASE_WORDS: Act(services.erase_words, often=SELDOM),
    A.REISSUE_CODE: Act(services.reissue_code, {"how": Recognised.QUESTIONS, **reason}, often=SELDOM),
}
"""Everything but what the platform does by itself, or with another case."""

READ: Mapping[str, Any] = {
    "resolution": Resolution,
    "level": RatingLevel,
    "code": DeclineCode,
    "solved": lambda value: Solved(value) if value else None,
}
"""How what a script names is handed to a service, where it is more than a name."""
PREPARED_BY = {
    A.ABSORB: A.MERGE,
    A.RELEASE: A.UNMERGE,
    A.UNMERGE: A.MERGE,
    A.APPEAL: A.DECLINE,
    A.RESUME: A.ASK_RESIDENT,
}
"""What has to be done for something else to come."""


def wheel(wanted: Collection[CaseAction] = ()) -> list[CaseAction]:
    """All actions, each as often as people come to think of it, in no order; what is ``wanted`` far more often."""
    wanted = {*wanted, *(PREPARED_BY[one] for one in wanted if one in PREPARED_BY)}
    slots = [action for action, act in ACTS.items() for _ in range(act.often * (1 + 5 * (action in wanted)))]
    random.Random(1).shuffle(slots)
    return slots


ACTIONS = frozenset(action.value for action in ACTS)

OFTEN = {
    "time_passes": 10, "somebody_acts": 80, "submit": 5, "somebody_tries": 4, "somebody_is_refused": 8, "sweep": 5,
    "figures": 3, "press": 4, "take_back": 2, "count_supports": 2, "sum_up": 1, "rebuild": 1, "holiday": 1,
    "reorganise": 2, "leave": 1, "contacts_go": 1,
}  # fmt: skip
"""What happens at all, and how often; what nobody does to one case, and trying what isn't allowed, among it.

Who tries takes anything at all; who is refused could do it, if it weren't for the one thing that stands against.
"""

CHOICES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "submit": {
        "kind": st.sampled_from([one.value for one in FeedbackKind]),
        "item": st.sampled_from(["led", "led", "orphan", None]),
        "how": st.sampled_from(["as usual"] * 8 + ["about staff", "held"]),
        "public": st.booleans(),
    },
    "time_passes": {"hours": st.sampled_from([1, 3, 20, 60, 400, 400])},
    "press": {"case": st.integers(1, 9), "browser": st.sampled_from(BROWSERS)},
    "take_back": {"case": st.integers(1, 9), "browser": st.sampled_from(BROWSERS)},
    "reorganise": {
        "source": st.sampled_from(DEPARTMENTS),
        "target": st.sampled_from(DEPARTMENTS),
        "whole": st.booleans(),
    },
    "leave": {"person": st.sampled_from(PEOPLE), "successor": st.none() | st.sampled_from(PEOPLE)},
    "figures": {
        "measure": st.sampled_from([one.value for one in Measure]),
        "back": st.sampled_from([0, 9, -3000]),
        "where": st.integers(0, 4),
        "span": st.integers(0, len(SPANS) - 1),
        "column": st.integers(0, len(COLUMNS) - 1),
    },
}  # fmt: skip


@st.composite
def next_steps(draw: Callable[..., Any]) -> Do:
    """What somebody does next, given all that has happened: a stateful test draws from its own state."""
    step: Do = draw(st.runner()).drawn(draw)
    return step


def one_of(draw: Callable[..., Any], often: Mapping[Any, int]) -> Any:
    """One of these, each as often as it says."""
    left = draw(st.integers(0, sum(often.values()) - 1))
    for one, times in often.items():
        if left < times:
            return one
        left -= times
    raise AssertionError


def one_able(draw: Callable[..., Any], slots: Sequence[Any], able: Collection[Any]) -> Any:
    """The first on a wheel, from where it stops, that can be.

    While a script shrinks what can be changes from try to try: what was drawn should mean the same where it can.
    """
    stop = draw(st.integers(0, len(slots) - 1))
    return next(one for one in (*slots[stop:], *slots[:stop]) if one in able)
