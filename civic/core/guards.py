"""Append-only tables: the database itself refuses to change or remove what was written.

SQLite and PostgreSQL each get triggers against UPDATE and DELETE; PostgreSQL also one against
TRUNCATE, which passes row triggers. Alembic's batch mode on SQLite rebuilds a table and
silently drops its triggers: a migration that does so calls :func:`install_guards` again,
and a test asserts at the newest schema that no guard is missing.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.engine import Connection

APPEND_ONLY = ("case_event", "audit_entry")
"""Tables whose rows are never changed: they are the truth that everything else follows from."""

_KINDS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}


def install_guards(connection: Connection, tables: Iterable[str] = APPEND_ONLY) -> None:
    """Make the guards of ``tables``; those that exist already are made anew."""
    install = _install_sqlite if connection.dialect.name == "sqlite" else _install_postgresql
    for table in tables:
        install(connection, table)


def remove_guards(connection: Connection, tables: Iterable[str] = APPEND_ONLY) -> None:
    """Take the guards away (for a migration that must rebuild a table)."""
    on_table = "" if connection.dialect.name == "sqlite" else "ON {table}"
    for table in tables:
        for kind in _KINDS[connection.dialect.name]:
            connection.execute(
                text(f"DROP TRIGGER IF EXISTS {_name(table, kind)} {on_table.format(table=table)}")
            )


def missing_guards(connection: Connection, tables: Iterable[str] = APPEND_ONLY) -> list[str]:
    """The names of guards that should exist and don't."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }
    dialect = connection.dialect.name
    there = set(connection.execute(text(catalogue[dialect])).scalars())
    wanted = [_name(table, kind) for table in tables for kind in _KINDS[dialect]]
    return [name for name in wanted if name not in there]


def _name(table: str, kind: str) -> str:
    return f"guard_{table}_{kind}"


def _install_sqlite(connection: Connection, table: str) -> None:
    for kind in _KINDS["sqlite"]:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {_name(table, kind)}"))
        connection.execute(
            text(
                f"CREATE TRIGGER {_name(table, kind)} BEFORE {kind.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        )


def _install_postgresql(connection: Connection, table: str) -> None:
    connection.execute(
        text(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    )
    for kind in _KINDS["postgresql"]:
        each = "STATEMENT" if kind == "truncate" else "ROW"
        connection.execute(text(f"DROP TRIGGER IF EXISTS {_name(table, kind)} ON {table}"))
        connection.execute(
            text(
                f"CREATE TRIGGER {_name(table, kind)} BEFORE {kind.upper()} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
            )
        )
