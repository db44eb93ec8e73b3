"""A department's side of assessments: its self-assessment, and what it says about recommendations."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import Invalid, NotAllowed, Stale
from civic.supervision import queries, services
from civic.supervision.assessment_forms import FollowUpForm, PartForm
from civic.supervision.policy import can_speak_for
from civic.supervision.queries import PartPage
from civic.supervision.rules.assessments import AssessmentState
from civic.supervision.views.summary import bp
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form, say

Answer = str | tuple[str, int] | Response
WRITERS = (Role.HANDLER, Role.LEAD)
HAND_IN = "hand-in"
"""The button that saves and lays the part before the editor."""


@bp.get("/parts")
@access(*WRITERS)
def parts() -> str:
    """Assessments that my department has a part in, and recommendations to it."""
    actor = current_actor()
    return render_template(
        "supervision/staff/parts.html",
        parts=queries.own_parts(actor),
        recommendations=queries.own_recommendations(actor),
    )


@bp.route("/assessments/<int:assessment_id>/parts/<key>", methods=["GET", "POST"])
@access(*WRITERS)
def part(assessment_id: int, key: str) -> Answer:
    """Write my department's self-assessment beside the facts about what it leads."""
    actor = current_actor()
    page = queries.part_page(actor, assessment_id, key)
    form = PartForm()
    if not form.validate_on_submit():
        if not form.is_submitted():
            form.version.data, form.text.data = str(page.part.version), page.part.text
        return _part(page, form, 422 if form.is_submitted() else 200)
    hand_in = request.form.get("then") == HAND_IN
    text = form.text.data or ""
    try:
        with unit_of_work():
            services.save_part(
                actor, assessment_id, key, form.seen_version, text, clock.now(), hand_in=hand_in
            )
    except Stale as error:
        fresh = queries.part_page(actor, assessment_id, key)
        if fresh.row.state is not AssessmentState.OPEN:
            form.form_errors.append(say(error))
        form.version.data = str(fresh.part.version)
        return _part(fresh, form, 409)
    except (Invalid, NotAllowed) as error:
        put_on_form(form, error)
        return _part(page, form, error.status)
    flash(_("Your part is handed in.") if hand_in else _("The draft is saved."), "success")
    return redirect(url_for("supervision.part", assessment_id=assessment_id, key=key))


def _part(page: PartPage, form: PartForm, status: int) -> tuple[str, int]:
    stale = status == 409
    return render_template("supervision/staff/part.html", page=page, form=form, stale=stale), status


@bp.route("/recommendations/<int:recommendation_id>", methods=["GET", "POST"])
@access(*WRITERS)
def follow_up(recommendation_id: int) -> Answer:
    """A recommendation to my department, what was said about it, and saying something new."""
    actor = current_actor()
    mine = {one.row.id: one for one in queries.own_recommendations(actor)}
    if recommendation_id not in mine:
        abort(404)
    form = FollowUpForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.publish_follow_up(
                    actor, recommendation_id, form.chosen(), form.text.data or "", clock.now()
                )
        except Invalid as error:
            put_on_form(form, error)
        else:
            flash(_("The follow-up is published."), "success")
            return redirect(url_for("supervision.follow_up", recommendation_id=recommendation_id))
    one = mine[recommendation_id]
    page = render_template(
        "supervision/staff/follow_up.html",
        one=one, form=form, may_speak=can_speak_for(actor, one.row.department_id),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200
