"""Probes: alive, ready (database reachable, schema current), and figures for Prometheus."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from civic.core.extensions import MIGRATIONS, db
from civic.web.access import access

bp = Blueprint("health", __name__)

REQUESTS = Counter("civic_requests_total", "Answers given, by status class", ["status"])


@bp.get("/healthz")
@access("machine")
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@access("machine")
def readyz() -> tuple[Response, int]:
    """The database answers and its schema is the one this release expects."""
    try:
        db.session.execute(text("SELECT 1"))
        current = MigrationContext.configure(db.session.connection()).get_current_revision()
    except SQLAlchemyError:
        return jsonify(status="no database"), 503
    wanted = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if current != wanted:
        return jsonify(status="schema is not current", current=current, wanted=wanted), 503
    return jsonify(status="ready"), 200


@bp.get("/metrics")
@access("machine")
def metrics() -> Response:
    """Counters of this process in the Prometheus text format."""
    return Response(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _count(response: Response) -> Response:
    REQUESTS.labels(f"{response.status_code // 100}xx").inc()
    return response


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.after_request(_count)
