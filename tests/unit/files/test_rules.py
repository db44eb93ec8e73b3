"""Which files are accepted, told by their bytes; what their names become; how large a photo is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from civic.files.rules import (
    COLUMNS,
    DOCX,
    FORMATS,
    HEIC,
    JPEG,
    LONGEST_NAME,
    MOST_PIXELS,
    ODT,
    PDF,
    PNG,
    WEBP,
    XLSX,
    FileKind,
    Format,
    are_squares,
    format_of_package,
    format_of_start,
    rows_of,
    size_within,
    squares_of,
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


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"msf1", b"hevc"])
def test_what_iphones_take_is_known_by_its_brand(brand: bytes) -> None:
    assert format_of_start(b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00mif1heic") == HEIC


@pytest.mark.parametrize("brand", [b"avif", b"mp42", b"qt  ", b"isom"])
def test_films_are_no_photos(brand: bytes) -> None:
    assert format_of_start(b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00mif1heic") is None


def test_every_kind_of_photo_has_a_limit_of_pixels() -> None:
    assert {one.media_type for one in FORMATS.values() if one.kind is FileKind.PHOTO} == set(MOST_PIXELS)


sides = st.integers(1, 2400)


@given(sides, sides, st.data())
def test_no_pixel_of_a_chosen_square_stays_open(width: int, height: int, data: st.DataObject) -> None:
    rows = rows_of(width, height)
    chosen = data.draw(st.frozensets(st.integers(0, COLUMNS * rows - 1), max_size=12))
    boxes = squares_of(chosen, width, height)
    for number in chosen:
        row, column = divmod(number, COLUMNS)
        # Every pixel whose place lies within the square as the page shows it, however slim.
        across = [
            x for x in range(width) if x < (column + 1) * width / COLUMNS and x + 1 > column * width / COLUMNS
        ]
        down = [y for y in range(height) if y < (row + 1) * height / rows and y + 1 > row * height / rows]
        for x, y in {(x, y) for x in (across[0], across[-1]) for y in (down[0], down[-1])}:
            assert any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)


@given(st.integers(1, 300), st.integers(1, 300))
def test_all_squares_together_are_the_whole_photo(width: int, height: int) -> None:
    everything = frozenset(range(COLUMNS * rows_of(width, height)))
    assert are_squares(everything, width, height)
    assert not are_squares(everything | {len(everything)}, width, height)
    photo = Image.new("1", (width, height), 1)
    for box in squares_of(everything, width, height):
        ImageDraw.Draw(photo).rectangle(box, fill=0)
    assert photo.getbbox() is None


@given(sides, sides)
def test_squares_are_about_square(width: int, height: int) -> None:
    rows = rows_of(width, height)
    if 1 / 3 < width / height < 3:
        assert 0.7 < (width / COLUMNS) / (height / rows) < 1.4


@given(st.integers(), sides, sides)
def test_what_is_no_square_covers_nothing(number: int, width: int, height: int) -> None:
    known = are_squares(frozenset({number}), width, height)
    assert bool(squares_of(frozenset({number}), width, height)) == known
