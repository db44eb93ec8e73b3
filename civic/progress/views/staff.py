"""Publishing values of indicators: the list, one value, a whole sheet with a preview."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

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
from civic.progress.sheets import as_csv, read_sheet, template_csv
from civic.progress.templates import VALUES, values_workbook
from civic.progress.views import bp
from civic.web.access import access, current_actor
from civic.web.locale import chinese_or_english, hans_or_hant
from civic.web.messages import put_on_form

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Answer = str | tuple[str, int] | Response


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
    form.offer(_indicators())
    if form.validate_on_submit():
        reported = form.reported()
        if isinstance(reported, Problem):
            form.form_errors.append(_say(reported))
        else:
            try:
                with unit_of_work():
                    services.record_observation(current_actor(), form.plan(), reported, clock.now())
            except services.RowsRefused as refused:
                form.form_errors.extend(_say(problem) for problem in refused.problems)
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
    headers = {"Content-Disposition": 'attachment; filename="values.csv"'}
    return FlaskResponse("\ufeff" + template_csv(VALUES), mimetype="text/csv", headers=headers)


@bp.get("/values/template.xlsx")
@access(Role.EDITOR)
def values_template_workbook() -> FlaskResponse:
    """The same as a workbook, with what each column means and the codes of the indicators."""
    headers = {"Content-Disposition": 'attachment; filename="values.xlsx"'}
    return FlaskResponse(values_workbook(), mimetype=XLSX, headers=headers)


@bp.route("/values/import", methods=["GET", "POST"])
@access(Role.EDITOR)
def import_values() -> Answer:
    """Read a sheet and show what it would change; nothing is published yet."""
    form = SheetForm()
    form.offer(_plans())
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
    form.offer(_plans())
    return form


def _sheet_page(form: SheetForm, problems: tuple[Problem, ...] = (), status: int = 200) -> Answer:
    said = [(problem.row, _say(problem)) for problem in problems]
    page = render_template("progress/staff/import.html", form=form, problems=said)
    return page, 422 if said or form.errors else status


def _say(problem: Problem) -> str:
    return str(_(problem.text, **problem.params))


def _plans() -> list[tuple[str, str]]:
    return [
        (plan.slug, chinese_or_english(plan.short_name, plan.short_name_hant, plan.short_name_en))
        for plan in plans.plans()
    ]


def _indicators() -> list[tuple[str, str]]:
    return [
        (f"{plan.slug}/{row.ref.code}", f"{row.ref.code} {hans_or_hant(row.ref.title, row.ref.title_hant)}")
        for plan in plans.plans()
        for row in plans.document(plan.slug).indicators
    ]
