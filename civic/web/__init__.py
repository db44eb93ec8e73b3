"""What all pages share: who may call what, languages, headers, caching, filters, error pages, health."""

from __future__ import annotations

from flask import Flask


def init_web(app: Flask) -> None:
    """Register locale handling, headers, caching, access checks, filters, error pages and health."""
    from civic.web import (
        access,
        caching,
        compiled,
        compression,
        display,
        errors,
        filters,
        headers,
        health,
        locale,
        messages,
        senders,
        sessions,
    )

    sessions.init_app(app)
    locale.init_app(app)
    display.init_app(app)
    access.init_app(app)
    # Before caching: what is registered first runs last, on the answer as it leaves.
    compression.init_app(app)
    caching.init_app(app)
    compiled.init_app(app)
    headers.init_app(app)
    filters.init_app(app)
    messages.init_app(app)
    errors.init_app(app)
    senders.init_app(app)
    health.init_app(app)
