"""``make run``: migrate, load the district, then serve web and worker until stopped. ``python -m civic.serve``"""

from __future__ import annotations

import argparse
import errno
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

from flask import Flask
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from civic import create_app
from civic.core.commands import unusable
from civic.core.config import Settings
from civic.core.starting import get_ready, made_for_good

GRACE_SECONDS = 20


class Stopped(BaseException):
    """A signal asked us to stop before anything was started."""


def main() -> int:
    """Returns the exit status: 0 after a clean stop, 1 with a sentence on what to do otherwise."""
    parser = argparse.ArgumentParser(prog="python -m civic.serve", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("CIVIC_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    arguments = parser.parse_args()
    _on_signals(_stop_preparing)
    try:
        _claim(arguments.host, arguments.port)
        with made_for_good():
            app = create_app()
        prepare(app)
    except Stopped:
        print("Stopped.")
        return 0
    except (NoAddress, ValidationError, OperationalError, OSError) as error:
        print(_explain(error), file=sys.stderr)
        return 1
    _say_hello(app.extensions["settings"], arguments.host, arguments.port)
    return _supervise(
        [
            [sys.executable, "-m", "gunicorn", "wsgi:app", "--config", "python:civic.gunicorn",
             "--bind", f"{arguments.host}:{arguments.port}"],
            [sys.executable, "-m", "civic.worker"],
        ]
    )  # fmt: skip


def prepare(app: Flask) -> None:
    """Migrate, make ready, and load what the district ships; in demo mode the sample data, too. Unchanged files are
    skipped."""
    from flask_migrate import upgrade

    with app.app_context():
        upgrade()
    get_ready(app)
    settings: Settings = app.extensions["settings"]
    runner = app.test_cli_runner(catch_exceptions=False)
    commands = [["civic", "load", "--district", settings.district]]
    if settings.demo:
        commands.append(["civic", "load-demo"])
    for command in commands:
        result = runner.invoke(args=command)
        print(result.output, end="")
        if result.exit_code != 0:
            raise SystemExit(result.exit_code)


class NoAddress(Exception):
    """The address can't be served; the message says why and what to do."""


def _claim(host: str, port: int) -> None:
    """Raises :class:`NoAddress` where gunicorn couldn't listen."""
    if not 0 < port < 65536:
        raise NoAddress(f"{port} is no port: choose one between 1024 and 65535.")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise NoAddress(f"Port {port} is in use. Choose another: make run PORT={port + 1}") from error
        raise NoAddress(f"The site can't listen on {host}:{port}: {error.strerror}.") from error


def _explain(error: Exception) -> str:
    """One sentence for what a person can mend: an address, a setting, a database out of reach."""
    if isinstance(error, ValidationError):
        wrong = "; ".join(
            f"{'CIVIC_' + str(e['loc'][0]).upper() + ': ' if e['loc'] else ''}{e['msg']}"
            for e in error.errors()
        )
        return f"The settings are not right. {wrong}"
    if isinstance(error, OperationalError):
        return unusable(error)
    if isinstance(error, OSError):
        return f"{error.strerror}: {error.filename}"
    return str(error)


def _on_signals(handler: Callable[[int, FrameType | None], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


def _stop_preparing(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


def _say_hello(settings: Settings, host: str, port: int) -> None:
    print(
        f"\n  The site:   http://{host}:{port}/\n"
        f"  Staff:      http://{host}:{port}/staff/sign-in\n"
        f"  Data:       {settings.instance_path}\n"
    )
    if not settings.demo:
        instance = shlex.quote(str(settings.instance_path))
        print(
            "  The first staff account (prints a link to set its password):\n"
            f"    CIVIC_INSTANCE_PATH={instance} .venv/bin/flask --app wsgi civic create-account \\\n"
            "      --email you@example.org --name 'Your name' --role admin\n"
        )
    print("  Stop with Ctrl-C.\n", flush=True)


def _supervise(commands: list[list[str]]) -> int:
    """Run the commands until a signal comes or one of them ends; then stop the others and wait for them."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    _on_signals(stop)
    # Own process groups: Ctrl-C reaches us alone, and we pass it on in order.
    processes = [subprocess.Popen(command, start_new_session=True) for command in commands]
    while not stopping and all(process.poll() is None for process in processes):
        time.sleep(0.2)
    failed = not stopping
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    print("Stopped." if not failed else "Stopped because a part of it ended unexpectedly; see above.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
