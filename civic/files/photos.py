"""Photos made anew: turned upright, made smaller, and without anything that the camera wrote into them."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from civic.core.errors import N_, Invalid
from civic.files.rules import JPEG, LONGEST_SIDE, MOST_PIXELS, PNG, WEBP, Format, size_within

QUALITY = 85
READERS = {JPEG: ("JPEG", "MPO"), PNG: ("PNG",), WEBP: ("WEBP",)}
"""Only the reader of the format that the first bytes tell is tried; phones store some JPEGs as MPO."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is stored; ``width`` and ``height`` in pixels."""

    content: bytes
    width: int
    height: int


def made_anew(content: bytes, found: Format) -> Photo:
    """The photo upright, at most 2400 pixels on a side, in sRGB, with no metadata (place, time, camera, preview).

    Raises :class:`~civic.core.errors.Invalid` for a picture that can't be read or has too many pixels.
    """
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


def _made_anew(image: Image.Image, found: Format) -> Photo:
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()
    if found is JPEG:
        # The reader itself can unpack at a half or a quarter: a large photo then needs little memory.
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    small = upright.resize(size_within(*upright.size), Image.Resampling.LANCZOS, reducing_gap=2.0)
    plain = _in_srgb(small, with_alpha=found is not JPEG)
    clean = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    out = io.BytesIO()
    if found is JPEG:
        clean.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    elif found is PNG:
        clean.save(out, "PNG", optimize=True)
    else:
        clean.save(out, "WEBP", quality=QUALITY)
    return Photo(out.getvalue(), *clean.size)


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
