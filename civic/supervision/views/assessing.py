"""The editor's side of an assessment: opening, filling, writing, recommending, approving, publishing."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.core import clock
from civic.core.actor import Actor, Role
from civic.core.db import unit_of_work
from civic.core.errors import N_, Invalid, Stale
from civic.plans import queries as plans
from civic.supervision import queries, services
from civic.supervision.assessment_forms import DeedForm, OpenForm, ProseForm, RecommendationForm
from civic.supervision.policy import ASSESSMENT_READERS, can_write_assessment
from civic.supervision.queries import AssessmentDesk
from civic.supervision.reading import DEFINITIONS, reader
from civic.supervision.rules.assessments import AssessmentState
from civic.supervision.views.summary import bp
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form, say

Answer = str | tuple[str, int] | Response


@bp.get("/assessments")
@access(*ASSESSMENT_READERS)
def assessments() -> str:
    """All assessments, those being written first."""
    actor = current_actor()
    return render_template(
        "supervision/staff/assessments.html",
        rows=queries.all_assessments(actor),
        may_write=can_write_assessment(actor),
    )


@bp.route("/assessments/new", methods=["GET", "POST"])
@access(Role.EDITOR)
def new_assessment() -> Answer:
    """Open an assessment; it is filled from data at once."""
    form = OpenForm()
    form.offer(plans.plans())
    if form.validate_on_submit():
        try:
            opening = form.opening()
            with unit_of_work():
                key = services.open_assessment(current_actor(), opening, clock.now())
        except (Invalid, Stale) as error:
            put_on_form(form, error)
        else:
            flash(_("The assessment is open and filled from data."), "success")
            return redirect(url_for("supervision.assessment", assessment_id=key))
    status = 422 if form.is_submitted() else 200
    return render_template("supervision/staff/assessment_new.html", form=form), status


@bp.get("/assessments/<int:assessment_id>")
@access(*ASSESSMENT_READERS)
def assessment(assessment_id: int) -> str:
    """An assessment as it would be published, with what is still missing and what can be done."""
    desk = queries.assessment_desk(current_actor(), assessment_id)
    form = DeedForm(formdata=None, version=str(desk.row.version), parts=desk.parts_mark)
    return render_template(
        "supervision/staff/assessment.html",
        desk=desk, page=desk.shown, say=reader(desk.shown), form=form, definitions=DEFINITIONS,
    )  # fmt: skip


@bp.route("/assessments/<int:assessment_id>/text", methods=["GET", "POST"])
@access(Role.EDITOR)
def write_assessment(assessment_id: int) -> Answer:
    """Title, introduction and conclusion."""
    desk = _open_desk(assessment_id)
    if isinstance(desk, Response):
        return desk
    form, stale = ProseForm(), False
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.write_assessment(
                    current_actor(), assessment_id, form.seen_version, form.prose(), clock.now()
                )
        except Stale:
            desk, stale = queries.assessment_desk(current_actor(), assessment_id), True
            form.version.data = str(desk.row.version)
        except Invalid as error:
            put_on_form(form, error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("supervision.assessment", assessment_id=assessment_id))
    elif not form.is_submitted():
        form.version.data = str(desk.row.version)
        form.title.data, form.assessor.data = desk.row.title, desk.row.assessor
        form.introduction.data, form.conclusion.data = desk.introduction, desk.conclusion
    status = 409 if stale else 422 if form.is_submitted() else 200
    return render_template(
        "supervision/staff/assessment_text.html", desk=desk, form=form, stale=stale
    ), status


@bp.route("/assessments/<int:assessment_id>/recommendations/new", methods=["GET", "POST"])
@access(Role.EDITOR)
def new_recommendation(assessment_id: int) -> Answer:
    """Recommend something to a department."""
    return _recommend(assessment_id, None)


@bp.route("/assessments/<int:assessment_id>/recommendations/<int:number>", methods=["GET", "POST"])
@access(Role.EDITOR)
def recommendation(assessment_id: int, number: int) -> Answer:
    """Write a recommendation anew."""
    return _recommend(assessment_id, number)


def _recommend(assessment_id: int, number: int | None) -> Answer:
    desk = _open_desk(assessment_id)
    if isinstance(desk, Response):
        return desk
    found = {one["number"]: one for one in desk.shown.document["recommendations"]}
    if number is not None and number not in found:
        abort(404)
    form, stale, actor = RecommendationForm(), False, current_actor()
    form.offer()
    if form.validate_on_submit():
        try:
            new, now, seen = form.recommendation(), clock.now(), form.seen_version
            with unit_of_work():
                if number is None:
                    services.add_recommendation(actor, assessment_id, seen, new, now)
                else:
                    services.change_recommendation(actor, assessment_id, seen, number, new, now)
        except Stale:
            desk, stale = queries.assessment_desk(actor, assessment_id), True
            form.version.data = str(desk.row.version)
        except Invalid as error:
            put_on_form(form, error)
        else:
            flash(_("Saved."), "success")
            address = url_for("supervision.assessment", assessment_id=assessment_id)
            return redirect(f"{address}#recommendations")
    elif not form.is_submitted():
        form.version.data = str(desk.row.version)
        if number is not None:
            old = found[number]
            form.text.data, form.department.data = old["text"], old["department"]
            form.item.data, form.due_on.data = old["item"], old["due_on"]
    status = 409 if stale else 422 if form.is_submitted() else 200
    page = render_template(
        "supervision/staff/recommendation.html", desk=desk, form=form, number=number, stale=stale,
        others=desk.shown.document["recommendations"], say=reader(desk.shown),
    )  # fmt: skip
    return page, status


@bp.post("/assessments/<int:assessment_id>/recommendations/<int:number>/remove")
@access(Role.EDITOR)
def remove_recommendation(assessment_id: int, number: int) -> Answer:
    """Take a recommendation out of an open assessment."""
    form = DeedForm()
    if not form.validate():
        abort(400)
    try:
        with unit_of_work():
            services.remove_recommendation(
                current_actor(), assessment_id, form.seen_version, number, clock.now()
            )
    except Stale as error:
        flash(say(error), "error")
    else:
        flash(_("The recommendation is taken out."), "success")
    return redirect(url_for("supervision.assessment", assessment_id=assessment_id))


def _approve(actor: Actor, assessment_id: int, form: DeedForm) -> None:
    services.approve_assessment(
        actor, assessment_id, form.seen_version, clock.now(), seen_parts=form.parts.data or ""
    )


def _deed(service: Callable[..., object]) -> Callable[[Actor, int, DeedForm], None]:
    def run(actor: Actor, assessment_id: int, form: DeedForm) -> None:
        service(actor, assessment_id, form.seen_version, clock.now())

    return run


DEEDS: dict[str, tuple[Callable[[Actor, int, DeedForm], None], str]] = {
    "renew": (_deed(services.renew_facts), N_("The data is renewed.")),
    "approve": (_approve, N_("The assessment is approved. It can be published now.")),
    "reopen": (_deed(services.reopen_assessment), N_("The assessment is open again.")),
    "publish": (_deed(services.publish_assessment), N_("The assessment is published and sealed.")),
    "discard": (_deed(services.discard_assessment), N_("The assessment is discarded.")),
}


@bp.post("/assessments/<int:assessment_id>/<deed>")
@access(Role.EDITOR)
def decide_assessment(assessment_id: int, deed: str) -> Answer:
    """Renew from data, approve, reopen, publish or discard."""
    form = DeedForm()
    if deed not in DEEDS:
        abort(404)
    if not form.validate():
        abort(400)
    run, done = DEEDS[deed]
    try:
        with unit_of_work():
            run(current_actor(), assessment_id, form)
    except (Stale, Invalid) as error:
        flash(say(error), "error")
    else:
        flash(_(done), "success")
        if deed == "discard":
            return redirect(url_for("supervision.assessments"))
    return redirect(url_for("supervision.assessment", assessment_id=assessment_id))


def _open_desk(assessment_id: int) -> AssessmentDesk | Response:
    """The assessment if it can still be written; else the way back to its page."""
    desk = queries.assessment_desk(current_actor(), assessment_id)
    if desk.row.state is AssessmentState.OPEN:
        return desk
    flash(_("The assessment is no longer open."), "error")
    return redirect(url_for("supervision.assessment", assessment_id=assessment_id))
