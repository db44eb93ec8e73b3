"""A department's side of deputies' opinions: what it owes, writing an answer, approval by its lead."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import N_, Invalid, NotFound, Stale
from civic.desk.opinion_forms import AnswerForm, ApproveForm, OpinionDeedForm, RemarkForm
from civic.desk.views import bp
from civic.supervision.queries import opinions as queries
from civic.supervision.queries.opinions import DEPARTMENT_VIEWS, OpinionPage, OpinionView
from civic.supervision.rules.opinions import OpinionAction
from civic.supervision.services import opinions as services
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form, say

Answer = str | tuple[str, int] | Response
ANSWERERS = (Role.HANDLER, Role.LEAD)
SEND = "send"
"""The button that saves and lays the answer before the lead."""
VIEW_LABELS = {
    OpinionView.TO_ANSWER: N_("To answer"),
    OpinionView.APPROVAL: N_("Waiting for approval"),
    OpinionView.OVERDUE: N_("Overdue"),
    OpinionView.ANSWERED: N_("Answered"),
    OpinionView.ALL: N_("All"),
}


@bp.get("/opinions")
@access(*ANSWERERS)
def opinions() -> str:
    """Opinions to my department, the next deadline first."""
    view = request.args.get("view") or OpinionView.TO_ANSWER.value
    if view not in DEPARTMENT_VIEWS:
        raise NotFound(N_("There is no such list."))
    actor, now = current_actor(), clock.now()
    return render_template(
        "desk/opinions/list.html",
        page=queries.desk_opinions(actor, OpinionView(view), request.args.get("after"), now),
        counts=queries.desk_opinion_counts(actor, now),
        view=view, views=DEPARTMENT_VIEWS, view_labels=VIEW_LABELS,
    )  # fmt: skip


@bp.get("/opinions/<int:opinion_id>")
@access(*ANSWERERS)
def opinion(opinion_id: int) -> str:
    """One opinion to my department, with the answer that is being written and what can be done."""
    return _page(queries.desk_opinion(current_actor(), opinion_id, clock.now()))


def _page(page: OpinionPage, remark: RemarkForm | None = None) -> str:
    version = str(page.row.version)
    form = remark or RemarkForm(formdata=None, version=version)
    approve = ApproveForm(formdata=None, version=version)
    return render_template("desk/opinions/page.html", page=page, form=form, approve=approve)


@bp.route("/opinions/<int:opinion_id>/answer", methods=["GET", "POST"])
@access(*ANSWERERS)
def answer_opinion(opinion_id: int) -> Answer:
    """Write the answer; a stale save shows both texts."""
    actor = current_actor()
    page = queries.desk_opinion(actor, opinion_id, clock.now())
    form, stale = AnswerForm(), False
    if not form.is_submitted():
        if not page.may(OpinionAction.DRAFT_ANSWER):
            return redirect(url_for("desk.opinion", opinion_id=opinion_id))
        form.version.data = str(page.row.version)
        if page.draft:
            form.answer_class.data, form.text.data = page.draft.answer_class.value, page.draft.text
    elif form.validate():
        send = request.form.get("then") == SEND
        try:
            answer_class = form.chosen()
            with unit_of_work():
                services.draft_answer(
                    actor,
                    opinion_id,
                    form.seen_version,
                    answer_class,
                    form.text.data or "",
                    clock.now(),
                    send=send,
                )
        except Stale:
            page, stale = queries.desk_opinion(actor, opinion_id, clock.now()), True
            form.version.data = str(page.row.version)
        except Invalid as error:
            put_on_form(form, error)
        else:
            flash(
                _("The answer is saved and waits for your lead.") if send else _("The draft is saved."),
                "success",
            )
            return redirect(url_for("desk.opinion", opinion_id=opinion_id))
    status = 409 if stale else 422 if form.is_submitted() else 200
    return render_template("desk/opinions/answer.html", page=page, form=form, stale=stale), status


Deed = Callable[[int], None]


def _send(opinion_id: int) -> None:
    form = _checked(OpinionDeedForm())
    services.send_answer_for_approval(current_actor(), opinion_id, form.seen_version, clock.now())


def _approve(opinion_id: int) -> None:
    form = ApproveForm()
    _checked(form)
    services.approve_answer(
        current_actor(), opinion_id, form.seen_version, clock.now(), agrees=bool(form.agrees.data)
    )


def _agreement(action: OpinionAction) -> Deed:
    def run(opinion_id: int) -> None:
        form = _checked(OpinionDeedForm())
        services.agree_to_publication(current_actor(), opinion_id, form.seen_version, action, clock.now())

    return run


def _checked(form: OpinionDeedForm) -> OpinionDeedForm:
    if not form.validate():
        abort(400)
    return form


DEEDS: dict[str, tuple[Deed, str]] = {
    "send-for-approval": (_send, N_("The answer waits for your lead.")),
    "approve": (_approve, N_("The answer is handed over.")),
    "department-agrees": (_agreement(OpinionAction.DEPARTMENT_AGREES), N_("Your agreement is noted.")),
    "department-refuses": (_agreement(OpinionAction.DEPARTMENT_REFUSES), N_("Your agreement is taken back.")),
}


@bp.post("/opinions/<int:opinion_id>/<slug>")
@access(*ANSWERERS)
def act_on_opinion(opinion_id: int, slug: str) -> Answer:
    """Send for approval, approve, agree to publication or take that back."""
    if slug not in DEEDS:
        abort(404)
    run, done = DEEDS[slug]
    try:
        with unit_of_work():
            run(opinion_id)
    except Stale as error:
        flash(say(error), "error")
    else:
        flash(_(done), "success")
    return redirect(url_for("desk.opinion", opinion_id=opinion_id))


@bp.post("/opinions/<int:opinion_id>/send-back")
@access(*ANSWERERS)
def send_back_answer(opinion_id: int) -> Answer:
    """The lead sends the answer back with a remark, which stays in the form if it can't be taken."""
    actor, form, status = current_actor(), RemarkForm(), 422
    if form.validate():
        try:
            with unit_of_work():
                services.send_answer_back(
                    actor, opinion_id, form.seen_version, form.remark.data or "", clock.now()
                )
        except Stale as error:
            form.form_errors.append(say(error))
            status = 409
        except Invalid as error:
            put_on_form(form, error)
        else:
            flash(_("The answer goes back to be written anew."), "success")
            return redirect(url_for("desk.opinion", opinion_id=opinion_id))
    page = queries.desk_opinion(actor, opinion_id, clock.now())
    form.version.data = str(page.row.version)
    return _page(page, form), status
