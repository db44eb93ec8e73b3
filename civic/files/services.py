"""Writes: taking a file in, letting the public see it, taking it down. The features that hold files call these."""

from __future__ import annotations

import hashlib
import io
import secrets
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.db import on_rollback
from civic.core.errors import N_, Invalid, NotFound
from civic.core.extensions import db
from civic.files import photos, storage
from civic.files.models import StoredFile
from civic.files.photos import Made
from civic.files.policy import can_draft, can_store
from civic.files.queries import FileRow, file
from civic.files.rules import (
    JPEG,
    LARGEST,
    PACKED,
    FileKind,
    Format,
    format_of_package,
    format_of_start,
    stored_as,
    tidy_name,
)
from civic.web.caching import raise_content_version

MOST_MEMBERS = 5000
LAPSED_BATCH = 500


def store_file(
    actor: Actor, content: bytes, name: str, now: datetime, *, only: FileKind | None = None
) -> FileRow:
    """Take a file in; nobody but its feature shows it until it is made public.

    A photo is made anew, so that place and camera are gone; a document is kept as it is. ``only``:
    the one kind that is wanted. Raises :class:`~civic.core.errors.Invalid` with a sentence for the
    person, NotAllowed. If the transaction fails the bytes go as well.
    """
    return store_upload(actor, made_upload(content, name, only=only), now)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was checked and, if it is a photo, made anew: ready to be stored."""

    made: Made
    format: Format
    name: str


def made_upload(content: bytes, name: str, *, only: FileKind | None = None) -> Upload:
    """Check a file and make a photo anew, which takes a second or two: call it outside any transaction.

    Raises Invalid like :func:`store_file`.
    """
    found = _checked(content, only)
    if found.kind is FileKind.PHOTO:
        return Upload(photos.made_anew(content, found), stored_as(found), name)
    return Upload(Made(content), found, name)


def store_upload(actor: Actor, upload: Upload, now: datetime) -> FileRow:
    """Take such a file in. Raises NotAllowed. If the transaction fails the bytes go as well."""
    can_store(actor).require()
    return _add(actor, upload.made, upload.format, upload.name, now)


def made_draft(content: bytes) -> Made:
    """A photo for :func:`store_draft`, as JPEG whatever it came as: so it can be covered, and is light.

    It takes a second or two, so call it outside any transaction. Raises Invalid like :func:`store_file`.
    """
    return photos.made_anew(content, _checked(content, FileKind.PHOTO), JPEG)


def store_draft(actor: Actor, made: Made, name: str, now: datetime, *, kept_until: datetime) -> FileRow:
    """Take a photo in with a form that may never be sent: unless :func:`keep` takes it, it's erased after that moment.

    Raises NotAllowed.
    """
    can_draft(actor).require()
    return _add(actor, made, JPEG, name, now, kept_until)


def keep(keys: Iterable[str], now: datetime) -> tuple[FileRow, ...]:
    """Take drafts into a sent message, in this order; what isn't a draft, or no longer, is left out.

    Their names go: phones write the time into them, and people write names.
    """
    found: list[FileRow] = []
    for key in dict.fromkeys(keys):
        draft = (StoredFile.key == key) & (StoredFile.kept_until >= now)
        kept = {"kept_until": None, "name": f"photo-{len(found) + 1}.jpg"}
        if db.session.scalar(update(StoredFile).where(draft).values(kept).returning(StoredFile.id)):
            found.append(file(key))
    return tuple(found)


def cover(actor: Actor, key: str, squares: frozenset[int], now: datetime) -> FileRow:
    """A copy of a draft that was kept, with some squares black (see :func:`~civic.files.rules.squares_of`).

    Raises NotFound.
    """
    row = file(key)
    return _add(actor, photos.covered(_bytes_of(row), squares), JPEG, row.name, now)


def make_preview(actor: Actor, key: str, now: datetime) -> FileRow:
    """A small copy of such a photo, for pages. Raises NotFound."""
    row = file(key)
    return _add(actor, photos.preview(_bytes_of(row)), JPEG, row.name, now)


def small_copy(row: FileRow) -> bytes:
    """The same for one look: nothing is kept of it. Raises NotFound."""
    return photos.preview(_bytes_of(row)).content


def glimpse(row: FileRow) -> bytes:
    """A very small JPEG of such a photo, to be written into a page. Raises NotFound."""
    return photos.glimpse(_bytes_of(row)).content


def erase_files(keys: Iterable[str]) -> None:
    """Delete files for good. The bytes go before the commit: a failure leaves a row, and never a photo."""
    wanted = list(keys)
    db.session.execute(delete(StoredFile).where(StoredFile.key.in_(wanted)))
    for key in wanted:
        storage.erase(key)


def erase_lapsed(now: datetime) -> int:
    """Delete drafts that were never sent; how many were."""
    lapsed = select(StoredFile.id).where(StoredFile.kept_until < now).limit(LAPSED_BATCH)
    # The row first, and asked again: a form that is sent at this moment takes its draft, or finds none.
    gone = delete(StoredFile).where(StoredFile.id.in_(lapsed), StoredFile.kept_until < now)
    keys = list(db.session.scalars(gone.returning(StoredFile.key)))
    for key in keys:
        storage.erase(key)
    return len(keys)


def _bytes_of(row: FileRow) -> bytes:
    try:
        return storage.read(row.key)
    except FileNotFoundError:
        raise NotFound(N_("There is no such file.")) from None


def _add(
    actor: Actor, made: Made, found: Format, name: str, now: datetime, kept_until: datetime | None = None
) -> FileRow:
    key = secrets.token_urlsafe(32)
    row = StoredFile(
        key=key,
        name=tidy_name(name, found),
        media_type=found.media_type,
        size=len(made.content),
        sha256=hashlib.sha256(made.content).hexdigest(),
        width=made.width,
        height=made.height,
        uploaded_by=actor.account_id,
        uploaded_at=now,
        kept_until=kept_until,
    )
    storage.write(key, made.content)
    on_rollback(lambda: storage.erase(key))
    db.session.add(row)
    db.session.flush()
    if kept_until is None:
        record(actor, "file.store", "file", row.id, now, media_type=row.media_type, size=row.size)
    return file(key)


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
                "This kind of file isn’t accepted. Photos: JPEG, PNG, WebP or HEIC. Documents: PDF, DOCX, XLSX or ODT."
            ),
            code="wrong_kind",
        )
    if only is not None and found.kind is not only:
        texts = {
            FileKind.PHOTO: N_("Choose a photo (JPEG, PNG, WebP or HEIC)."),
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
