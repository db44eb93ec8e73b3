"""An Atom feed (RFC 4287) of changes, as bytes: ids that stay, absolute addresses from the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

ATOM = "http://www.w3.org/2005/Atom"
MINTED = 2026
"""The year in tag addresses (RFC 4151): when the platform began to give them out. It never changes."""

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; ``key`` names it for good (``update/12``), ``link`` is absolute; ``updated``: ``at`` if None."""

    key: str
    title: str
    at: datetime
    link: str
    text: str
    author: str
    category: str
    updated: datetime | None = None

    @property
    def last(self) -> datetime:
        return self.updated or self.at


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed; ``key`` names it for good. ``began``: its time as long as it has no entry."""

    key: str
    title: str
    subtitle: str
    language: str
    page: str
    own: str
    author: str
    began: datetime
    entries: tuple[Entry, ...]


def tag(base_url: str, key: str) -> str:
    """An address that names something for good: ``tag:plan.example,2026:update/12``."""
    return f"tag:{urlsplit(base_url).hostname or 'localhost'},{MINTED}:{key}"


def write_feed(feed: Feed, base_url: str) -> bytes:
    """The document, encoded as UTF-8."""
    root = Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _text(root, "id", tag(base_url, feed.key))
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", _moment(max((one.last for one in feed.entries), default=feed.began)))
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": feed.own})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.page})
    _text(SubElement(root, "author"), "name", feed.author)
    _entries(root, feed.entries, base_url)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _entries(root: Element, entries: Iterable[Entry], base_url: str) -> None:
    for one in entries:
        entry = SubElement(root, "entry")
        _text(entry, "id", tag(base_url, one.key))
        _text(entry, "title", one.title)
        _text(entry, "published", _moment(one.at))
        _text(entry, "updated", _moment(one.last))
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": one.link})
        _text(SubElement(entry, "author"), "name", one.author)
        SubElement(entry, "category", {"term": one.key.partition("/")[0], "label": _clean(one.category)})
        _text(entry, "content", one.text or one.title).set("type", "text")


def _text(parent: Element, name: str, text: str) -> Element:
    child = SubElement(parent, name)
    child.text = _clean(text)
    return child


def _clean(text: str) -> str:
    """Without characters that XML can't carry."""
    return _NOT_XML.sub("", text)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
