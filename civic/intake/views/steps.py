"""What a resident does with the own case: rate, object, add, appeal, withdraw. The law of cases says what may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from civic.cases import services as cases
from civic.cases.queries import TrackingPage
from civic.cases.rules import OPEN, CaseAction, CaseStatus, Publication, RatingLevel, Solved
from civic.cases.services import State
from civic.core import clock
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.errors import Invalid, NotAllowed, Stale, TooMany
from civic.core.extensions import csrf
from civic.core.tally import mark_of
from civic.core.text import tidy
from civic.core.windows import DAY, HOUR, Limit
from civic.intake import queries
from civic.intake.forms import ObjectForm, RateForm, StepForm, WriteForm
from civic.intake.queries import TrackedPage
from civic.intake.views import bp
from civic.intake.views.limiting import limited, when_again
from civic.web import senders
from civic.web.access import access
from civic.web.messages import put_on_form
from civic.web.senders import Allowance, Sender, this_sender

WRITE = "step"
WRITING = Allowance(address=(Limit(200, HOUR),), browser=(Limit(20, HOUR), Limit(60, DAY)))
ADDITIONS = (Limit(10, HOUR), Limit(30, DAY))
"""To one case: a department reads every addition."""
ALWAYS = frozenset({"private", "withdraw"})
"""What is a person's right and what nobody is kept waiting for."""

CHANGED = _l(
    "The case has changed since you opened this page. Look at it and decide again; your words are kept."
)
ANOTHER_CASE = _l(
    "Another message was opened in this browser meanwhile: this page shows that one. Nothing was sent. To go on "
    "with the first one, open it again by its number and query code."
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: its form, what it does, whether it is done already, and what is said afterwards."""

    action: CaseAction
    form: type[StepForm]
    perform: Callable[[int, Any, datetime], State]
    was_done: Callable[[TrackingPage, Any], bool]
    done: Any


def _rate(case_id: int, form: RateForm, now: datetime) -> State:
    level = RatingLevel(form.level.data)
    solved = Solved(form.solved.data) if form.solved.data else None
    return cases.rate_reply(
        RESIDENT, case_id, form.seen_version, level, now, solved=solved, reason=form.reason.data or ""
    )


def _written(
    service: Callable[..., State],
) -> Callable[[int, WriteForm, datetime], State]:
    def perform(case_id: int, form: WriteForm, now: datetime) -> State:
        return service(RESIDENT, case_id, form.seen_version, form.text.data or "", now)

    return perform


def _withdraw(case_id: int, form: StepForm, now: datetime) -> State:
    return cases.withdraw_case(RESIDENT, case_id, form.seen_version, now)


def _revoke(case_id: int, form: StepForm, now: datetime) -> State:
    return cases.revoke_consent(RESIDENT, case_id, form.seen_version, now)


def _is_rated(case: TrackingPage, form: RateForm) -> bool:
    said = (form.level.data, form.solved.data or None, form.reason.data or "")
    return (
        bool(case.ratings)
        and (case.ratings[-1].level, case.ratings[-1].solved, case.ratings[-1].reason) == said
    )


def _is_written(case: TrackingPage, form: WriteForm) -> bool:
    return tidy(form.text.data or "") in {entry.text for entry in case.timeline}


def _is_withdrawn(case: TrackingPage, form: StepForm) -> bool:
    return case.status is CaseStatus.WITHDRAWN


def _is_private(case: TrackingPage, form: StepForm) -> bool:
    return case.publication is Publication.PRIVATE


STEPS: dict[str, Step] = {
    "rate": Step(
        CaseAction.RATE, RateForm, _rate, _is_rated, _l("Thank you. Your judgement is kept with the case.")
    ),
    "object": Step(
        CaseAction.REOPEN,
        ObjectForm,
        _written(cases.reopen_case),
        _is_written,
        _l("Your objection is in. The case is taken up again."),
    ),
    "add": Step(
        CaseAction.ADD_INFORMATION,
        WriteForm,
        _written(cases.add_information),
        _is_written,
        _l("Your words were added to the case."),
    ),
    "appeal": Step(
        CaseAction.APPEAL,
        ObjectForm,
        _written(cases.appeal_case),
        _is_written,
        _l("Your objection is in. It can't be declined again: a department has to answer it."),
    ),
    "private": Step(
        CaseAction.REVOKE_CONSENT,
        StepForm,
        _revoke,
        _is_private,
        _l("Your message is private now. It is answered all the same."),
    ),
    "withdraw": Step(
        CaseAction.WITHDRAW, StepForm, _withdraw, _is_withdrawn, _l("Your message is withdrawn.")
    ),
}


def forms_for(page: TrackedPage) -> dict[str, StepForm]:
    """An empty form for each step that is possible now."""
    possible = {slug: step for slug, step in STEPS.items() if page.case.may(step.action)}
    if CaseAction.RATE in {step.action for step in possible.values()}:
        # Rating dissatisfied with a reason is the objection; two forms for one thing would puzzle.
        possible.pop("object", None)
    return {slug: _empty(slug, step.form, page.case) for slug, step in possible.items()}


def _empty(slug: str, wanted: type[StepForm], case: TrackingPage) -> StepForm:
    form = wanted(formdata=None)
    form.show(case.reference, case.version)
    return _scoped(slug, form)


def _scoped(slug: str, form: StepForm) -> StepForm:
    for field in form:
        field.id = field.label.field_id = f"{slug}-{field.short_name}"
    return form


@bp.post("/track/case/<slug>")
@csrf.exempt
@access("resident")
def step(slug: str) -> Response | tuple[str, int]:
    """Do one thing. A second click does no harm; a case that changed meanwhile is shown with the text kept."""
    case_id = session.get("case")
    if slug not in STEPS:
        abort(404)
    if case_id is None:
        flash(_("Your visit has ended. Enter number and query code again."), "warning")
        return redirect(url_for("intake.track"))
    wanted, now = STEPS[slug], clock.now()
    sender = this_sender(now)
    form = wanted.form()
    if form.about.data and form.about.data != queries.tracked(case_id, now).case.reference:
        form.form_errors.append(ANOTHER_CASE)
        return _shown(case_id, slug, form), 409
    if not form.validate():
        return _again(case_id, slug, form, 422)
    try:
        with unit_of_work():
            # First done, then weighed: a second click is told that the first one did it.
            state = wanted.perform(case_id, form, now)
            _count(slug, case_id, sender, now)
    except TooMany as error:
        very_often = _("Something was sent very often in a short time.")
        form.must_wait(very_often, *when_again(error, now))
        return limited(_again(case_id, slug, form, 429)[0], error, now)
    except Invalid as error:
        put_on_form(form, error)
        return _again(case_id, slug, form, 422)
    except (Stale, NotAllowed):
        if not wanted.was_done(queries.tracked(case_id, now).case, form):
            form.form_errors.append(CHANGED)
            return _again(case_id, slug, form, 409)
    else:
        if slug == "rate" and state.status in OPEN:
            # Dissatisfied with a reason: what matters to the writer is that it goes on.
            wanted = STEPS["object"]
    flash(str(wanted.done), "success")
    return redirect(url_for("intake.tracked"))


def _count(slug: str, case_id: int, sender: Sender, now: datetime) -> None:
    """Look at the limits and count, in the step's transaction. Raises :class:`TooMany`."""
    if slug in ALWAYS:
        return
    senders.require(WRITE, sender, WRITING, now)
    counted = [*sender]
    if slug == "add":
        case = mark_of("case", str(case_id), now)
        senders.require_for(WRITE, case, ADDITIONS, now)
        counted.append(case)
    senders.count(WRITE, *counted, now=now)


def _again(case_id: int, slug: str, form: StepForm, status: int) -> tuple[str, int]:
    """The form as it was filled in, to be sent once more about the case as it is now."""
    case = queries.tracked(case_id, clock.now()).case
    form.show(case.reference, case.version)
    return _shown(case_id, slug, form), status


def _shown(case_id: int, slug: str, form: StepForm) -> str:
    """The case's page with this form in it, also if the step is no longer possible."""
    page = queries.tracked(case_id, clock.now())
    forms = {**forms_for(page), slug: _scoped(slug, form)}
    return render_template("intake/public/case.html", page=page, forms=forms, tried=slug)
