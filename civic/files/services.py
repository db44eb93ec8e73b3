"""Writes: taking a file in, letting the public see it, taking it down. The features that hold files call these."""

from __future__ import annotations

import hashlib
import io
import secrets
import zipfile
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.errors import N_, Invalid, NotFound
from civic.core.extensions import db
from civic.files import storage
from civic.files.models import StoredFile
from civic.files.photos import made_anew
from civic.files.policy import can_store
from civic.files.queries import FileRow, file
from civic.files.rules import (
    LARGEST,
    PACKED,
    FileKind,
    Format,
    format_of_package,
    format_of_start,
    tidy_name,
)
from civic.web.caching import raise_content_version

MOST_MEMBERS = 5000


def store_file(
    actor: Actor, content: bytes, name: str, now: datetime, *, only: FileKind | None = None
) -> FileRow:
    """Take a file in; nobody but its feature shows it until it is made public.

    A photo is made anew, so that place and camera are gone; a document is kept as it is. ``only``:
    the one kind that is wanted. Raises :class:`~civic.core.errors.Invalid` with a sentence for the
    person, NotAllowed. If the transaction fails the bytes stay without a row: ``flask civic check-files``.
    """
    can_store(actor).require()
    found = _checked(content, only)
    width = height = None
    if found.kind is FileKind.PHOTO:
        photo = made_anew(content, found)
        content, width, height = photo.content, photo.width, photo.height
    row = StoredFile(
        key=secrets.token_urlsafe(32),
        name=tidy_name(name, found),
        media_type=found.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        width=width,
        height=height,
        uploaded_by=actor.account_id,
        uploaded_at=now,
    )
    storage.write(row.key, content)
    db.session.add(row)
    db.session.flush()
    record(actor, "file.store", "file", row.id, now, media_type=row.media_type, size=row.size)
    return file(row.key)


def make_public(actor: Actor, keys: Iterable[str], now: datetime) -> None:
    """Let anyone fetch these files; one that was withdrawn stays so. Raises NotFound for an unknown key."""
    wanted = set(keys)
    if not wanted:
        return
    rows = list(db.session.scalars(select(StoredFile).where(StoredFile.key.in_(wanted))))
    if len(rows) < len(wanted):
        raise NotFound(N_("There is no such file."))
    for row in rows:
        if row.withdrawn_at is None and not row.public:
            row.public = True
            record(actor, "file.publish", "file", row.id, now)
    db.session.flush()
    raise_content_version()


def withdraw_file(actor: Actor, key: str, now: datetime) -> None:
    """Take a file down, effective with the next request. Raises NotFound."""
    taken = db.session.scalar(
        update(StoredFile)
        .where(StoredFile.key == key, StoredFile.withdrawn_at.is_(None))
        .values(public=False, withdrawn_at=now)
        .returning(StoredFile.id)
    )
    if taken is None:
        raise NotFound(N_("There is no such file."))
    record(actor, "file.withdraw", "file", taken, now)
    raise_content_version()


def _checked(content: bytes, only: FileKind | None) -> Format:
    if not content:
        raise Invalid(N_("The file is empty."), code="empty_file")
    if len(content) > LARGEST:
        raise Invalid(
            N_("The file is too large: at most %(most)d MB."), code="too_large", most=LARGEST // 2**20
        )
    found = format_of_start(content[:32])
    if found is None and content.startswith(PACKED):
        found = _format_of_package(content)
    if found is None:
        raise Invalid(
            N_(
                "This kind of file isn’t accepted. Photos: JPEG, PNG or WebP. Documents: PDF, DOCX, XLSX or ODT."
            ),
            code="wrong_kind",
        )
    if only is not None and found.kind is not only:
        texts = {
            FileKind.PHOTO: N_("Choose a photo (JPEG, PNG or WebP)."),
            FileKind.DOCUMENT: N_("Choose a document (PDF, DOCX, XLSX or ODT)."),
        }
        raise Invalid(texts[only], code="wrong_kind")
    return found


def _format_of_package(content: bytes) -> Format | None:
    """Look into a zip without unpacking more than its few bytes of ``mimetype``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            if len(members) > MOST_MEMBERS:
                return None
            declared = next((one for one in members if one.filename == "mimetype"), None)
            said = package.read(declared).decode("ascii") if declared and declared.file_size < 100 else ""
            return format_of_package(frozenset(one.filename for one in members), said)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return None
