"""What people misread on a receipt, mended. Pure.

Number and query code are made of an alphabet without 0, 1, I and O
(:data:`civic.core.ids.ALPHABET`). Whoever types one of these has misread a letter that is there,
so it can be read back without making any other code fit.
"""

from __future__ import annotations

import unicodedata

MISREAD = str.maketrans({"0": "Q", "O": "Q", "1": "L", "I": "L"})
"""Letters that the alphabet lacks, and the ones they are taken for."""
AS_DIGIT = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1"})
SUFFIX, YEAR = 6, 4


def _plain(text: str) -> str:
    upper = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in upper if c.isascii() and c.isalnum())


def mend_code(text: str) -> str:
    """A query code as it must have been on the receipt: full-width, case, spaces and look-alikes mended."""
    return _plain(text).translate(MISREAD)


def mend_reference(text: str) -> str:
    """The same for a number: its year holds digits, its end the alphabet's letters; the prefix stays.

    What is too short to be a number is returned with only spaces, dashes and case mended.
    """
    plain = _plain(text)
    if len(plain) <= SUFFIX + YEAR:
        return plain
    prefix, year, end = plain[: -SUFFIX - YEAR], plain[-SUFFIX - YEAR : -SUFFIX], plain[-SUFFIX:]
    return "-".join((prefix, year.translate(AS_DIGIT), end.translate(MISREAD)))
