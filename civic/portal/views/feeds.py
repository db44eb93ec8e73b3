"""Atom feeds of an item with all below it, of a department, of everything that moves, and of each list of voices."""

from __future__ import annotations

from datetime import UTC, datetime, time
from urllib.parse import quote

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from civic.cases.queries import VoiceRow
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
from civic.portal.queries import Names, VoicesPage
from civic.portal.views import asking
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
        """The newest voices of a list, with the list's own filters and words."""
        asked, text = {**asking.asked_voices(), "sort": ""}, asking.asked_text()
        return _voices(
            asked, text, queries.voices(text, queries.read_filter(asked, clock.now()), None, clock.now())
        )


def _voices(asked: dict[str, str], text: str, page: VoicesPage) -> Response:
    locale = current_locale()
    narrowed = "".join(f"/{name}/{quote(value)}" for name, value in {**asked, "q": text}.items() if value)
    words = [f"“{text}”"] if text else []
    feed = Feed(
        key=f"voices{narrowed}/{LANG[locale]}",
        title=" · ".join([str(_("Voices")), *asking.names(page.narrowed).values(), *words, site_name()]),
        subtitle=str(_("What residents say and what departments answer, newest first")),
        language=LANG[locale],
        page=wording.absolute(asking.address("portal.voices", asked, text)),
        own=wording.absolute(asking.address("portal.voices_feed", asked, text)),
        author=site_name(),
        began=BEGAN,
        entries=tuple(
            Entry(
                f"voice/{row.reference}", excerpt(hans_or_hant(row.text, row.text_hant), TITLE), row.published_at,
                wording.absolute(url_for("portal.case", reference=row.reference)),
                _content(row, page.names), str(_("A resident")), str(_(KIND_LABELS[row.kind])),
                max(row.published_at, row.replied_at or row.published_at),
            )
            for row in page.voices.rows
        ),
    )  # fmt: skip
    return _atom(feed)


def _content(row: VoiceRow, names: Names) -> str:
    """The words, and the answer with who gave it."""
    words = hans_or_hant(row.text, row.text_hant)
    if not row.reply_text:
        return words
    who = name_of(names.departments.get(row.reply_department_id or 0))
    answer = hans_or_hant(row.reply_text, row.reply_text_hant)
    return "\n\n".join((words, str(_("%(department)s answers:", department=who)), answer))


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
