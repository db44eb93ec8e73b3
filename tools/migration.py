"""Make ``0001_initial`` again from the models: ``python -m tools.migration``.

Until the first release there is one generated migration for all tables; guards that
models can't express (triggers) are written by hand in the revisions after it.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INITIAL = ROOT / "migrations" / "versions" / "0001_initial.py"


def main() -> None:
    with open(ROOT / "migrations" / ".lock", "w") as lock, tempfile.TemporaryDirectory() as folder:
        fcntl.flock(lock, fcntl.LOCK_EX)
        parked = _park_all()
        try:
            _generate(Path(folder))
        except subprocess.CalledProcessError:
            for path, text in parked.items():
                path.write_text(text, encoding="utf-8")
            raise
        for path, text in parked.items():
            if path != INITIAL:
                path.write_text(text, encoding="utf-8")


def _park_all() -> dict[Path, str]:
    parked = {}
    for path in INITIAL.parent.glob("*.py"):
        parked[path] = path.read_text(encoding="utf-8")
        path.unlink()
    return parked


def _generate(folder: Path) -> None:
    env = {
        **os.environ,
        "CIVIC_INSTANCE_PATH": str(folder),
        "CIVIC_ENVIRONMENT": "testing",
        "CIVIC_DATABASE_URL": "",
    }
    flask = [sys.executable, "-m", "flask", "--app", "wsgi", "db"]
    command = [*flask, "revision", "--autogenerate", "--rev-id", "0001", "-m", "initial"]
    subprocess.run(command, check=True, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(INITIAL)], check=True, cwd=ROOT)
    subprocess.run(
        [sys.executable, "-m", "ruff", "check", "-q", "--fix", str(INITIAL)], check=False, cwd=ROOT
    )


if __name__ == "__main__":
    main()
