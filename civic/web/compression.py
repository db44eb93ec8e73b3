"""Answers travel compressed: a phone on a slow line pays for every byte, and ``make run`` has no proxy in front.

What anyone may read is packed once and kept. A page that holds something of one person is packed with a name of
random length in its header, so that its length tells nothing about what is in it (BREACH; decision 020). Staff pages
are not packed: they hold more of others, and are read at a desk.
"""

from __future__ import annotations

import gzip
import secrets
from io import BytesIO

from flask import Flask, Response, current_app, g, request

from civic.web.access import Audience, declared_access, is_public
from civic.web.caching import packed_page

WORTH_IT = 500
"""Bytes; below that the answer fits one packet as it is."""
LEVEL = 6
LONGEST_NAME = 100
TYPES = frozenset(
    {
        "text/html", "text/css", "text/plain", "text/csv", "text/javascript", "application/javascript",
        "application/json", "application/atom+xml", "application/xml", "image/svg+xml",
    }
)  # fmt: skip


def _pack(response: Response) -> Response:
    if not _may_travel_packed():
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code in {204, 206, 304} or response.mimetype not in TYPES:
        return response
    if "Content-Encoding" in response.headers or not request.accept_encodings.quality("gzip"):
        return response
    body = _packed_body(response)
    if body is not None:
        response.set_data(body)
        response.headers["Content-Encoding"] = "gzip"
        etag, _weak = response.get_etag()
        if etag:
            # The same page in other bytes: only a weak tag may stand for both.
            response.set_etag(etag, weak=True)
    return response


def _may_travel_packed() -> bool:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return is_public(app, request.endpoint) or _is_personal()


def _is_personal() -> bool:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return Audience.RESIDENT in declared_access(app, request.endpoint or "")


def _packed_body(response: Response) -> bytes | None:
    """The body packed; None if it isn't worth it or is made while it is sent."""
    if request.endpoint == "static":
        return _packed_file(response)
    if response.is_streamed:
        return None
    body = response.get_data()
    if len(body) < WORTH_IT:
        return None
    if _is_personal():
        return _pack_with_name(body)
    if response.status_code == 200 and "etag" in g:
        return packed_page(g.etag, body, lambda: gzip.compress(body, LEVEL, mtime=0))
    return gzip.compress(body, LEVEL, mtime=0)


def _packed_file(response: Response) -> bytes:
    """A style, script or drawing: small, ours, and packed once for each content."""
    kept: dict[str, bytes] = current_app.extensions.setdefault("civic.packed", {})
    name = f"{request.path} {response.headers.get('ETag')}"
    response.direct_passthrough = False
    if name not in kept:
        kept[name] = gzip.compress(response.get_data(), 9, mtime=0)
    response.close()  # The open file: its bytes are replaced.
    return kept[name]


def _pack_with_name(body: bytes) -> bytes:
    out = BytesIO()
    name = "x" * (1 + secrets.randbelow(LONGEST_NAME))
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=LEVEL, fileobj=out, mtime=0) as file:
        file.write(body)
    return out.getvalue()


def init_app(app: Flask) -> None:
    app.after_request(_pack)
