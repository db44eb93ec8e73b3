"""The table of endpoints, one file for each feature: ``LINES``, and ``prepare(stage)`` if its pages need data."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType

from tests.access.matrix import Line
from tests.access.stage import Stage


def _features() -> list[ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [import_module(f"{__name__}.{name}") for name in names]


def all_lines() -> list[Line]:
    return [line for feature in _features() for line in feature.LINES]


def prepare_all(stage: Stage) -> None:
    """Let each feature add what its lines need, in alphabetical order of the files."""
    for feature in _features():
        if hasattr(feature, "prepare"):
            feature.prepare(stage)
