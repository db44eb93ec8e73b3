"""The command group ``flask civic``: each feature's ``cli.py`` hangs its commands on it."""

from __future__ import annotations

import errno
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from civic.core.errors import DomainError

LACKING = re.compile(r"no such (table|column)|(relation|column) .* does not exist")
"""How SQLite and PostgreSQL say that something isn't there."""


class _Commands(AppGroup):
    """Commands that say in a sentence what a person can mend: a database, a full disk."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DatabaseError as error:
            if isinstance(error, OperationalError | ProgrammingError) and LACKING.search(str(error.orig)):
                raise click.ClickException(
                    "The database has no tables, or those of an earlier release: run `flask db upgrade` first."
                ) from error
            if type(error) in (OperationalError, DatabaseError):
                raise click.ClickException(unusable(error)) from error
            raise
        except DomainError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.errno not in NO_SPACE:
                raise
            raise click.ClickException(f"Not everything could be written: {error.strerror}.") from error


NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def unusable(error: DatabaseError) -> str:
    """What is said where the database doesn't answer, or isn't one."""
    return f"The database can't be reached or used (CIVIC_DATABASE_URL): {error.orig}"


@contextmanager
def stopped_as_by_hand() -> Iterator[None]:
    """Whoever stops the machine stops a command as Ctrl-C does, so that it can say what stays."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


civic_commands = _Commands("civic", help="Run and look after the platform.")


class _Migrations(click.Command):
    """``flask db``: Flask-Migrate's own commands, imported where one is called."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        from flask_migrate.cli import db

        context: click.Context = db.make_context(*args, **extra)
        return context


def init_commands(app: Flask) -> None:
    """Offer the group as ``flask civic …``, and the migrations as ``flask db …``."""
    import_module("civic.core.cli")
    app.cli.add_command(civic_commands)
    app.cli.add_command(_Migrations("db", help="Perform database migrations."))
