"""Paragraphs cut into segments, so that a promise quoted from the text can be marked where it stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text; ``code`` names the commitment that quotes it, '' for plain text."""

    text: str
    code: str = ""


def segments(text: str, quotes: Iterable[tuple[str, str]]) -> tuple[Segment, ...]:
    """Cut ``text`` at the quotes, given as (code, quote). Where quotes overlap, the first in the text wins."""
    spans: list[tuple[int, int, str]] = []
    for code, quote in quotes:
        start = text.find(quote) if quote else -1
        if start >= 0:
            spans.append((start, start + len(quote), code))
    found: list[Segment] = []
    position = 0
    for start, end, code in sorted(spans):
        if start < position:
            continue
        if start > position:
            found.append(Segment(text[position:start]))
        found.append(Segment(text[start:end], code))
        position = end
    if position < len(text):
        found.append(Segment(text[position:]))
    return tuple(found)
