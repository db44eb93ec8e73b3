"""Targets of single years: the list, one target, a whole sheet with a preview."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from civic.plans import queries as plans
from civic.progress import services
from civic.progress.forms import ApplyForm, SheetForm
from civic.progress.queries import annual_targets
from civic.progress.rules.reported import Problem
from civic.progress.sheets import as_csv, read_sheet
from civic.progress.target_forms import TargetForm
from civic.progress.templates import TARGETS, targets_workbook
from civic.progress.views import bp
from civic.progress.views.sheets import Answer, csv_file, indicator_choices, plan_choices, say, xlsx_file
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form


@bp.get("/targets")
@access(Role.EDITOR)
def targets() -> str:
    """All indicators of the running plans with the targets set for single years."""
    shown = [
        (plan, plans.document(plan.slug).indicators) for plan in plans.plans() if plan.status != "finished"
    ]
    return render_template(
        "progress/staff/targets.html", shown=[one for one in shown if one[1]], targets=annual_targets()
    )


@bp.route("/targets/new", methods=["GET", "POST"])
@access(Role.EDITOR)
def new_target() -> Answer:
    """Set the target of one year; one that is set already is superseded."""
    form = TargetForm(indicator=request.args.get("indicator", ""))
    form.offer(indicator_choices())
    if form.validate_on_submit():
        target = form.read()
        if isinstance(target, Problem):
            form.form_errors.append(say(target))
        else:
            try:
                with unit_of_work():
                    services.set_annual_target(current_actor(), form.plan(), target, clock.now())
            except services.RowsRefused as refused:
                form.form_errors.extend(say(problem) for problem in refused.problems)
            except DomainError as error:
                put_on_form(form, error)
            else:
                flash(_("The target is published."), "success")
                return redirect(url_for("progress.targets"))
    return render_template("progress/staff/new_target.html", form=form), 422 if form.errors else 200


@bp.get("/targets/template.csv")
@access(Role.EDITOR)
def targets_template() -> FlaskResponse:
    """An empty sheet of annual targets to fill in."""
    return csv_file("annual-targets", TARGETS)


@bp.get("/targets/template.xlsx")
@access(Role.EDITOR)
def targets_template_workbook() -> FlaskResponse:
    """The same as a workbook, with what each column means and the codes of the indicators."""
    return xlsx_file("annual-targets", targets_workbook())


@bp.route("/targets/import", methods=["GET", "POST"])
@access(Role.EDITOR)
def import_targets() -> Answer:
    """Read a sheet of annual targets and show what it would change; nothing is published yet."""
    form = SheetForm()
    form.offer(plan_choices())
    if not form.validate_on_submit():
        return _sheet_page(form)
    try:
        sheet = read_sheet(form.sheet.data.read(), TARGETS)
        changes = services.preview_targets(form.plan.data, sheet)
    except services.RowsRefused as refused:
        return _sheet_page(form, refused.problems)
    except DomainError as error:
        put_on_form(form, error)
        return _sheet_page(form)
    apply = ApplyForm(formdata=None, plan=form.plan.data, content=as_csv(sheet, TARGETS))
    return render_template("progress/staff/preview_targets.html", form=apply, changes=changes)


@bp.post("/targets/apply")
@access(Role.EDITOR)
def apply_targets() -> Answer:
    """Publish a sheet of annual targets that was previewed: all its rows, or none."""
    form = ApplyForm()
    empty = SheetForm(formdata=None)
    empty.offer(plan_choices())
    if form.validate_on_submit():
        try:
            with unit_of_work():
                sheet = read_sheet((form.content.data or "").encode(), TARGETS)
                changes = services.import_targets(current_actor(), form.plan.data or "", sheet, clock.now())
        except services.RowsRefused as refused:
            return _sheet_page(empty, refused.problems)
        except DomainError as error:
            put_on_form(empty, error)
        else:
            flash(_("%(n)s rows are published.", n=len(changes)), "success")
            return redirect(url_for("progress.targets"))
    return _sheet_page(empty, status=422)


def _sheet_page(form: SheetForm, problems: tuple[Problem, ...] = (), status: int = 200) -> Answer:
    said = [(problem.row, say(problem)) for problem in problems]
    page = render_template("progress/staff/import_targets.html", form=form, problems=said)
    return page, 422 if said or form.errors else status
