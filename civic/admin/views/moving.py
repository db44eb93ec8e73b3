"""How far the worker is with the open deadlines that follow a change."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.admin.moving import order_page
from civic.admin.views import bp
from civic.cases.queries import OrderRow
from civic.cases.services import Followed
from civic.core import clock
from civic.core.actor import Role
from civic.departments import queries as places
from civic.departments.services import CALENDAR, DISTRICT
from civic.web.access import access, current_actor
from civic.web.locale import chinese_or_english


@bp.get("/moved-deadlines/<int:order_id>")
@access(Role.ADMIN)
def moved_deadlines(order_id: int) -> str:
    """How many open cases were looked at, what moved, and when it was finished."""
    page = order_page(current_actor(), order_id, clock.now())
    name, address = _change(page.order)
    return render_template(
        "admin/moved_deadlines.html",
        page=page,
        tab="calendars" if page.order.subject == CALENDAR else "levels",
        change_name=name,
        change_url=address,
    )


def to_order(followed: Followed) -> Response | None:
    """To the page of the order, if the worker moves the deadlines."""
    if followed.order_id is None:
        return None
    return redirect(url_for("admin.moved_deadlines", order_id=followed.order_id))


def _change(order: OrderRow) -> tuple[str, str]:
    """The change that the deadlines follow: its name and its page."""
    if order.subject == CALENDAR:
        year = str(order.subject_id)
        return _("Working days of %(year)s", year=year), url_for("admin.calendar", year=order.subject_id)
    if order.subject_id == DISTRICT:
        name, key = _("The district"), "district"
    else:
        row = places.department(order.subject_id)
        name, key = chinese_or_english(row.name, row.name_hant, row.name_en), row.key
    return _("Deadlines: %(name)s", name=name), url_for("admin.levels_of", key=key)
