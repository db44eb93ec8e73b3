"""The buttons of a case: every allowed action with its words, its consequence and its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wtforms import HiddenField

from civic.cases.rules import ACTION_TEXTS, CaseAction
from civic.desk.forms import CaseForm
from civic.desk.policy import CAREFUL, KEYS
from civic.desk.queries import DeskCase
from civic.desk.rules import Choice, Standing, consequence, onward
from civic.desk.views import dispatching, handling, joining, replying
from civic.desk.views.deeds import Deed

DEEDS: Mapping[CaseAction, Deed] = MappingProxyType(
    {**handling.DEEDS, **replying.DEEDS, **dispatching.DEEDS, **joining.DEEDS}
)
SLUGS: Mapping[str, CaseAction] = MappingProxyType(
    {action.value.replace("_", "-"): action for action in DEEDS}
)
"""How an action is called in an address: ``/desk/cases/<reference>/draft-reply``."""


@dataclass(frozen=True, slots=True)
class Button:
    """An action as a page shows it; ``label`` and ``consequence`` are msgids."""

    action: CaseAction
    slug: str
    label: str
    consequence: str
    form: CaseForm
    onward: Choice | None = None

    @property
    def key(self) -> str:
        """The single key that presses it, '' if none does."""
        return KEYS.get(self.action, "")

    @property
    def is_careful(self) -> bool:
        """Whether its key only leads to it, so that it takes another one to press it."""
        return self.action in CAREFUL

    @property
    def asks(self) -> bool:
        """Whether there is something to fill in: otherwise one press does it."""
        return any(not isinstance(field, HiddenField) for field in self.form)


def form_of(page: DeskCase, action: CaseAction, *, sent: bool = False) -> CaseForm:
    """The form of an action, with choices and beginnings; with ``sent`` it reads the request."""
    deed = DEEDS[action]
    form = deed.form() if sent else deed.form(formdata=None)
    form.scope(action.value)
    deed.prepare(form, page, sent)
    if not sent:
        form.version.data = str(page.case.version)
    return form


def button_of(page: DeskCase, action: CaseAction, form: CaseForm | None = None) -> Button:
    """The button of one action."""
    case = page.case
    standing = Standing(case.status, case.assignee_id is not None, case.is_approved, case.signs_alone)
    return Button(
        action=action,
        slug=action.value.replace("_", "-"),
        label=ACTION_TEXTS[action].label,
        consequence=consequence(action, standing),
        form=form or form_of(page, action),
        onward=onward(action, standing),
    )


def buttons_of(page: DeskCase) -> tuple[Button, ...]:
    """Everything the reader may do now, what moves the case on first: a draft sent back has to be changed."""
    actions = [action for action in page.actions if action in DEEDS]
    if page.sent_back_because:
        actions.sort(key=lambda action: action not in (CaseAction.DRAFT_REPLY, CaseAction.DRAFT_CORRECTION))
    return tuple(button_of(page, action) for action in actions)
