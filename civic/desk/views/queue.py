"""The queue: lists with counts, narrowed and ordered as its reader wishes, and a search by number or words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from civic.cases.queries import QueueOrder, QueueView
from civic.cases.rules import KIND_LABELS, STATUS_LABELS
from civic.core import audit, clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import N_
from civic.desk import queries
from civic.desk.narrowing import NOBODY, PERIODS, Narrowed, read_narrowed
from civic.desk.policy import READERS, lists_for, search_is_recorded
from civic.desk.rules import MOST_LISTS
from civic.desk.saved import saved_lists
from civic.desk.views import bp
from civic.desk.views.around import NO_PANE, pane_of
from civic.desk.views.bulk import DEEDS, Bulk
from civic.desk.views.case import read_case
from civic.desk.views.forming import buttons_of
from civic.web.access import access, current_actor
from civic.web.locale import chinese_or_english

ORDERS = {
    QueueOrder.URGENT: N_("Most urgent first"),
    QueueOrder.NEWEST: N_("Latest arrivals first"),
    QueueOrder.OLDEST: N_("Oldest first"),
    QueueOrder.UNCHANGED: N_("Longest without change first"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter as the reader sees it, and the address of the list without it."""

    label: str
    without: str


@bp.get("/")
@access(*READERS)
def queue() -> str | Response:
    """One list of cases, and beside it on a wide screen the one that comes next."""
    actor, now = current_actor(), clock.now()
    offered = lists_for(actor.roles)
    wanted = request.args.get("view", "")
    view = QueueView(wanted) if wanted in offered else offered[0]
    narrowed = read_narrowed(actor, view, request.args, now)
    page = queries.queue_page(actor, narrowed, offered, request.args.get("cursor"), now)
    if not page.lines and not (wanted or page.text or narrowed.asked):
        # Nobody asked for an empty list: open the first one in which work is waiting.
        view = next((tab.view for tab in page.tabs if tab.count), view)
        narrowed = read_narrowed(actor, view, request.args, now)
        page = queries.queue_page(actor, narrowed, offered, None, now)
    if page.text and search_is_recorded(actor):
        # Words that are looked for in private cases tell of them: that somebody looked is written down, the words not.
        with unit_of_work():
            audit.record(actor, "cases.searched", "account", actor.account_id or 0, now, found=page.found)
    if page.text and page.exact:
        return redirect(url_for("desk.case", reference=page.lines[0].row.reference))
    # An auditor's look at a private case is written down, so none is opened unasked.
    first = page.lines[0].row.reference if page.lines and not actor.has(Role.AUDITOR) else ""
    beside = read_case(first) if first else None
    return render_template(
        "desk/queue.html",
        page=page,
        chips=chips_of(narrowed),
        saved=saved_lists(actor, offered, now, narrowed),
        most_lists=MOST_LISTS,
        orders=ORDERS,
        periods=PERIODS,
        period_label=period_label,
        beside=beside,
        buttons=buttons_of(beside) if beside else (),
        back=view.value,
        bulk=_deeds(narrowed),
        **(pane_of(beside) if beside else NO_PANE),
    )


def _deeds(narrowed: Narrowed) -> Mapping[str, Bulk]:
    """What is done to several cases at once: nothing where they are another department's."""
    works = current_actor().has(Role.HANDLER, Role.LEAD)
    return DEEDS if works and narrowed.wanted.view is not QueueView.SUPPORTING else {}


def period_label(days: int) -> str:
    """How a period is called."""
    return ngettext("Received in the last %(num)s day", "Received in the last %(num)s days", days)


def chips_of(narrowed: Narrowed) -> list[Chip]:
    """The filters in force, each with the way to drop it."""
    labels = _labels(narrowed)
    return [Chip(labels[name], url_for("desk.queue", **_without(narrowed, name))) for name in narrowed.asked]


def _without(narrowed: Narrowed, dropped: str) -> dict[str, Any]:
    return {name: value for name, value in narrowed.address.items() if name != dropped}


def _labels(narrowed: Narrowed) -> dict[str, str]:
    wanted, item = narrowed.wanted, narrowed.item
    rows = {"department": narrowed.department, "street": narrowed.street}
    names = {
        name: chinese_or_english(row.name, row.name_hant, row.name_en) for name, row in rows.items() if row
    }
    title = f"{item.code} {chinese_or_english(item.title, item.title_hant, item.title_en)}" if item else ""
    nobody = _("Nobody yet") if narrowed.asked.get("assignee") == NOBODY else ""
    return {
        **names,
        "kind": _(KIND_LABELS[wanted.kind]) if wanted.kind else "",
        "status": _(STATUS_LABELS[wanted.status]) if wanted.status else "",
        "item": title,
        "assignee": narrowed.assignee.name if narrowed.assignee else nobody,
        "about_staff": _("About staff"),
        "reopened": _("Reopened"),
        "period": period_label(narrowed.days) if narrowed.days else "",
    }
