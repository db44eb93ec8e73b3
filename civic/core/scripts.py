"""From one Chinese script to the other, character by character: an official text isn't reworded.

Traditional texts are made when something is imported or published; Simplified is the form in which texts
and queries are compared. Loading OpenCC's tables takes a moment, once per process and script.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache


@lru_cache(maxsize=2)
def _converter(direction: str) -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC(direction).convert
    return convert


def traditional(text: str) -> str:
    """The text in Traditional characters (OpenCC s2tw)."""
    return _converter("s2tw")(text) if text else ""


def simplified(text: str) -> str:
    """The text in Simplified characters (OpenCC t2s); what isn't text, such as half a character, becomes "?"."""
    if text.isascii():
        return text
    return _converter("t2s")(text.encode("utf-8", "replace").decode("utf-8"))
