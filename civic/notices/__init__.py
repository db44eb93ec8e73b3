"""What the outbox delivers: to residents news they subscribed to and what happens to their own cases, to staff links.

To residents by e-mail, the second by text message as well; both only if asked for, and ended with one tap. To staff by
e-mail: a link to set the password, and that attempts to sign in were stopped.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register pages, subscriber, handlers and jobs. Without a way out nothing is ever asked for or written down."""
    from civic.accounts.rules import PASSWORD_LINK_MAIL, SIGN_IN_CLOSED_MAIL
    from civic.cases.rules import CaseChanged
    from civic.core.delivery import register_handler
    from civic.core.events import subscribe
    from civic.core.jobs import register_job
    from civic.core.outbox import prune
    from civic.notices import deliver, mail, morning, staff
    from civic.notices.services import digests, residents, subscriptions
    from civic.notices.views import bp
    from civic.supervision.services import SnapshotSealed

    app.register_blueprint(bp)
    app.jinja_env.globals.update(can_mail=mail.can_mail, can_text=mail.can_text)
    subscribe(app, CaseChanged, residents.follow_case)
    subscribe(app, SnapshotSealed, staff.tell_deputies)
    # None of them may arrive twice: what was in flight when a worker died waits for a person.
    for kind, run in {
        subscriptions.CONFIRM_KIND: deliver.deliver_confirmation,
        subscriptions.DIGEST_KIND: deliver.deliver_digest,
        residents.MAIL_KIND: deliver.deliver_mail_notice,
        residents.SMS_KIND: deliver.deliver_sms_notice,
        PASSWORD_LINK_MAIL: staff.deliver_password_link,
        SIGN_IN_CLOSED_MAIL: staff.deliver_sign_in_closed,
        staff.PERIOD_SEALED_MAIL: staff.deliver_period_sealed,
        digests.STAFF_DIGEST_MAIL: morning.deliver_staff_digest,
    }.items():
        register_handler(app, kind, run, repeatable=False, outside=True)
    register_job(app, "prune_outbox", 60, prune)
    settings = app.extensions["settings"]
    if settings.sends_mail:
        register_job(app, "subscriptions", 60, subscriptions.run_hourly)
        register_job(app, "staff_digests", 10, digests.write_digests)
    if settings.sends_mail or settings.sends_sms:
        register_job(app, "remind_of_closing", 60, residents.remind_of_closing)
