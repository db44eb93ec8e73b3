"""Posting to the counters, and counting everything again from the events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from sqlalchemy import (
    Column,
    MetaData,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    union_all,
)

from civic.cases.models import CaseEvent, CaseStat
from civic.cases.rules import CounterKey, contributions, replay
from civic.cases.services.histories import histories
from civic.cases.services.summing import (
    KEY,
    SumDifference,
    check_sums,
    counter_of,
    note,
    rebuild_sums,
)
from civic.core.bulk import insert_rows
from civic.core.extensions import db

COUNTERS = cast(Table, CaseStat.__table__)
CASES_AT_ONCE = 5000


TOGETHER = "posted_together"


def post(change: Mapping[CounterKey, int]) -> None:
    """Add the differences to the counters, in the order given; a counter that falls to nothing goes."""
    if TOGETHER in db.session.info:
        db.session.info[TOGETHER].update(change)
    elif change:
        _post(change)


@contextmanager
def posting_together() -> Iterator[None]:
    """Let what several cases bring be posted once, at the end and in order: one after the other would break it."""
    if TOGETHER in db.session.info:
        yield
        return
    total: Counter[CounterKey] = Counter()
    db.session.info[TOGETHER] = total
    try:
        yield
    finally:
        del db.session.info[TOGETHER]
    post({key: total[key] for key in sorted(total) if total[key]})


def _post(change: Mapping[CounterKey, int]) -> None:
    rows = [_row(key) | {"n": n} for key, n in change.items()]
    _add(COUNTERS, rows)
    note(rows)
    fallen = [_row(key) for key, n in change.items() if n < 0]
    if fallen:
        db.session.execute(
            _DROPPING, [{f"its_{name}": value for name, value in row.items()} for row in fallen]
        )


def _add(counters: Table, rows: list[dict[str, Any]]) -> None:
    """Add to the counters that are there, and make those that aren't."""
    insert_rows(counters, rows, lambda more: {"n": counters.c.n + more.n})


_DROPPING = delete(COUNTERS).where(
    COUNTERS.c.n == 0, *(COUNTERS.c[name] == bindparam(f"its_{name}") for name in KEY)
)


def _row(key: CounterKey) -> dict[str, Any]:
    return {
        "measure": key.measure.value,
        "day": key.day,
        "department_id": key.department_id,
        "item_id": key.item_id,
        "street_id": key.street_id,
        "kind": key.kind.value,
        "bucket": key.bucket,
    }


@dataclass(frozen=True, slots=True)
class StatsDifference:
    """One counter that isn't what the events say."""

    key: CounterKey
    stored: int
    counted: int


def last_event() -> int:
    """The number of the newest event, 0 before the first; until the transaction ends no other is written.

    So whatever is counted in this transaction is what the events up to that number say, on PostgreSQL too, where an
    earlier number could otherwise be committed later.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE case_event IN SHARE MODE"))
    return db.session.scalar(select(func.max(CaseEvent.id))) or 0


def recount(up_to: int | None = None, *, second_own: bool = False) -> Counter[CounterKey]:
    """The counters as the events say, over all cases; ``up_to`` an event's number, as they stood then. ``second_own``:
    by the former rule (:func:`~civic.cases.rules.counters.contributions`)."""
    total: Counter[CounterKey] = Counter()
    for _, history in histories(up_to=up_to):
        total.update(contributions(replay(history), second_own=second_own))
    return total


def check_stats() -> list[StatsDifference | SumDifference]:
    """Where the counters differ from the events, or their sums from the counters; empty if all is well.

    Who checks while others work calls :func:`last_event` first, or what they do meanwhile looks like a difference.
    """
    c = RECOUNTED.c
    both = union_all(
        select(
            *(COUNTERS.c[name] for name in KEY), COUNTERS.c.n.label("stored"), literal(0).label("counted")
        ),
        select(*(c[name] for name in KEY), literal(0), c.n),
    ).subquery()
    key = [both.c[name] for name in KEY]
    stored, counted = func.sum(both.c.stored), func.sum(both.c.counted)
    with _recounted():
        rows = db.session.execute(
            select(*key, stored, counted).group_by(*key).having(stored != counted).order_by(*key)
        ).all()
    return [*(StatsDifference(counter_of(row[:7]), row[7], row[8]) for row in rows), *check_sums()]


def rebuild_stats() -> int:
    """Count everything again from the events, replace counters and sums; returns how many counters there are."""
    last_event()
    names = [*KEY, "n"]
    with _recounted():
        db.session.execute(delete(COUNTERS))
        counted = select(*(RECOUNTED.c[name] for name in names)).where(RECOUNTED.c.n != 0)
        db.session.execute(insert(COUNTERS).from_select(names, counted))
    rebuild_sums()
    return db.session.scalar(select(func.count()).select_from(COUNTERS)) or 0


RECOUNTED = Table(
    "case_stat_recounted",
    MetaData(),
    *(Column(column.name, column.type, primary_key=column.primary_key) for column in COUNTERS.columns),
    prefixes=["TEMPORARY"],
)
"""The counters as the events say, beside those that stand; a million cases have too many to be held in memory."""


@contextmanager
def _recounted() -> Iterator[None]:
    """Fill :data:`RECOUNTED` from all events, some thousand cases at a time."""
    connection = db.session.connection()
    RECOUNTED.create(connection)
    cases = histories()
    while lot := list(islice(cases, CASES_AT_ONCE)):
        total: Counter[CounterKey] = Counter()
        for _, history in lot:
            total.update(contributions(replay(history)))
        if total:
            rows = [_row(key) | {"n": n} for key, n in sorted(total.items())]
            _add(RECOUNTED, rows)
    yield
    RECOUNTED.drop(connection)
