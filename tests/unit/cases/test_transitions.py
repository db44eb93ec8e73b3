"""The table of transitions, written down a second time by hand: every pair is allowed as here or refused."""

from __future__ import annotations

import pytest

from civic.cases.rules import (
    ACTION_TEXTS,
    AT_DEPARTMENT,
    ENDED,
    OPEN,
    TRANSITIONS,
    CaseAction,
    CaseStatus,
    Party,
    actions_from,
)

H, L, S, D, R, Y = (
    Party.HANDLER,
    Party.LEAD,
    Party.SUPPORT,
    Party.DISPATCHER,
    Party.RESIDENT,
    Party.SYSTEM,
)

# status: {action: (statuses it leads to, who may)}; "=" leads nowhere else.
AT_ANY_DESK = {
    "take": ("=", {H, L}),
    "assign": ("=", {H, L, Y}),
    "hand_back": ("=", {H, L, Y}),
    "withdraw_invitation": ("=", {D, H, L}),
    "contribute": ("=", {S}),
    "approve_extension": ("=", {D}),
    "refuse_extension": ("=", {D}),
}
WHILE_OPEN = {
    "add_information": ("=", {R}),
    "withdraw": ("withdrawn", {R}),
    "merge": ("merged", {D, L}),
    "absorb": ("=", {D, L}),
    "became_overdue": ("=", {Y}),
    "move_deadlines": ("=", {Y}),
    "succeed": ("=", {Y}),
}
WHILE_LIVE = {
    "publish": ("=", {D}),
    "publish_masked": ("=", {D}),
    "keep_private": ("=", {D}),
    "unpublish": ("=", {D}),
    "remask": ("=", {D}),
    "revoke_consent": ("=", {R}),
    "conceal_reply": ("=", {D, L}),
    "release": ("=", {D, Y}),
}
CORRECTING = {"draft_correction": ("=", {H, L}), "send_back": ("=", {L}), "correct_reply": ("=", {L})}
AT_ALL_TIMES = {"reissue_code": ("=", {D}), "erase_contact": ("=", {R})}
AFTER_THE_END = {"erase_words": ("=", {R})}
EXPECTED: dict[str, dict[str, tuple[str, set[Party]]]] = {
    "submitted": WHILE_LIVE
    | WHILE_OPEN
    | {
        "triage": ("triage", {Y, D}),
        "route": ("routed", {Y, D}),
        "decline": ("declined", {D}),
    },
    "triage": WHILE_LIVE
    | WHILE_OPEN
    | {
        "route": ("routed", {Y, D}),
        "designate": ("routed", {D}),
        "decline": ("declined", {D}),
        "escalate": ("=", {D, Y, H, L}),
    },
    "routed": WHILE_LIVE
    | WHILE_OPEN
    | AT_ANY_DESK
    | {
        "accept": ("in_progress", {H, L}),
        "return": ("=", {H, L}),
        "transfer": ("routed", {D}),
        "designate": ("routed", {D}),
        "decline": ("declined", {D}),
        "invite": ("=", {D, H, L}),
        "escalate": ("=", {D, Y, H, L}),
    },
    "in_progress": WHILE_LIVE
    | WHILE_OPEN
    | AT_ANY_DESK
    | {
        "return": ("=", {H, L}),
        "transfer": ("routed", {D}),
        "designate": ("routed", {D}),
        "decline": ("declined", {D}),
        "invite": ("=", {D, H, L}),
        "ask_resident": ("awaiting_resident", {H, L}),
        "request_extension": ("=", {H, L}),
        "escalate": ("=", {D, Y, H, L}),
        "draft_reply": ("=", {H, L}),
        "send_for_approval": ("reply_review", {H, L}),
        "publish_reply": ("replied", {L}),
    },
    "awaiting_resident": WHILE_LIVE
    | WHILE_OPEN
    | AT_ANY_DESK
    | {
        "add_information": ("in_progress", {R}),
        "resume": ("in_progress", {H, L, Y}),
        "invite": ("=", {D, H, L}),
        "escalate": ("=", {D, Y, H, L}),
    },
    "reply_review": WHILE_LIVE
    | WHILE_OPEN
    | AT_ANY_DESK
    | {
        "transfer": ("routed", {D}),
        "escalate": ("=", {D, Y, H, L}),
        "draft_reply": ("=", {L}),
        "send_back": ("in_progress", {L}),
        "approve_reply": ("=", {L}),
        "publish_reply": ("replied", {H, L}),
    },
    "replied": WHILE_LIVE
    | AFTER_THE_END
    | {
        "absorb": ("=", {D, L}),
        **CORRECTING,
        "rate": ("=", {R}),
        "reopen": ("in_progress triage", {R}),
        "close": ("closed", {R, Y}),
    },
    "closed": WHILE_LIVE | AFTER_THE_END | CORRECTING,
    "declined": AFTER_THE_END | {"appeal": ("triage", {R})},
    "merged": AFTER_THE_END
    | {"follow": ("=", {Y})}
    | {
        "unmerge": ("triage routed in_progress", {D, Y}),
        "rate": ("=", {R}),
        "reopen": ("in_progress triage", {R}),
        "unpublish": ("=", {D}),
        "remask": ("=", {D}),
        "revoke_consent": ("=", {R}),
    },
    "withdrawn": AFTER_THE_END,
}
for at_this_status in EXPECTED:
    EXPECTED[at_this_status] = EXPECTED[at_this_status] | AT_ALL_TIMES
del EXPECTED["awaiting_resident"]["merge"]


@pytest.mark.parametrize("status", list(CaseStatus))
@pytest.mark.parametrize("action", list(CaseAction))
def test_every_pair_is_allowed_as_written_here_or_refused(status: CaseStatus, action: CaseAction) -> None:
    expected = EXPECTED[status].get(action)
    transition = TRANSITIONS.get((status, action))
    if expected is None:
        assert transition is None, f"{action} must not be possible while {status}"
        return
    assert transition is not None, f"{action} must be possible while {status}"
    to, parties = expected
    assert tuple(transition.to) == ((status,) if to == "=" else tuple(CaseStatus(s) for s in to.split()))
    assert transition.by == parties


def test_a_case_begins_only_by_submission() -> None:
    assert actions_from(None) == (CaseAction.SUBMIT,)
    assert not [key for key in TRANSITIONS if key[1] is CaseAction.SUBMIT and key[0] is not None]


def test_every_open_status_can_end_and_every_status_can_be_reached() -> None:
    for status in OPEN:
        assert any(
            set(TRANSITIONS[status, a].to) & (ENDED | {CaseStatus.REPLIED}) for a in actions_from(status)
        )
    reached = {to for transition in TRANSITIONS.values() for to in transition.to}
    assert reached == set(CaseStatus)


def test_every_department_status_has_a_way_out_for_the_department() -> None:
    for status in AT_DEPARTMENT:
        moves = [
            action
            for action in actions_from(status)
            if TRANSITIONS[status, action].by & {H, L} and TRANSITIONS[status, action].to != (status,)
        ]
        assert moves, status


def test_every_action_has_words() -> None:
    assert set(ACTION_TEXTS) == set(CaseAction)
    assert all(text.label and text.consequence and text.past for text in ACTION_TEXTS.values())
