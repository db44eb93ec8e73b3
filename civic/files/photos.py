"""Photos made anew: turned upright, made smaller, and without anything that the camera wrote into them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from PIL import Image, ImageCms, ImageDraw

from civic.core.errors import N_, Invalid
from civic.files.rules import (
    HEIC,
    JPEG,
    LONGEST_SIDE,
    MOST_PIXELS,
    PNG,
    WEBP,
    Format,
    size_within,
    squares_of,
    stored_as,
)

QUALITY = 85
READERS: Mapping[str, str] = {
    JPEG.media_type: "JPEG",
    PNG.media_type: "PNG",
    WEBP.media_type: "WEBP",
    HEIC.media_type: "HEIF",
}
"""Only the reader of the format that the first bytes tell is tried."""
PREVIEW_SIDE, PREVIEW_QUALITY = 480, 70
"""Pixels of the longer side of a preview, and its quality: a page with four of them stays light."""
GLIMPSE_SIDE, GLIMPSE_QUALITY = 240, 60
"""The same of a picture small enough to stand in the page itself."""

TURNS: Mapping[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture gets upright, by what the camera wrote into it (Exif 2.3, tag 0x0112)."""
ORIENTATION = 0x0112

_UNPACKING = Lock()
"""A large picture takes some hundred megabytes for a moment: one at a time in each process."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file as it is stored; a photo has ``width`` and ``height`` in pixels."""

    content: bytes
    width: int | None = None
    height: int | None = None


def made_anew(content: bytes, found: Format, kept: Format | None = None) -> Made:
    """The photo upright, at most 2400 pixels on a side, in sRGB, with no metadata (place, time, camera, preview).

    Of a moving picture it's the first frame. ``kept``: the format to keep it in, if not its own; as JPEG
    what is transparent becomes white. Raises :class:`~civic.core.errors.Invalid` for a picture that
    can't be read or has too many pixels.
    """
    with _UNPACKING:
        picture = _unpacked(content, found)
    kept = kept or stored_as(found)
    return _written(_on_white(picture) if kept is JPEG else picture, kept)


def covered(content: bytes, squares: frozenset[int]) -> Made:
    """A stored JPEG with some of its squares black; what lay under them is gone from the copy."""
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
        copy = image.convert("RGB")
    pen = ImageDraw.Draw(copy)
    for square in squares_of(squares, *copy.size):
        pen.rectangle(square, fill="black")
    return _written(copy, JPEG)


def preview(content: bytes) -> Made:
    """A small copy of a stored JPEG, for pages."""
    return _smaller(content, PREVIEW_SIDE, PREVIEW_QUALITY)


def glimpse(content: bytes) -> Made:
    """A very small copy of a stored JPEG, to be written into a page."""
    return _smaller(content, GLIMPSE_SIDE, GLIMPSE_QUALITY)


def _smaller(content: bytes, side: int, quality: int) -> Made:
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
        image.draft("RGB", (side, side))
        small = image.convert("RGB")
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    return _written(small, JPEG, quality)


def _unpacked(content: bytes, found: Format) -> Image.Image:
    if found is HEIC:
        _read_heic()
    try:
        with Image.open(io.BytesIO(content), formats=(READERS[found.media_type],)) as image:
            if image.width * image.height > MOST_PIXELS[found.media_type]:
                raise _too_many_pixels(found)
            return _plain(image, found)
    except Invalid:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels(found) from None
    except Exception:
        # A reader that is fed with noise raises whatever it stumbles over.
        raise Invalid(
            N_("The picture can’t be read; it may be damaged. Save it again as JPEG or PNG."),
            code="unreadable_photo",
        ) from None


def _plain(image: Image.Image, found: Format) -> Image.Image:
    """Nothing but upright pixels; made small before anything else, because large ones are heavy."""
    if found is JPEG:
        # The reader itself can unpack at a half or a quarter.
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    turn = _turn(image)
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    small = image.resize(size_within(*image.size), Image.Resampling.LANCZOS, reducing_gap=2.0)
    plain = _in_srgb(small, with_alpha=found not in (JPEG, HEIC))
    upright = plain.transpose(turn) if turn is not None else plain
    return Image.frombytes(upright.mode, upright.size, upright.tobytes())


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How to turn it; what can't be understood turns nothing, because cameras write all sorts of things."""
    try:
        return TURNS.get(image.getexif().get(ORIENTATION, 1))
    except Exception:
        return None


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    sheet = Image.new("RGB", image.size, "white")
    sheet.paste(image, mask=image.getchannel("A"))
    return sheet


def _written(image: Image.Image, kept: Format, quality: int = QUALITY) -> Made:
    out = io.BytesIO()
    if kept is JPEG:
        image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    elif kept is PNG:
        image.save(out, "PNG", optimize=True)
    else:
        image.save(out, "WEBP", quality=quality)
    return Made(out.getvalue(), *image.size)


@lru_cache(maxsize=1)
def _read_heic() -> None:
    """Teach Pillow to read HEIC; loaded with the first one, because few uploads are."""
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)


def _in_srgb(image: Image.Image, *, with_alpha: bool) -> Image.Image:
    """Colours as every screen shows them; a colour profile is applied and then dropped."""
    has_alpha = with_alpha and (image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info)
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK", "L") and not has_alpha:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    if has_alpha:
        # By way of "RGBa" the colours under what is wholly transparent go: an eraser leaves them there.
        return image.convert("RGBA").convert("RGBa").convert("RGBA")
    return image.convert("RGB")


def _too_many_pixels(found: Format) -> Invalid:
    most = MOST_PIXELS[found.media_type] // 1_000_000
    return Invalid(
        N_("The picture has too many pixels: at most %(most)d million."), code="too_many_pixels", most=most
    )
