"""Mails to members of staff, in their own language: a link to set the password, and word of a closed door."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from civic.accounts.letters import ClosedLetter, PasswordLetter, closed_letter, password_letter
from civic.accounts.rules import PASSWORD_LINK_MAIL, SIGN_IN_CLOSED_MAIL
from civic.changes import wording
from civic.core.delivery import NotWanted
from civic.core.extensions import db
from civic.notices import smtp
from civic.notices.mail import new_message
from civic.web.locale import in_language


def deliver_password_link(payload: Mapping[str, Any], now: datetime) -> None:
    """Send the link to its owner; not if it was replaced, revoked or used meanwhile, or would be void already."""
    issued = datetime.fromisoformat(payload["issued"])
    letter = password_letter(payload["account_id"], issued, now)
    if letter is None:
        raise NotWanted("overtaken")
    message = _password_mail(
        letter, f"{PASSWORD_LINK_MAIL}.{payload['account_id']}.{int(issued.timestamp())}", now
    )
    db.session.rollback()
    smtp.send(message)


def deliver_sign_in_closed(payload: Mapping[str, Any], now: datetime) -> None:
    """Tell the owner of an address that attempts to sign in with it were stopped; strangers' addresses are dropped."""
    letter = closed_letter(payload["mark"])
    if letter is None:
        raise NotWanted("no_account")
    message = _closed_mail(letter, datetime.fromisoformat(payload["until"]), now)
    db.session.rollback()
    smtp.send(message)


def _password_mail(letter: PasswordLetter, key: str, now: datetime) -> EmailMessage:
    with in_language(letter.locale):
        link = wording.absolute(url_for("security.set_password", token=letter.token))
        text = render_template("mail/password_link.txt", letter=letter, link=link)
        return new_message(str(_("Set your password")), text, letter.email, key, now)


def _closed_mail(letter: ClosedLetter, until: datetime, now: datetime) -> EmailMessage:
    with in_language(letter.locale):
        text = render_template("mail/sign_in_closed.txt", letter=letter, until=until)
        subject = str(_("Failed attempts to sign in to your account"))
        key = f"{SIGN_IN_CLOSED_MAIL}.{letter.account_id}.{int(until.timestamp())}"
        return new_message(subject, text, letter.email, key, now)
