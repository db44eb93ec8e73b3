"""Uploads: what a camera wrote is gone, bombs and disguises are refused, and only what is public can be fetched."""

from __future__ import annotations

import io
import shutil
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from civic.core import clock
from civic.core.actor import RESIDENT, Actor
from civic.core.db import unit_of_work
from civic.core.errors import Invalid, NotAllowed, NotFound
from civic.files import queries, services, storage
from civic.files.queries import FileRow
from civic.files.rules import FileKind
from tests.factories import make_account
from tests.integration.progress.office import photo_with_place

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def package(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


DOCX = package(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
ODT = package(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b"<x/>"})


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it holds this many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def store(actor: Actor, content: bytes, name: str, only: FileKind | None = None) -> FileRow:
    with unit_of_work():
        return services.store_file(actor, content, name, clock.now(), only=only)


def publish(actor: Actor, row: FileRow) -> None:
    with unit_of_work():
        services.make_public(actor, [row.key], clock.now())


@pytest.fixture
def clerk(app_context: Flask) -> Actor:
    # on PostgreSQL the instance folder is the session's
    shutil.rmtree(storage.folder(), ignore_errors=True)
    return make_account("editor")


def test_a_photo_comes_out_upright_small_and_silent(clerk: Actor) -> None:
    taken = photo_with_place((3000, 2000), turned=6)
    assert b"SecretCamera" in taken
    row = store(clerk, taken, "现场.JPG")
    kept = storage.path_of(row.key).read_bytes()
    for secret in (b"SecretCamera", b"SecretComment", b"Exif", b"GPS"):
        assert secret not in kept
    image = Image.open(io.BytesIO(kept))
    assert not image.getexif()
    assert image.info.keys() <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }
    assert image.size == (row.width, row.height) == (1600, 2400), "turned and made smaller"
    assert (row.name, row.media_type, row.size) == ("现场.jpg", "image/jpeg", len(kept))
    assert storage.path_of(row.key).parent.name == row.key[:2]
    assert len(row.key) >= 32


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_photos_too(clerk: Actor, kind: str) -> None:
    image = Image.new("RGBA", (50, 30), (10, 20, 30, 128))
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    assert b"SecretCamera" in out.getvalue()
    row = store(clerk, out.getvalue(), f"图.{kind.lower()}")
    kept = storage.path_of(row.key).read_bytes()
    assert b"SecretCamera" not in kept
    assert Image.open(io.BytesIO(kept)).convert("RGBA").getpixel((5, 5))[3] == 128


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "空.pdf", "empty_file"),
        (b"%PDF-" + bytes(10 * 1024 * 1024), "大.pdf", "too_large"),
        (b"GIF89a", "a.gif", "wrong_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "wrong_kind"),
        (b"<script>alert(1)</script>", "a.pdf", "wrong_kind"),
        (b"MZ\x90", "a.docx", "wrong_kind"),
        (package(**{"a.txt": b"hi"}), "a.docx", "wrong_kind"),
        (DOCX[:60], "a.docx", "wrong_kind"),
        (b"\xff\xd8\xff\xe0broken", "a.jpg", "unreadable_photo"),
        (photo_with_place()[:300], "a.jpg", "unreadable_photo"),
        (bomb(50_000, 50_000), "a.png", "too_many_pixels"),
        (bomb(9_000, 9_000), "a.png", "too_many_pixels"),
        (bomb(2_000, 2_000), "a.png", "unreadable_photo"),
    ],
    # Not by content: it differs from process to process.
    ids=lambda value: "content" if isinstance(value, bytes) else None,
)
def test_what_is_refused(clerk: Actor, content: bytes, name: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        store(clerk, content, name)
    assert refused.value.code == code
    assert list(storage.stored_keys()) == []
    assert queries.all_files() == ()


def test_kinds_and_people(clerk: Actor) -> None:
    assert store(clerk, DOCX, "批复.docx").kind is FileKind.DOCUMENT
    assert store(clerk, ODT, "批复.odt").media_type.endswith("opendocument.text")
    with pytest.raises(Invalid):
        store(clerk, PDF, "a.pdf", only=FileKind.PHOTO)
    with pytest.raises(NotAllowed):
        store(RESIDENT, PDF, "a.pdf")
    with pytest.raises(NotFound), unit_of_work():
        services.make_public(clerk, ["x" * 43], clock.now())


def test_only_a_public_file_is_there_and_a_takedown_shows_at_once(app: Flask, clerk: Actor) -> None:
    client = app.test_client()
    document, photo = store(clerk, PDF, "批复 文件.pdf"), store(clerk, photo_with_place(), "现场.jpg")
    address = f"/files/{document.key}/{document.name}"
    assert client.get(address).status_code == 404
    publish(clerk, document)
    publish(clerk, photo)

    answer = client.get(address)
    assert (answer.status_code, answer.data) == (200, PDF)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    publish(clerk, photo)
    after_news = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert after_news.status_code == 304, "news elsewhere don't make a reader fetch it again"

    shown = client.get(f"/files/{photo.key}/{photo.name}")
    assert shown.mimetype == "image/jpeg"
    assert not shown.headers.get("Content-Disposition", "").startswith("attachment")

    assert client.get(f"/files/{document.key}/other.pdf").status_code == 404
    assert client.get(f"/files/{'x' * 43}/{document.name}").status_code == 404
    assert client.get("/files/..%2f..%2fkeys.json/keys.json").status_code == 404

    with unit_of_work():
        services.withdraw_file(clerk, document.key, clock.now())
    gone = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert gone.status_code == 404
    with pytest.raises(NotFound), unit_of_work():
        services.withdraw_file(clerk, document.key, clock.now())


def test_a_command_compares_files_with_their_bytes(app: Flask, clerk: Actor) -> None:
    kept, changed, missing = (store(clerk, PDF, f"{n}.pdf") for n in range(3))
    storage.path_of(changed.key).write_bytes(PDF + b"!")
    storage.path_of(missing.key).unlink()
    storage.write("a" * 43, PDF)
    result = app.test_cli_runner().invoke(args=["civic", "check-files"])
    assert result.exit_code == 1
    assert f"changed: {changed.key}" in result.output
    assert f"missing: {missing.key}" in result.output
    assert "a" * 43 in result.output
    assert kept.key not in result.output
    assert "3 files, 2 missing or changed" in result.output


def test_a_file_is_written_whole_or_not_at_all(clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_args: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("civic.files.storage.os.fsync", no_space)
    with pytest.raises(OSError, match="no space"):
        store(clerk, PDF, "a.pdf")
    assert queries.all_files() == ()
    assert [p for p in Path(storage.folder()).rglob("*") if p.is_file()] == []
