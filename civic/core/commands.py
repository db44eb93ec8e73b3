"""The command group ``flask civic``: each feature's ``cli.py`` hangs its commands on it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

civic_commands = AppGroup("civic", help="Run and look after the platform.")


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
