"""Probes: alive, ready (database reachable, schema current), and figures for Prometheus."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, generate_latest
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from civic.core.extensions import db, newest_schema
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
        current = _schema()
    except SQLAlchemyError:
        return jsonify(status="no database"), 503
    wanted = newest_schema()
    if current != wanted:
        return jsonify(status="schema is not current", current=current, wanted=wanted), 503
    return jsonify(status="ready"), 200


def _schema() -> str | None:
    """The revision that the database is at, None before the first; see ``newest_schema`` why not by Alembic."""
    if not inspect(db.session.connection()).has_table("alembic_version"):
        return None
    return db.session.scalar(text("SELECT version_num FROM alembic_version"))


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
