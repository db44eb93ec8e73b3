"""The audit trail."""

from __future__ import annotations

from flask import render_template, request

from civic.accounts.rules import ROLE_NAMES
from civic.admin import queries
from civic.admin.rules import ACT_NAMES, SUBJECT_NAMES, WAYS_IN
from civic.admin.views import bp
from civic.core.actor import Role
from civic.web.access import access, current_actor


@bp.get("/audit")
@access(Role.ADMIN, Role.AUDITOR)
def audit() -> str:
    """Who did what, newest first; a filter by act and by account."""
    account_id = request.args.get("account", type=int)
    wanted = queries.AuditFilter(action=request.args.get("action", "")[:64], account_id=account_id)
    page = queries.audit_page(current_actor(), wanted, request.args.get("after"))
    return render_template(
        "admin/audit.html",
        page=page,
        departments=queries.names_of_departments(
            int(value)
            for row in page.rows
            for key, value in row.params
            if key == "department_id" and value.isdigit()
        ),
        act_names=ACT_NAMES,
        subject_names=SUBJECT_NAMES,
        ways_in=WAYS_IN,
        role_names=ROLE_NAMES,
        wanted=wanted,
    )
