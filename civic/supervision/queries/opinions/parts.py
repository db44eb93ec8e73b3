"""The part of a period's document that says how deputies' opinions stood: from the rows when it is sealed, from the
events of then when it is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select

from civic.cases.rules import RatingLevel
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.supervision.models import Opinion, OpinionEvent, OpinionRound
from civic.supervision.queries.opinions.figures import counts_by_department
from civic.supervision.rules import Period
from civic.supervision.rules.opinions import (
    Event,
    Listed,
    OpinionAction,
    OpinionFacts,
    Round,
    counts_of_rounds,
    evolve,
    listed_of,
)
from civic.supervision.rules.snapshots import opinions_json

Json = dict[str, Any]


def opinions_part(
    period: Period, judged_until: date, places: Mapping[str, Any], department_id: int | None = None
) -> Json:
    """Figures by department and what became public in the period and still is, as the rows have it now."""
    published = select(Opinion).where(Opinion.public).order_by(Opinion.year, Opinion.serial)
    rows = [
        row
        for row in db.session.scalars(published)
        if row.published_at is not None
        and period.since <= departments.local_day(row.published_at) <= period.until
    ]
    rounds = _rounds([row.id for row in rows])
    listed = (_listed(row, rounds[row.id]) for row in rows)
    return opinions_json(
        counts_by_department(period, judged_until, department_id),
        [one for one in listed if department_id in (None, one.department_id)],
        places,
    )


def replayed_part(last_event: int, period: Period, places: Mapping[str, Any]) -> Json:
    """The same out of the events up to ``last_event``: counted in Python, not by the database."""
    numbered = {
        row.id: row for row in db.session.scalars(select(Opinion).where(Opinion.sent_at.is_not(None)))
    }
    rounds: list[Round] = []
    listed: list[Listed] = []
    for opinion_id, facts, published in _replayed(last_event):
        rounds.extend(facts.rounds)
        if facts.is_public and published is not None and period.since <= published <= period.until:
            listed.append(_listed(numbered[opinion_id], facts.rounds))
    listed.sort(key=lambda one: (one.year, one.serial))
    return opinions_json(counts_of_rounds(rounds, period, period.until), listed, places)


def _replayed(last_event: int) -> Iterator[tuple[int, OpinionFacts, date | None]]:
    """Each opinion as it stood at an event, and the day on which it first became public."""
    query = select(OpinionEvent).where(OpinionEvent.id <= last_event)
    rows = db.session.scalars(query.order_by(OpinionEvent.opinion_id, OpinionEvent.seq))
    for opinion_id, events in groupby(rows, key=lambda row: row.opinion_id):
        facts: OpinionFacts | None = None
        published: date | None = None
        for row in events:
            facts = evolve(
                facts, Event(OpinionAction(row.action), row.at, row.day, row.account_id, row.params)
            )
            if facts.is_public and published is None:
                published = row.day
        if facts is not None:
            yield opinion_id, facts, published


def _rounds(ids: list[int]) -> dict[int, list[Round]]:
    query = select(OpinionRound).where(OpinionRound.opinion_id.in_(ids))
    found: dict[int, list[Round]] = {one: [] for one in ids}
    for row in db.session.scalars(query.order_by(OpinionRound.opinion_id, OpinionRound.number)):
        values = {name: getattr(row, name) for name in Round.__dataclass_fields__}
        rating = RatingLevel(row.rating) if row.rating else None
        found[row.opinion_id].append(Round(**{**values, "rating": rating}))
    return found


def _listed(row: Opinion, rounds: list[Round] | tuple[Round, ...]) -> Listed:
    assert row.year is not None
    assert row.serial is not None
    return listed_of(row.year, row.serial, row.item_id, rounds)
