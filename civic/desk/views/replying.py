"""The official answer: drafted, sent for approval, approved, published, corrected."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from flask_babel import gettext

from civic.cases import services
from civic.cases.queries import case_page
from civic.cases.rules import CaseAction
from civic.cases.services import State
from civic.desk.forms import ConcealForm, CorrectionForm, ReplyForm, SendBackForm
from civic.desk.queries import DeskCase
from civic.desk.services import note_beginning
from civic.desk.views.deeds import Deed, Order, plain
from civic.plans import queries as plans
from civic.web.filters import minute

A = CaseAction

SEND = "send"
"""The button that saves a draft and sends it for approval in one go."""
PART = "part"
"""The part of an address that names the supporting department whose part is taken over into the draft."""
PUBLISH = "publish"
"""The button that approves a reply and publishes it in one go."""


def _begin_draft(form: ReplyForm, page: DeskCase, sent: bool) -> None:
    form.offer_resolutions(page.kind)
    if page.draft and not sent:
        form.text.data = page.draft.text
        form.resolution.data = page.draft.resolution.value if page.draft.resolution else ""
        form.referred_to.data = page.draft.referred_to
    if not sent:
        form.text.data = with_part(page, form.text.data or "", request.args.get(PART, ""))


def with_part(page: DeskCase, text: str, department_id: str) -> str:
    """The text with a supporting department's part after it, once."""
    for part in page.case.parts:
        if str(part.department_id) == department_id and part.text and part.text not in text:
            return f"{text}\n\n{part.text}".strip()
    return text


def _begin_correction(form: CorrectionForm, page: DeskCase, sent: bool) -> None:
    """With what was proposed, else with the reply as it stands."""
    form.offer_resolutions(page.kind)
    begun = page.draft or page.current_reply
    if begun and not sent:
        form.text.data = begun.text
        form.resolution.data = begun.resolution.value if begun.resolution else ""
        form.referred_to.data = begun.referred_to
        form.reason.data = page.corrected_because


def _offer_old_replies(form: ConcealForm, page: DeskCase, sent: bool) -> None:
    form.reply_id.choices = [
        (reply.reply_id, gettext("Version of %(time)s", time=minute(reply.published_at)))
        for reply in page.old_replies
    ]


def _draft(order: Order) -> State:
    form = order.form
    state = services.draft_reply(
        *order.seen,
        form.text.data,
        order.now,
        resolution=form.chosen,
        referred_to=form.referred_to.data or "",
    )
    if form.begun_with.data:
        case = case_page(order.actor, order.case_id, order.now)
        item = plans.item_ref(case.item_id) if case.item_id else None
        note_beginning(order.actor, case, item, form.begun_with.data, order.now)
    if order.then == SEND:
        return services.send_for_approval(order.actor, order.case_id, state.version, order.now)
    return state


def _send_back(order: Order) -> State:
    return services.send_back_reply(*order.seen, order.now, reason=order.form.reason.data)


def _approve(order: Order) -> State:
    return services.approve_reply(*order.seen, order.now, publish=order.then == PUBLISH)


def _correct(order: Order) -> State:
    return _newer_version(services.correct_reply, order)


def _draft_correction(order: Order) -> State:
    return _newer_version(services.draft_correction, order)


def _newer_version(service: Callable[..., State], order: Order) -> State:
    form = order.form
    return service(
        *order.seen,
        form.text.data,
        order.now,
        resolution=form.chosen,
        reason=form.reason.data,
        referred_to=form.referred_to.data or "",
    )


def _conceal(order: Order) -> State:
    return services.conceal_reply(*order.seen, order.form.reply_id.data, order.now)


DEEDS = {
    A.DRAFT_REPLY: Deed(_draft, ReplyForm, _begin_draft),
    A.SEND_FOR_APPROVAL: Deed(plain(services.send_for_approval), leaves=True),
    A.SEND_BACK: Deed(_send_back, SendBackForm, leaves=True),
    A.APPROVE_REPLY: Deed(_approve, leaves=True),
    A.PUBLISH_REPLY: Deed(plain(services.publish_reply), leaves=True),
    A.DRAFT_CORRECTION: Deed(_draft_correction, CorrectionForm, _begin_correction, leaves=True),
    A.CORRECT_REPLY: Deed(_correct, CorrectionForm, _begin_correction),
    A.CONCEAL_REPLY: Deed(_conceal, ConcealForm, _offer_old_replies),
}
