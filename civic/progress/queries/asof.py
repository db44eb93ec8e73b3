"""How things stood on a day of the past: what an assessment of a plan is filled from."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from civic.departments import queries as departments
from civic.plans.queries import PlanDocument
from civic.progress.queries.moving import REPORTED_KINDS, QuietItem, last_published, months_before
from civic.progress.queries.updates import UpdateRow, latest, published_updates
from civic.progress.rules.updates import Standing, UpdateStatus, standing


def updates_as_of(item_ids: Collection[int], day: date) -> dict[int, UpdateRow]:
    """The report that counts of each item, of those that speak of ``day`` at the latest; one query.

    A report about December that was published in January counts for December; one that was corrected since
    doesn't count.
    """
    found: dict[int, list[UpdateRow]] = {}
    corrected = set()
    for row in published_updates(item_ids):
        corrected.add(row.corrects_id)
        if row.report.as_of <= day:
            found.setdefault(row.item_id, []).append(row)
    standing_rows = {
        item_id: latest(row for row in rows if row.id not in corrected) for item_id, rows in found.items()
    }
    return {item_id: row for item_id, row in standing_rows.items() if row is not None}


def standing_on(row: UpdateRow, day: date, deadline: date | None) -> Standing:
    """How an item with this report looked on ``day``."""
    return standing(row.report.status, day, expected_on=row.report.expected_on, deadline=deadline)


def quiet_as_of(document: PlanDocument, day: date, months: int) -> tuple[QuietItem, ...]:
    """Items with a lead of which nothing had been published for ``months`` at the end of ``day``; longest first.

    What was reported as done is left out. Three queries.
    """
    limit = months_before(day, months)
    asked = [(ref, duty) for ref in document.of_kind(*REPORTED_KINDS) if (duty := document.lead(ref))]
    ids = [ref.id for ref, _ in asked]
    last = last_published(before=_midnight_after(day))
    done = {i for i, row in updates_as_of(ids, day).items() if row.report.status is UpdateStatus.DONE}
    found = []
    for ref, duty in asked:
        published = departments.local_day(last[ref.id]) if ref.id in last else None
        since = published or duty.since or document.plan.issued_on
        if ref.id not in done and (since is None or since <= limit):
            found.append(QuietItem(ref, duty.department_id, published, since))
    return tuple(sorted(found, key=lambda one: (one.since or date.min, one.ref.id)))


def _midnight_after(day: date) -> datetime:
    """The moment at which a local day is over."""
    zone = ZoneInfo(departments.district().zone)
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
