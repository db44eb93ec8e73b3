"""The summary, the list behind each figure, and both as CSV."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from civic.core.actor import Role
from civic.core.clock import now
from civic.departments import queries as departments
from civic.supervision import exports, queries
from civic.supervision.figures import FIGURES
from civic.supervision.forms import read_choice
from civic.supervision.rules import SMALL, Choice, Scope
from civic.web.access import access, current_actor

bp = Blueprint("supervision", __name__, url_prefix="/supervision")

READERS = (Role.DEPUTY, Role.AUDITOR, Role.DISPATCHER, Role.LEAD)


def _choice() -> Choice:
    return read_choice(request.args, departments.local_day(now()))


@bp.get("/")
@access(*READERS)
def summary() -> str:
    """The summary of a period: one row per department, chapter, livelihood area or street."""
    page = queries.summary(current_actor(), _choice(), now())
    return render_template(
        "supervision/staff/summary.html", page=page, scopes=tuple(Scope), all_figures=FIGURES, small=SMALL
    )


@bp.get("/summary.csv")
@access(*READERS)
def summary_csv() -> Response:
    """The same rows as CSV (RFC 4180, UTF-8 with a mark that spreadsheets understand)."""
    page = queries.summary(current_actor(), _choice(), now())
    return exports.summary_csv(page)


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
    )
    return render_template("supervision/staff/behind.html", page=page)
