"""Search over the items of the plans: one pure ranking over pairs of characters."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang the command on ``flask civic``."""
    from civic.search import cli  # noqa: F401 (its commands register themselves)
