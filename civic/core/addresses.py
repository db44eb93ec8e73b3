"""Addresses that can be written to, as people type them, and how much of one is shown. Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST_EMAIL = 254

_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_MAINLAND_MOBILE = re.compile(r"1[3-9]\d{9}")
_ABROAD = re.compile(r"\+[1-9]\d{6,14}")
_MAINLAND = "+86"


def read_email(text: str) -> str | None:
    """The address that was typed, with full-width characters and spaces mended; None if it can't be one."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("。", ".").replace(" ", "")
    if len(plain) > LONGEST_EMAIL or ".." in plain or not _EMAIL.fullmatch(plain):
        return None
    return None if plain.startswith(".") or ".@" in plain else plain


def read_mobile(text: str) -> str | None:
    """The number in international form (E.164) if text messages reach it; None for a fixed line and for anything else.

    A number without country code is one of the mainland; others are believed as they are.
    """
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(c for c in plain if c.isascii() and c.isdigit())
    if plain.strip().startswith("+"):
        number = "+" + digits
    elif digits.startswith("00"):
        number = "+" + digits[2:]
    elif _MAINLAND_MOBILE.fullmatch(digits.removeprefix("86") if len(digits) == 13 else digits):
        return _MAINLAND + digits[-11:]
    else:
        return None
    if number.startswith(_MAINLAND):
        return number if _MAINLAND_MOBILE.fullmatch(number.removeprefix(_MAINLAND)) else None
    return number if _ABROAD.fullmatch(number) else None


def mask_email(address: str) -> str:
    """Enough for its owner to know it by: ``w***@example.org``."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"


def mask_phone(number: str) -> str:
    """Enough for its owner to know it by: ``138****1234``; of a short number only the end."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", number) if c.isascii() and c.isdigit())
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits.removeprefix("86")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else f"****{digits[-2:]}"
