"""The summary, the list behind each figure, and both as CSV."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, g, render_template, request, url_for

from civic.core.actor import Role
from civic.core.clock import now
from civic.core.errors import N_
from civic.departments import queries as departments
from civic.supervision import exports, queries
from civic.supervision.columns import GROUPS
from civic.supervision.figures import FIGURES
from civic.supervision.forms import PLAN_TO_DATE, read_choice, read_days
from civic.supervision.queries import Overview
from civic.supervision.queries.opinions import OPINION_FIGURES, opinion_table
from civic.supervision.reports.words import difference_text
from civic.supervision.rules import SMALL, Choice, Scope
from civic.supervision.rules.comparing import against_the_whole
from civic.supervision.rules.periods import offered
from civic.web.access import access, current_actor
from civic.web.bars import Bars, bars, whisker

bp = Blueprint("supervision", __name__, url_prefix="/supervision")

UNQUOTED = "!$'()*,/:;?@"
"""What may stand in the query of an address as it is."""
READERS = (Role.DEPUTY, Role.AUDITOR, Role.DISPATCHER, Role.LEAD)


def _choice() -> Choice:
    return read_choice(request.args, departments.local_day(now()))


@bp.get("/")
@access(*READERS)
def summary() -> str:
    """The summary of a period: one row per department, chapter, livelihood area, street, kind or item."""
    at = now()
    overview = queries.overview(current_actor(), _choice(), at)
    month_bars, day_bars = _pictures(overview)
    return render_template(
        "supervision/staff/summary.html",
        overview=overview, page=overview.summary, scopes=tuple(Scope), groups=GROUPS, all_figures=FIGURES,
        small=SMALL, against_the_whole=against_the_whole, difference_text=difference_text, whisker=whisker,
        month_bars=month_bars,
        month_names=[f"{row.choice.period.since:%Y-%m}" for row in overview.months],
        day_bars=day_bars, day_names=[f"{row.least}+" if row.most is None else str(row.least) for row in overview.days],
        opinions=opinion_table(current_actor(), overview.summary.choice, at), opinion_definitions=OPINION_FIGURES,
        periods=(*offered(departments.local_day(at)), (N_("Plan to date"), PLAN_TO_DATE)),
    )  # fmt: skip


@bp.app_template_global()
def behind_url(choice: Choice, figure: str, key: str | None = None, days: str | None = None) -> str:
    """The address of the list behind a figure. A page has many hundred: what they share is made once in a request."""
    known: dict[Choice, str] = g.setdefault("behind_urls", {})
    if choice not in known:
        arguments: dict[str, Any] = {**choice.args}
        known[choice] = url_for("supervision.behind", **arguments)
    more = (("figure", figure), ("row", key), ("days", days))
    asked = [f"&{name}={quote(value, safe=UNQUOTED)}" for name, value in more if value is not None]
    return known[choice] + "".join(asked)


def _pictures(overview: Overview) -> tuple[Bars | None, Bars | None]:
    months = ([row.received for row in overview.months], [row.answered for row in overview.months])
    return bars(months), bars([[row.n for row in overview.days]], names_shown=7)


@bp.get("/summary.csv")
@access(*READERS)
def summary_csv() -> Response:
    """The same rows as CSV (RFC 4180, UTF-8 with a mark that spreadsheets understand)."""
    actor, at = current_actor(), now()
    page = queries.summary(actor, _choice(), at)
    return exports.summary_csv(page, opinion_table(actor, page.choice, at))


@bp.get("/cases")
@access(*READERS)
def behind() -> str:
    """The cases behind one figure."""
    page = queries.behind(
        current_actor(),
        _choice(),
        request.args.get("figure", ""),
        request.args.get("row") or None,
        request.args.get("after"),
        now(),
        days=read_days(request.args.get("days")),
    )
    following = dict(page.choice.args, figure=page.figure.key, after=page.cases.next_cursor or "")
    following |= {name: request.args[name] for name in ("row", "days") if request.args.get(name)}
    return render_template("supervision/staff/behind.html", page=page, following=following)
