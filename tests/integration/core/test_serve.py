"""``python -m civic.serve``, what ``make run`` calls: starts, serves, stops with its children, starts again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from sqlalchemy import create_engine, inspect, text

from tests.conftest import DATABASES, ROOT, new_postgres_database
from tools.machine import free_port, wait_for

PATIENCE_SECONDS = 120
OWN_VARIABLES = ("CIVIC_", "PORT", "HOST", "WEB_CONCURRENCY")


def environment(instance: Path, **more: str) -> dict[str, str]:
    """Ours without any setting of the machine, so that the test sees what a fresh one does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN_VARIABLES)}
    return {**kept, "CIVIC_INSTANCE_PATH": str(instance), "WEB_CONCURRENCY": "1", **more}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "civic.serve", *map(str, arguments)]


@contextmanager
def serving(instance: Path, **more: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The site once it answers, with its port; whatever the test does, nothing is left running."""
    port = free_port()
    process = subprocess.Popen(
        command(), cwd=ROOT, env=environment(instance, PORT=str(port), **more), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    family: set[int] = set()
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)
        family = children(process.pid)
        yield process, port
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for pid in filter(alive, family):
            os.kill(pid, signal.SIGKILL)


def children(pid: int) -> set[int]:
    """All processes below one, however deep."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found: set[int] = set()
    new = {pid}
    while new := {child for child, parent in parents.items() if parent in new} - found:
        found |= new
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def rows(url: str) -> dict[str, int]:
    """How many rows each table holds; the queue's own tables aside, which tick by the minute."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            tables = sorted(t for t in inspect(connection).get_table_names() if not t.startswith("huey_"))
            count = "SELECT count(*) FROM {}"
            return {t: connection.execute(text(count.format(f'"{t}"'))).scalar_one() for t in tables}
    finally:
        engine.dispose()


def stop(process: subprocess.Popen[str], how: signal.Signals) -> str:
    """Ask it to stop; what it printed. Its children end with it."""
    family = children(process.pid)
    assert len(family) >= 3, "gunicorn, its worker process, and the worker of jobs"
    process.send_signal(how)
    output, _ = process.communicate(timeout=40)
    assert process.returncode == 0, output
    assert [pid for pid in family if alive(pid)] == []
    return output


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """What selects the database: nothing at all for SQLite, one variable for PostgreSQL."""
    if request.param == "sqlite":
        return {}
    server = request.getfixturevalue("postgres_server")
    return {"CIVIC_DATABASE_URL": new_postgres_database(server, "civic_serve")}


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_starts_serves_and_stops_and_a_second_start_changes_nothing(
    tmp_path: Path, database: dict[str, str]
) -> None:
    instance = tmp_path / "new folder"
    url = database.get("CIVIC_DATABASE_URL") or f"sqlite:///{instance / 'civic.db'}"

    with serving(instance, **database) as (process, port):
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            assert json.load(answer) == {"status": "ok"}
        with urlopen(f"http://127.0.0.1:{port}/plans/taijiang-14/6.3.1", timeout=10) as answer:
            assert "全民健身" in answer.read().decode()
        first = stop(process, signal.SIGTERM)
    for said in (
        f"http://127.0.0.1:{port}/",
        "coverage 100.00 %",
        "create-account",
        "--role admin",
        "Stopped.",
    ):
        assert said in first
    assert f"CIVIC_INSTANCE_PATH='{instance}'" in first
    there = rows(url)
    assert there["item"] > 250
    assert there["account"] == there["case_file"] == 0
    assert (instance / "civic.db").exists() is not bool(database)

    began = time.monotonic()
    with serving(instance, **database) as (process, _port):
        took = time.monotonic() - began
        second = stop(process, signal.SIGINT)
    assert took < 30, "a few seconds, on a busy machine too"
    assert "added" not in second
    assert rows(url) == there


def test_a_busy_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = run(tmp_path, "--port", port)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == f"Port {port} is in use. Choose another: make run PORT={port + 1}\n"
    assert list(tmp_path.iterdir()) == [], "nothing was written"


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        (("--port", "70000"), {}, "70000 is no port"),
        (
            (),
            {"CIVIC_ENVIRONMENT": "production"},
            "In production the keys must be given: set CIVIC_SECRET_KEY",
        ),
        ((), {"CIVIC_HTTPS": "perhaps"}, "CIVIC_HTTPS: "),
        (
            (),
            {"CIVIC_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none"},
            "The database can't be reached or used (CIVIC_DATABASE_URL)",
        ),
    ],
    ids=["port", "keys", "setting", "database"],
)
def test_what_a_person_can_mend_is_said_in_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...], variables: dict[str, str], said: str
) -> None:
    answer = run(tmp_path, *(arguments or ("--port", free_port())), **variables)
    assert answer.returncode == 1
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr + answer.stdout


def run(instance: Path, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=ROOT, env=environment(instance, **variables), text=True,
        capture_output=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
