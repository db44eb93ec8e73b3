"""Pages of signing in (``security.…``) and of the staff's own account (``staff.…``)."""

from __future__ import annotations

from flask import Flask


def init_views(app: Flask) -> None:
    """Register both blueprints, and the links that staff pages show at the top."""
    from civic.accounts.views import navigation, own, sign_in

    app.register_blueprint(sign_in.bp)
    app.register_blueprint(own.bp)
    app.jinja_env.globals["staff_nav"] = navigation.staff_nav
