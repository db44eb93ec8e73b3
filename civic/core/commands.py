"""The command group ``flask civic``: each feature's ``cli.py`` hangs its commands on it."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

LACKING = re.compile(r"no such (table|column)|(relation|column) .* does not exist")
"""How SQLite and PostgreSQL say that something isn't there."""


class _Commands(AppGroup):
    """Commands that say what to do where the database isn't one of this release."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError) as error:
            if not LACKING.search(str(error.orig)):
                raise
            raise click.ClickException(
                "The database has no tables, or those of an earlier release: run `flask db upgrade` first."
            ) from error


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
