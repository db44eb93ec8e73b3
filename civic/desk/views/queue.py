"""The queue: the most urgent first, in lists with counts, and a search by number or words."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from civic.cases.queries import QueueView
from civic.core import clock
from civic.core.actor import Role
from civic.desk import queries
from civic.desk.policy import READERS, lists_for
from civic.desk.views import bp
from civic.desk.views.case import read_case
from civic.desk.views.forming import buttons_of
from civic.web.access import access, current_actor


@bp.get("/")
@access(*READERS)
def queue() -> str | Response:
    """One list of cases, and beside it on a wide screen the one that comes next."""
    actor, now = current_actor(), clock.now()
    offered = lists_for(actor.roles)
    wanted = request.args.get("view", "")
    view = QueueView(wanted) if wanted in offered else offered[0]
    text = request.args.get("q", "").strip()[:100]
    page = queries.queue_page(actor, view, offered, text, request.args.get("cursor"), now)
    if not page.lines and not (wanted or text):
        # Nobody asked for an empty list: open the first one in which work is waiting.
        view = next((tab.view for tab in page.tabs if tab.count), view)
        page = queries.queue_page(actor, view, offered, text, None, now)
    if text and page.exact:
        return redirect(url_for("desk.case", reference=page.lines[0].row.reference))
    # An auditor's look at a private case is written down, so none is opened unasked.
    first = page.lines[0].row.reference if page.lines and not actor.has(Role.AUDITOR) else ""
    beside = read_case(first) if first else None
    return render_template(
        "desk/queue.html",
        page=page,
        beside=beside,
        buttons=buttons_of(beside) if beside else (),
        back=view.value,
    )
