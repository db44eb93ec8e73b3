"""Public pages may be kept by a proxy: an ETag from a content version that every published change raises.

One row holds the version; reading it is one query. A takedown raises it in its own
transaction, so it shows on the next request, on every worker.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, current_app, g, request
from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.extensions import db
from civic.web.access import Audience, declared_access


class ContentVersion(db.Model):  # type: ignore[name-defined,misc]
    """One row (id 1): how often what the public sees has changed."""

    __tablename__ = "content_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    demo: Mapped[bool] = mapped_column(default=False)
    """Sample data was loaded into this database: every page says so from then on."""


def raise_content_version() -> None:
    """Say, in the caller's transaction, that something public has changed."""
    raised = db.session.scalar(
        update(ContentVersion)
        .where(ContentVersion.id == 1)
        .values(version=ContentVersion.version + 1)
        .returning(ContentVersion.id)
    )
    if raised is None:
        db.session.add(ContentVersion(id=1, version=1))


def mark_as_demo() -> None:
    """Say, in the caller's transaction, that this database holds sample data. There is no way back."""
    raise_content_version()
    db.session.flush()
    db.session.execute(update(ContentVersion).where(ContentVersion.id == 1).values(demo=True))
    g.pop("content_state", None)


def _state() -> tuple[int, bool]:
    if "content_state" not in g:
        row = db.session.execute(select(ContentVersion.version, ContentVersion.demo)).first()
        g.content_state = (row.version, row.demo) if row else (0, False)
    found: tuple[int, bool] = g.content_state
    return found


def content_version() -> int:
    """The present version; 0 before anything was published. One query per request."""
    return _state()[0]


def is_demo() -> bool:
    """Whether the database holds sample data, read together with the version."""
    return _state()[1]


def _etag() -> str:
    # The address and the day belong to it: due dates and "days ago" change at midnight.
    from civic.core.clock import now

    parts = (content_version(), current_app.extensions["civic.build"], now().date(), request.full_path)
    return hashlib.sha256("\x00".join(map(str, (*parts, request.script_root))).encode()).hexdigest()[:24]


def _answer_from_etag() -> Response | None:
    if not _cacheable():
        return None
    g.etag = _etag()
    if g.etag in request.if_none_match:
        return _mark(Response(status=304))
    return None


def _cacheable() -> bool:
    if request.method not in {"GET", "HEAD"} or request.endpoint is None:
        return False
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return Audience.PUBLIC in declared_access(app, request.endpoint)


def _mark(response: Response) -> Response:
    if response.status_code in {200, 304} and "etag" in g:
        response.set_etag(g.etag)
        response.headers["Cache-Control"] = "public, no-cache"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _build(app: Flask) -> str:
    """A mark of templates, styles and translations, so that a new release changes every ETag."""
    newest = hashlib.sha256()
    for folder in (Path(str(app.template_folder)), Path(str(app.static_folder)), Path(app.root_path)):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                stat = path.stat()
                newest.update(f"{path.name}:{stat.st_size}:{stat.st_mtime_ns};".encode())
    return newest.hexdigest()[:16]


def init_app(app: Flask) -> None:
    app.extensions["civic.build"] = _build(app)
    app.jinja_env.globals["is_demo"] = is_demo
    app.before_request(_answer_from_etag)
    app.after_request(_mark)
