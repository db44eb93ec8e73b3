"""The schema that migrations make is the one the models describe, and a half-done change leaves nothing."""

from __future__ import annotations

import errno
import io
import sqlite3
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import event, literal, select, text
from sqlalchemy.exc import DBAPIError

from civic import create_app
from civic.core.commands import LACKING, civic_commands
from civic.core.db import BINARY, unit_of_work
from civic.core.extensions import MIGRATIONS, db, newest_schema
from civic.desk.models import staff_terms
from civic.search.models import voice_terms
from civic.web.caching import ContentVersion, raise_content_version
from tests.conftest import make_settings
from tests.snapshots import copy_database, database_file


def _described(_object: object, name: str | None, kind: str, *_more: object) -> bool:
    """Each database has its own full-text tables, which no model describes."""
    return not (kind == "table" and str(name).startswith((voice_terms.name, staff_terms.name)))


def test_migrations_make_the_schema_of_the_models(app_context: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": _described}
        )
        assert compare_metadata(context, db.metadata) == []


def test_a_unit_of_work_that_fails_leaves_nothing(app_context: Flask) -> None:
    with pytest.raises(RuntimeError), unit_of_work():
        raise_content_version()
        raise RuntimeError
    assert db.session.scalars(select(ContentVersion)).all() == []


def test_a_nested_unit_of_work_joins_the_outer_one(app_context: Flask) -> None:
    with pytest.raises(RuntimeError), unit_of_work():
        with unit_of_work():
            raise_content_version()
        raise RuntimeError
    assert db.session.scalars(select(ContentVersion)).all() == []
    with unit_of_work():
        raise_content_version()
    db.session.rollback()
    assert db.session.scalar(select(ContentVersion.version)) == 1


def test_the_newest_schema_is_known_without_alembic(app: Flask) -> None:
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert newest_schema() == newest
    client = app.test_client()
    assert client.get("/readyz").get_json() == {"status": "ready"}
    for change, back, current in (
        (
            "UPDATE alembic_version SET version_num = '0001'",
            f"UPDATE alembic_version SET version_num = '{newest}'",
            "0001",
        ),
        (
            "ALTER TABLE alembic_version RENAME TO hidden",
            "ALTER TABLE hidden RENAME TO alembic_version",
            None,
        ),
    ):
        _run(app, change)
        answer = client.get("/readyz")
        _run(app, back)
        assert (answer.status_code, answer.get_json()["current"]) == (503, current)


def test_migrations_are_commands(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert "Perform database migrations." in runner.invoke(args=["--help"]).output
    assert "upgrade" in runner.invoke(args=["db", "--help"]).output
    assert runner.invoke(args=["db", "current"]).exit_code == 0


def _run(app: Flask, statement: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_command_on_a_database_without_tables_says_what_to_do(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path))
    for command in (("summary", "--period", "2026-09"), ("rebuild-stats", "--check")):
        told = app.test_cli_runner().invoke(args=["civic", *command])
        assert told.exit_code == 1
        assert "run `flask db upgrade` first" in told.output


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_command_says_what_a_person_can_mend_in_a_sentence(tmp_path: Path, app: Flask) -> None:
    for folder, url in (("none", "postgresql+psycopg://nobody@127.0.0.1:1/none"), ("junk", "")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "civic.db").write_text("no database")
        broken = create_app(make_settings(tmp_path / folder, url))
        told = broken.test_cli_runner().invoke(args=["civic", "summary"])
        assert told.exit_code == 1
        assert told.output.startswith("Error: The database can't be reached or used (CIVIC_DATABASE_URL): ")
    runner = app.test_cli_runner()
    assert "is not in the range" in runner.invoke(args=["civic", "verify-snapshots", str(10**20)]).output


class _Full(io.StringIO):
    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_what_cant_be_printed_for_want_of_space_is_said(app: Flask) -> None:
    told = io.StringIO()
    with (
        redirect_stdout(_Full()),
        redirect_stderr(told),
        app.app_context(),
        pytest.raises(SystemExit) as ended,
    ):
        civic_commands.main(["verify-assessments"])
    assert ended.value.code == 1
    assert told.getvalue() == "Error: Not everything could be written: No space left on device.\n"


@pytest.mark.parametrize("lacking", ["SELECT 1 FROM nowhere", "SELECT absent FROM district"])
def test_both_databases_are_understood_where_something_is_lacking(app_context: Flask, lacking: str) -> None:
    with pytest.raises(DBAPIError) as error:
        db.session.execute(text(lacking))
    assert LACKING.search(str(error.value.orig))


def test_a_connection_left_open_spoils_no_database_that_a_later_test_gets(
    sqlite_app: Flask, sqlite_template: Path
) -> None:
    copy_database(sqlite_template, sqlite_app)
    left, row = sqlite3.connect(database_file(sqlite_app)), ("x" * 4000,)
    left.execute("CREATE TABLE own AS WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n WHERE i < 500) "
                 "SELECT ? FROM n", row)  # fmt: skip
    left.commit()
    copy_database(sqlite_template, sqlite_app)
    with closing(sqlite3.connect(database_file(sqlite_app))) as fresh:
        fresh.execute("CREATE TABLE own AS SELECT ? AS said", row)
        fresh.commit()
        left.close()
        assert fresh.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with closing(sqlite3.connect(database_file(sqlite_app))) as again:
        assert again.execute("SELECT said FROM own").fetchall() == [row]


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_postgresql_answers_a_page_in_one_process_and_sends_bytes_as_they_are(app_context: Flask) -> None:
    """To start processes for a statement takes longer than any statement of a page; text has two characters a byte."""
    formats: list[int] = []

    def note(_connection: object, cursor: Any, *_more: object) -> None:
        formats.append(cursor.format)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        bytes_wanted = select(literal(b"\x00\xff"))
        for options in ({}, {BINARY: True}):
            assert db.session.scalar(bytes_wanted, execution_options=options) == b"\x00\xff"
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert formats == [0, 1]
    db.session.rollback()
    assert db.session.scalar(text("SHOW max_parallel_workers_per_gather")) == "0"
