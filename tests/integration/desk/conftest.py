"""The office of the desk's tests, on each database."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.integration.desk.office import Office, make_office


@pytest.fixture
def office(app: Flask) -> Office:
    return make_office(app)
