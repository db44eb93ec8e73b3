"""Public pages may be kept by a proxy: an ETag from a content version that every published change raises.

One row holds the version; reading it is one query. A takedown raises it in its own
transaction, so it shows on the next request, on every worker. The same row marks the
reference data, which changes a few times a year and is kept in memory meanwhile.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, g, request
from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import before_commit
from civic.core.extensions import db
from civic.web.access import Audience, declared_access
from civic.web.pagestore import KeptPage, PageStore

T = TypeVar("T")

STORE_BYTES = 16_000_000
"""Rendered pages kept in each process."""


def _new_mark() -> str:
    return secrets.token_hex(8)


class ContentVersion(db.Model):  # type: ignore[name-defined,misc]
    """One row (id 1): how often what the public sees has changed."""

    __tablename__ = "content_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    mark: Mapped[str] = mapped_column(String(16), default=_new_mark)
    """Drawn anew with each version: after a restore from a backup a number comes again, its mark never does."""
    reference: Mapped[str] = mapped_column(String(16), default="")
    """Mark of the reference data (plans, departments, calendars); '' before any was loaded."""
    demo: Mapped[bool] = mapped_column(default=False)
    """Sample data was loaded into this database: every page says so from then on."""


def raise_content_version() -> None:
    """Say, in the caller's transaction, that something public has changed; written when it ends."""
    g.content_raised = True
    before_commit("content version", _raise)


def _raise() -> None:
    raised = db.session.scalar(
        update(ContentVersion)
        .where(ContentVersion.id == 1)
        .values(version=ContentVersion.version + 1, mark=_new_mark())
        .returning(ContentVersion.id)
    )
    if raised is None:
        db.session.add(ContentVersion(id=1, version=1))
        db.session.flush()
    g.pop("content_state", None)


def renew_reference() -> None:
    """Say, in the caller's transaction, that plans or district data changed: no process goes on with what it kept."""
    raise_content_version()
    before_commit("reference", lambda: _set(reference=_new_mark()))
    g.reference_renewed = True
    if "settled_reference" in g:
        g.settled_reference.clear()


@contextmanager
def reference_settled() -> Iterator[None]:
    """For work on many rows that writes no reference data, in a request that may have written some before it.

    Such a request reads anew at each use; in here it reads each thing once. What it has read may be
    rolled back, so it is dropped when the work ends or fails, and never seen by another request.
    """
    if "settled_reference" in g:
        yield
        return
    g.settled_reference = {}
    try:
        yield
    finally:
        del g.settled_reference


def keeps_reference() -> bool:
    """Whether reference data is kept in memory: some was loaded, and is not being changed by this very request."""
    return "settled_reference" in g or _shares_reference()


def _shares_reference() -> bool:
    return bool(_state().reference) and "reference_renewed" not in g


def kept(name: str, read: Callable[[], T]) -> T:
    """What ``read`` gives, kept in the process until reference data changes.

    The mark is read together with the content version, once per request. A request that changes
    reference data itself reads everything anew, so nothing uncommitted is ever kept; but see
    :func:`reference_settled`.
    """
    if not _shares_reference():
        return _kept_while_settled(name, read)
    mark = _state().reference
    store: dict[str, tuple[str, Any]] = current_app.extensions.setdefault("civic.kept", {})
    found = store.get(name)
    if found is None or found[0] != mark:
        found = store[name] = (mark, read())
    value: T = found[1]
    return value


def _kept_while_settled(name: str, read: Callable[[], T]) -> T:
    settled: dict[str, Any] | None = g.get("settled_reference")
    if settled is None:
        return read()
    if name not in settled:
        settled[name] = read()
    value: T = settled[name]
    return value


def kept_until_change(name: str, read: Callable[[], T]) -> T:
    """What ``read`` gives, kept in the process until anything public changes, and for a day at most.

    A request that itself changes something public reads anew: nothing uncommitted is ever kept.
    """
    if not content_version() or "content_raised" in g:
        return read()
    mark = f"{_state().reference}:{_state().mark}:{_local_day()}"
    store: dict[str, tuple[str, Any]] = current_app.extensions.setdefault("civic.kept_until_change", {})
    found = store.get(name)
    if found is None or found[0] != mark:
        found = store[name] = (mark, read())
    value: T = found[1]
    return value


def mark_as_demo() -> None:
    """Say, in the caller's transaction, that this database holds sample data. There is no way back."""
    raise_content_version()
    before_commit("demo", lambda: _set(demo=True))


def _set(**values: object) -> None:
    db.session.execute(update(ContentVersion).where(ContentVersion.id == 1).values(**values))
    g.pop("content_state", None)


class State(NamedTuple):
    """The row of :class:`ContentVersion` as this request found it."""

    version: int = 0
    mark: str = ""
    reference: str = ""
    demo: bool = False


def _state() -> State:
    if "content_state" not in g:
        columns = select(
            ContentVersion.version, ContentVersion.mark, ContentVersion.reference, ContentVersion.demo
        )
        row = db.session.execute(columns).first()
        g.content_state = State(*row) if row else State()
    found: State = g.content_state
    return found


def content_version() -> int:
    """The present version; 0 before anything was published. One query per request."""
    return _state().version


def is_demo() -> bool:
    """Whether the database holds sample data, read together with the version."""
    return _state().demo


def _local_day() -> date:
    """Today where readers are: what falls due changes at their midnight, not at Greenwich's."""
    from civic.core.clock import now

    return now().astimezone(ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])).date()


def _etag() -> str:
    # The address and the day belong to it: due dates and "days ago" change at midnight.
    parts = (
        content_version(),
        _state().mark,
        current_app.extensions["civic.build"],
        _local_day(),
        request.full_path,
    )
    return hashlib.sha256("\x00".join(map(str, (*parts, request.script_root))).encode()).hexdigest()[:24]


def _answer_from_etag() -> Response | None:
    if not _cacheable():
        return None
    g.etag = _etag()
    if request.if_none_match.contains_weak(g.etag):
        return Response(status=304)
    page = _store().get(g.etag)
    if page is None:
        return None
    g.from_store = True
    return Response(page.body, content_type=page.content_type)


def _cacheable() -> bool:
    if request.method not in {"GET", "HEAD"} or request.endpoint is None:
        return False
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return Audience.PUBLIC in declared_access(app, request.endpoint)


def _store() -> PageStore:
    store: PageStore = current_app.extensions["civic.pages"]
    return store


def packed_page(etag: str, body: bytes, pack: Callable[[], bytes]) -> bytes:
    """The packed form of a public page, kept beside the page itself."""
    page = _store().get(etag)
    if page is None or page.body != body:
        return pack()
    if not page.packed:
        page = replace(page, packed=pack())
        _store().put(etag, page)
    return page.packed


def _mark(response: Response) -> Response:
    if response.status_code in {200, 304} and "etag" in g:
        response.set_etag(g.etag, weak=True)
        response.headers["Cache-Control"] = "public, no-cache"
        if response.status_code == 200 and not response.is_streamed and "from_store" not in g:
            _store().put(g.etag, KeptPage(response.get_data(), response.content_type or "text/html"))
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _build(app: Flask) -> str:
    """A mark of templates, styles and translations, so that a new release changes every ETag."""
    newest = hashlib.sha256()
    for folder in (str(app.template_folder), str(app.static_folder), app.root_path):
        for file in _files(folder):
            stat = file.stat()
            newest.update(f"{file.name}:{stat.st_size}:{stat.st_mtime_ns};".encode())
    return newest.hexdigest()[:16]


def _files(folder: str) -> Iterator[os.DirEntry[str]]:
    """Everything below a folder, always in the same order."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_file():
            yield entry
        elif entry.is_dir() and entry.name != "__pycache__":
            yield from _files(entry.path)


def init_app(app: Flask) -> None:
    app.extensions["civic.build"] = _build(app)
    app.extensions["civic.pages"] = PageStore(STORE_BYTES)
    app.jinja_env.globals["is_demo"] = is_demo
    app.before_request(_answer_from_etag)
    app.after_request(_mark)
