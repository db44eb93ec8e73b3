"""Messages in the subscriber's language, and the way out through SMTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from urllib.parse import urlsplit

from flask import render_template, url_for
from flask_babel import gettext as _

from civic.changes import wording
from civic.changes.queries import Change
from civic.core.config import Settings, settings
from civic.core.delivery import Unreachable
from civic.notices.queries import SubscriptionRow
from civic.notices.rules import CONFIRM_WITHIN, MOST_IN_A_DIGEST
from civic.notices.tokens import Purpose, make_token
from civic.web.locale import LANG, current_locale, in_language

TIMEOUT_SECONDS = 15


def can_mail() -> bool:
    """Whether this site sends e-mail at all."""
    return bool(settings().smtp_host)


def confirmation(row: SubscriptionRow, time: int, to: str, now: datetime) -> EmailMessage:
    """Asks the address whether it wants what was asked for in its name, for the ``time``-th time."""
    assert row.scope is not None
    with in_language(row.locale):
        name = wording.name_of_scope(row.scope)
        link = wording.absolute(
            url_for("notices.confirm", token=make_token(Purpose.CONFIRM, row.id, row.nonce))
        )
        text = render_template(
            "mail/confirm.txt", name=name, link=link, hours=int(CONFIRM_WITHIN.total_seconds() // 3600)
        )
        subject = str(_("Please confirm: news about %(name)s", name=name))
        return _message(subject, text, to, f"confirm.{row.nonce}.{time}", now)


def digest(row: SubscriptionRow, found: Sequence[Change], to: str, now: datetime) -> EmailMessage:
    """What was published since the last one, newest first."""
    assert row.scope is not None
    with in_language(row.locale):
        name = wording.name_of_scope(row.scope)
        end = wording.absolute(url_for("notices.end", token=make_token(Purpose.END, row.id, row.nonce)))
        shown = [
            (wording.headline(one), wording.text_of(one), wording.absolute(wording.page_of(one)))
            for one in found[:MOST_IN_A_DIGEST]
        ]
        text = render_template(
            "mail/digest.txt", name=name, changes=shown, more=len(found) > MOST_IN_A_DIGEST, end=end,
            page=wording.absolute(wording.page_of_scope(row.scope)),
        )  # fmt: skip
        subject = str(_("News about %(name)s", name=name))
        message = _message(subject, text, to, f"digest.{row.nonce}.{int(now.timestamp())}", now)
        message["List-Unsubscribe"] = f"<{end}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return message


def _message(subject: str, text: str, to: str, key: str, now: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP_POLICY)
    message["Subject"] = " ".join(subject.split())
    message["From"] = settings().smtp_from
    message["To"] = to
    message["Date"] = format_datetime(now)
    # The same message sent twice after a crash carries the same id: many mail programs show it once.
    message["Message-ID"] = f"<{key}@{urlsplit(settings().base_url).hostname or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = LANG[current_locale()]
    message.set_content(text, charset="utf-8")
    return message


def send(message: EmailMessage) -> None:
    """Hand a message to the mail server; raises :class:`Unreachable` where there is none to hand it to.

    What the server says about the message itself comes as ``smtplib.SMTPException``.
    """
    given = settings()
    try:
        server = _connect(given)
    except OSError as error:
        raise Unreachable(type(error).__name__) from error
    with server:
        server.send_message(message)


def _connect(given: Settings) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if given.smtp_tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            given.smtp_host, given.smtp_port, timeout=TIMEOUT_SECONDS, context=secure
        )
    else:
        server = smtplib.SMTP(given.smtp_host, given.smtp_port, timeout=TIMEOUT_SECONDS)
        if given.smtp_tls == "starttls":
            server.starttls(context=secure)
    if given.smtp_user:
        server.login(given.smtp_user, given.smtp_password)
    return server
