"""What people misread on a receipt, mended. Pure.

Number and query code are made of an alphabet without 0, 1, I and O
(:data:`civic.core.ids.ALPHABET`). Whoever types one of these has misread a letter that is there,
so it can be read back without making any other code fit.
"""

from __future__ import annotations

import re
import unicodedata

MISREAD = str.maketrans({"0": "Q", "O": "Q", "1": "L", "I": "L"})
"""Letters that the alphabet lacks, and the ones they are taken for."""
AS_DIGIT = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1"})
SUFFIX, YEAR = 6, 4
CODE = 13
"""Letters and digits of a query code."""
_NUMBER = re.compile(
    rf"(?<![0-9A-Z])[A-Z]{{1,6}}[\s-]*[0-9OQIL]{{{YEAR}}}[\s-]*[0-9A-Z]{{{SUFFIX}}}(?![0-9A-Z])"
)
"""A case number within something longer, its year misread at most."""


def read_receipt(reference: str, code: str) -> tuple[str, str]:
    """Number and query code from the two fields, also if one of them holds both, or each the other's.

    People paste a whole line of the receipt, or the address behind its QR code.
    """
    for here, there in ((reference, code), (code, reference)):
        number = _NUMBER.search(_upper(here))
        # A code of three letters, four digits and six more looks like a number, too.
        if number and not (len(_plain(here)) == CODE and _NUMBER.search(_upper(there))):
            rest = _plain(here[: number.start()] + " " + here[number.end() :])
            return mend_reference(number[0]), mend_code(
                rest[-CODE:] if len(rest) >= CODE else _code_of(there)
            )
    return mend_reference(reference), mend_code(code)


def _code_of(text: str) -> str:
    """What a field holds as a code: the code, or its line of the receipt, from whose end it is taken."""
    plain = _plain(text)
    return plain[-CODE:] if len(plain) > CODE and _NUMBER.search(_upper(text)) else plain


def _upper(text: str) -> str:
    """Full-width signs and small letters as plain capitals, dashes as dashes; every character keeps its place."""
    return "".join(
        ("-" if unicodedata.category(c) == "Pd" else c)
        for c in (unicodedata.normalize("NFKC", c).upper()[:1] or c for c in text)
    )


def _plain(text: str) -> str:
    return "".join(c for c in _upper(text) if c.isascii() and c.isalnum())


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
