"""Pictures as people send them: from phones, with what a phone writes into them, and such as nobody should send."""

from __future__ import annotations

import io

import pillow_heif
from PIL import Image

CAMERA = b"SecretCamera"
"""Stands in the metadata of every picture made here."""

START_OF_SCAN = b"\xff\xda"
"""What stands before the pixels of a JPEG."""

PLACE = {1: "N", 2: (26.0, 3.0, 12.0), 3: "E", 4: (119.0, 18.0, 30.0)}


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (800, 600), *, mode: str = "RGB", turned: int = 1
) -> bytes:
    """Red above, blue below, with camera and place; ``turned`` as a camera notes it. ``kind`` is Pillow's name."""
    image = Image.new("RGB", size, (200, 20, 20))
    image.paste((20, 20, 200), (0, size[1] // 2, *size))
    exif = Image.Exif()
    exif[0x010F] = CAMERA.decode()
    exif[0x0112] = turned
    exif.get_ifd(0x8825).update(PLACE)
    out = io.BytesIO()
    pillow_heif.register_heif_opener()
    image.convert(mode).save(out, kind, exif=exif)
    return out.getvalue()


def is_red(pixel: tuple[int, ...]) -> bool:
    return pixel[0] > 150 and max(pixel[1:3]) < 90


def is_blue(pixel: tuple[int, ...]) -> bool:
    return pixel[2] > 150 and max(pixel[:2]) < 90


def is_black(pixel: tuple[int, ...]) -> bool:
    return max(pixel) < 20


def opened(content: bytes) -> Image.Image:
    """A stored JPEG, to look at its pixels."""
    image = Image.open(io.BytesIO(content), formats=("JPEG",))
    return image.convert("RGB")


def is_silent(content: bytes) -> bool:
    """Whether nothing of what a camera writes is left in it."""
    image = Image.open(io.BytesIO(content))
    # Among some megabytes of pixels any three letters stand somewhere.
    told = content.partition(START_OF_SCAN)[0] if image.format == "JPEG" else content
    return not image.getexif() and not any(
        word in told for word in (CAMERA, b"Exif", b"GPS", b"http://ns.adobe.com", b"ICC_PROFILE")
    )
