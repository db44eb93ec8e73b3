"""Atom feeds of an item with all below it, of a department, of everything that moves, and of each list of voices."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from civic.cases.rules import KIND_LABELS
from civic.changes import wording
from civic.changes.queries import EVERYTHING, Scope, changes, department_scope, item_scope
from civic.core import clock
from civic.core.config import settings
from civic.core.text import excerpt
from civic.plans import queries as plans
from civic.portal import queries
from civic.portal.atom import Entry, Feed, write_feed
from civic.portal.frame import name_of, site_name
from civic.portal.queries import VoicesPage
from civic.portal.views.asking import asked_voices
from civic.web.access import access
from civic.web.locale import LANG, current_locale, hans_or_hant

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
"""The time of a feed without entries, where no plan gives one."""
TITLE = 60
"""Characters of a voice that make the title of its entry."""


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

    @bp.get("/voices/feed.atom")
    @access("public")
    def voices_feed() -> Response:
        """The newest voices of a list, with the list's own filters."""
        asked: dict[str, Any] = {name: value for name, value in asked_voices().items() if value}
        return _voices(asked, queries.voices("", queries.read_filter(**asked_voices()), None, clock.now()))


def _voices(asked: dict[str, Any], page: VoicesPage) -> Response:
    locale = current_locale()
    narrowed = "".join(f"/{name}/{value}" for name, value in asked.items())
    feed = Feed(
        key=f"voices{narrowed}/{LANG[locale]}",
        title=" · ".join([str(_("Voices")), *_narrowed_to(page), site_name()]),
        subtitle=str(_("What residents say and what departments answer, newest first")),
        language=LANG[locale],
        page=wording.absolute(url_for("portal.voices", **asked)),
        own=wording.absolute(url_for("portal.voices_feed", **asked)),
        author=site_name(),
        began=BEGAN,
        entries=tuple(
            Entry(
                f"voice/{row.reference}", excerpt(hans_or_hant(row.text, row.text_hant), TITLE), row.published_at,
                wording.absolute(url_for("portal.case", reference=row.reference)),
                hans_or_hant(row.text, row.text_hant), str(_("A resident")), str(_(KIND_LABELS[row.kind])),
            )
            for row in page.voices.rows
        ),
    )  # fmt: skip
    return _atom(feed)


def _narrowed_to(page: VoicesPage) -> list[str]:
    """The names of what a list is narrowed to, for its title."""
    names = [hans_or_hant(page.item.title, page.item.title_hant)] if page.item else []
    names += [name_of(row) for row in page.departments if row.id == page.wanted.department_id]
    names += [name_of(row) for row in page.streets if row.id == page.wanted.street_id]
    return names + ([str(_(KIND_LABELS[page.wanted.kind]))] if page.wanted.kind else [])


def _atom(feed: Feed) -> Response:
    body = write_feed(feed, settings().base_url)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


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
    return _atom(feed)


def _began(scope: Scope) -> datetime:
    if scope.item is None:
        return BEGAN
    issued = plans.document(scope.item.plan_slug).plan.issued_on
    return datetime.combine(issued, time(), UTC) if issued else BEGAN
