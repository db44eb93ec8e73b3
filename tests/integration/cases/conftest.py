"""A small district on each database."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.integration.cases.worlds import World, make_world
from tests.snapshots import built_once


@pytest.fixture
def world(app_context: Flask) -> World:
    return built_once(app_context, "world", make_world)
