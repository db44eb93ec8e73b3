"""Paging by key: a cursor carries the sort key of the last row, so that a growing list never skips or repeats."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from civic.core.errors import N_, Invalid

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of rows and the cursor of the next one, or None at the end."""

    rows: tuple[T, ...]
    next_cursor: str | None = None

    @classmethod
    def empty(cls) -> Page[T]:
        return cls(rows=())


def encode_cursor(*key: Any) -> str:
    """A URL-safe cursor for a sort key of strings, numbers and None."""
    raw = json.dumps(key, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode_cursor(text: str | None, length: int) -> tuple[Any, ...] | None:
    """The sort key of a cursor, None for the first page; raises :class:`Invalid` if it was tampered with."""
    if not text:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        key = None
    if (
        not isinstance(key, list)
        or len(key) != length
        or not all(isinstance(k, str | int | float | None) for k in key)
    ):
        raise Invalid(
            N_("This page of the list can't be opened. Go back to its beginning."), code="bad_cursor"
        )
    return tuple(key)
