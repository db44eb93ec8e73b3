"""The command group ``flask civic``: each feature's ``cli.py`` hangs its commands on it."""

from __future__ import annotations

from importlib import import_module

from flask import Flask
from flask.cli import AppGroup

civic_commands = AppGroup("civic", help="Run and look after the platform.")


def init_commands(app: Flask) -> None:
    """Offer the group as ``flask civic …``."""
    import_module("civic.core.cli")
    app.cli.add_command(civic_commands)
