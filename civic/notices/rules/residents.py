"""What a resident is told of the own case: one table from what happens to what is sent, and when. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

from civic.cases.rules import CaseAction, CaseStatus, NoticeChannel


class NoticeKind(StrEnum):
    """What a message says."""

    RECEIVED = "received"
    ASKED = "asked"
    ANSWERED = "answered"
    CORRECTED = "corrected"
    EXTENDED = "extended"
    DECLINED = "declined"
    MERGED = "merged"
    SEPARATED = "separated"
    REOPENED = "reopened"
    CLOSING = "closing"


A = CaseAction

NOTICE_OF: Mapping[CaseAction, NoticeKind] = {
    # A case that is held when it comes in is confirmed once a person has let it go on.
    A.TRIAGE: NoticeKind.RECEIVED,
    A.ROUTE: NoticeKind.RECEIVED,
    A.ASK_RESIDENT: NoticeKind.ASKED,
    A.PUBLISH_REPLY: NoticeKind.ANSWERED,
    A.CORRECT_REPLY: NoticeKind.CORRECTED,
    A.APPROVE_EXTENSION: NoticeKind.EXTENDED,
    A.DECLINE: NoticeKind.DECLINED,
    A.MERGE: NoticeKind.MERGED,
    A.UNMERGE: NoticeKind.SEPARATED,
    A.REOPEN: NoticeKind.REOPENED,
    A.APPEAL: NoticeKind.REOPENED,
}
"""The one table. ``CLOSING`` isn't in it: nothing happens to the case, its time runs out."""

SILENT = frozenset(
    {
        # The receipt on the screen, and then RECEIVED, say it.
        A.SUBMIT,
        # Who works on it: not the resident's concern; the tracking page says who has it.
        A.TRANSFER, A.DESIGNATE, A.TAKE, A.ASSIGN, A.HAND_BACK, A.INVITE, A.WITHDRAW_INVITATION,
        A.CONTRIBUTE, A.ACCEPT, A.RETURN, A.RESUME, A.ESCALATE, A.SUCCEED, A.FOLLOW, A.ABSORB, A.RELEASE,
        # Only what is published, approved or corrected is an answer.
        A.DRAFT_REPLY, A.SEND_FOR_APPROVAL, A.SEND_BACK, A.APPROVE_REPLY, A.DRAFT_CORRECTION,
        A.CONCEAL_REPLY, A.REQUEST_EXTENSION, A.REFUSE_EXTENSION,
        # Publication doesn't change what becomes of the matter.
        A.PUBLISH, A.PUBLISH_MASKED, A.KEEP_PRIVATE, A.UNPUBLISH, A.REMASK,
        # What residents do themselves they know.
        A.REVOKE_CONSENT, A.ADD_INFORMATION, A.RATE, A.WITHDRAW, A.REISSUE_CODE, A.ERASE_CONTACT,
        A.ERASE_WORDS,
        # Announced before (CLOSING), shown as late on the tracking page, promised as provisional.
        A.CLOSE, A.BECAME_OVERDUE, A.MOVE_DEADLINES,
    }
)  # fmt: skip
"""Everything else, on purpose: a message for each step would bury the ones that matter."""

MERGED_TOO = frozenset(
    {NoticeKind.ANSWERED, NoticeKind.CORRECTED, NoticeKind.EXTENDED, NoticeKind.DECLINED, NoticeKind.REOPENED}
)
"""What is told as well to those whose cases were merged into this one."""

OWN_DOING = frozenset({NoticeKind.RECEIVED, NoticeKind.REOPENED})
"""They have just done it themselves, so the answer comes at once, at any hour."""

FIRST_HOUR, LAST_HOUR = 8, 21
"""Other text messages leave between these hours of the district's day; mail rings for nobody."""
REMIND_BEFORE = timedelta(days=3)
"""How long before an answered case closes by itself its writer is reminded."""
MOST_CONFIRMED_A_DAY = 5
"""Messages confirmed to one address in 24 hours: nobody is flooded through the form with somebody else's number."""
OPEN_LINK_DAYS = 60
"""How long the link in a message opens the case."""
STOP_LINK_DAYS = 400
"""How long the link in a message ends them; each message brings a new one."""


def notices_of(
    actions: tuple[CaseAction, ...], before: CaseStatus | None, status: CaseStatus
) -> tuple[tuple[int, NoticeKind], ...]:
    """What one change of a case causes, each kind once: (place of the last action that causes it, what is said)."""
    comes_in = before in (None, CaseStatus.SUBMITTED) and status is not CaseStatus.SUBMITTED
    found: dict[NoticeKind, int] = {}
    for place, action in enumerate(actions):
        kind = NOTICE_OF.get(action)
        if kind is not None and (comes_in or kind is not NoticeKind.RECEIVED):
            found[kind] = place
    return tuple(sorted((place, kind) for kind, place in found.items()))


def is_overtaken(kind: NoticeKind, status: CaseStatus) -> bool:
    """Whether the case has gone on since, so that the message would ask for what is no longer possible."""
    if kind is NoticeKind.ASKED:
        return status is not CaseStatus.AWAITING_RESIDENT
    if kind is NoticeKind.CLOSING:
        return status is not CaseStatus.REPLIED
    if kind is NoticeKind.MERGED:
        return status is not CaseStatus.MERGED
    return status is CaseStatus.WITHDRAWN


def when_to_send(kind: NoticeKind, channel: NoticeChannel, local: datetime) -> datetime:
    """When a message leaves, by the district's clock: a telephone rings by day only."""
    by_day = FIRST_HOUR <= local.hour < LAST_HOUR
    if channel is NoticeChannel.EMAIL or kind in OWN_DOING or by_day:
        return local
    morning = local.date() if local.hour < FIRST_HOUR else local.date() + timedelta(days=1)
    return datetime.combine(morning, time(FIRST_HOUR), local.tzinfo)


def key_of(kind: NoticeKind, case_id: int, cause: str, channel: NoticeChannel) -> str:
    """By which a message is written down once: what it says to whom, by which way, and because of what."""
    return f"notice:{case_id}:{kind}:{cause}:{channel}"
