"""The versions of what is published about one item."""

from __future__ import annotations

from flask import Blueprint, render_template

from civic.portal.queries.reports import item_history
from civic.web.access import access


@access("public")
def history(plan: str, code: str) -> str:
    """Everything that departments have published about an item, with what each report changed."""
    return render_template("portal/public/item/history.html", page=item_history(plan, code))


def register(bp: Blueprint) -> None:
    """Hang the page on the public blueprint."""
    bp.add_url_rule("/plans/<plan>/<code>/history", "item_history", history)
