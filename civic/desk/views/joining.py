"""What more than one party has a part in: supporting departments, more time, one answer for several cases."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_babel import gettext

from civic.cases import queries, services
from civic.cases.policy import can_merge
from civic.cases.rules import CaseAction
from civic.cases.services import State
from civic.core import clock
from civic.core.errors import N_, Invalid, NotFound
from civic.core.ids import normalise_reference
from civic.desk.forms import CaseForm, ReasonForm
from civic.desk.joint_forms import (
    USUAL_PART,
    AllowExtensionForm,
    ExtensionForm,
    InviteForm,
    MergeForm,
    PartForm,
    UnmergeForm,
    WithdrawInvitationForm,
)
from civic.desk.queries import DeskCase, desk_case
from civic.desk.views.deeds import Deed, Order, department_choices
from civic.web.access import current_actor
from civic.web.locale import chinese_or_english

A = CaseAction

INTO = "into"
"""The part of an address that names the other case of a merge."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The case beside this one while merging is thought over.

    ``refusal`` (a msgid): why this one can't go into it as both stand, '' if it can. ``turns``: that one can go into
    this one.
    """

    other: DeskCase
    refusal: str
    turns: bool


def compared(page: DeskCase, form: CaseForm) -> Compared | None:
    """None until a case is named that the reader may open."""
    if not isinstance(form, MergeForm) or not form.survivor.data:
        return None
    reference = normalise_reference(form.survivor.data)
    if reference == page.case.reference:
        return None
    actor = current_actor()
    try:
        other = desk_case(actor, reference, clock.now())
    except NotFound:
        return None
    this, that = page.case.mergeable, other.case.mergeable
    return Compared(other, can_merge(actor, this, that).reason, bool(can_merge(actor, that, this)))


def _offer_supports(form: InviteForm, page: DeskCase, sent: bool) -> None:
    asked = {page.case.department_id, *page.case.supports} - set(page.case.contributed)
    choices = [
        (
            one,
            gettext("%(name)s (has given a part; asks for another)", name=name)
            if one in page.case.contributed
            else name,
        )
        for one, name in department_choices(page)
        if one not in asked
    ]
    form.department_id.choices = [("", gettext("Choose")), *choices]
    form.second_id.choices = form.third_id.choices = [("", gettext("None")), *choices]
    if not sent:
        form.days.data = USUAL_PART


def _offer_invited(form: WithdrawInvitationForm, page: DeskCase, sent: bool) -> None:
    owing = set(page.case.supports) - set(page.case.contributed)
    form.department_id.choices = [
        (d.id, chinese_or_english(d.name, d.name_hant, d.name_en)) for d in page.departments if d.id in owing
    ]


def _begin_part(form: PartForm, page: DeskCase, sent: bool) -> None:
    if not sent:
        form.text.data = page.current_text(A.CONTRIBUTE)


def _begin_allowance(form: AllowExtensionForm, page: DeskCase, sent: bool) -> None:
    if not sent:
        form.days.data = page.case.extension_days


def _begin_merge(form: MergeForm, page: DeskCase, sent: bool) -> None:
    if not sent:
        form.survivor.data = normalise_reference(request.args.get(INTO, "")[:40])


def _invite(order: Order) -> State:
    form = order.form
    return services.invite_departments(
        *order.seen, form.chosen, order.now, message=form.message.data, days=form.days.data
    )


def _withdraw_invitation(order: Order) -> State:
    return services.withdraw_invitation(*order.seen, order.form.department_id.data, order.now)


def _contribute(order: Order) -> State:
    return services.contribute_part(*order.seen, order.form.text.data, order.now)


def _ask_for_time(order: Order) -> State:
    form = order.form
    return services.request_extension(*order.seen, form.days.data, order.now, reason=form.reason.data)


def _allow_time(order: Order) -> State:
    return services.approve_extension(*order.seen, order.now, days=order.form.days.data)


def _refuse_time(order: Order) -> State:
    return services.refuse_extension(*order.seen, order.now, reason=order.form.reason.data)


def _merge(order: Order) -> State:
    """Another department's case and a number that isn't there are answered alike."""
    survivor_id = queries.case_id_of(order.form.survivor.data)
    try:
        if survivor_id is None:
            raise NotFound(N_("There is no such case."), code="no_case")
        return services.merge_case(*order.seen, survivor_id, order.now, reason=order.form.reason.data)
    except NotFound as error:
        raise Invalid(
            N_("There is no such case, or it is not yours to merge into."),
            code="no_survivor",
            field="survivor",
        ) from error


def _unmerge(order: Order) -> State:
    return services.unmerge_case(*order.seen, order.now, reason=order.form.reason.data)


DEEDS = {
    A.INVITE: Deed(_invite, InviteForm, _offer_supports),
    A.WITHDRAW_INVITATION: Deed(_withdraw_invitation, WithdrawInvitationForm, _offer_invited),
    A.CONTRIBUTE: Deed(_contribute, PartForm, _begin_part),
    A.REQUEST_EXTENSION: Deed(_ask_for_time, ExtensionForm),
    A.APPROVE_EXTENSION: Deed(_allow_time, AllowExtensionForm, _begin_allowance, leaves=True),
    A.REFUSE_EXTENSION: Deed(_refuse_time, ReasonForm, leaves=True),
    A.MERGE: Deed(_merge, MergeForm, _begin_merge, leaves=True),
    A.UNMERGE: Deed(_unmerge, UnmergeForm),
}
