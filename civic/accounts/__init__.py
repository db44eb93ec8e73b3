"""Staff accounts: sign-in with a second factor, roles per department, and who may change them."""

from __future__ import annotations

from importlib import import_module

from flask import Flask


def init_app(app: Flask) -> None:
    """Set up signing in, its pages and the commands for accounts."""
    from civic.accounts import credentials, security, views
    from civic.core.rotation import register_sealing

    security.init_security(app)
    views.init_views(app)
    import_module("civic.accounts.cli")
    register_sealing(app, "account", "tf_totp_secret", credentials.renewed_seed)
