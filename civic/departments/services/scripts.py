"""Traditional script for names and official texts, character by character (OpenCC s2tw).

OpenCC is loaded by the first call, which only loading does: a web worker never carries it.
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
    """The text in Traditional characters; '' stays ''."""
    return _converter()(text) if text else ""
