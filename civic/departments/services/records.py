"""Which data file was loaded in which state: an unchanged one isn't loaded again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from civic.core.extensions import db
from civic.departments.models import LoadRecord
from civic.departments.rules import DataError


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A data file's text and fingerprint; ``path`` is relative to ``civic/data``'s folder of the district."""

    path: str
    text: str
    sha256: str


def read_file(folder: Path, path: str) -> LoadedFile:
    """Read a data file as UTF-8; raises :class:`DataError` if it is missing or something else."""
    try:
        content = (folder / path).read_bytes()
    except FileNotFoundError as error:
        raise DataError(path, 1, "the file is missing") from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(path, line, "not UTF-8; save the file as UTF-8") from error
    return LoadedFile(path, text, hashlib.sha256(content).hexdigest())


def unchanged(file: LoadedFile) -> bool:
    """Whether exactly this content was loaded last."""
    stored = db.session.scalar(select(LoadRecord.sha256).where(LoadRecord.path == file.path))
    return stored == file.sha256


def note_loaded(file: LoadedFile, now: datetime) -> None:
    """Remember, in the caller's transaction, that this content is what stands."""
    row = db.session.scalar(select(LoadRecord).where(LoadRecord.path == file.path))
    if row is None:
        db.session.add(LoadRecord(path=file.path, sha256=file.sha256, loaded_at=now))
    elif row.sha256 != file.sha256:
        row.sha256, row.loaded_at = file.sha256, now
