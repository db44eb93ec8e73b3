"""``make run``: migrate, load the district, then serve web and worker until stopped. ``python -m civic.serve``"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType

from flask import Flask
from flask_migrate import upgrade

from civic import create_app
from civic.core.config import Settings

GRACE_SECONDS = 20


def main() -> int:
    """Returns the exit status: 0 after a clean stop, 1 with a sentence on what to do otherwise."""
    parser = argparse.ArgumentParser(prog="python -m civic.serve", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    if not _is_free(arguments.host, arguments.port):
        print(f"Port {arguments.port} is in use. Choose another: make run PORT=8001", file=sys.stderr)
        return 1
    app = create_app()
    with app.app_context():
        upgrade()
        prepare(app)
    _say_hello(app.extensions["settings"], arguments.host, arguments.port)
    return _supervise(
        [
            [sys.executable, "-m", "gunicorn", "wsgi:app", "--config", "python:civic.gunicorn",
             "--bind", f"{arguments.host}:{arguments.port}"],
            [sys.executable, "-m", "civic.worker"],
        ]
    )  # fmt: skip


def prepare(app: Flask) -> None:
    """Load what the district ships; in demo mode also the sample data. Unchanged files are skipped."""
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


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _say_hello(settings: Settings, host: str, port: int) -> None:
    print(
        f"\n  The site:   http://{host}:{port}/\n"
        f"  Staff:      http://{host}:{port}/staff/sign-in\n"
        f"  Data:       {settings.instance_path}\n"
    )
    if not settings.demo:
        print(
            "  The first staff account (prints a link to set its password):\n"
            f"    CIVIC_INSTANCE_PATH={settings.instance_path} .venv/bin/flask --app wsgi civic create-account \\\n"
            "      --email you@example.org --name 'Your name' --role admin\n"
        )
    print("  Stop with Ctrl-C.\n", flush=True)


def _supervise(commands: list[list[str]]) -> int:
    """Run the commands until a signal comes or one of them ends; then stop the others and wait for them."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
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
