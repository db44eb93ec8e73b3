"""Structured logs with a request id and no personal data: no query strings, no form values, no addresses."""

from __future__ import annotations

import logging
import sys
import time
import uuid

import structlog
from flask import Flask, Response, g, request

from civic.core.config import Settings


def init_logs(app: Flask) -> None:
    """One line per request on standard error: method, route (not the filled-in path), status, milliseconds."""
    settings: Settings = app.extensions["settings"]
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    development = settings.environment == "development" and sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer()
            if development
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    if settings.environment == "testing":
        return
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.started = time.perf_counter()
    g.request_id = uuid.uuid4().hex[:16]
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    if "started" in g and request.endpoint not in (None, "static"):
        structlog.get_logger().info(
            "request",
            method=request.method,
            route=str(request.url_rule),
            status=response.status_code,
            ms=round((time.perf_counter() - g.started) * 1000, 1),
        )
        response.headers["X-Request-Id"] = g.request_id
    return response
