"""Pages of progress for staff."""

from flask import Blueprint

bp = Blueprint("progress", __name__, url_prefix="/progress")

from civic.progress.views import adjustments, budgets, staff, targets, updates  # noqa: E402, F401 (they hang on bp)
