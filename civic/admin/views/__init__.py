"""Pages under ``/admin``: accounts, places, working days, plan data, audit trail."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

from civic.admin.views import accounts, audit, calendars, deliveries, leaving, places, plans, resets  # noqa: E402, F401 (they hang on bp)
