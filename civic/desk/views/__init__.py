"""The pages of the desk, by intention: lists, one case, what can be done with it, the dispatcher's work."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("desk", __name__, url_prefix="/desk")

from civic.desk.views import (  # noqa: E402  (they hang their views on bp)
    absence,  # noqa: F401
    acting,  # noqa: F401
    bulk,  # noqa: F401
    case,  # noqa: F401
    changes,  # noqa: F401
    dispatch,  # noqa: F401
    duplicates,  # noqa: F401
    files,  # noqa: F401
    hints,  # noqa: F401
    keeping,  # noqa: F401
    lists,  # noqa: F401
    new_code,  # noqa: F401
    notices,  # noqa: F401
    opinions,  # noqa: F401
    photos,  # noqa: F401
    queue,  # noqa: F401
    routing,  # noqa: F401
    team,  # noqa: F401
    templates,  # noqa: F401
    wording,  # noqa: F401
)
