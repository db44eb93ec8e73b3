"""The challenge that a browser works on while somebody writes (see :mod:`civic.intake.proofs`)."""

from __future__ import annotations

from flask import Response, abort, jsonify

from civic.core import clock
from civic.core.config import settings
from civic.intake.proofs import new_challenge
from civic.intake.views import bp
from civic.web.access import access


@bp.get("/feedback/challenge")
@access("resident")
def challenge() -> Response:
    """A fresh challenge in the ALTCHA protocol; nothing of it is stored and no cookie is needed."""
    difficulty = settings().proof_difficulty
    if not difficulty:
        abort(404)
    response = jsonify(new_challenge(difficulty, clock.now()))
    response.headers["Cache-Control"] = "no-store"
    return response
