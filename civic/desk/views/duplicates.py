"""Open cases that may be one matter: compared and merged one by one, or kept apart for good."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic.cases import queries as cases
from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.departments import queries as departments
from civic.desk import services
from civic.desk.views import bp
from civic.web.access import access, current_actor

SHOWN = 20


@bp.get("/duplicates")
@access(Role.DISPATCHER)
def duplicates() -> str:
    """Groups of open cases that say nearly the same, side by side."""
    groups = cases.duplicate_groups(current_actor(), clock.now(), services.said_apart())
    return render_template(
        "desk/duplicates.html",
        groups=groups[:SHOWN],
        count=len(groups),
        departments={row.id: row for row in departments.departments(include_inactive=True)},
        streets={row.id: row for row in departments.streets(include_inactive=True)},
        action=FlaskForm(),
    )


@bp.post("/duplicates/apart")
@access(Role.DISPATCHER)
def keep_apart() -> Response:
    """Say that the cases of a group aren't one matter."""
    if not FlaskForm().validate_on_submit():
        abort(400)
    with unit_of_work():
        services.keep_apart(current_actor(), request.form.getlist("case"), clock.now())
    flash(_("They are not suggested as one matter any more."), "success")
    return redirect(url_for("desk.duplicates"))
