"""The dispatcher's side: which department, what the public reads, what isn't taken on."""

from __future__ import annotations

from flask_babel import gettext

from civic.cases import services
from civic.cases.rules import CaseAction, DeclineCode, PrivateBecause, proposed_mask
from civic.cases.services import State
from civic.core.errors import N_
from civic.desk.forms import DeclineForm, MaskForm, PrivateForm, ReasonForm, RouteForm
from civic.desk.queries import DeskCase
from civic.desk.views.deeds import Deed, Order, department_choices, plain

A = CaseAction


def _offer_departments(form: RouteForm, page: DeskCase, sent: bool) -> None:
    likely = {one.department.id for one in page.likely}
    choices = department_choices(page)
    first = [choice for one in page.likely for choice in choices if choice[0] == one.department.id]
    others = [choice for choice in choices if choice[0] not in likely]
    form.department_id.choices = [("", gettext("Choose")), *first, *others]
    if page.case.suggested_department_id and not sent:
        form.department_id.data = page.case.suggested_department_id


def _offer_other_departments(form: RouteForm, page: DeskCase, sent: bool) -> None:
    _offer_departments(form, page, sent)
    form.department_id.choices = [c for c in form.department_id.choices if c[0] != page.case.department_id]


def _begin_mask(form: MaskForm, page: DeskCase, sent: bool) -> None:
    form.original = page.text
    if not sent:
        form.masked_text.data = page.masked_text or proposed_mask(page.text)


def _route(order: Order) -> State:
    form = order.form
    return services.route_case(*order.seen, form.department_id.data, order.now, reason=form.reason.data)


def _transfer(order: Order) -> State:
    form = order.form
    return services.transfer_case(*order.seen, form.department_id.data, order.now, reason=form.reason.data)


def _designate(order: Order) -> State:
    form = order.form
    return services.designate_case(*order.seen, form.department_id.data, order.now, reason=form.reason.data)


def _publish(order: Order) -> State:
    return services.review_publication(*order.seen, A.PUBLISH, order.now)


def _publish_masked(order: Order) -> State:
    masked = order.form.masked_text.data
    return services.review_publication(*order.seen, A.PUBLISH_MASKED, order.now, masked_text=masked)


def _keep_private(order: Order) -> State:
    form = order.form
    return services.keep_private(
        *order.seen, PrivateBecause(form.code.data), order.now, explanation=form.explanation.data or ""
    )


def _unpublish(order: Order) -> State:
    return services.unpublish_case(*order.seen, order.now, reason=order.form.reason.data)


def _remask(order: Order) -> State:
    return services.remask_case(*order.seen, order.form.masked_text.data, order.now)


def _decline(order: Order) -> State:
    form = order.form
    return services.decline_case(
        *order.seen, DeclineCode(form.code.data), order.now, explanation=form.explanation.data or ""
    )


DEEDS = {
    A.TRIAGE: Deed(plain(services.release_held), leaves=True, done=N_("Looked at and sent on its way")),
    A.ROUTE: Deed(_route, RouteForm, _offer_departments, leaves=True),
    A.TRANSFER: Deed(_transfer, RouteForm, _offer_other_departments, leaves=True),
    A.DESIGNATE: Deed(_designate, RouteForm, _offer_departments, leaves=True),
    A.PUBLISH: Deed(_publish, leaves=True),
    A.PUBLISH_MASKED: Deed(_publish_masked, MaskForm, _begin_mask, leaves=True),
    A.KEEP_PRIVATE: Deed(_keep_private, PrivateForm, leaves=True),
    A.UNPUBLISH: Deed(_unpublish, ReasonForm),
    A.REMASK: Deed(_remask, MaskForm, _begin_mask),
    A.DECLINE: Deed(_decline, DeclineForm, leaves=True),
}
