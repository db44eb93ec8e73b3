"""Messages about a case, in the language in which its writer wrote: as mail and as text message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from flask import render_template, url_for

from civic.cases.queries import Recipient, TrackingPage
from civic.cases.rules import NoticeChannel
from civic.changes import wording
from civic.departments import queries as departments
from civic.notices.links import WORKS_FOR, LinkPurpose, make_link_token
from civic.notices.mail import add_one_click_end, new_message
from civic.notices.rules.residents import NoticeKind
from civic.notices.words import Standing, words_of
from civic.web.locale import in_language


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be said, about which case as it stands, and to whom. ``key`` names this message and no other."""

    kind: NoticeKind
    key: str
    case: TrackingPage
    to: Recipient


def mail_of(letter: Letter, now: datetime) -> EmailMessage:
    """The mail, with a link that opens the case and one that ends these mails."""
    with in_language(letter.to.locale):
        words = words_of(letter.kind, _standing(letter))
        link = _link(LinkPurpose.OPEN, NoticeChannel.EMAIL, letter.to, now)
        end = _link(LinkPurpose.STOP, NoticeChannel.EMAIL, letter.to, now)
        text = render_template(
            "mail/notice.txt", words=words, reference=letter.case.reference, link=link, end=end,
            until=now + WORKS_FOR[LinkPurpose.OPEN],
        )  # fmt: skip
        message = new_message(words.subject, text, letter.to.address, letter.key.replace(":", "."), now)
        add_one_click_end(message, end)
        return message


def sms_of(letter: Letter, now: datetime) -> str:
    """The text message: its one link leads to a page with two buttons, open the case and end these messages."""
    with in_language(letter.to.locale):
        words = words_of(letter.kind, _standing(letter))
        link = _link(LinkPurpose.OPEN, NoticeChannel.SMS, letter.to, now)
        return render_template("sms/notice.txt", words=words, link=link).strip()


def _link(purpose: LinkPurpose, channel: NoticeChannel, to: Recipient, now: datetime) -> str:
    endpoint = "notices.open_case" if purpose is LinkPurpose.OPEN else "notices.stop"
    token = make_link_token(purpose, channel, to.contact_id, to.nonce, now)
    return wording.absolute(url_for(endpoint, token=token))


def _standing(letter: Letter) -> Standing:
    found = departments.department_names([letter.case.department_id])
    row = found.get(letter.case.department_id or 0)
    return Standing(letter.case, wording.name_of_department(row) if row else "", letter.to.close_at)
