"""Prepared replies: the list, changing one with a look at what it makes, and putting one into a draft."""

from __future__ import annotations

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.cases.rules import PLACEHOLDER_LABELS, filled
from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import Invalid, NotFound, Stale
from civic.departments import queries as departments
from civic.desk import services
from civic.desk import templates as prepared
from civic.desk.forms import ReplyForm
from civic.desk.passing import case_to_change
from civic.desk.policy import TEMPLATE_READERS, WORKERS, can_manage_templates
from civic.desk.quality import WRITING, writes
from civic.desk.template_forms import TemplateForm
from civic.desk.templates import SAMPLE, TemplatePage
from civic.desk.views import bp
from civic.desk.views.acting import back
from civic.desk.views.around import around
from civic.desk.views.forming import SLUGS, button_of, form_of
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form

KEEPERS = (Role.LEAD, Role.DISPATCHER, Role.ADMIN)
PREVIEW = "preview"
"""The button that shows what the text makes of a made-up case, and saves nothing."""


@bp.get("/templates")
@access(*TEMPLATE_READERS)
def templates() -> str:
    """All templates that the reader may see, and for whom a new one can be made."""
    actor = current_actor()
    scopes = [None, *sorted(actor.departments(Role.LEAD))]
    return render_template(
        "desk/templates.html",
        rows=prepared.templates_seen_by(actor),
        names=departments.department_names(d.id for d in departments.departments(include_inactive=True)),
        scopes=[scope for scope in scopes if can_manage_templates(actor, scope)],
    )


@bp.route("/templates/new", methods=["GET", "POST"])
@access(*KEEPERS)
def new_template() -> str | Response | tuple[str, int]:
    """Make one, of the department named in the address or of the district."""
    actor = current_actor()
    department_id = request.args.get("department", type=int)
    can_manage_templates(actor, department_id).require()
    form = TemplateForm()
    if request.method == "POST" and request.form.get("then") != PREVIEW and form.validate():
        try:
            with unit_of_work():
                services.create_template(actor, department_id, form.filled, clock.now())
        except Invalid as error:
            put_on_form(form, error)
        else:
            return _saved()
    return _form_page(form, department_id)


@bp.route("/templates/<int:template_id>", methods=["GET", "POST"])
@access(*TEMPLATE_READERS)
def change_template(template_id: int) -> str | Response | tuple[str, int]:
    """One template with its history; whoever keeps it can save a newer version."""
    actor = current_actor()
    page = prepared.template(actor, template_id)
    form = TemplateForm()
    if request.method == "GET":
        form.begin_with(page.current)
    elif request.form.get("then") != PREVIEW and form.validate():
        try:
            with unit_of_work():
                services.change_template(actor, template_id, form.seen_version, form.filled, clock.now())
        except (Invalid, Stale) as error:
            put_on_form(form, error)
            form.version.data = str(page.current.version)
        else:
            return _saved()
    return _form_page(form, page.current.department_id, page)


def _saved() -> Response:
    flash(_("Template saved."), "success")
    return redirect(url_for("desk.templates"))


def _form_page(
    form: TemplateForm, department_id: int | None, page: TemplatePage | None = None
) -> str | tuple[str, int]:
    shown = render_template(
        "desk/template.html",
        form=form,
        page=page,
        department=departments.department(department_id) if department_id else None,
        may_change=bool(can_manage_templates(current_actor(), department_id)),
        placeholders=PLACEHOLDER_LABELS,
        sample=filled(form.text.data or "", SAMPLE),
    )
    return (shown, 422) if form.errors or form.form_errors else shown


@bp.post("/cases/<reference>/<slug>/template")
@access(*WORKERS)
def insert_template(reference: str, slug: str) -> str | Response:
    """The draft as typed with a filled-in template below it; nothing typed is written over, nothing is saved.

    A script gets text and resolution, whoever has none the form with both.
    """
    action = SLUGS.get(slug)
    if action not in WRITING:
        abort(404)
    actor, now = current_actor(), clock.now()
    page = case_to_change(actor, reference, now)
    wanted = request.form.get("template", type=int)
    offered = prepared.templates_for(page.case.department_id, page.case.kind) if writes(page.case) else ()
    row = next((row for row in offered if row.id == wanted), None)
    if row is None:
        raise NotFound(prepared.NO_TEMPLATE, code="no_template")
    form = form_of(page, action, sent=True)
    assert isinstance(form, ReplyForm)
    text = prepared.filled_in(row, page.case, page.item, actor, now)
    form.text.data = f"{form.text.data.rstrip()}\n\n{text}" if (form.text.data or "").strip() else text
    form.begun_with.data = form.begun_with.data or row.mark
    choices = {value for value, _label in form.resolution.choices}
    if row.resolution and row.resolution.value in choices and not form.resolution.data:
        form.resolution.data = row.resolution.value
    if request.headers.get("X-Requested-With") == "fetch":
        return jsonify(
            text=form.text.data, resolution=form.resolution.data or "", begun_with=form.begun_with.data
        )
    button = button_of(page, action, form)
    return render_template("desk/act.html", page=page, button=button, back=back(), **around(page, action))
