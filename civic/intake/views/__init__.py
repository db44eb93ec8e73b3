"""The pages of the resident's side, by intention: saying something, the receipt, following it, writing for a caller."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("intake", __name__)

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
