"""Mails to members of staff, in their own language: a link to set the password, a closed door, a sealed period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from civic.accounts.letters import (
    ClosedLetter,
    PasswordLetter,
    StaffLetter,
    closed_letter,
    password_letter,
    staff_letter,
)
from civic.accounts.queries import accounts_with
from civic.accounts.rules import PASSWORD_LINK_MAIL, SIGN_IN_CLOSED_MAIL
from civic.changes import wording
from civic.core import outbox
from civic.core.actor import Role
from civic.core.config import settings
from civic.core.delivery import NotWanted
from civic.core.extensions import db
from civic.notices import smtp
from civic.notices.mail import new_message
from civic.supervision.reports.words import period_name, report_title
from civic.supervision.services import SnapshotSealed
from civic.web.locale import in_language

PERIOD_SEALED_MAIL = "period_sealed_mail"


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


def tell_deputies(sealed: SnapshotSealed) -> None:
    """Write down one mail to each deputy, if this site sends mail: a month, quarter or year has been sealed."""
    if not settings().sends_mail:
        return
    for deputy in accounts_with(Role.DEPUTY):
        payload = {"account_id": deputy.id, "number": sealed.number, "period": sealed.period}
        key = f"{PERIOD_SEALED_MAIL}:{sealed.number}:{deputy.id}"
        outbox.enqueue(PERIOD_SEALED_MAIL, key, payload, sealed.at)


def deliver_period_sealed(payload: Mapping[str, Any], now: datetime) -> None:
    """Tell a deputy that a period is sealed, with the link to its report; not who is no deputy any more."""
    to = staff_letter(payload["account_id"], Role.DEPUTY)
    if to is None:
        raise NotWanted("no_deputy")
    message = _sealed_mail(to, payload["number"], payload["period"], now)
    db.session.rollback()
    smtp.send(message)


def _sealed_mail(to: StaffLetter, number: int, period: str, now: datetime) -> EmailMessage:
    with in_language(to.locale):
        link = wording.absolute(url_for("supervision.snapshot", number=number))
        text = render_template("mail/period_sealed.txt", name=to.name, period=period_name(period), link=link)
        return new_message(
            report_title(period), text, to.email, f"{PERIOD_SEALED_MAIL}.{number}.{to.account_id}", now
        )
