"""One stage for the whole table, on SQLite; what a line changes is put back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.access.lines import prepare_all
from tests.access.stage import Stage, set_stage
from tests.conftest import made_app


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Stage:
    instance = tmp_path_factory.mktemp("access")
    shutil.copy(sqlite_template, instance / "civic.db")
    app = made_app(instance)
    # Who may call it is asked here; that each form needs its token is tested apart, with protection on.
    app.config["WTF_CSRF_ENABLED"] = False
    stage = set_stage(app, instance / "saved.db")
    prepare_all(stage)
    stage.save()
    return stage
