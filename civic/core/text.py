"""Pure functions on text: normal form, character bigrams, excerpts."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+", re.UNICODE)


def normalise(text: str) -> str:
    """NFKC, lower case, runs of white space as one space: the form in which texts are compared."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip().lower()


def tidy(text: str) -> str:
    """What a person typed, kept as typed but for control characters, line ends and outer white space."""
    if text.isprintable():
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = (
        "".join(c for c in line if c == "\t" or unicodedata.category(c) not in {"Cc", "Cs"}) for line in lines
    )
    return "\n".join(line.rstrip() for line in kept).strip()


def bigrams(text: str) -> list[str]:
    """Neighbouring pairs of characters, punctuation and spaces left out: the tokens of search.

    Chinese has no spaces, and word cutters split 医养结合 wrongly; pairs work the same on both databases.
    A single character stands for itself.
    """
    pairs: list[str] = []
    for run in runs(text):
        if len(run) == 1:
            pairs.append(run)
        pairs.extend(run[i : i + 2] for i in range(len(run) - 1))
    return pairs


def runs(text: str) -> list[str]:
    """Characters that stand together without punctuation or space between them, in normal form."""
    return [run for run in _NOT_WORD.split(normalise(text)) if run]


def excerpt(text: str, length: int) -> str:
    """The beginning of a text in at most ``length`` characters, with an ellipsis if it goes on."""
    flat = _SPACE.sub(" ", text).strip()
    return flat if len(flat) <= length else flat[: max(length - 1, 0)].rstrip() + "…"
