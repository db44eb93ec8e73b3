"""What comes as a photo: phones' kinds are read and what a camera wrote goes; bombs, lies and disguises are named."""

from __future__ import annotations

import io
import struct

import pytest

from civic.files import storage
from tests.factories.pictures import is_blue, is_red, is_silent, opened, picture
from tests.integration.files.test_files import bomb
from tests.integration.intake.conftest import WORDS, Resident
from tests.integration.intake.photos import again, photos, rows, send, tokens, upload


@pytest.mark.parametrize(
    ("kind", "name"),
    [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("HEIF", "IMG_0001.HEIC")],
)
def test_a_photo_arrives_upright_small_and_silent_as_jpeg(resident: Resident, kind: str, name: str) -> None:
    # An iPhone turns a HEIC by a note of its own; the one of Exif is for the others.
    own = kind == "HEIF"
    size = (2600, 260) if own else (3000, 2000)
    sent = upload(picture(kind, size, turned=1 if own else 3), name)
    assert send(resident, sent).status_code == 302
    (photo,) = photos()
    assert (photo.number, photo.state) == (1, "waiting")
    content = storage.read(photo.file_key or "")
    image = opened(content)
    assert image.size == ((2400, 240) if own else (2400, 1600))
    above, below = image.getpixel((1200, 20)), image.getpixel((1200, image.height - 20))
    assert (is_red(above), is_blue(below)) == (own, own)
    assert (is_blue(above), is_red(below)) == (not own, not own)
    assert is_silent(content)
    (row,) = rows()
    assert (row.name, row.media_type) == ("photo-1.jpg", "image/jpeg"), "the phone's name tells the day"


def test_what_lies_under_a_transparent_part_is_gone(resident: Resident) -> None:
    from PIL import Image

    hidden = Image.new("RGBA", (300, 200), (200, 20, 20, 0))
    out = io.BytesIO()
    hidden.save(out, "PNG")
    send(resident, upload(out.getvalue(), "a.png"))
    assert opened(storage.read(photos()[0].file_key or "")).getpixel((150, 100)) == (255, 255, 255)


def test_of_a_moving_picture_its_first_frame_is_kept_and_other_colours_are_read(resident: Resident) -> None:
    from PIL import Image

    frames = [Image.new("RGB", (120, 90), colour) for colour in ((200, 20, 20), (20, 20, 200))]
    moving, print_colours = io.BytesIO(), io.BytesIO()
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    frames[0].convert("CMYK").save(print_colours, "JPEG", quality=95)
    answer = send(resident, upload(moving.getvalue(), "a.webp"), upload(print_colours.getvalue(), "b.jpg"))
    assert answer.status_code == 302
    for photo in photos():
        assert is_red(opened(storage.read(photo.file_key or "")).getpixel((60, 45)))


def lying_heic(width: int, height: int) -> bytes:
    """A HEIC that says it is of another size than it is."""
    content = bytearray(picture("HEIF", (400, 300)))
    at = content.index(b"ispe") + 8
    content[at : at + 8] = struct.pack(">II", width, height)
    return bytes(content)


WHOLE_HEIC = picture("HEIF", (400, 300))
HALF_A_HEIC = WHOLE_HEIC[: -len(WHOLE_HEIC) // 3]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"not a photo at all, whatever it is called", "a.jpg", "a.jpg"),
        (b"%PDF-1.7\n", "a.jpg", "请选择照片"),
        (b"", "a.jpg", "空"),
        (picture()[:2000], "a.jpg", "无法读取"),
        (bomb(6_000, 6_000), "a.png", "32 百万像素"),
        (bomb(60_000, 60_000), "a.png", "32 百万像素"),
        (lying_heic(8_000, 7_000), "a.heic", "50 百万像素"),
        (lying_heic(60_000, 60_000), "a.heic", "50 百万像素"),
        (lying_heic(10, 10), "a.heic", "无法读取"),
        (HALF_A_HEIC, "a.heic", "无法读取"),
        (picture() + bytes(10 * 2**20), "a.jpg", "10 MB"),
    ],
    ids=[
        "text",
        "pdf",
        "empty",
        "cut",
        "bomb",
        "huge",
        "heic-bomb",
        "heic-huge",
        "heic-lie",
        "heic-cut",
        "large",
    ],
)
def test_what_is_no_photo_is_named_and_the_rest_stays(
    resident: Resident, content: bytes, name: str, words: str
) -> None:
    page = send(resident, upload(content, name), upload(picture(size=(80, 60)), "good.jpg"))
    assert page.status_code == 422
    text = page.get_data(as_text=True)
    assert f"{name}：" in text or f"{name}: " in text
    assert words in text
    assert 'href="#photos"' in text, "the summary leads to the field"
    assert len(tokens(page)) == 1
    assert WORDS in text
    assert again(resident, page).location == "/feedback/receipt"
    assert len(photos()) == 1
