"""A site to measure: its own folder, one gunicorn worker, the real plan loaded."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


@dataclass(frozen=True)
class Running:
    """A running site; ``pid`` of the gunicorn master."""

    port: int
    pid: int

    @property
    def worker_megabytes(self) -> float:
        """Proportional memory of the web worker, in MB."""
        found = subprocess.run(
            ["pgrep", "-P", str(self.pid)], capture_output=True, text=True, check=True
        ).stdout.split()
        lines = Path(f"/proc/{found[0]}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def fresh_folder() -> Iterator[dict[str, str]]:
    """The environment of an installation with an empty database, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {"CIVIC_INSTANCE_PATH": folder, "CIVIC_LOG_LEVEL": "ERROR", "CIVIC_RATE_LIMITS": "false"}
        environment = {**os.environ, **settings}
        subprocess.run([*FLASK, "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True)
        yield environment


@contextmanager
def running_site() -> Iterator[Running]:
    """Migrate, load, serve; stop it again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with fresh_folder() as environment:
        subprocess.run([*FLASK, "civic", "load"], cwd=ROOT, env=environment, check=True, capture_output=True)
        process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "benchmarks.site:app", "--config", "python:civic.gunicorn",
                "--workers", "1", "--bind", f"127.0.0.1:{port}",
            ],
            cwd=ROOT, env=environment, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for(f"http://127.0.0.1:{port}/readyz")
            yield Running(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)
