"""The platform as real processes on the database of a test: its web server and its worker, to be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from civic.core.config import Settings
from tests.conftest import ROOT
from tools.machine import free_port, wait_for

PATIENCE_SECONDS = 60

Process = subprocess.Popen[str]


def environment(site: Flask) -> dict[str, str]:
    """A process's settings: those of the application under test, and nothing of the machine's."""
    given: Settings = site.extensions["settings"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CIVIC_")}
    names = (
        "instance_path", "database_url", "secret_key", "password_salt", "receipt_key", "smtp_host", "smtp_port",
        "smtp_tls", "smtp_from", "base_url", "sms_url", "sms_key", "rate_limits",
    )  # fmt: skip
    own = {f"CIVIC_{name.upper()}": str(getattr(given, name)) for name in names}
    return {**kept, **own, "CIVIC_CONTACT_KEYS": f'["{given.contact_keys[0]}"]'}


@contextmanager
def worker(site: Flask) -> Iterator[Process]:
    """``python -m civic.worker``; killed at the end if it still runs."""
    process = start_worker(site)
    try:
        yield process
    finally:
        kill(process)


def start_worker(site: Flask) -> Process:
    return _started(site, "-m", "civic.worker")


@contextmanager
def web_server(site: Flask, workers: int) -> Iterator[tuple[Process, str]]:
    """gunicorn as the site runs it, with its address once it answers."""
    port = free_port()
    bind = ("--workers", str(workers), "--bind", f"127.0.0.1:{port}")
    process = _started(site, "-m", "gunicorn", "wsgi:app", "--config", "python:civic.gunicorn", *bind)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE_SECONDS)


def _started(site: Flask, *arguments: str) -> Process:
    # Into a file: a pipe that nobody reads fills up, and whoever writes into it waits for ever.
    with _log_of(site).open("a") as log:
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=environment(site), text=True,
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip


def _log_of(site: Flask) -> Path:
    return Path(site.instance_path) / "processes.log"


def kill(process: Process) -> None:
    """At once, with no time to tidy up."""
    process.kill()
    process.wait()


def children(process: Process) -> list[int]:
    """The processes that it started itself."""
    told = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in told.split()]


def wait_until(true: Callable[[], bool], process: Process) -> None:
    """Wait for something that a running process brings about; fails if that ends or takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert process.poll() is None, (
            f"it ended with {process.returncode}; see processes.log of the instance"
        )
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.05)
