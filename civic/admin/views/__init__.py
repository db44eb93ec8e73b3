"""Pages under ``/admin``: accounts, departments, audit trail."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

from civic.admin.views import accounts, audit, departments, resets  # noqa: E402, F401 (they hang on bp)
