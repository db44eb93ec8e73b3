"""The audit trail."""

from __future__ import annotations

from flask import render_template, request

from civic.admin import queries
from civic.admin.rules import ACT_NAMES
from civic.admin.views import bp
from civic.core.actor import Role
from civic.web.access import access, current_actor


@bp.get("/audit")
@access(Role.ADMIN, Role.AUDITOR)
def audit() -> str:
    """Who did what, newest first; a filter by act and by account."""
    account_id = request.args.get("account", type=int)
    wanted = queries.AuditFilter(action=request.args.get("action", "")[:64], account_id=account_id)
    return render_template(
        "admin/audit.html",
        page=queries.audit_page(current_actor(), wanted, request.args.get("after")),
        act_names=ACT_NAMES,
        wanted=wanted,
    )
