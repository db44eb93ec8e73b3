"""Pages under ``/admin``: accounts, places, working days, deadlines, plan data, audit trail."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

from civic.admin.views import (  # noqa: E402 (they hang on bp)
    accounts,  # noqa: F401
    audit,  # noqa: F401
    calendars,  # noqa: F401
    deliveries,  # noqa: F401
    leaving,  # noqa: F401
    levels,  # noqa: F401
    moving,  # noqa: F401
    places,  # noqa: F401
    plans,  # noqa: F401
    reorganising,  # noqa: F401
    resets,  # noqa: F401
)
