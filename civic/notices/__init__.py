"""What the outbox delivers to residents: subscriptions by e-mail, confirmed, sent once a day, ended with one tap."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages, what the outbox does, and the hourly job. Without a mail server nothing is ever asked for."""
    from civic.core.delivery import register_handler
    from civic.core.jobs import register_job
    from civic.notices import deliver, mail, services
    from civic.notices.views import bp

    app.register_blueprint(bp)
    app.jinja_env.globals["can_mail"] = mail.can_mail
    register_handler(app, services.CONFIRM_KIND, deliver.deliver_confirmation, repeatable=True, outside=True)
    register_handler(app, services.DIGEST_KIND, deliver.deliver_digest, repeatable=True, outside=True)
    if app.extensions["settings"].smtp_host:
        register_job(app, "subscriptions", 60, services.run_hourly)
