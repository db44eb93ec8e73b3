"""What is stored of a query code and of a text, so that they can be recognised and not read."""

from __future__ import annotations

from civic.core.crypto import keyed_hash
from civic.core.ids import normalise_code
from civic.core.text import normalise


def hash_of_code(code: str) -> str:
    """The keyed hash by which a query code is checked; as typed, with spaces and dashes, is the same."""
    return keyed_hash(normalise_code(code), "query-code-check")


def text_fingerprint(text: str) -> str:
    """By which the same text sent twice is recognised; keyed, so that it can't be guessed backwards."""
    return keyed_hash(normalise(text), "feedback-text")
