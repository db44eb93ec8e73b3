"""Working days: which years have their notice, one year's months, and a change with what it moves."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.admin import calendar_page, queries, services
from civic.admin.forms import CalendarForm
from civic.admin.moving import recent_orders, say_followed, summed
from civic.admin.rules import FIELD_NAMES
from civic.admin.views import bp
from civic.admin.views.moving import to_order
from civic.cases import services as cases
from civic.core import clock
from civic.core.actor import Role
from civic.core.dated import fingerprint
from civic.core.db import unit_of_work
from civic.core.errors import N_, DomainError, NotFound, Stale
from civic.departments import services as departments
from civic.departments.rules import CalendarFile
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form

Answer = str | tuple[str, int] | Response


@bp.get("/calendars")
@access(Role.ADMIN)
def calendars() -> str:
    """The years, and which of them are provisional."""
    return render_template(
        "admin/calendars.html",
        years=calendar_page.year_list(clock.now()),
        orders=recent_orders(departments.CALENDAR),
    )


@bp.route("/calendars/<int:year>", methods=["GET", "POST"])
@access(Role.ADMIN)
def calendar(year: int) -> Answer:
    """One year: its months; what a change would move; and the change itself once that was seen."""
    if not calendar_page.FIRST_YEAR <= year <= calendar_page.LAST_YEAR:
        raise NotFound(N_("There is no such year here."))
    form = CalendarForm()
    if request.method == "GET":
        form.text.data = calendar_page.year_as_text(year)
        form.seen.data = fingerprint(departments.calendar_values(year))
    stale = False
    if request.form.get("sure") != "back" and form.validate_on_submit():
        try:
            file = departments.read_calendar_text(year, form.text.data or "")
            if request.form.get("sure") != "yes":
                return _preview(form, file)
            with unit_of_work():
                followed = services.change_calendar(
                    current_actor(), file, form.reason.data or "", clock.now(), form.seen.data or ""
                )
        except DomainError as error:
            put_on_form(form, error)
            if stale := isinstance(error, Stale):
                form.seen.data = fingerprint(departments.calendar_values(year))
        else:
            flash(_("The working days are saved."))
            flash(say_followed(followed))
            return to_order(followed) or redirect(url_for("admin.calendar", year=year))
    page = render_template(
        "admin/calendar.html",
        form=form,
        page=calendar_page.calendar_page(year),
        changes=queries.changes_of("calendar", year),
        field_names=FIELD_NAMES,
        stored=calendar_page.year_as_text(year) if stale else "",
    )
    return page, 422 if form.errors else 200


def _preview(form: CalendarForm, file: CalendarFile) -> str:
    moved, opinions = services.preview_calendar(current_actor(), file, clock.now())
    by_worker = bool(moved) and cases.is_for_worker()
    return render_template(
        "admin/calendar_preview.html",
        form=form,
        file=file,
        moves=summed(moved),
        opinions=opinions,
        by_worker=by_worker,
    )
