"""Which files are accepted, told by their bytes; what their names become; how large a photo is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.files.rules import (
    DOCX,
    FORMATS,
    JPEG,
    LONGEST_NAME,
    ODT,
    PDF,
    PNG,
    WEBP,
    XLSX,
    Format,
    format_of_package,
    format_of_start,
    size_within,
    tidy_name,
)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", JPEG),
        (b"\x89PNG\r\n\x1a\n\x00", PNG),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", WEBP),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", None),
        (b"%PDF-1.7", PDF),
        (b"GIF89a", None),
        (b"<svg xmlns=", None),
        (b"<!doctype html>", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
        (b"MZ", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell(start: bytes, expected: Format | None) -> None:
    assert format_of_start(start) == expected


@pytest.mark.parametrize(
    ("members", "declared", "expected"),
    [
        ({"[Content_Types].xml", "word/document.xml"}, "", DOCX),
        ({"[Content_Types].xml", "xl/workbook.xml"}, "", XLSX),
        ({"mimetype", "content.xml"}, "application/vnd.oasis.opendocument.text", ODT),
        ({"[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"}, "", None),
        ({"word/document.xml"}, "", None),
        ({"[Content_Types].xml", "ppt/presentation.xml"}, "", None),
        ({"META-INF/MANIFEST.MF"}, "", None),
        ({"mimetype"}, "application/epub+zip", None),
    ],
)
def test_a_zip_is_looked_into(members: set[str], declared: str, expected: Format | None) -> None:
    assert format_of_package(frozenset(members), declared) == expected


@pytest.mark.parametrize(
    ("name", "found", "expected"),
    [
        ("开工现场.JPG", JPEG, "开工现场.jpg"),
        ("照片.jpeg", JPEG, "照片.jpeg"),
        ("C:\\Users\\me\\批复 文件.pdf", PDF, "批复-文件.pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        ("virus.exe", PDF, "virus.pdf"),
        ("a/b?c%41#d.docx", DOCX, "b-c-41-d.docx"),
        (".pdf", PDF, "document.pdf"),
        ("", JPEG, "photo.jpg"),
        ("v1.2 说明", PDF, "v1.2-说明.pdf"),
        ("line\nbreak\x00.png", PNG, "linebreak.png"),
    ],
)
def test_names(name: str, found: Format, expected: str) -> None:
    assert tidy_name(name, found) == expected


@given(st.text(max_size=300), st.sampled_from(sorted(FORMATS)))
def test_a_name_is_always_safe_and_true(name: str, media_type: str) -> None:
    found = FORMATS[media_type]
    tidied = tidy_name(name, found)
    assert tidied.endswith(found.extensions)
    assert len(tidied) <= LONGEST_NAME
    assert not set('/\\?#%"<>:* \r\n\x00') & set(tidied)
    assert not tidied.startswith(".")
    assert tidy_name(tidied, found) == tidied


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_a_photo_fits_and_keeps_its_shape(width: int, height: int) -> None:
    new = size_within(width, height)
    assert max(new) <= 2400
    assert min(new) >= 1
    if max(width, height) <= 2400:
        assert new == (width, height)
    elif min(new) > 50:
        assert abs(new[0] / new[1] - width / height) / (width / height) < 0.02
