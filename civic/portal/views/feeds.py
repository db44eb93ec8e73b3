"""Atom feeds of an item with all below it, of a department, and of everything that moves."""

from __future__ import annotations

from datetime import UTC, datetime, time

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from civic.changes import wording
from civic.changes.queries import EVERYTHING, Scope, changes, department_scope, item_scope
from civic.core.config import settings
from civic.plans import queries as plans
from civic.portal.atom import Entry, Feed, write_feed
from civic.portal.frame import site_name
from civic.web.access import access
from civic.web.locale import LANG, current_locale

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
"""The time of a feed without entries, where no plan gives one."""


def register(bp: Blueprint) -> None:
    """Add the feeds to the portal."""

    @bp.get("/plans/<plan>/<code>/feed.atom")
    @access("public")
    def item_feed(plan: str, code: str) -> Response:
        """What changes of an item and of everything below it."""
        own = url_for("portal.item_feed", plan=plan, code=code)
        return _answer(item_scope(plan, code), f"plans/{plan}/{code}", own)

    @bp.get("/departments/<key>/feed.atom")
    @access("public")
    def department_feed(key: str) -> Response:
        """What changes of all that a department leads, and its answers."""
        own = url_for("portal.department_feed", key=key)
        return _answer(department_scope(key), f"departments/{key}", own)

    @bp.get("/progress/feed.atom")
    @access("public")
    def progress_feed() -> Response:
        """What changes anywhere."""
        return _answer(EVERYTHING, "progress", url_for("portal.progress_feed"))


def _answer(scope: Scope, key: str, own: str) -> Response:
    locale = current_locale()
    found = changes(scope)
    name = wording.name_of_scope(scope)
    feed = Feed(
        key=f"feed/{key}/{LANG[locale]}",
        title=f"{name} · {site_name()}",
        subtitle=str(_("Published progress, values, adjustments and answers, newest first")),
        language=LANG[locale],
        page=wording.absolute(wording.page_of_scope(scope)),
        own=wording.absolute(own),
        author=site_name(),
        began=_began(scope),
        entries=tuple(
            Entry(
                one.key, wording.headline(one), one.at, wording.absolute(wording.page_of(one)),
                wording.text_of(one),
                wording.name_of_department(one.department) if one.department else site_name(),
                wording.kind_of(one),
            )
            for one in found
        ),
    )  # fmt: skip
    body = write_feed(feed, settings().base_url)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _began(scope: Scope) -> datetime:
    if scope.item is None:
        return BEGAN
    issued = plans.document(scope.item.plan_slug).plan.issued_on
    return datetime.combine(issued, time(), UTC) if issued else BEGAN
