"""What screenshots and tests ask of the machine they run on: a free port, a site that answers, a browser."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from typing import Any
from urllib.request import urlopen

BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
"""The lightest first."""


def chromium() -> str | None:
    """Path of an installed Chromium or Chrome, None if there is none."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, process: subprocess.Popen[Any], patience_seconds: float = 120) -> None:
    """Return once the address answers.

    Raises :class:`RuntimeError` if the process that should serve it ends, :class:`TimeoutError` if it takes too long.
    """
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            printed = process.communicate()[0]
            raise RuntimeError(f"the site ended with {process.returncode}: {printed or 'see above'}")
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)
