"""Encryption of contact data, keyed hashes and query codes. Keys come from the settings and can be rotated."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from civic.core.config import settings
from civic.core.ids import ALPHABET

CODE_LENGTH = 13
"""13 characters of 5 bits: 65 bits, out of reach of guessing."""


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key.encode()) for key in keys])


def encrypt(text: str) -> bytes:
    """Encrypt with the newest contact key (PIPL art. 51)."""
    return _box(tuple(settings().contact_keys)).encrypt(text.encode())


def decrypt(token: bytes) -> str:
    """Decrypt with whichever contact key fits; raises ``cryptography.fernet.InvalidToken`` if none does."""
    return _box(tuple(settings().contact_keys)).decrypt(token).decode()


def is_newest(token: bytes) -> bool:
    """Whether it lies under the newest key; raises ``cryptography.fernet.InvalidToken`` if no key fits."""
    keys = tuple(settings().contact_keys)
    try:
        _box(keys[:1]).decrypt(token)
    except InvalidToken:
        _box(keys).decrypt(token)
        return False
    return True


def rotate(token: bytes) -> bytes:
    """Encrypt again under the newest key."""
    return _box(tuple(settings().contact_keys)).rotate(token)


def _mac(message: str, purpose: str) -> bytes:
    key = settings().receipt_key.encode()
    return hmac.new(key, f"{purpose}\x00{message}".encode(), hashlib.sha256).digest()


def keyed_hash(text: str, purpose: str) -> str:
    """A hash that only this server can make, for look-up without storing the text (64 hex characters)."""
    return _mac(text, purpose).hex()


def code_from_nonce(nonce: str) -> str:
    """The query code of a submission: derived, never stored; the same nonce gives the same code."""
    number = int.from_bytes(_mac(nonce, "query-code"), "big")
    return "".join(ALPHABET[(number >> (5 * i)) & 31] for i in range(CODE_LENGTH))


def same(one: str, other: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
