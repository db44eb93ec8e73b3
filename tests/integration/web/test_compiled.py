"""Templates are compiled once for all processes of a release, and every process does without where it must."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask

from civic import create_app
from civic.web.compiled import FOLDER
from tests.conftest import make_settings

PAGE = "layouts/public.html"


class Compiles(AssertionError):
    """What must not happen again."""


def refuse(*_args: object, **_more: object) -> None:
    raise Compiles


def started(instance: Path) -> Flask:
    return create_app(make_settings(instance))


def test_a_process_takes_what_another_has_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started(tmp_path).jinja_env.get_template(PAGE)
    kept = tmp_path / FOLDER
    assert [one.stat().st_mode & 0o077 for one in kept.iterdir()] == [0]
    with monkeypatch.context() as patch:
        other = started(tmp_path)
        patch.setattr(type(other.jinja_env), "compile", refuse)
        other.jinja_env.get_template(PAGE)
        with pytest.raises(Compiles):
            other.jinja_env.get_template("layouts/staff.html")
    (kept / "an earlier release").mkdir()
    started(tmp_path)
    assert len(list(kept.iterdir())) == 1


def test_a_folder_that_is_gone_or_cannot_be_written_costs_time_and_nothing_else(tmp_path: Path) -> None:
    app = started(tmp_path)
    shutil.rmtree(tmp_path / FOLDER)
    app.jinja_env.get_template(PAGE)
    (tmp_path / FOLDER).write_text("in the way")
    started(tmp_path).jinja_env.get_template(PAGE)
