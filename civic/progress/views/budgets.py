"""Money of projects: the list, and one amount."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from civic.plans import queries as plans
from civic.progress import services
from civic.progress.queries.budgets import budgets as known_budgets
from civic.progress.rules.reported import Problem
from civic.progress.target_forms import BudgetForm
from civic.progress.views import bp
from civic.progress.views.sheets import Answer, project_choices, say
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form


@bp.get("/budgets")
@access(Role.EDITOR)
def budgets() -> str:
    """All projects of the published plans with the money published of each."""
    shown = [(plan, plans.document(plan.slug).projects) for plan in plans.plans()]
    return render_template(
        "progress/staff/budgets.html", shown=[one for one in shown if one[1]], budgets=known_budgets()
    )


@bp.route("/budgets/new", methods=["GET", "POST"])
@access(Role.EDITOR)
def new_budget() -> Answer:
    """Publish one amount; an amount of the same year and kind is superseded."""
    form = BudgetForm(project=request.args.get("project", ""))
    form.offer(project_choices())
    if form.validate_on_submit():
        budget = form.read()
        if isinstance(budget, Problem):
            form.form_errors.append(say(budget))
        else:
            try:
                with unit_of_work():
                    services.record_budget(current_actor(), form.plan(), budget, clock.now())
            except services.RowsRefused as refused:
                form.form_errors.extend(say(problem) for problem in refused.problems)
            except DomainError as error:
                put_on_form(form, error)
            else:
                flash(_("The amount is published."), "success")
                return redirect(url_for("progress.budgets"))
    return render_template("progress/staff/new_budget.html", form=form), 422 if form.errors else 200
