"""Links in messages about a case: short, signed, for one purpose each, expiring, void once switched off.

A link names the contact it was sent to and the last day on which it works. Its signature covers both, the purpose,
the way it was sent, and the nonce that is kept as long as the messages are wanted.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from civic.cases import queries as cases
from civic.cases.queries import Addressed
from civic.cases.rules import NoticeChannel
from civic.core.config import settings
from civic.core.crypto import same
from civic.core.ids import ALPHABET
from civic.notices.rules.residents import OPEN_LINK_DAYS, STOP_LINK_DAYS

SIGNATURE, DAY = 16, 4
"""16 characters of 5 bits: 80 bits, checked by the server only."""


class LinkPurpose(StrEnum):
    """What a link is good for."""

    OPEN = "open"
    STOP = "stop"


WORKS_FOR = {
    LinkPurpose.OPEN: timedelta(days=OPEN_LINK_DAYS),
    LinkPurpose.STOP: timedelta(days=STOP_LINK_DAYS),
}
_WAYS = {NoticeChannel.EMAIL: "M", NoticeChannel.SMS: "S"}


@dataclass(frozen=True, slots=True)
class _Parts:
    signature: str
    day: int
    channel: NoticeChannel
    contact_id: int


def make_link_token(
    purpose: LinkPurpose, channel: NoticeChannel, contact_id: int, nonce: str, now: datetime
) -> str:
    """The part of a link that stands for contact, last day and signature: about 23 letters and digits."""
    day = (now + WORKS_FOR[purpose]).toordinal()
    signature = _signature(purpose, channel, contact_id, nonce, day)
    return signature + _written(day).rjust(DAY, ALPHABET[0]) + _WAYS[channel] + _written(contact_id)


def read_link_token(
    purpose: LinkPurpose, token: str, now: datetime
) -> tuple[Addressed, NoticeChannel] | None:
    """What a link names; None if it's forged, for another purpose, too old, or the messages were switched off."""
    read = _parts(token)
    if read is None or read.day < now.toordinal():
        return None
    found = cases.addressed(read.contact_id, read.channel)
    if found is None or found.nonce is None:
        return None
    wanted = _signature(purpose, read.channel, read.contact_id, found.nonce, read.day)
    return (found, read.channel) if same(wanted, read.signature) else None


def may_be_ended(token: str, now: datetime) -> bool:
    """Whether a link that names nothing is one that could have: whole and not too old, so what it ends is off."""
    read = _parts(token)
    return read is not None and read.day >= now.toordinal()


def _parts(token: str) -> _Parts | None:
    rest = token[SIGNATURE + DAY :]
    channel = next((one for one, letter in _WAYS.items() if rest.startswith(letter)), None)
    day, contact_id = _read(token[SIGNATURE : SIGNATURE + DAY]), _read(rest[1:])
    if channel is None or day is None or contact_id is None:
        return None
    return _Parts(token[:SIGNATURE], day, channel, contact_id)


def _signature(purpose: LinkPurpose, channel: NoticeChannel, contact_id: int, nonce: str, day: int) -> str:
    message = f"notices.link\x00{purpose}\x00{channel}\x00{contact_id}\x00{nonce}\x00{day}"
    found = hmac.new(settings().secret_key.encode(), message.encode(), hashlib.sha256).digest()
    number = int.from_bytes(found, "big")
    return "".join(ALPHABET[(number >> (5 * i)) & 31] for i in range(SIGNATURE))


def _written(number: int) -> str:
    digits = ALPHABET[number & 31]
    while number := number >> 5:
        digits = ALPHABET[number & 31] + digits
    return digits


def _read(text: str) -> int | None:
    if not text or len(text) > 12 or any(c not in ALPHABET for c in text):
        return None
    number = 0
    for character in text:
        number = number << 5 | ALPHABET.index(character)
    return number
