"""The database: base class, column types, one transaction per request, and what differs between databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Engine, MetaData, String, event, func, select
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables; constraints are named, so that migrations can address them."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC. A naive value is a mistake and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must carry its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def key_text(length: int) -> String:
    """Text used as a key: ordered by code point on both databases."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


JsonDict = JSON
"""A JSON object; plain JSON on both databases, because nothing queries inside it."""


@contextmanager
def unit_of_work() -> Iterator[Any]:
    """One transaction: commit at the end, or leave nothing behind.

    On SQLite it starts with BEGIN IMMEDIATE: a transaction that reads first and
    writes later can't wait for its turn and fails with 'database is locked'.
    Nested use joins the transaction that is already open.
    """
    from civic.core.extensions import db

    session = db.session
    if session.info.get("in_unit_of_work"):
        yield session
        return
    session.rollback()
    session.info["in_unit_of_work"] = True
    undo = session.info["undo"] = []
    last = session.info["last"] = {}
    try:
        session.connection(execution_options={"civic_write": True})
        yield session
        for step in last.values():
            step()
        # Whether a commit that fails took hold isn't known: what was done outside stays then.
        undo = []
        session.commit()
    except BaseException:
        session.rollback()
        for step in undo:
            step()
        raise
    finally:
        session.info.pop("in_unit_of_work", None)
        session.info.pop("undo", None)
        session.info.pop("last", None)


def reserve_ids(table: Any, count: int) -> range | list[int]:
    """So many ids of a table that no other transaction will take: rows written at once can name each other.

    On PostgreSQL its sequence gives them; on SQLite the unit of work that is open is the only one that writes.
    """
    from civic.core.extensions import db

    if db.engine.dialect.name == "sqlite":
        last = db.session.scalar(select(func.max(table.c.id))) or 0
        return range(last + 1, last + 1 + count)
    sequence = func.pg_get_serial_sequence(table.name, "id")
    return list(
        db.session.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, count)))
    )


def before_commit(name: str, step: Callable[[], object]) -> None:
    """Do this as the last thing of the unit of work that is open, the newest of each name; without one at once.

    For rows that everybody writes to: whoever holds one waits for nothing else any more, so no two wait in a circle.
    """
    from civic.core.extensions import db

    last = db.session.info.get("last")
    if last is None:
        step()
    else:
        last[name] = step


def on_rollback(step: Callable[[], object]) -> None:
    """Do this if the unit of work that is open fails: it takes back what was done outside the database."""
    from civic.core.extensions import db

    db.session.info.get("undo", []).append(step)


def init_engine(engine: Engine) -> None:
    """Set up a new engine: pragmas and explicit BEGIN on SQLite, one process and bytes as they are on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        event.listen(engine, "connect", _postgresql_connect)
        event.listen(engine, "before_cursor_execute", _postgresql_execute)


def _postgresql_connect(connection: Any, _record: Any) -> None:
    # What a page asks for takes a millisecond, and some twenty to start the processes that share it.
    connection.autocommit = True
    connection.execute("SET max_parallel_workers_per_gather = 0")
    connection.autocommit = False


BINARY = "civic_binary"
"""Execution option of a statement whose rows hold long pieces of bytes: PostgreSQL sends them as they are, which as
text takes two characters a byte."""


def _postgresql_execute(
    _connection: Connection, cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    if context is not None and context.execution_options.get(BINARY):
        cursor.format = 1


SQLITE_CACHE_KIB = 16 * 1024
"""Pages that a connection keeps in memory at most: the sums of all items in some months are more than SQLite's 2 MB."""


def _sqlite_connect(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes too late and is always deferred; we say it ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute(f"PRAGMA cache_size=-{SQLITE_CACHE_KIB}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("civic_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
