"""Sealing a period: by the worker once it is over, or by whoever runs the site for one that was missed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from civic.cases import queries as cases
from civic.cases.services import last_event
from civic.core import audit, events
from civic.core.actor import SYSTEM, Actor
from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.supervision import policy
from civic.supervision.models import Snapshot
from civic.supervision.queries.snapshots import period_document
from civic.supervision.rules.assessments import canonical
from civic.supervision.rules.periods import parse_period
from civic.supervision.rules.snapshots import due_periods, period_text
from civic.supervision.services.opinions import last_opinion_event


@dataclass(frozen=True, slots=True)
class SnapshotSealed:
    """Published in the transaction in which a period is sealed by the worker: deputies are told."""

    number: int
    period: str
    at: datetime


def seal_period(actor: Actor, text: str, now: datetime) -> int:
    """Seal a month, quarter or year (``2026-11``, ``2026-Q4``, ``2026``); returns the number of the snapshot.

    Raises :class:`Invalid` for a period whose last day isn't over (residents write until midnight), that ended before
    anything was counted, or that is sealed already.
    """
    policy.can_seal(actor).require()
    period = parse_period(text, None, None, departments.local_day(now))
    if period.until >= departments.local_day(now):
        raise Invalid(
            N_("This period can be sealed once its last day is over."),
            code="not_over",
        )
    counted_since = cases.counted_since()
    if counted_since is None or counted_since > period.until:
        raise Invalid(N_("Nothing was counted in or before this period."), code="nothing_counted")
    newest = last_event()
    newest_of_opinions = last_opinion_event()
    sealed = db.session.scalar(select(Snapshot.number).where(Snapshot.period == text))
    if sealed is not None:
        raise Invalid(
            N_("This period is sealed already, as number %(number)s."), code="sealed", number=sealed
        )
    number = (db.session.scalar(select(func.max(Snapshot.number))) or 0) + 1
    document = canonical(period_document(number, text, period, (newest, newest_of_opinions), now))
    db.session.add(
        Snapshot(
            number=number,
            period=text,
            since=period.since,
            until=period.until,
            sealed_at=now,
            last_event=newest,
            document=document.decode(),
            seal=hashlib.sha256(document).hexdigest(),
        )
    )
    db.session.flush()
    audit.record(actor, "period_sealed", "snapshot", number, now, period=text)
    return number


def seal_due_periods(now: datetime) -> int:
    """The worker's job: seal the month, quarter and year that ended last; how many were. A second run finds none."""
    texts = [period_text(one) for one in due_periods(departments.local_day(now), cases.counted_since())]
    known = set(db.session.scalars(select(Snapshot.period).where(Snapshot.period.in_(texts))))
    wanting = [text for text in texts if text not in known]
    for text in wanting:
        events.publish(SnapshotSealed(seal_period(SYSTEM, text, now), text, now))
    return len(wanting)
