"""The lead's page of who has what; each figure opens its list, where cases are ticked and given to someone else."""

from __future__ import annotations

from flask import render_template

from civic.core import clock
from civic.core.actor import Role
from civic.desk.narrowing import NOBODY
from civic.desk.policy import LISTS
from civic.desk.team import COLUMNS, teams
from civic.desk.views import bp
from civic.web.access import access, current_actor


@bp.get("/team")
@access(Role.LEAD)
def team() -> str:
    """Everyone's open cases, those due soon, overdue and waiting for approval."""
    found = teams(current_actor(), clock.now())
    return render_template("desk/team.html", teams=found, columns=COLUMNS, labels=LISTS, nobody=NOBODY)
