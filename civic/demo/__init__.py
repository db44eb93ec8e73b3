"""Sample staff, residents and cases for trying the platform out. A database that holds them is marked for good."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register ``flask civic load-demo``."""
    from civic.demo import cli  # noqa: F401
