"""The pages of the resident's side, by intention: saying something, the receipt, following it, writing for a caller."""

from __future__ import annotations

from flask import Blueprint

from civic.intake.photos import allow_large_form

bp = Blueprint("intake", __name__)
bp.url_value_preprocessor(lambda endpoint, _values: allow_large_form(endpoint))

from civic.intake.views import (  # noqa: E402, F401  (they hang their views on bp)
    assisted,
    challenge,
    feedback,
    own_data,
    photos,
    receipt,
    steps,
    support,
    tracking,
)
