"""Filling in a form the way a browser does: its own hidden fields, then what the person typed."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def csrf_token(page: TestResponse) -> str:
    """The token of the first form on a page."""
    found = TOKEN.search(page.get_data(as_text=True))
    assert found, f"no form on the page (status {page.status_code})"
    return html.unescape(found[1])


def submit(
    client: FlaskClient, address: str, data: Mapping[str, Any], *, on: str | None = None
) -> TestResponse:
    """Open the page ``on`` (by default ``address`` itself), take its token, and send the form to ``address``."""
    token = csrf_token(client.get(on or address, follow_redirects=True))
    return client.post(address, data={"csrf_token": token, **data})
