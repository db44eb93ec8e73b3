"""The dispatcher's two lists: which department (triage), and what the public reads (review)."""

from __future__ import annotations

from flask import render_template, request

from civic.cases.queries import QueueView
from civic.core import clock
from civic.core.actor import Role
from civic.desk.views import bp
from civic.desk.views.forming import buttons_of
from civic.desk.work import WorkPage, work_page
from civic.web.access import access, current_actor

TRIAGE_LISTS = (QueueView.TRIAGE, QueueView.APPEALED, QueueView.HELD, QueueView.RETURNED)


@bp.get("/triage")
@access(Role.DISPATCHER)
def triage() -> str:
    """Cases without a department, held ones, and returns to decide on: one at a time, the most urgent first."""
    wanted = request.args.get("view", "")
    view = QueueView(wanted) if wanted in TRIAGE_LISTS else None
    page = _work(view, TRIAGE_LISTS)
    # Whoever looks through the held cases comes back to them.
    back = QueueView.HELD.value if page.view is QueueView.HELD else "triage"
    return render_template("desk/triage.html", page=page, buttons=_buttons(page), back=back)


@bp.get("/review")
@access(Role.DISPATCHER)
def review() -> str:
    """Residents' words that wait for publication: one at a time, the one due first on top."""
    page = _work(QueueView.REVIEW, (QueueView.REVIEW,))
    return render_template("desk/review.html", page=page, buttons=_buttons(page), back="review")


def _work(view: QueueView | None, lists: tuple[QueueView, ...]) -> WorkPage:
    return work_page(
        current_actor(), view, lists, request.args.get("case", ""), request.args.get("cursor"), clock.now()
    )


def _buttons(page: WorkPage) -> tuple[object, ...]:
    return buttons_of(page.chosen) if page.chosen else ()
