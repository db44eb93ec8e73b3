"""What a resident is told is written down in the transaction in which it happens, or when time runs out."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from civic.cases import queries as cases
from civic.cases.rules import CaseChanged, NoticeChannel
from civic.core import outbox
from civic.core.config import Settings, settings
from civic.departments import queries as departments
from civic.notices.rules.residents import (
    FIRST_HOUR,
    LAST_HOUR,
    MERGED_TOO,
    REMIND_BEFORE,
    NoticeKind,
    key_of,
    notices_of,
    when_to_send,
)

MAIL_KIND = "notice_mail"
SMS_KIND = "notice_sms"
OUTBOX_KINDS = {NoticeChannel.EMAIL: MAIL_KIND, NoticeChannel.SMS: SMS_KIND}


def follow_case(change: CaseChanged) -> None:
    """Subscriber: put into the outbox what the writer, and those merged with the case, want to be told of a change."""
    if not (settings().sends_mail or settings().sends_sms):
        return
    for place, kind in notices_of(change.actions, change.before, change.status):
        cause = f"{change.case_id}.{change.first_seq + place}"
        for wish in cases.wishes_of(change.case_id, merged_too=kind in MERGED_TOO):
            _write_down(kind, wish.case_id, cause, wish.channel, change.at)


def remind_of_closing(now: datetime) -> int:
    """The hourly job: who hasn't judged an answer is reminded once before the case closes; how many are."""
    local = now.astimezone(_zone())
    if not FIRST_HOUR <= local.hour < LAST_HOUR:
        return 0
    closing = cases.closing_soon(now, REMIND_BEFORE, now - REMIND_BEFORE)
    for case in closing:
        cause = f"{case.close_at:%Y%m%d%H%M}"
        for channel in case.channels:
            _write_down(NoticeKind.CLOSING, case.case_id, cause, channel, now)
    return len(closing)


def can_send(given: Settings, channel: NoticeChannel) -> bool:
    """Whether this site sends anything by that way."""
    return given.sends_mail if channel is NoticeChannel.EMAIL else given.sends_sms


def _write_down(kind: NoticeKind, case_id: int, cause: str, channel: NoticeChannel, now: datetime) -> None:
    if not can_send(settings(), channel):
        return
    payload = {"case_id": case_id, "notice": kind.value, "cause": cause}
    leaves = when_to_send(kind, channel, now.astimezone(_zone()))
    outbox.enqueue(OUTBOX_KINDS[channel], key_of(kind, case_id, cause, channel), payload, now, leaves)


def _zone() -> ZoneInfo:
    return ZoneInfo(departments.district().zone)
