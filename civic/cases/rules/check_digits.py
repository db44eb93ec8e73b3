"""The check digits that tell a real identity or card number from any long number. Pure."""

from __future__ import annotations

_IDENTITY_REST = "10X98765432"


def is_identity_number(digits: str) -> bool:
    """Whether 18 characters are a resident identity number: GB 11643-1999, check digit by ISO 7064 MOD 11-2."""
    if len(digits) != 18 or not digits[:17].isdecimal():
        return False
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(digits[:17]))
    return _IDENTITY_REST[total % 11] == digits[17].upper()


def is_card_number(digits: str) -> bool:
    """Whether 15 to 19 digits can be a bank card: ISO/IEC 7812-1, check digit by the Luhn formula."""
    if not (15 <= len(digits) <= 19 and digits.isdecimal()):
        return False
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
