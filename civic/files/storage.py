"""Where the bytes lie: ``<instance>/files/<first two of the key>/<key>``, written whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from civic.core.config import settings

KEY = re.compile(r"[A-Za-z0-9_-]{32,64}")


def folder() -> Path:
    """The folder of all files of this instance."""
    return settings().instance_path / "files"


def path_of(key: str) -> Path:
    """Where the bytes of a key lie; raises ValueError for what is no key."""
    if not KEY.fullmatch(key):
        raise ValueError("not a key of a file")
    return folder() / key[:2] / key


def write(key: str, content: bytes) -> None:
    """Store the bytes for good: in a temporary file first, flushed to the disk, then under their name."""
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{key}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    _flush(path.parent)
    _flush(folder())


def read(key: str) -> bytes:
    """The bytes of a key; raises FileNotFoundError if they are gone."""
    return path_of(key).read_bytes()


def erase(key: str) -> None:
    """Delete the bytes; nothing happens if they are gone."""
    path_of(key).unlink(missing_ok=True)


def stored_keys() -> Iterator[str]:
    """All keys that have bytes, in order."""
    root = folder()
    for path in sorted(root.glob("*/*")) if root.is_dir() else ():
        if KEY.fullmatch(path.name) and path.parent.name == path.name[:2]:
            yield path.name


def _flush(path: Path) -> None:
    """Make the new name in a folder survive a loss of power, too."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
