"""What may be uploaded: kinds of files, told by their first bytes and never by their name. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LARGEST = 10 * 1024 * 1024
"""Bytes of one upload."""
LONGEST_SIDE = 2400
"""Pixels: photos are made smaller to fit."""
LONGEST_NAME = 120


class FileKind(StrEnum):
    """``photo``: made anew without what the camera wrote into it. ``document``: kept byte for byte."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that is accepted. ``extensions``: the first is used where the name has none of them."""

    kind: FileKind
    media_type: str
    extensions: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
JPEG = Format(FileKind.PHOTO, "image/jpeg", (".jpg", ".jpeg"))
PNG = Format(FileKind.PHOTO, "image/png", (".png",))
WEBP = Format(FileKind.PHOTO, "image/webp", (".webp",))
HEIC = Format(FileKind.PHOTO, "image/heic", (".heic", ".heif"))
"""What iPhones take; kept as JPEG, because few browsers show it."""
PDF = Format(FileKind.DOCUMENT, "application/pdf", (".pdf",))
DOCX = Format(FileKind.DOCUMENT, f"{_OFFICE}.wordprocessingml.document", (".docx",))
XLSX = Format(FileKind.DOCUMENT, f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",))
ODT = Format(FileKind.DOCUMENT, "application/vnd.oasis.opendocument.text", (".odt",))
FORMATS: Mapping[str, Format] = {one.media_type: one for one in (JPEG, PNG, WEBP, HEIC, PDF, DOCX, XLSX, ODT)}
ACCEPTED = tuple(extension for one in FORMATS.values() for extension in one.extensions)
"""For the ``accept`` of an upload field."""
PHOTO_TYPES = (*(one.media_type for one in FORMATS.values() if one.kind is FileKind.PHOTO), *HEIC.extensions)
"""The same for photos alone; by media type, so that a phone offers its camera. Few systems know HEIC's."""
MOST_PIXELS: Mapping[str, int] = {
    JPEG.media_type: 64_000_000,
    HEIC.media_type: 50_000_000,
    PNG.media_type: 32_000_000,
    WEBP.media_type: 32_000_000,
}
"""A photo with more is refused before it is unpacked: a small file can hold an enormous picture. JPEG alone can be
unpacked at a part of its size; the others take four bytes a pixel, and that twice."""

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
"""Major brands of ISO/IEC 23008-12 files that hold HEVC pictures, as ``ftyp`` names them."""
PACKED = b"PK\x03\x04"
"""The first bytes of a zip: a modern office document, or anything else in a zip."""


def format_of_start(start: bytes) -> Format | None:
    """The format that the first bytes (32 are enough) tell; a zip has to be looked into."""
    if start.startswith(b"\xff\xd8\xff"):
        return JPEG
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return WEBP
    if start[4:8] == b"ftyp" and start[8:12] in HEIC_BRANDS:
        return HEIC
    if start.startswith(b"%PDF-"):
        return PDF
    return None


def stored_as(found: Format) -> Format:
    """The format in which an upload is kept."""
    return JPEG if found is HEIC else found


def format_of_package(members: frozenset[str], declared: str) -> Format | None:
    """The format of a zip by the names in it and its ``mimetype`` member ('' if there is none)."""
    if declared == ODT.media_type:
        return ODT
    if "[Content_Types].xml" not in members or any(name.endswith("vbaProject.bin") for name in members):
        return None
    if "word/document.xml" in members:
        return DOCX
    return XLSX if "xl/workbook.xml" in members else None


_UNSAFE = re.compile(r'[\\/:*?"<>|%#&\s]+')
_EXTENSION = re.compile(r"[A-Za-z0-9]{0,5}")


def tidy_name(name: str, found: Format) -> str:
    """A file name that is safe in an address and on a disk, with an extension that is true."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(c for c in plain if unicodedata.category(c)[0] != "C")
    stem, dot, extension = plain.rpartition(".")
    if not dot or f".{extension.lower()}" not in found.extensions:
        stem = stem if dot and _EXTENSION.fullmatch(extension) else plain
        extension = found.extensions[0][1:]
    stem = _UNSAFE.sub("-", stem).strip("-. ") or found.kind.value
    extension = extension.lower()
    return f"{stem[: LONGEST_NAME - len(extension) - 1].rstrip('-. ')}.{extension}"


def size_within(width: int, height: int, longest: int = LONGEST_SIDE) -> tuple[int, int]:
    """Width and height in pixels, made smaller in proportion so that no side is longer than ``longest``."""
    side = max(width, height)
    if side <= longest:
        return width, height
    return max(1, round(width * longest / side)), max(1, round(height * longest / side))


COLUMNS = 12
"""Squares beside each other that can be covered in a photo: on a phone each is still as wide as a finger needs."""
FEWEST_ROWS, MOST_ROWS = 3, 30


def rows_of(width: int, height: int) -> int:
    """How many rows of squares a photo of this shape has, so that they are about as high as wide."""
    return min(MOST_ROWS, max(FEWEST_ROWS, round(COLUMNS * height / width)))


def are_squares(numbers: frozenset[int], width: int, height: int) -> bool:
    """Whether a photo of this shape has squares with all these numbers."""
    return all(0 <= number < COLUMNS * rows_of(width, height) for number in numbers)


def squares_of(numbers: frozenset[int], width: int, height: int) -> tuple[tuple[int, int, int, int], ...]:
    """Left, top, right, bottom (pixels, right and bottom included) of squares counted row by row from 0.

    Neighbours overlap by a pixel rather than leave one open. Numbers beyond the photo are left out.
    """
    rows, found = rows_of(width, height), []
    for number in sorted(numbers):
        row, column = divmod(number, COLUMNS)
        if 0 <= row < rows:
            left, top = column * width // COLUMNS, row * height // rows
            right, bottom = -(-(column + 1) * width // COLUMNS), -(-(row + 1) * height // rows)
            found.append((left, top, right, bottom))
    return tuple(found)
