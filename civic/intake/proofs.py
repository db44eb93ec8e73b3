"""Proof of work in the ALTCHA protocol (version 1): a browser shows that it has computed for a moment.

The challenge is signed and nothing of it is stored; what a browser solved is good once and for half a day.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from altcha import v1

from civic.core.crypto import keyed_hash

FIELD = "altcha"
"""Name of the form's field: the protocol's own, so that ALTCHA's widget could fill it as well."""
VALID_FOR = timedelta(hours=12)
"""As long as a form may be open: the challenge is fetched when somebody begins to write."""
LONGEST = 1000
"""Characters of an answer; one has about 400."""


@dataclass(frozen=True, slots=True)
class Solved:
    """A challenge of ours that was solved and hasn't expired; ``challenge`` names it."""

    challenge: str
    expires_at: datetime


def new_challenge(difficulty: int, now: datetime) -> dict[str, Any]:
    """A challenge as the protocol writes it. A browser needs ``difficulty`` hashes at most, half of them on average."""
    made = v1.create_challenge(
        v1.ChallengeOptions(
            algorithm=v1.SHA256, max_number=difficulty, hmac_key=_key(), expires=now + VALID_FOR
        )
    )
    return {
        "algorithm": made.algorithm,
        "challenge": made.challenge,
        "maxnumber": made.max_number,
        "salt": made.salt,
        "signature": made.signature,
    }


def read_solution(answer: str, now: datetime) -> Solved | None:
    """What a browser sent back; None if it is garbled, forged, wrong or too old. Whether it was used is asked apart."""
    given = _payload(answer)
    if given is None:
        return None
    expires = v1.extract_params(given.to_dict()).get("expires", [])
    if len(expires) != 1 or not expires[0].isdecimal() or len(expires[0]) > 11:
        return None
    expires_at = datetime.fromtimestamp(int(expires[0]), now.tzinfo)
    right, _error = v1.verify_solution(given, _key(), check_expires=False)
    return Solved(given.challenge, expires_at) if right and now < expires_at else None


def _payload(answer: str) -> v1.Payload | None:
    """The answer with its parts in their types, whatever was sent."""
    if len(answer) > LONGEST:
        return None
    try:
        read = json.loads(base64.b64decode(answer, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(read, dict) or read.get("algorithm") != v1.SHA256:
        return None
    names = ("challenge", "salt", "signature")
    texts = [text for name in names if isinstance(text := read.get(name), str) and text.isascii()]
    number = read.get("number")
    if len(texts) < len(names) or type(number) is not int:
        return None
    challenge, salt, signature = texts
    return v1.Payload(v1.SHA256, challenge, number, salt, signature)


def _key() -> str:
    return keyed_hash("challenge", "proof-of-work")
