"""What a department does with a case before it answers: take, accept, return, ask, escalate."""

from __future__ import annotations

from flask_babel import gettext

from civic.cases import services
from civic.cases.rules import CaseAction
from civic.cases.services import State
from civic.desk.forms import AskForm, AssignForm, ReasonForm, ReturnForm
from civic.desk.queries import DeskCase
from civic.desk.views.deeds import Deed, Order, department_choices, plain, with_absence

A = CaseAction


def _offer_colleagues(form: AssignForm, page: DeskCase, sent: bool) -> None:
    """Who is away stands last, with until when: it can be meant all the same."""
    others = [(c, page.away_of(c.id)) for c in page.colleagues if c.id != page.case.assignee_id]
    choices = [(c.id, with_absence(c.name, gone)) for c, gone in sorted(others, key=lambda one: bool(one[1]))]
    form.account_id.choices = [("", gettext("Choose")), *choices]


def _offer_other_departments(form: ReturnForm, page: DeskCase, sent: bool) -> None:
    others = [choice for choice in department_choices(page) if choice[0] != page.case.department_id]
    form.suggested_department_id.choices = [("", gettext("I don't know")), *others]


def _assign(order: Order) -> State:
    return services.assign_case(*order.seen, order.form.account_id.data, order.now)


def _return(order: Order) -> State:
    form = order.form
    return services.return_case(
        *order.seen,
        order.now,
        reason=form.reason.data,
        suggested_department_id=form.suggested_department_id.data,
    )


def _ask(order: Order) -> State:
    return services.ask_resident(*order.seen, order.form.question.data, order.now)


def _escalate(order: Order) -> State:
    return services.escalate_case(*order.seen, order.now, reason=order.form.reason.data)


DEEDS = {
    A.TAKE: Deed(plain(services.take_case)),
    A.HAND_BACK: Deed(plain(services.hand_back_case)),
    A.ASSIGN: Deed(_assign, AssignForm, _offer_colleagues, leaves=True),
    A.ACCEPT: Deed(plain(services.accept_case)),
    A.RETURN: Deed(_return, ReturnForm, _offer_other_departments, leaves=True),
    A.ASK_RESIDENT: Deed(_ask, AskForm, leaves=True),
    A.RESUME: Deed(plain(services.resume_case)),
    A.ESCALATE: Deed(_escalate, ReasonForm),
}
