"""Compiled templates stay in the instance folder: a process that starts, and its neighbours, compile none again."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

FOLDER = "templates"


class Compiled(FileSystemBytecodeCache):
    """A folder of them, which a newer release may take away while this one still runs."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def init_app(app: Flask) -> None:
    """Keep them by release, and those of earlier ones no longer.

    What a template compiles to depends on code as well, of which Jinja's own mark knows nothing. Where nothing can be
    written each process compiles for itself.
    """
    kept = Path(app.instance_path) / FOLDER
    mine = kept / app.extensions["civic.build"]
    try:
        mine.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return
    for earlier in kept.iterdir():
        if earlier != mine:
            shutil.rmtree(earlier, ignore_errors=True)
    app.jinja_env.bytecode_cache = Compiled(str(mine))
