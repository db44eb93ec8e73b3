"""Reads: what is known of files, as frozen rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.files import storage
from civic.files.models import StoredFile
from civic.files.rules import FORMATS, FileKind


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file; ``size`` in bytes, ``width`` and ``height`` in pixels (photos only)."""

    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    public: bool
    uploaded_by: int | None
    uploaded_at: datetime
    withdrawn_at: datetime | None
    kept_until: datetime | None

    @property
    def kind(self) -> FileKind:
        return FORMATS[self.media_type].kind


def files(keys: Iterable[str]) -> dict[str, FileRow]:
    """Files by key; unknown keys are left out. One query, none without keys."""
    wanted = set(keys)
    if not wanted:
        return {}
    rows = db.session.scalars(select(StoredFile).where(StoredFile.key.in_(wanted)))
    return {row.key: _row(row) for row in rows}


def file(key: str) -> FileRow:
    """One file; raises :class:`~civic.core.errors.NotFound`, also for one that was withdrawn."""
    row = files([key]).get(key)
    if row is None or row.withdrawn_at is not None:
        raise NotFound(N_("There is no such file."))
    return row


def content(row: FileRow) -> bytes:
    """The bytes of a file; raises :class:`~civic.core.errors.NotFound` if they are gone."""
    try:
        return storage.read(row.key)
    except FileNotFoundError:
        raise NotFound(N_("There is no such file.")) from None


def public_file(key: str, name: str) -> FileRow:
    """A file that anyone may fetch under this name; raises NotFound for any other."""
    row = file(key)
    if not row.public or row.name != name:
        raise NotFound(N_("There is no such file."))
    return row


def all_files() -> tuple[FileRow, ...]:
    """Every file, the oldest first."""
    return tuple(_row(row) for row in db.session.scalars(select(StoredFile).order_by(StoredFile.id)))


def _row(row: StoredFile) -> FileRow:
    return FileRow(**{name: getattr(row, name) for name in FileRow.__dataclass_fields__})
