"""Sums that another release laid out otherwise are never read, and are made anew where a process starts."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stdout
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import OperationalError

from benchmarks.past_cases import write_past_cases
from civic import create_app
from civic.cases import services
from civic.cases.models import case_sum
from civic.cases.queries import OtherLayout, sums_fit
from civic.cases.rules.sums import LAYOUT
from civic.cases.services import last_event, renewing
from civic.core.commands import civic_commands
from civic.core.db import unit_of_work
from civic.core.events import publish
from civic.core.extensions import db
from civic.core.starting import get_ready
from civic.departments import queries as departments
from civic.plans.services import PlacesChanged
from tests.conftest import ROOT, make_settings, share_compiled
from tests.snapshots import database_file
from tools.machine import free_port, wait_for

LAST = datetime(2026, 11, 20, 18)  # noqa: DTZ001 (the district's time, as a file has it)
SUMMARY = ("summary", "--period", "2026", "--json")
REFUSED = "The figures were added up by another release. Run flask civic rebuild-stats"


def run(app: Flask, *args: str) -> Any:
    with time_machine.travel("2026-11-21T02:00:00Z", tick=False):
        return app.test_cli_runner().invoke(args=["civic", *args])


def filled(app: Flask, folder: Path) -> str:
    """Some past cases; the summary of them."""
    file = folder / "past.csv"
    with app.app_context():
        streets = [row.code for row in departments.streets()][:2]
    write_past_cases(file, 20, [("6.3.1", "edu")], streets, LAST)
    assert run(app, "load-cases", str(file), "--system", "old").exit_code == 0
    told = run(app, *SUMMARY)
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)
    return str(told.output)


def of_another_release(app: Flask, layout: bytes | None = b"of another release") -> None:
    """All sums hold bytes that this release can't read; ``layout`` None: and don't say which they are."""
    with app.app_context(), unit_of_work():
        db.session.execute(update(case_sum).where(case_sum.c.axes != "").values(packed=b"\x07\x00"))
        said = case_sum.c.axes == ""
        if layout is None:
            assert db.session.execute(case_sum.delete().where(said)).rowcount == 1
        else:
            assert db.session.execute(update(case_sum).where(said).values(packed=layout)).rowcount == 1


@contextmanager
def started(app: Flask, folder: Path) -> Iterator[Flask]:
    """The application as another process makes it, on the same database: it has looked at nothing yet."""
    folder.mkdir()
    share_compiled(folder)
    other = create_app(make_settings(folder, app.config["SQLALCHEMY_DATABASE_URI"]))
    try:
        yield other
    finally:
        with other.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize("layout", [b"of another release", None], ids=["other", "none"])
def test_sums_of_another_layout_are_refused_and_made_anew_at_the_start(
    taijiang: Flask, tmp_path: Path, layout: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    before = filled(taijiang, tmp_path)
    of_another_release(taijiang, layout)
    with started(taijiang, tmp_path / "refusing") as app:
        for command in (
            SUMMARY, ("rebuild-stats", "--check"), ("load-cases", str(tmp_path / "past.csv"), "--system", "new"),
        ):  # fmt: skip
            told = run(app, *command)
            assert (told.exit_code, REFUSED in told.output) == (1, True), (command, told.output)
        with app.app_context():
            with pytest.raises(OtherLayout), unit_of_work():
                services.sum_up()
            with unit_of_work():
                publish(PlacesChanged())
            assert not sums_fit(), "nothing was added to what can't be read"
    with started(taijiang, tmp_path / "starting") as app:
        capsys.readouterr()
        get_ready(app)
        said = capsys.readouterr().err
        assert "sums made anew" in said
        assert '"portion": 1' in said
        assert run(app, *SUMMARY).output == before
        assert run(app, "rebuild-stats", "--check").exit_code == 0
        get_ready(app)
        assert "sums" not in capsys.readouterr().err, "the second start does nothing"


def test_by_hand_they_are_made_anew_as_well(taijiang: Flask, tmp_path: Path) -> None:
    before = filled(taijiang, tmp_path)
    of_another_release(taijiang)
    with started(taijiang, tmp_path / "other") as app:
        assert run(app, "rebuild-stats").exit_code == 0
        assert run(app, *SUMMARY).output == before


class _Closed(io.StringIO):
    def write(self, _text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def test_what_was_made_stays_where_nobody_listens_any_more(taijiang: Flask, tmp_path: Path) -> None:
    before = filled(taijiang, tmp_path)
    of_another_release(taijiang)
    with taijiang.app_context(), redirect_stdout(_Closed()), pytest.raises(SystemExit):
        civic_commands.main(["rebuild-stats"])
    assert run(taijiang, *SUMMARY).output == before


def test_who_finds_another_writing_waits_and_looks_again(
    taijiang: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled(taijiang, tmp_path)
    of_another_release(taijiang)
    tries: list[int] = []

    def locked_at_first() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("BEGIN", {}, Exception("database is locked"))
        return last_event()

    monkeypatch.setattr(renewing, "WAIT_SECONDS", 0)
    monkeypatch.setattr(renewing, "last_event", locked_at_first)
    get_ready(taijiang)
    assert len(tries) == 2
    assert run(taijiang, *SUMMARY).output == before


def test_a_database_that_isnt_migrated_stops_no_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    get_ready(create_app(make_settings(tmp_path)))
    assert "layout of sums not looked at" in capsys.readouterr().err


def test_a_database_without_sums_needs_nothing(app: Flask) -> None:
    get_ready(app)
    assert run(app, *SUMMARY).exit_code == 0
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(case_sum)) == 0


def test_the_look_is_taken_once_in_a_process(taijiang: Flask, tmp_path: Path) -> None:
    filled(taijiang, tmp_path)
    asked: list[str] = []
    with started(taijiang, tmp_path / "other") as app:
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
        counts = []
        for _ in range(2):
            asked.clear()
            assert run(app, *SUMMARY).exit_code == 0
            counts.append(sum("case_sum" in one and "UNION" not in one for one in asked))
    assert counts == [1, 0]


@pytest.mark.parametrize("taijiang", ["sqlite"], indirect=True)
def test_web_and_worker_each_make_them_before_they_serve(taijiang: Flask, tmp_path: Path) -> None:
    filled(taijiang, tmp_path)
    of_another_release(taijiang)
    with taijiang.app_context():
        db.session.remove()
        db.engine.dispose()
    port = free_port()
    web = ("gunicorn", "wsgi:app", "--config", "python:civic.gunicorn", "--bind", f"127.0.0.1:{port}")
    for name, arguments in (("web", web), ("worker", ("civic.worker",))):
        instance = tmp_path / name
        instance.mkdir()
        share_compiled(instance)
        copied = Path(shutil.copy(database_file(taijiang), instance / "civic.db"))
        with running(instance, *arguments) as process:
            if name == "web":
                wait_for(f"http://127.0.0.1:{port}/readyz", process)
            else:
                until(lambda path=copied: layout_in(path) == LAYOUT.encode())
        assert layout_in(copied) == LAYOUT.encode(), name
        assert '"event": "sums made anew"' in (instance / "log").read_text()


@contextmanager
def running(instance: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the site as a service runs it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CIVIC_")}
    variables = {**kept, "CIVIC_INSTANCE_PATH": str(instance), "WEB_CONCURRENCY": "1"}
    with (instance / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=ROOT, env=variables, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def layout_in(path: Path) -> bytes | None:
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        found = connection.execute("SELECT packed FROM case_sum WHERE axes = ''").fetchone()
    return found and bytes(found[0])


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)
