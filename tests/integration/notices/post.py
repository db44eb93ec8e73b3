"""A real mail server on a free port of this machine, and what it was given."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tools.machine import free_port


@dataclass
class Mailbox:
    """What arrived.

    ``refuse`` is what the server answers to a recipient instead of taking the message, ``answer`` what it says to
    the text, ``after`` how many seconds it has the text before it says so.
    """

    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    refuse: str = ""
    answer: str = "250 OK"
    after: float = 0
    signed_in: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 (the name aiosmtpd calls)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        message["X-To"] = ", ".join(envelope.rcpt_tos)
        if self.answer.startswith("250"):
            self.received.append(message)
        if self.after:
            await asyncio.sleep(self.after)
        return self.answer

    def text(self, number: int = -1) -> str:
        """The words of a message."""
        return str(self.received[number].get_content())


@contextmanager
def mail_server(user: str = "", password: str = "") -> Iterator[Mailbox]:
    """A server that takes everything; with ``user`` only from whoever signs in."""
    box = Mailbox()

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        given = (data.login.decode(), data.password.decode())
        box.signed_in.append(given[0])
        # "handled" would mean that we had answered a refusal ourselves, and the client would wait for ever.
        return AuthResult(success=given == (user, password), handled=False)

    asked: dict[str, Any] = {}
    if user:
        asked = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}
    box.port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **asked)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
