"""The real district on each database, loaded by the command a district uses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

NOW = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def taijiang(app: Flask) -> Flask:
    """Taijiang with both plans."""
    result = app.test_cli_runner().invoke(args=["civic", "load"])
    assert result.exit_code == 0, result.output
    return app
