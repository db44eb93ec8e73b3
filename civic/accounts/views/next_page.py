"""Where to go after signing in: back to the page that was asked for, if it is one of ours."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request, url_for

from civic.web.locale import DEFAULT, PREFIXES, current_locale


def local_path(target: str | None) -> str | None:
    """``target`` if it is a plain path on this site, else None: no other host, no scheme, no trick with slashes."""
    if not target or len(target) > 500 or not target.startswith("/") or not target.isprintable():
        return None
    if "\\" in target or target.startswith("//"):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.path.startswith("/staff/sign-"):
        return None
    return target


def after_sign_in(target: str | None, locale: str = DEFAULT) -> str:
    """The address to redirect to: in the language of this page, or else in the person's own."""
    path = local_path(target)
    if path is None:
        own = next((f"/{prefix}" for prefix, code in PREFIXES.items() if code == locale), "")
        return url_for("staff.home") if current_locale() != DEFAULT else own + url_for("staff.home")
    first = path.split("/", 2)[1]
    return path if first in PREFIXES else request.script_root + path
