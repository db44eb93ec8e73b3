"""The database itself keeps what was written."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from civic.cases.models import Case
from civic.core.actor import SYSTEM
from civic.core.audit import record
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.guards import missing_guards
from tests.integration.cases.worlds import World

HISTORY = ("case_event", "audit_entry")


def test_at_the_newest_schema_no_guard_is_missing(app_context: Flask) -> None:
    assert missing_guards(db.session.connection()) == []


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("change", ["UPDATE {t} SET action = 'close'", "DELETE FROM {t}"])
def test_what_was_written_can_neither_be_changed_nor_removed(world: World, table: str, change: str) -> None:
    receipt = world.submit()
    with unit_of_work():
        record(SYSTEM, "test", "case", receipt.case_id, world.now)
    with pytest.raises(DatabaseError, match="append-only"), unit_of_work() as session:
        session.execute(text(change.format(t=table)))


@pytest.mark.parametrize("table", HISTORY)
def test_postgresql_refuses_to_truncate_as_well(world: World, table: str) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE; its DELETE is refused above")
    world.submit()
    with pytest.raises(DatabaseError, match="append-only"), unit_of_work() as session:
        session.execute(text(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize(
    "impossible",
    [
        {"status": "merged"},
        {"status": "declined"},
        {"status": "awaiting_resident"},
        {"status": "replied"},
        {"status": "withdrawn"},
        {"status": "lost"},
        {"department_id": None},
        {"publication": "masked"},
        {"publication": "public", "wants_publication": False},
        {"resolution": "resolved"},
        {"decline_code": "no_substance"},
    ],
)
def test_the_row_of_a_case_can_not_contradict_itself(world: World, impossible: dict[str, object]) -> None:
    case_id = world.submit().case_id
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.execute(db.update(Case).where(Case.id == case_id).values(**impossible))
