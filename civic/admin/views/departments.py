"""Departments, to look up; they come from the district's data."""

from __future__ import annotations

from flask import render_template

from civic.admin.views import bp
from civic.core.actor import Role
from civic.departments import queries
from civic.web.access import access


@bp.get("/departments")
@access(Role.ADMIN)
def departments() -> str:
    """All departments with their key and function."""
    return render_template("admin/departments.html", departments=queries.departments())
