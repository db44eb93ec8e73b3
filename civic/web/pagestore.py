"""Rendered public pages, kept in the process under their ETag.

The ETag stands for everything a public page depends on (content version, release, day, address,
language), so a kept page is right as long as its ETag is asked for, and useless afterwards.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

LARGEST_PAGE = 300_000
"""Bytes; a larger page is made anew each time."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """The body of an answer with status 200, its type, and the body packed once somebody asked for it so."""

    body: bytes
    content_type: str
    packed: bytes = b""

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return len(self.body) + len(self.packed)


class PageStore:
    """The pages asked for last, up to a number of bytes in all."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._pages: OrderedDict[str, KeptPage] = OrderedDict()
        self._lock = Lock()

    def get(self, etag: str) -> KeptPage | None:
        """The page under an ETag, if it is still here."""
        with self._lock:
            page = self._pages.get(etag)
            if page is not None:
                self._pages.move_to_end(etag)
            return page

    def put(self, etag: str, page: KeptPage) -> None:
        """Keep a page; those asked for longest ago make room."""
        if page.size > min(LARGEST_PAGE, self._most):
            return
        with self._lock:
            replaced = self._pages.pop(etag, None)
            self._bytes += page.size - (replaced.size if replaced else 0)
            self._pages[etag] = page
            while self._bytes > self._most:
                _, gone = self._pages.popitem(last=False)
                self._bytes -= gone.size

    def __len__(self) -> int:
        return len(self._pages)
