"""Staff accounts: sign-in with a second factor, roles per department, and who may change them."""

from __future__ import annotations

from importlib import import_module

from flask import Flask


def init_app(app: Flask) -> None:
    """Set up signing in, its pages and the commands for accounts."""
    from civic.accounts import credentials, security, views
    from civic.accounts.services.moving import check_leads, move_people, people_holdings
    from civic.core.rotation import register_sealing
    from civic.departments.services import Part, register_part

    register_part(app, "people", Part(move_people, people_holdings, check_leads))
    security.init_security(app)
    views.init_views(app)
    import_module("civic.accounts.cli")
    register_sealing(app, "account", "tf_totp_secret", credentials.renewed_seed)
