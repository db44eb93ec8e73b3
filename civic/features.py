"""The features of the house, each with its ``init_app``; the order is the order of the import contract."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from flask import Flask

FEATURES = (
    "files",
    "departments",
    "accounts",
    "plans",
    "progress",
    "routing",
    "cases",
    "search",
    "supervision",
    "portal",
    "intake",
    "desk",
    "admin",
    "notices",
    "demo",
)


def init_features(app: Flask) -> None:
    """Let each feature register its tables, pages, commands and subscribers."""
    for name in FEATURES:
        if find_spec(f"civic.{name}") is None:
            continue
        feature = import_module(f"civic.{name}")
        if find_spec(f"civic.{name}.models") is not None:
            import_module(f"civic.{name}.models")
        if hasattr(feature, "init_app"):
            feature.init_app(app)
