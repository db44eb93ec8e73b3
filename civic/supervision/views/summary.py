"""The summary, the list behind each figure, and both as CSV."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from civic.core.actor import Role
from civic.core.clock import now
from civic.departments import queries as departments
from civic.supervision import exports, queries
from civic.supervision.figures import FIGURES
from civic.supervision.forms import offered_periods, read_days
from civic.supervision.queries import Overview
from civic.supervision.queries.opinions import OPINION_FIGURES, opinion_table
from civic.supervision.rules import SMALL, Scope
from civic.supervision.views.asked import asked_again, chosen
from civic.supervision.views.cells import item_addresses, written
from civic.web.access import access, current_actor
from civic.web.bars import Bars, bars

bp = Blueprint("supervision", __name__, url_prefix="/supervision")

READERS = (Role.DEPUTY, Role.AUDITOR, Role.DISPATCHER, Role.LEAD)


@bp.get("/")
@access(*READERS)
def summary() -> str:
    """The summary of a period: one row per department, chapter, livelihood area, street, kind or item."""
    at = now()
    overview = queries.overview(current_actor(), chosen(), at)
    month_bars, day_bars = _pictures(overview)
    return render_template(
        "supervision/staff/summary.html",
        overview=overview, page=overview.summary, written=written(overview), scopes=tuple(Scope), all_figures=FIGURES,
        typed=overview.summary.choice.typed, refused=None, names=overview.names,
        name_text=exports.name_text, item_url=item_addresses(), small=SMALL, month_bars=month_bars,
        month_names=[f"{row.choice.period.since:%Y-%m}" for row in overview.months],
        day_bars=day_bars, day_names=[f"{row.least}+" if row.most is None else str(row.least) for row in overview.days],
        opinions=opinion_table(current_actor(), overview.summary.choice, at), opinion_definitions=OPINION_FIGURES,
        periods=offered_periods(departments.local_day(at)),
    )  # fmt: skip


def _pictures(overview: Overview) -> tuple[Bars | None, Bars | None]:
    months = ([row.received for row in overview.months], [row.answered for row in overview.months])
    return bars(months), bars([[row.n for row in overview.days]], names_shown=7)


@bp.get("/summary.csv")
@access(*READERS)
def summary_csv() -> Response:
    """The same rows as CSV (RFC 4180, UTF-8 with a mark that spreadsheets understand)."""
    actor, at = current_actor(), now()
    page = queries.summary(actor, chosen(), at)
    return exports.summary_csv(page, opinion_table(actor, page.choice, at))


@bp.get("/cases")
@access(*READERS)
def behind() -> str:
    """The cases behind one figure."""
    choice = chosen()
    with asked_again():
        page = queries.behind(
            current_actor(),
            choice,
            request.args.get("figure", ""),
            request.args.get("row") or None,
            request.args.get("after"),
            now(),
            days=read_days(request.args.get("days")),
        )
    following = dict(page.choice.args, figure=page.figure.key, after=page.cases.next_cursor or "")
    following |= {name: request.args[name] for name in ("row", "days") if request.args.get(name)}
    return render_template("supervision/staff/behind.html", page=page, following=following)
