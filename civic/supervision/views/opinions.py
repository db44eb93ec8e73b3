"""A deputy's side of opinions: the lists, writing, sending, rating, withdrawing, and agreeing to publication."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import N_, Invalid, NotFound, Stale
from civic.departments import queries as departments
from civic.supervision.assessment_forms import VersionedForm
from civic.supervision.forms import read_choice
from civic.supervision.opinion_forms import OpinionForm, RateForm
from civic.supervision.policy import OPINION_READERS, can_write_opinions
from civic.supervision.queries import opinions as queries
from civic.supervision.queries.opinions import (
    DEPUTY_VIEWS,
    OPINION_FIGURES,
    Beginning,
    FigureChoice,
    OpinionFigure,
    OpinionFilter,
    OpinionPage,
    OpinionView,
)
from civic.supervision.rules.opinions import OpinionAction, OpinionStatus
from civic.supervision.services import opinions as services
from civic.supervision.views.asked import chosen
from civic.supervision.views.summary import bp
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form, say

Answer = str | tuple[str, int] | Response
SEND = "send"
"""The button that saves and sends."""
VIEW_LABELS = {
    OpinionView.ALL: N_("All"),
    OpinionView.MINE: N_("Mine"),
    OpinionView.TO_RATE: N_("To be rated by me"),
    OpinionView.LEFT: N_("Deputy has left"),
    OpinionView.OPEN: N_("With departments"),
    OpinionView.OVERDUE: N_("Overdue"),
    OpinionView.CLOSED: N_("Closed"),
    OpinionView.WITHDRAWN: N_("Withdrawn"),
}


@bp.get("/opinions")
@access(*OPINION_READERS)
def opinions() -> str:
    """All opinions that were sent and one's own drafts, narrowed by list, department, or a figure of the summary."""
    actor, now = current_actor(), clock.now()
    wanted, args = _wanted(), request.args
    kept = {
        name: args[name] for name in ("department", "figure", "since", "until", "period") if args.get(name)
    }
    return render_template(
        "supervision/opinions/list.html",
        page=queries.opinion_list(actor, wanted, args.get("after"), now),
        counts=queries.opinion_counts(actor, wanted, now),
        wanted=wanted, kept=kept, views=DEPUTY_VIEWS, view_labels=VIEW_LABELS, figures=OPINION_FIGURES,
        places=departments.departments(), may_write=can_write_opinions(actor),
    )  # fmt: skip


def _wanted() -> OpinionFilter:
    """The filter that the address names; raises NotFound for a list, department or figure that isn't there."""
    args = request.args
    view, key, figure = args.get("view") or OpinionView.ALL.value, args.get("department"), args.get("figure")
    department_id = _keys(bool(figure)).get(key) if key else None
    if (
        view not in DEPUTY_VIEWS
        or (key and department_id is None)
        or (figure and figure not in set(OpinionFigure))
    ):
        raise NotFound(N_("There is no such list."))
    now = clock.now()
    choice = None
    if figure:
        period = read_choice(args, departments.local_day(now)).period
        judged = departments.last_judged_day(now)
        choice = FigureChoice(OpinionFigure(figure), period, judged, department_id)
    return OpinionFilter(OpinionView(view), None if choice else department_id, choice)


def _keys(figure: bool) -> dict[str, int]:
    """A figure belongs to the department that was asked then, if merged since; a list to the one that has it now."""
    if figure:
        return {row.key: row.id for row in departments.departments(include_inactive=True)}
    return departments.department_ids()


@bp.route("/opinions/new", methods=["GET", "POST"])
@access(Role.DEPUTY)
def new_opinion() -> Answer:
    """Write an opinion, begun from nothing, from an item, or from the cases behind a figure."""
    form, beginning = OpinionForm(), Beginning()
    form.offer()
    if not form.is_submitted():
        beginning = _beginning()
        form.department.data, form.item.data = beginning.department_key, beginning.item
        form.references.data = "\n".join(beginning.references)
    elif form.validate():
        actor, now, send = current_actor(), clock.now(), request.form.get("then") == SEND
        try:
            with unit_of_work():
                opinion_id = services.write_opinion(actor, form.opinion(), now)
                if send:
                    services.send_opinion(actor, opinion_id, 1, now)
        except (Invalid, Stale) as error:
            put_on_form(form, error)
        else:
            flash(_sent_or_saved(send), "success")
            return redirect(url_for("supervision.opinion", opinion_id=opinion_id))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "supervision/opinions/form.html", form=form, page=None, stale=False, beginning=beginning
    ), status


def _beginning() -> Beginning:
    args = request.args
    if args.get("figure"):
        key = args.get("row") or None
        return queries.beginning_behind(current_actor(), chosen(), args["figure"], key, clock.now())
    return queries.beginning_with(args.get("item", ""), args.get("department", ""), args.getlist("case"))


def _sent_or_saved(sent: bool) -> str:
    return _("The opinion is sent.") if sent else _("The draft is saved. Only you see it until you send it.")


@bp.get("/opinions/<int:opinion_id>")
@access(*OPINION_READERS)
def opinion(opinion_id: int) -> str:
    """One opinion with its answers, its deadline and how that is counted, and what can be done."""
    page = queries.opinion_page(current_actor(), opinion_id, clock.now())
    return _page(page, RateForm(formdata=None, version=str(page.row.version)))


def _page(page: OpinionPage, form: VersionedForm, *, stale: bool = False) -> str:
    return render_template("supervision/opinions/page.html", page=page, form=form, stale=stale)


@bp.route("/opinions/<int:opinion_id>/text", methods=["GET", "POST"])
@access(Role.DEPUTY)
def write_opinion(opinion_id: int) -> Answer:
    """Change one's own draft; a stale save shows both texts."""
    actor = current_actor()
    page = queries.opinion_page(actor, opinion_id, clock.now())
    if not page.may(OpinionAction.WRITE):
        flash(_("The opinion is no longer a draft."), "error")
        return redirect(url_for("supervision.opinion", opinion_id=opinion_id))
    form, stale = OpinionForm(), False
    form.offer()
    if not form.is_submitted():
        form.show(page)
    elif form.validate():
        now, send = clock.now(), request.form.get("then") == SEND
        try:
            with unit_of_work():
                services.rewrite_opinion(actor, opinion_id, form.seen_version, form.opinion(), now)
                if send:
                    services.send_opinion(actor, opinion_id, form.seen_version + 1, now)
        except Stale:
            page, stale = queries.opinion_page(actor, opinion_id, clock.now()), True
            form.version.data = str(page.row.version)
        except Invalid as error:
            put_on_form(form, error)
        else:
            flash(_sent_or_saved(send), "success")
            return redirect(url_for("supervision.opinion", opinion_id=opinion_id))
    status = 409 if stale else 422 if form.is_submitted() else 200
    return render_template(
        "supervision/opinions/form.html", form=form, page=page, stale=stale, beginning=Beginning()
    ), status


Deed = Callable[[int, VersionedForm], None]


def _agreement(action: OpinionAction) -> Deed:
    def run(opinion_id: int, form: VersionedForm) -> None:
        services.agree_to_publication(current_actor(), opinion_id, form.seen_version, action, clock.now())

    return run


def _send(opinion_id: int, form: VersionedForm) -> None:
    services.send_opinion(current_actor(), opinion_id, form.seen_version, clock.now())


def _withdraw(opinion_id: int, form: VersionedForm) -> None:
    services.withdraw_opinion(current_actor(), opinion_id, form.seen_version, clock.now())


def _take_over(opinion_id: int, form: VersionedForm) -> None:
    services.take_over_opinion(current_actor(), opinion_id, form.seen_version, clock.now())


DEEDS: dict[str, tuple[Deed, str]] = {
    "send": (_send, N_("The opinion is sent.")),
    "withdraw": (_withdraw, N_("The opinion is withdrawn.")),
    "take-over": (_take_over, N_("You have taken it over.")),
    "deputy-agrees": (_agreement(OpinionAction.DEPUTY_AGREES), N_("Your agreement is noted.")),
    "deputy-refuses": (_agreement(OpinionAction.DEPUTY_REFUSES), N_("Your agreement is taken back.")),
}


@bp.post("/opinions/<int:opinion_id>/<slug>")
@access(Role.DEPUTY)
def act_on_opinion(opinion_id: int, slug: str) -> Answer:
    """Send, withdraw, take over from a deputy who has left, agree to publication or take that back."""
    form = VersionedForm()
    if slug not in DEEDS:
        abort(404)
    if not form.validate():
        abort(400)
    run, done = DEEDS[slug]
    try:
        with unit_of_work():
            run(opinion_id, form)
    except (Stale, Invalid) as error:
        flash(say(error), "error")
    else:
        flash(_(done), "success")
        if slug == "withdraw":
            return redirect(url_for("supervision.opinions"))
    return redirect(url_for("supervision.opinion", opinion_id=opinion_id))


@bp.post("/opinions/<int:opinion_id>/rating")
@access(Role.DEPUTY)
def rate_opinion(opinion_id: int) -> Answer:
    """Rate the answer; what was typed stays in the form if it can't be taken."""
    actor, form, status = current_actor(), RateForm(), 422
    if form.validate():
        try:
            level = form.chosen()
            with unit_of_work():
                services.rate_answer(
                    actor, opinion_id, form.seen_version, level, form.reason.data or "", clock.now(),
                    agrees=bool(form.agrees.data),
                )  # fmt: skip
        except Stale:
            status = 409
        except Invalid as error:
            put_on_form(form, error)
        else:
            page = queries.opinion_page(actor, opinion_id, clock.now())
            again = page.row.status is OpinionStatus.RETURNED
            flash(
                _("It goes back to the department.") if again else _("Thank you. The opinion is closed."),
                "success",
            )
            return redirect(url_for("supervision.opinion", opinion_id=opinion_id))
    page = queries.opinion_page(actor, opinion_id, clock.now())
    form.version.data = str(page.row.version)
    return _page(page, form, stale=status == 409), status
