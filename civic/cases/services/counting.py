"""Posting to the counters, and counting everything again from the events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

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
from civic.core.extensions import db

COUNTERS = cast(Table, CaseStat.__table__)


def post(change: Mapping[CounterKey, int]) -> None:
    """Add the differences to the counters, in the order given; a counter that falls to nothing goes."""
    if not change:
        return
    rows = [_row(key) | {"n": n} for key, n in change.items()]
    db.session.execute(_adding(db.engine.dialect.name), rows)
    note(rows)
    fallen = [_row(key) for key, n in change.items() if n < 0]
    if fallen:
        db.session.execute(
            _DROPPING, [{f"its_{name}": value for name, value in row.items()} for row in fallen]
        )


@cache
def _adding(dialect: str) -> Any:
    make = sqlite_insert if dialect == "sqlite" else postgresql_insert
    statement = make(COUNTERS)
    return statement.on_conflict_do_update(
        index_elements=list(KEY), set_={"n": COUNTERS.c.n + statement.excluded.n}
    )


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


def recount(up_to: int | None = None) -> Counter[CounterKey]:
    """The counters as the events say, over all cases; ``up_to`` an event's number, as they stood then."""
    total: Counter[CounterKey] = Counter()
    for _, history in histories(up_to=up_to):
        total.update(contributions(replay(history)))
    return total


def stored_counters() -> Counter[CounterKey]:
    """The counters as they stand in the database."""
    rows = db.session.execute(select(*(getattr(CaseStat, name) for name in KEY), CaseStat.n))
    return Counter({counter_of(row[:7]): row.n for row in rows})


def check_stats() -> list[StatsDifference | SumDifference]:
    """Where the counters differ from the events, or their sums from the counters; empty if all is well."""
    stored, counted = stored_counters(), recount()
    apart = [
        StatsDifference(key, stored[key], counted[key])
        for key in sorted(stored.keys() | counted.keys())
        if stored[key] != counted[key]
    ]
    return [*apart, *check_sums()]


def rebuild_stats() -> int:
    """Count everything again from the events, replace counters and sums; returns how many counters there are."""
    counted = recount()
    db.session.execute(delete(CaseStat))
    for batch in _batches([_row(key) | {"n": n} for key, n in sorted(counted.items()) if n]):
        db.session.execute(insert(COUNTERS), batch)
    rebuild_sums()
    return sum(1 for n in counted.values() if n)


def _batches(rows: list[dict[str, Any]], size: int = 1000) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
