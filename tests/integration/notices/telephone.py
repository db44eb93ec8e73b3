"""A real gateway for text messages on a free port of this machine: checks signatures, keeps what it was given."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "a key that both have"


@dataclass
class Gateway:
    """``status`` is what it answers, ``after`` how many seconds it has a message before it does."""

    url: str = ""
    received: list[dict[str, str]] = field(default_factory=list)
    status: int = 202
    after: float = 0
    unsigned: int = 0

    def to(self, number: str) -> list[str]:
        """What one telephone got."""
        return [one["text"] for one in self.received if one["to"] == number]


@contextmanager
def text_gateway() -> Iterator[Gateway]:
    """A gateway that takes everything that is signed with :data:`KEY`."""
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            stamp = self.headers["X-Civic-Timestamp"]
            wanted = hmac.new(KEY.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
            message = json.loads(body)
            status = gateway.status
            if not hmac.compare_digest(wanted, self.headers["X-Civic-Signature"]):
                gateway.unsigned += 1
                status = 401
            elif status < 300:
                assert message["id"] == self.headers["Idempotency-Key"]
                gateway.received.append(message)
            time.sleep(gateway.after)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing: a test's output is its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_address[1]}/send"
    # It looks this often whether it should end.
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
