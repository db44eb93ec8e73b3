"""The rows of a PostgreSQL database, taken out and put back, and a database that many tests use in turn.

Copying a database anew takes longer than most tests; so only the tables that were written to are filled again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import text

from civic.core.extensions import db


@dataclass(frozen=True)
class Rows:
    """What a database held: rows by table as COPY writes them, and how far its sequences were."""

    tables: dict[str, bytes]
    sequences: dict[str, int]


def rows_of(connection: Any) -> Rows:
    sequences = connection.execute(text(
        "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences WHERE last_value IS NOT NULL"
    )).all()  # fmt: skip
    tables = {table: _copied_out(connection, table) for table in filled_tables(connection)}
    return Rows(tables, {row[0]: row[1] for row in sequences})


def filled_tables(connection: Any) -> list[str]:
    """The quoted names of all tables that hold a row."""
    filled = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {t})" for t in _tables())
    return [row[0] for row in asked(connection, filled)]


def _tables() -> list[str]:
    from civic.desk.models import staff_terms
    from civic.search.models import voice_terms

    return [f'"{table.name}"' for table in (voice_terms, staff_terms, *db.metadata.sorted_tables)]


def asked(connection: Any, query: str) -> list[tuple[Any, ...]]:
    """What it answers to a question that is put between any two tests: it is planned once."""
    with closing(connection.connection.cursor()) as cursor:
        answer: list[tuple[Any, ...]] = cursor.execute(query, prepare=True).fetchall()
        return answer


def _copied_out(connection: Any, table: str) -> bytes:
    with (
        closing(connection.connection.cursor()) as cursor,
        cursor.copy(f"COPY {table} TO STDOUT") as out,
    ):
        return b"".join(map(bytes, out))


def put_back(connection: Any, tables: Mapping[str, bytes], sequences: Mapping[str, int]) -> None:
    """Fill empty tables again, and let each sequence go on where it was."""
    # The rows were checked when they were first written.
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for table, rows in tables.items():
        with (
            closing(connection.connection.cursor()) as cursor,
            cursor.copy(f"COPY {table} FROM STDIN") as into,
        ):
            into.write(rows)
    connection.execute(SEQUENCES, {"names": list(sequences), "values": list(sequences.values())})


SEQUENCES = text("""
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(value, 1), value IS NOT NULL)
FROM pg_sequences LEFT JOIN unnest(CAST(:names AS text[]), CAST(:values AS bigint[])) AS kept(name, value)
  ON name = format('%I.%I', schemaname, sequencename)
WHERE last_value IS DISTINCT FROM value""")

CATALOGUES = ("pg_class", "pg_constraint", "pg_trigger")
"""Where it shows that somebody has changed a table itself."""

Mark = tuple[int, int | None]
"""How many rows a table holds, and the last transaction that wrote one of them: any change changes one of both."""


@dataclass
class Copy:
    """A database as ``make`` leaves it; the marks are those of its tables since they were last filled."""

    app: Flask
    make: Callable[[], object]
    rows: Rows | None = None
    marks: dict[str, Mark] | None = None

    def put_right(self) -> None:
        """Let nothing be there of what the test before has done."""
        with self.app.app_context():
            if self.rows is None or not self._filled(self.rows):
                db.engine.dispose()
                self.make()
                with db.engine.connect() as connection:
                    self.rows, self.marks = rows_of(connection), _marks(connection)

    def _filled(self, rows: Rows) -> bool:
        """Whether it could be done by filling tables, as no table was made or changed itself."""
        with db.engine.begin() as connection:
            asked(connection, OTHERS)
            now, before = _marks(connection), self.marks or {}
            changed = {table for table in {*now, *before} if now.get(table) != before.get(table)}
            if not changed.isdisjoint(CATALOGUES):
                return False
            _empty(connection, changed)
            put_back(connection, {t: kept for t, kept in rows.tables.items() if t in changed}, rows.sequences)
            if changed:
                self.marks = _marks(connection)
        return True


OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""
"""Whoever else is still connected: a process that a test has started and killed."""


def _marks(connection: Any) -> dict[str, Mark]:
    query = "SELECT '{0}', count(*), max(xmin::text::bigint) FROM {0}"
    rows = asked(connection, " UNION ALL ".join(map(query.format, (*CATALOGUES, *_tables()))))
    return {table: (n, last) for table, n, last in rows}


def _empty(connection: Any, tables: Collection[str]) -> None:
    """By DELETE, as TRUNCATE makes new files for each table and index; past the guards against exactly that."""
    deleted = "; ".join(f"DELETE FROM {table}" for table in tables)
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = replica; {deleted}")


def empty(app: Flask) -> None:
    """Leave no row in any table of a database that began without one."""
    with app.app_context(), db.engine.begin() as connection:
        _empty(connection, filled_tables(connection))
        put_back(connection, {}, {})
