"""Progress is tested on the real district; ``app`` and ``client`` are its too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

NOW = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def app(taijiang: Flask) -> Flask:
    return taijiang
