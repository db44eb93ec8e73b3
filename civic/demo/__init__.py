"""Sample staff, residents and cases for trying the platform out. A database that holds them is marked for good."""

from __future__ import annotations

from importlib import import_module

from flask import Flask


def init_app(app: Flask) -> None:
    """Register ``flask civic load-demo``."""
    import_module("civic.demo.cli")
