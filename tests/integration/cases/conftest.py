"""A small district on each database."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.integration.cases.worlds import World, make_world


@pytest.fixture
def world(app_context: Flask) -> World:
    return make_world()
