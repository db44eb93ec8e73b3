"""Photos made anew: turned upright, made smaller, and without anything that the camera wrote into them."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageCms, ImageDraw, ImageOps, UnidentifiedImageError

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
READERS = {JPEG: ("JPEG", "MPO"), PNG: ("PNG",), WEBP: ("WEBP",), HEIC: ("HEIF",)}
"""Only the reader of the format that the first bytes tell is tried; phones store some JPEGs as MPO."""
PREVIEW_SIDE = 480
"""Pixels of the longer side of a preview: a page with four of them stays light."""
PREVIEW_QUALITY = 70


@dataclass(frozen=True, slots=True)
class Made:
    """A file as it is stored; a photo has ``width`` and ``height`` in pixels."""

    content: bytes
    width: int | None = None
    height: int | None = None


def made_anew(content: bytes, found: Format) -> Made:
    """The photo upright, at most 2400 pixels on a side, in sRGB, with no metadata (place, time, camera, preview).

    Raises :class:`~civic.core.errors.Invalid` for a picture that can't be read or has too many pixels.
    """
    if found is HEIC:
        _read_heic()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=READERS[found]) as image:
                return _made_anew(image, found)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise Invalid(
            N_("The picture can’t be read; it may be damaged. Save it again as JPEG or PNG."),
            code="unreadable_photo",
        ) from None


def _made_anew(image: Image.Image, found: Format) -> Made:
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()
    if found is JPEG:
        # The reader itself can unpack at a half or a quarter: a large photo then needs little memory.
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    small = upright.resize(size_within(*upright.size), Image.Resampling.LANCZOS, reducing_gap=2.0)
    plain = _in_srgb(small, with_alpha=found not in (JPEG, HEIC))
    clean = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    return _written(clean, stored_as(found))


def covered(content: bytes, kept: Format, squares: frozenset[int]) -> Made:
    """A stored photo with some of its squares black; what lay under them is gone from the copy."""
    with Image.open(io.BytesIO(content), formats=READERS[kept]) as image:
        copy = image.convert("RGB")
    pen = ImageDraw.Draw(copy)
    for square in squares_of(squares, *copy.size):
        pen.rectangle(square, fill="black")
    return _written(copy, kept)


def preview(content: bytes, kept: Format) -> Made:
    """A small JPEG of a stored photo, for pages."""
    with Image.open(io.BytesIO(content), formats=READERS[kept]) as image:
        if kept is JPEG:
            image.draft("RGB", (PREVIEW_SIDE, PREVIEW_SIDE))
        plain = Image.new("RGB", image.size, "white")
        plain.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    plain.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
    return _written(plain, JPEG, PREVIEW_QUALITY)


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
    return image.convert("RGBA" if has_alpha else "RGB")


def _too_many_pixels() -> Invalid:
    most = MOST_PIXELS // 1_000_000
    return Invalid(
        N_("The picture has too many pixels: at most %(most)d million."), code="too_many_pixels", most=most
    )
