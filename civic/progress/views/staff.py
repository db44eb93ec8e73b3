"""Publishing values of indicators: the list, one value, a whole sheet with a preview."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from civic.departments.queries import local_day
from civic.plans import queries as plans
from civic.progress import services
from civic.progress.forms import ApplyForm, ObservationForm, SheetForm
from civic.progress.queries import indicator_statuses
from civic.progress.rules.reported import Problem
from civic.progress.sheets import as_csv, read_sheet
from civic.progress.templates import VALUES, values_workbook
from civic.progress.views import bp
from civic.progress.views.sheets import Answer, csv_file, indicator_choices, plan_choices, say, xlsx_file
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form


@bp.get("/values")
@access(Role.EDITOR)
def values() -> str:
    """All indicators of the published plans with what is known of each."""
    today = local_day(clock.now())
    shown = [(plan, indicator_statuses(plan.slug, today)) for plan in plans.plans()]
    return render_template("progress/staff/values.html", shown=[one for one in shown if one[1]])


@bp.route("/values/new", methods=["GET", "POST"])
@access(Role.EDITOR)
def new_value() -> Answer:
    """Publish one value; a value already published for that year is superseded."""
    form = ObservationForm(indicator=request.args.get("indicator", ""))
    form.offer(indicator_choices())
    if form.validate_on_submit():
        reported = form.reported()
        if isinstance(reported, Problem):
            form.form_errors.append(say(reported))
        else:
            try:
                with unit_of_work():
                    services.record_observation(current_actor(), form.plan(), reported, clock.now())
            except services.RowsRefused as refused:
                form.form_errors.extend(say(problem) for problem in refused.problems)
            except DomainError as error:
                put_on_form(form, error)
            else:
                flash(_("The value is published."), "success")
                return redirect(url_for("progress.values"))
    return render_template("progress/staff/new_value.html", form=form), 422 if form.errors else 200


@bp.get("/values/template.csv")
@access(Role.EDITOR)
def values_template() -> FlaskResponse:
    """An empty sheet to fill in."""
    return csv_file("values", VALUES)


@bp.get("/values/template.xlsx")
@access(Role.EDITOR)
def values_template_workbook() -> FlaskResponse:
    """The same as a workbook, with what each column means and the codes of the indicators."""
    return xlsx_file("values", values_workbook())


@bp.route("/values/import", methods=["GET", "POST"])
@access(Role.EDITOR)
def import_values() -> Answer:
    """Read a sheet and show what it would change; nothing is published yet."""
    form = SheetForm()
    form.offer(plan_choices())
    if not form.validate_on_submit():
        return _sheet_page(form)
    content = form.sheet.data.read()
    try:
        sheet = read_sheet(content, VALUES)
        changes = services.preview_observations(form.plan.data, sheet, clock.now())
    except services.RowsRefused as refused:
        return _sheet_page(form, refused.problems)
    except DomainError as error:
        put_on_form(form, error)
        return _sheet_page(form)
    apply = ApplyForm(formdata=None, plan=form.plan.data, content=as_csv(sheet, VALUES))
    return render_template("progress/staff/preview.html", form=apply, changes=changes)


@bp.post("/values/apply")
@access(Role.EDITOR)
def apply_values() -> Answer:
    """Publish a sheet that was previewed: all its rows, or none."""
    form = ApplyForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                sheet = read_sheet((form.content.data or "").encode(), VALUES)
                changes = services.import_observations(
                    current_actor(), form.plan.data or "", sheet, clock.now()
                )
        except services.RowsRefused as refused:
            return _sheet_page(_empty_sheet_form(), refused.problems)
        except DomainError as error:
            put_on_form(form, error)
        else:
            flash(_("%(n)s rows are published.", n=len(changes)), "success")
            return redirect(url_for("progress.values"))
    return _sheet_page(_empty_sheet_form(), status=422)


def _empty_sheet_form() -> SheetForm:
    form = SheetForm(formdata=None)
    form.offer(plan_choices())
    return form


def _sheet_page(form: SheetForm, problems: tuple[Problem, ...] = (), status: int = 200) -> Answer:
    said = [(problem.row, say(problem)) for problem in problems]
    page = render_template("progress/staff/import.html", form=form, problems=said)
    return page, 422 if said or form.errors else status
