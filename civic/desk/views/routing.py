"""The rules of routing: the list with a box to try a text, and a change that is tried on past messages first."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic.core import clock
from civic.core.actor import Role
from civic.core.dated import fingerprint
from civic.core.db import unit_of_work
from civic.core.errors import DomainError, Stale
from civic.departments import queries as departments
from civic.desk import rulebook
from civic.desk.corrections import corrections_page
from civic.desk.rule_forms import RuleForm, TryForm
from civic.desk.rulebook import DryRun
from civic.desk.views import bp
from civic.routing import services
from civic.routing.policy import RULE_KEEPERS
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form

Answer = str | tuple[str, int] | Response


@bp.route("/rules", methods=["GET", "POST"])
@access(*RULE_KEEPERS)
def rules() -> Answer:
    """All rules, and where a text that somebody tries would go. A POST only because texts don't belong in addresses."""
    form = TryForm()
    found = None
    if form.validate_on_submit():
        found = rulebook.tried(form.text.data or "", form.kind.data or "", form.street.data or "")
    page = render_template("desk/rules/list.html", page=rulebook.rules_page(), form=form, tried=found)
    return page, 422 if form.errors else 200


@bp.get("/rules/corrections")
@access(*RULE_KEEPERS)
def corrections() -> str:
    """What routing decided and people changed, by rule; the cases themselves are for the dispatcher alone."""
    names_cases = current_actor().has(Role.DISPATCHER)
    page = corrections_page(request.args.get("by", ""), clock.now(), names_cases=names_cases)
    return render_template("desk/rules/corrections.html", page=page, names_cases=names_cases)


@bp.route("/rules/new", methods=["GET", "POST"])
@access(*RULE_KEEPERS)
def new_rule() -> Answer:
    """Add a rule, once it was seen what it would have done."""
    form = RuleForm()
    if request.method == "GET":
        form.effective_on.data = departments.local_day(clock.now())
    return _edited(form, "")


@bp.route("/rules/<code>", methods=["GET", "POST"])
@access(*RULE_KEEPERS)
def rule(code: str) -> Answer:
    """One rule: change it from a day on, once it was seen what that would have done; what was changed so far."""
    values = services.rule_values(code)
    form = RuleForm()
    if request.method == "GET":
        form.show(values)
        form.effective_on.data = departments.local_day(clock.now())
        form.seen.data = fingerprint(values)
    return _edited(form, code)


@bp.post("/rules/<code>/changes/<int:change_id>/withdraw")
@access(*RULE_KEEPERS)
def withdraw_rule_change(code: str, change_id: int) -> Response:
    """Drop a planned change."""
    with unit_of_work():
        services.withdraw_rule_change(current_actor(), code, change_id, clock.now())
    flash(_("The planned change is dropped."))
    return redirect(url_for("desk.rule", code=code))


def _edited(form: RuleForm, code: str) -> Answer:
    """Try what was entered; save it if exactly that was tried before and the person says so."""
    run: DryRun | None = None
    if form.validate_on_submit():
        values = form.values()
        try:
            services.check_rule(code, values)
            if request.form.get("then") == "save" and form.tried.data == fingerprint(values):
                return _saved(form, code)
            run = rulebook.dry_run(rulebook.with_change(code, values), form.days.data, clock.now())
            form.tried.data = fingerprint(values)
        except DomainError as error:
            put_on_form(form, error)
            if isinstance(error, Stale):
                form.seen.data = fingerprint(services.rule_values(code))
                form.tried.data = ""
    page = render_template(
        "desk/rules/rule.html",
        form=form,
        page=rulebook.rule_page(code) if code else None,
        run=run,
        names_cases=current_actor().has(Role.DISPATCHER),
        action=FlaskForm(),
    )
    return page, 422 if form.errors or form.form_errors else 200


def _saved(form: RuleForm, code: str) -> Response:
    actor, now = current_actor(), clock.now()
    with unit_of_work():
        if code:
            services.change_rule(actor, code, form.values(), form.dating(), now, form.seen.data or "")
        else:
            code = services.create_rule(actor, form.values(), form.dating(), now)
    waits = form.dating().effective_on > departments.local_day(now)
    flash(
        _("The change is planned and will be made on that day.")
        if waits
        else _(
            "The rule %(rule)s is saved. New messages follow it; cases that are with a department stay.",
            rule=code,
        ),
        "success",
    )
    return redirect(url_for("desk.rules"))
