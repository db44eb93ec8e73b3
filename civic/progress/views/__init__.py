"""Pages of progress for staff."""

from flask import Blueprint

bp = Blueprint("progress", __name__, url_prefix="/progress")

from civic.progress.views import staff  # noqa: E402, F401 (it hangs on bp)
