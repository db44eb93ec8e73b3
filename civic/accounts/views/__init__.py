"""Pages of signing in (``security.…``) and of the staff's own account (``staff.…``)."""

from __future__ import annotations

from flask import Flask


def init_views(app: Flask) -> None:
    """Register both blueprints."""
    from civic.accounts.views import own, sign_in
    from civic.accounts.views.devices import device_words

    app.jinja_env.globals["device_words"] = device_words
    app.register_blueprint(sign_in.bp)
    app.register_blueprint(own.bp)
