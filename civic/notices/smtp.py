"""The way out through a mail server, and what each of its answers means for the outbox."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import getaddresses

from civic.core.config import Settings, settings
from civic.core.delivery import Deferred, Refused, Uncertain, Unreachable

TIMEOUT_SECONDS = 15
_LINE_OF_A_DOT = re.compile(rb"(?m)^\.")


class NoMailbox(Refused):
    """The server refuses this recipient for good."""


def send(message: EmailMessage) -> None:
    """Hand one message to the mail server; returns once the server has taken it.

    Before the text is handed over a failure is certain: :class:`Unreachable`, :class:`Deferred`, :class:`Refused`,
    :class:`NoMailbox`. If the connection is lost after that, nobody knows: :class:`Uncertain`.
    """
    sender, recipient = (getaddresses([str(message[name])])[0][1] for name in ("From", "To"))
    content = message.as_bytes()
    server = _connected()
    try:
        _ask(server, sender, recipient)
        _hand_over(server, content)
    finally:
        # The server has taken the message, or not; how it says goodbye changes nothing.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _connected() -> smtplib.SMTP:
    try:
        return _connect(settings())
    except smtplib.SMTPResponseException as error:
        # Wrong credentials as well: nothing was handed over, and an operator mends it.
        raise Unreachable(f"smtp_{error.smtp_code}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(type(error).__name__) from error


def _connect(given: Settings) -> smtplib.SMTP:
    if given.smtp_tls == "tls":
        secure = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            given.smtp_host, given.smtp_port, timeout=TIMEOUT_SECONDS, context=secure
        )
    else:
        server = smtplib.SMTP(given.smtp_host, given.smtp_port, timeout=TIMEOUT_SECONDS)
    try:
        if given.smtp_tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if given.smtp_user:
            server.login(given.smtp_user, given.smtp_password)
    except BaseException:
        server.close()
        raise
    return server


def _ask(server: smtplib.SMTP, sender: str, recipient: str) -> None:
    """The envelope: nothing of the text has left yet."""
    try:
        code, _ = server.mail(sender)
        _check(code, 250, "sender", Refused)
        code, _ = server.rcpt(recipient)
        _check(code, 250, "recipient", NoMailbox)
        code, _ = server.docmd("DATA")
        _check(code, 354, "data", Refused)
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(type(error).__name__) from error


def _hand_over(server: smtplib.SMTP, content: bytes) -> None:
    try:
        server.send(_LINE_OF_A_DOT.sub(b"..", content).rstrip(b"\r\n") + b"\r\n.\r\n")
        code, _ = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise Uncertain(type(error).__name__) from error
    _check(code, 250, "text", Refused)


def _check(code: int, wanted: int, about: str, refusal: type[Refused]) -> None:
    if code == wanted or (wanted == 250 and 200 <= code < 300):
        return
    if 500 <= code < 600:
        raise refusal(f"{about}_{code}")
    raise Deferred(f"{about}_{code}")
