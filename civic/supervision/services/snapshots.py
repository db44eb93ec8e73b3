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
from civic.core.db import unit_of_work
from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.supervision import policy
from civic.supervision.models import Snapshot
from civic.supervision.queries.snapshots import period_document
from civic.supervision.rules.assessments import canonical
from civic.supervision.rules.periods import Period, parse_period
from civic.supervision.rules.snapshots import due_periods, period_text
from civic.supervision.services.opinions import last_opinion_event
from civic.supervision.services.topics import sweep_topics


@dataclass(frozen=True, slots=True)
class SnapshotSealed:
    """Published in the transaction in which a period is sealed by the worker: deputies are told."""

    number: int
    period: str
    at: datetime


def seal_period(actor: Actor, text: str, now: datetime) -> int:
    """Seal a month, quarter or year (``2026-11``, ``2026-Q4``, ``2026``); returns the number of the snapshot.

    Messages are read for topics first, which may take minutes: it opens its own transactions. Raises :class:`Invalid`
    for a period whose last day isn't over (residents write until midnight), that ended before anything was counted, or
    that is sealed already.
    """
    policy.can_seal(actor).require()
    _checked(text, now)
    sweep_topics(now)
    with unit_of_work():
        return _seal(actor, text, now)


def seal_due_periods(now: datetime) -> int:
    """The worker's job: seal the month, quarter and year that ended last; how many were. A second run finds none."""
    if not _wanting(now):
        return 0
    sweep_topics(now)
    with unit_of_work():
        wanting = _wanting(now)
        for text in wanting:
            events.publish(SnapshotSealed(_seal(SYSTEM, text, now), text, now))
    return len(wanting)


def _wanting(now: datetime) -> list[str]:
    """The periods that are over and not sealed yet."""
    texts = [period_text(one) for one in due_periods(departments.local_day(now), cases.counted_since())]
    known = set(db.session.scalars(select(Snapshot.period).where(Snapshot.period.in_(texts))))
    return [text for text in texts if text not in known]


def _checked(text: str, now: datetime) -> Period:
    """The period of a name that can be sealed now; raises :class:`Invalid`."""
    period = parse_period(text, None, None, departments.local_day(now))
    if period.until >= departments.local_day(now):
        raise Invalid(
            N_("This period can be sealed once its last day is over."),
            code="not_over",
        )
    counted_since = cases.counted_since()
    if counted_since is None or counted_since > period.until:
        raise Invalid(N_("Nothing was counted in or before this period."), code="nothing_counted")
    sealed = db.session.scalar(select(Snapshot.number).where(Snapshot.period == text))
    if sealed is not None:
        raise Invalid(
            N_("This period is sealed already, as number %(number)s."), code="sealed", number=sealed
        )
    return period


def _seal(actor: Actor, text: str, now: datetime) -> int:
    newest = last_event()
    newest_of_opinions = last_opinion_event()
    period = _checked(text, now)
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
