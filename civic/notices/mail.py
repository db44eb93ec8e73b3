"""Messages of subscriptions in the subscriber's language, and what every mail of ours has in common."""

from __future__ import annotations

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
from civic.core.config import settings
from civic.notices.queries import SubscriptionRow
from civic.notices.rules.subscriptions import CONFIRM_WITHIN, MOST_IN_A_DIGEST
from civic.notices.tokens import Purpose, make_token
from civic.web.locale import LANG, current_locale, in_language


def can_mail() -> bool:
    """Whether this site sends e-mail at all."""
    return settings().sends_mail


def can_text() -> bool:
    """Whether this site sends text messages at all."""
    return settings().sends_sms


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
        return new_message(subject, text, to, f"confirm.{row.nonce}.{time}", now)


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
        message = new_message(subject, text, to, f"digest.{row.nonce}.{int(now.timestamp())}", now)
        add_one_click_end(message, end)
        return message


def new_message(subject: str, text: str, to: str, key: str, now: datetime) -> EmailMessage:
    """A mail of ours; ``key`` makes its Message-ID."""
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


def add_one_click_end(message: EmailMessage, link: str) -> None:
    """Let the mail program offer to end it: it posts to the link by itself (RFC 8058)."""
    message["List-Unsubscribe"] = f"<{link}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
