"""Whether the rows of cases are what a replay of their events gives, and no event is missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select, text

from civic.cases.models import (
    Assignment,
    Case,
    CaseEvent,
    CaseJudgement,
    CaseRound,
    CaseStat,
    LoneSignature,
    Support,
)
from civic.cases.rules import CaseAction, CaseFacts, CounterKey, Event, replay
from civic.cases.services.projecting import (
    case_columns,
    judgements,
    lone_signatures,
    round_columns,
    stint_columns,
    support_columns,
)
from civic.cases.services.summing import KEY, counter_of
from civic.core.extensions import db


def rows_are_what_the_events_say(case_ids: Collection[int]) -> dict[int, tuple[CaseFacts, list[Event]]]:
    """Facts and history of each case, with which all its rows agree."""
    events = _rows(CaseEvent, case_ids, CaseEvent.seq)
    cases = {row.id: row for row in db.session.execute(_columns(Case, case_ids)).all()}
    stints = _rows(Assignment, case_ids, Assignment.number)
    rounds = _rows(CaseRound, case_ids, CaseRound.number)
    signed = _rows(LoneSignature, case_ids, LoneSignature.number)
    said = _rows(CaseJudgement, case_ids, CaseJudgement.number)
    helping = _rows(Support, case_ids, Support.department_id)
    found = {}
    for case_id in case_ids:
        history = [
            Event(CaseAction(row.action), row.at, row.day, row.params, row.account_id)
            for row in events[case_id]
        ]
        facts = replay(history)
        assert facts is not None
        assert [row.seq for row in events[case_id]] == list(range(1, facts.seq + 1)), "an event is lost"
        _agrees(cases[case_id], case_columns(facts))
        for row, stint in zip(stints[case_id], facts.stints, strict=True):
            _agrees(row, stint_columns(facts, stint))
        for row, entry in zip(rounds[case_id], facts.rounds, strict=True):
            _agrees(row, round_columns(facts, entry))
        for row, wanted in zip(signed[case_id], lone_signatures(facts), strict=True):
            _agrees(row, wanted)
        for row, wanted in zip(said[case_id], judgements(facts), strict=True):
            _agrees(row, wanted)
        assert [row.department_id for row in helping[case_id]] == sorted(facts.supports)
        for row in helping[case_id]:
            _agrees(row, support_columns(facts, row.department_id))
        found[case_id] = (facts, history)
    return found


def _columns(model: Any, case_ids: Collection[int]) -> Any:
    table = model.__table__
    return select(table).where((table.c.id if model is Case else table.c.case_id).in_(case_ids))


def _rows(model: Any, case_ids: Collection[int], order: Any) -> dict[int, list[Any]]:
    by_case: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(_columns(model, case_ids).order_by(order)):
        by_case[row.case_id].append(row)
    return by_case


def _agrees(row: Any, wanted: Mapping[str, object]) -> None:
    assert {name: row._mapping[name] for name in wanted} == wanted


def stored_counters() -> Counter[CounterKey]:
    """The counters as they stand."""
    rows = db.session.execute(select(*(getattr(CaseStat, name) for name in KEY), CaseStat.n))
    return Counter({counter_of(row[:7]): row.n for row in rows})


def whole_database() -> tuple[object, ...]:
    """What changes with any change: how many rows each table has, and every case as it stands."""
    tables = " UNION ALL ".join(f'SELECT count(*) FROM "{name}"' for name in db.metadata.tables)
    counts = tuple(db.session.scalars(text(tables)))
    cases = tuple(map(tuple, db.session.execute(select(Case.__table__).order_by(Case.id))))
    db.session.rollback()
    return counts, cases
