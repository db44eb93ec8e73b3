"""Writes down the mails of the morning, one to each member of staff on each working day. Callers commit."""

from __future__ import annotations

from datetime import datetime

from civic.accounts.rules import SETTLED
from civic.accounts.services import begin_digests
from civic.core import outbox
from civic.departments import queries as departments
from civic.notices.rules.digests import is_time

STAFF_DIGEST_MAIL = "staff_digest"


def write_digests(now: datetime) -> int:
    """Once work has begun on a working day: a mail for each who hasn't one of this day yet. Returns how many.

    Whether there is something to say shows when it leaves.
    """
    district, calendar = departments.district(), departments.calendar()
    local = now.astimezone(calendar.zone)
    if not calendar.is_workday(local.date()):
        return 0
    if not is_time(local.time().replace(tzinfo=None), district.opens_at, calendar.closes_at):
        return 0
    begun = begin_digests(local.date())
    for account_id in begun:
        payload = {"account_id": account_id, "until": (now - SETTLED).isoformat()}
        key = f"{STAFF_DIGEST_MAIL}:{local.date().isoformat()}:{account_id}"
        outbox.enqueue(STAFF_DIGEST_MAIL, key, payload, now)
    return len(begun)
