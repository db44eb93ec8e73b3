"""The pages of the desk, by intention: lists, one case, what can be done with it, the dispatcher's work."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("desk", __name__, url_prefix="/desk")

from civic.desk.views import acting, bulk, case, dispatch, hints, new_code, photos, queue, templates, wording  # noqa: E402, F401  (they hang their views on bp)
