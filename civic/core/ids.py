"""Reference numbers, nonces and what people mistype in them."""

from __future__ import annotations

import re
import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters without the look-alikes 0/O and 1/I."""


def new_reference(prefix: str, year: int) -> str:
    """A public case number such as ``TJ-2026-7K3M9Q``: year and 30 random bits, no sequence to count."""
    return f"{prefix}-{year}-{''.join(secrets.choice(ALPHABET) for _ in range(6))}"


def new_nonce() -> str:
    """A form's one-time number (128 bits): makes the submission idempotent and its query code derivable."""
    return secrets.token_urlsafe(16)


def normalise_reference(text: str) -> str:
    """What a person typed as a reference, in canonical form: full-width, spaces, case and dashes mended."""
    plain = unicodedata.normalize("NFKC", text).upper()
    parts = re.findall(r"[0-9A-Z]+", plain)
    joined = "".join(parts)
    match = re.fullmatch(r"([A-Z]{1,6})(\d{4})([0-9A-Z]{6})", joined)
    return "-".join(match.groups()) if match else joined


def normalise_code(text: str) -> str:
    """What a person typed as a query code: only its letters and digits, in capitals."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(re.findall(r"[0-9A-Z]", plain))


def group_code(code: str) -> str:
    """The code as it is shown, in groups that can be read aloud: ``ABCD-EFGH-JKLM-N``."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
