"""How many parts a text message has: each is paid for, and a long one is read by nobody. Pure."""

from __future__ import annotations

MOST_SEGMENTS = 2

_ONE_UNIT = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWO_UNITS = frozenset("^{}\\[~]|€")


def segments(text: str) -> int:
    """The parts in which a message travels (3GPP TS 23.038): 160 or 153 each in Latin letters, else 70 or 67."""
    if set(text) <= _ONE_UNIT | _TWO_UNITS:
        units, alone, joined = sum(1 if c in _ONE_UNIT else 2 for c in text), 160, 153
    else:
        units, alone, joined = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if units <= alone else -(-units // joined)
