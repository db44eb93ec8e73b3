"""The way out for text messages: one signed HTTP request to the district's gateway (docs/operations.md, SMS)."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
from datetime import datetime
from urllib.parse import urlsplit

from civic.core.config import settings
from civic.core.delivery import Deferred, Refused, Uncertain, Unreachable

TIMEOUT_SECONDS = 10
TRY_LATER = frozenset({408, 425, 429})
NOBODY_KNOWS = frozenset({502, 504})
"""Said by something between us and the gateway, which may have taken the message."""


def send(to: str, text: str, key: str, now: datetime) -> None:
    """Hand one message over; returns once the gateway has taken it. ``key`` lets it know one that it has already.

    Raises :class:`Unreachable` before anything left, :class:`Deferred` and :class:`Refused` by the gateway's answer,
    and :class:`Uncertain` if it left and no answer came.
    """
    target = urlsplit(settings().sms_url)
    body = json.dumps({"to": to, "text": text, "id": key}, ensure_ascii=False).encode()
    stamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": key,
        "X-Civic-Timestamp": stamp,
        "X-Civic-Signature": signature(settings().sms_key, stamp, body),
    }
    connection = _connected(target.scheme, target.hostname or "", target.port)
    try:
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise Uncertain(type(error).__name__) from error
    finally:
        connection.close()
    _judge(status)


def signature(key: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over time and body, in hexadecimal: who has the key said this, and said it then."""
    return hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _connected(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        secure = ssl.create_default_context()
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, port, timeout=TIMEOUT_SECONDS, context=secure
        )
    else:
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    try:
        connection.connect()
    except OSError as error:
        raise Unreachable(type(error).__name__) from error
    return connection


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    code = f"http_{status}"
    if status in NOBODY_KNOWS:
        raise Uncertain(code)
    if status in TRY_LATER:
        raise Deferred(code)
    if status >= 500:
        raise Unreachable(code)
    raise Refused(code)
