"""Pages of signing in (``security.…``) and of the staff's own account (``staff.…``)."""

from __future__ import annotations

from flask import Flask


def init_views(app: Flask) -> None:
    """Register both blueprints."""
    from civic.accounts.views import own, sign_in
    from civic.accounts.views.devices import attempts_sentence, device_words

    app.jinja_env.globals.update(device_words=device_words, attempts_sentence=attempts_sentence)
    app.register_blueprint(sign_in.bp)
    app.register_blueprint(own.bp)
