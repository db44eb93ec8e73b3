"""Large print without script: ``?view=elder`` in the address, kept by every link of the resident's side.

With script ``display.js`` remembers the choice on the device and takes it out of the address again.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, current_app, has_request_context, request
from markupsafe import Markup

from civic.web.access import Audience, declared_access
from civic.web.locale import SAFE_IN_PATH, page_path

ELDER = "elder"


def is_elder() -> bool:
    """Whether the address asks for large print on a page for residents."""
    return has_request_context() and request.args.get("view") == ELDER and _for_residents(request.endpoint)


def _for_residents(endpoint: str | None) -> bool:
    """An address that leads nowhere shows its error page to residents too."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return endpoint is None or bool(declared_access(app, endpoint) & {Audience.PUBLIC, Audience.RESIDENT})


def _keep(endpoint: str, values: dict[str, Any]) -> None:
    if is_elder() and _for_residents(endpoint):
        values.setdefault("view", ELDER)


def elder_url() -> str:
    """The same page in large print, or in usual print if it is large."""
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "view"]
    if not is_elder():
        query.append(("view", ELDER))
    address = request.script_root + quote(page_path(), safe=SAFE_IN_PATH)
    return f"{address}?{urlencode(query)}" if query else address


def view_field() -> Markup:
    """For a form whose answers become the address: it would lose what the address says otherwise."""
    return Markup('<input type="hidden" name="view" value="elder">') if is_elder() else Markup()


def init_app(app: Flask) -> None:
    app.url_defaults(_keep)
    app.jinja_env.globals.update(is_elder=is_elder, elder_url=elder_url, view_field=view_field)
