"""Traditional script for official texts: character by character, because they aren't reworded.

OpenCC is loaded here and nowhere near a web request: only imports call this.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache


@lru_cache(maxsize=1)
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("s2tw").convert
    return convert


def traditional(text: str) -> str:
    """The text in Traditional characters (OpenCC s2tw)."""
    return _converter()(text) if text else ""
