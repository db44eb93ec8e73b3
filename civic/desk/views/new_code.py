"""A new query code for a resident who lost it: who it is was checked, the code is shown once."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from civic.cases import services
from civic.cases.rules import CaseAction, Recognised
from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import N_, Invalid, NotAllowed, Stale
from civic.core.ids import group_code, new_nonce
from civic.desk import queries
from civic.desk.forms import NewCodeForm
from civic.desk.queries import DeskCase
from civic.desk.views import bp
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form, say
from civic.web.qr import track_code


@bp.get("/cases/<reference>/new-code")
@access(Role.DISPATCHER)
def new_code(reference: str) -> Response:
    """What to ask the person, and the form."""
    page = _page(reference)
    form = NewCodeForm(formdata=None, ticket=new_nonce(), version=str(page.case.version))
    return _asked(page, form)


@bp.post("/cases/<reference>/new-code")
@access(Role.DISPATCHER)
def issue_code(reference: str) -> Response:
    """Issue the code and show it; a second click shows the same one, and nothing shows it later."""
    actor, now, page = current_actor(), clock.now(), _page(reference)
    form = NewCodeForm()
    form.offer(has_contact=page.case.feedback[0].has_contact)
    if not form.validate():
        return _asked(page, form, 422)
    case_id, ticket = page.case.case_id, str(form.ticket.data)
    try:
        with unit_of_work():
            _state, code = services.reissue_code(
                actor, case_id, form.seen_version, ticket, Recognised(form.how.data), now,
                reason=form.reason.data or "",
            )  # fmt: skip
    except Invalid as error:
        put_on_form(form, error)
        return _asked(page, form, 422)
    except Stale as error:
        again = services.code_again(actor, case_id, ticket)
        if again is None:
            form.form_errors.append(say(error))
            form.version.data = str(page.case.version)
            return _asked(page, form, 409)
        code = again
    shown = render_template(
        "desk/new_code_issued.html",
        page=page,
        code=group_code(code),
        qr=track_code(page.case.reference, code),
    )
    return _unkept(shown)


def _page(reference: str) -> DeskCase:
    page = queries.desk_case(current_actor(), reference, clock.now())
    if not page.case.may(CaseAction.REISSUE_CODE):
        raise NotAllowed(N_("Your role does not allow this."), code="no_reissue")
    return page


def _asked(page: DeskCase, form: NewCodeForm, status: int = 200) -> Response:
    form.offer(has_contact=page.case.feedback[0].has_contact)
    return make_response(render_template("desk/new_code.html", page=page, form=form), status)


def _unkept(shown: str) -> Response:
    """A page that no cache and no back button brings again."""
    response = make_response(shown)
    response.headers["Cache-Control"] = "no-store"
    return response
