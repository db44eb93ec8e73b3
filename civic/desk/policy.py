"""Which lists of the desk someone works with. What may be done to a case is decided in ``cases.policy``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from civic.cases.queries import QueueView
from civic.cases.rules import CaseAction
from civic.core.actor import Actor, Role
from civic.core.errors import N_
from civic.core.policy import ALLOWED, Decision, refused

READERS = (Role.HANDLER, Role.LEAD, Role.DISPATCHER, Role.AUDITOR)
"""Who may open the desk at all: deputies and administrators see no case from inside."""

WORKERS = (Role.HANDLER, Role.LEAD, Role.DISPATCHER)
"""Who may do something here."""

LISTS: Mapping[QueueView, str] = MappingProxyType(
    {
        QueueView.MINE: N_("Mine"),
        QueueView.TO_ACCEPT: N_("To accept"),
        QueueView.UNASSIGNED: N_("Unassigned"),
        QueueView.APPROVAL: N_("Waiting for approval"),
        QueueView.AWAITING: N_("Waiting for the resident"),
        QueueView.DUE_SOON: N_("Due soon"),
        QueueView.OVERDUE: N_("Overdue"),
        QueueView.RED_LINE: N_("Unanswered for 60 days"),
        QueueView.RETURNED: N_("Returned, undecided"),
        QueueView.REOPENED: N_("Reopened"),
        QueueView.SUPPORTING: N_("Supporting"),
        QueueView.EXTENSIONS: N_("Extensions asked for"),
        QueueView.ESCALATED: N_("Listed for supervision"),
        QueueView.DEPARTMENT: N_("All open cases"),
        QueueView.ANSWERED: N_("Answered"),
        QueueView.ALL: N_("All cases"),
    }
)
"""The lists of the queue page, in the order in which they are shown."""

_ANYONE = (
    QueueView.AWAITING,
    QueueView.DUE_SOON,
    QueueView.OVERDUE,
    QueueView.RED_LINE,
    QueueView.RETURNED,
    QueueView.REOPENED,
    QueueView.ESCALATED,
    QueueView.DEPARTMENT,
    QueueView.ANSWERED,
    QueueView.ALL,
)
_OF_ROLE: Mapping[Role, tuple[QueueView, ...]] = MappingProxyType(
    {
        Role.HANDLER: (
            QueueView.MINE,
            QueueView.TO_ACCEPT,
            QueueView.UNASSIGNED,
            QueueView.SUPPORTING,
            *_ANYONE,
        ),
        Role.LEAD: (
            QueueView.MINE,
            QueueView.TO_ACCEPT,
            QueueView.UNASSIGNED,
            QueueView.APPROVAL,
            QueueView.SUPPORTING,
            *_ANYONE,
        ),
        Role.DISPATCHER: (*_ANYONE, QueueView.EXTENSIONS),
        Role.AUDITOR: _ANYONE,
    }
)


WORK_LISTS: Mapping[QueueView, str] = MappingProxyType(
    {
        QueueView.TRIAGE: N_("To route"),
        QueueView.APPEALED: N_("Objections to declining"),
        QueueView.HELD: N_("Held, to be looked at"),
        QueueView.RETURNED: N_("Returned, undecided"),
        QueueView.REVIEW: N_("To review"),
    }
)
"""The lists of the dispatcher's own pages."""

OWN: Mapping[Role, QueueView] = MappingProxyType(
    {
        Role.HANDLER: QueueView.MINE,
        Role.LEAD: QueueView.APPROVAL,
        Role.DISPATCHER: QueueView.TRIAGE,
        Role.AUDITOR: QueueView.DEPARTMENT,
    }
)
"""What waits for whom in the first place; the more urgent role first."""


LETTERS: Mapping[QueueView, str] = MappingProxyType(
    {
        QueueView.MINE: "m",
        QueueView.TO_ACCEPT: "a",
        QueueView.UNASSIGNED: "u",
        QueueView.APPROVAL: "p",
        QueueView.AWAITING: "w",
        QueueView.DUE_SOON: "s",
        QueueView.OVERDUE: "o",
        QueueView.RED_LINE: "x",
        QueueView.RETURNED: "r",
        QueueView.REOPENED: "b",
        QueueView.SUPPORTING: "h",
        QueueView.EXTENSIONS: "e",
        QueueView.ESCALATED: "l",
        QueueView.DEPARTMENT: "d",
        QueueView.ANSWERED: "n",
        QueueView.ALL: "c",
    }
)
"""The key that opens a list, after ``g``."""

KEYS: Mapping[CaseAction, str] = MappingProxyType(
    {
        CaseAction.ACCEPT: "a",
        CaseAction.TAKE: "t",
        CaseAction.DRAFT_REPLY: "r",
        CaseAction.DRAFT_CORRECTION: "r",
        CaseAction.CORRECT_REPLY: "r",
        CaseAction.ASK_RESIDENT: "q",
        CaseAction.ASSIGN: "s",
        CaseAction.ESCALATE: "e",
        CaseAction.ROUTE: "d",
        CaseAction.TRANSFER: "d",
        CaseAction.DESIGNATE: "f",
        CaseAction.DECLINE: "l",
        CaseAction.TRIAGE: "h",
        CaseAction.PUBLISH: "p",
        CaseAction.PUBLISH_MASKED: "m",
        CaseAction.KEEP_PRIVATE: "v",
        CaseAction.MERGE: "c",
        CaseAction.APPROVE_EXTENSION: "y",
        CaseAction.REFUSE_EXTENSION: "w",
    }
)
"""The key of an action. Approving and publishing a reply have none: a signature isn't a slip of the finger."""

CAREFUL = frozenset({CaseAction.TRIAGE, CaseAction.PUBLISH})
"""One press does it and somebody may read it at once: the key only leads to the button."""


def lists_for(roles: Iterable[Role]) -> tuple[QueueView, ...]:
    """The lists that someone with these roles works with; the first is where the day begins."""
    wanted = {view for role in roles for view in _OF_ROLE.get(role, ())}
    return tuple(view for view in LISTS if view in wanted)


def lists_counted_for(roles: Iterable[Role]) -> tuple[QueueView, ...]:
    """All lists whose counts someone with these roles sees on some page of the desk."""
    held = frozenset(roles)
    work = tuple(WORK_LISTS) if Role.DISPATCHER in held else ()
    return tuple(dict.fromkeys((*lists_for(held), *work)))


def own_list(roles: Iterable[Role]) -> QueueView:
    """The list whose count stands for what waits for someone with these roles."""
    held = frozenset(roles)
    return next(view for role, view in OWN.items() if role in held)


def search_is_recorded(actor: Actor) -> bool:
    """Whether looking for words in cases is written down each time: of an auditor, since what is found tells of
    private ones. So no page does it unasked, and no list is kept that would."""
    return actor.has(Role.AUDITOR)


TEMPLATE_READERS = (Role.HANDLER, Role.LEAD, Role.DISPATCHER, Role.ADMIN)
"""Who may look at prepared replies."""


def can_see_templates(actor: Actor, department_id: int | None) -> bool:
    """The district's templates are everyone's at the desk, a department's its own; they hold no case."""
    if department_id is None or actor.has(Role.DISPATCHER, Role.ADMIN):
        return True
    return actor.has_in(department_id, Role.HANDLER, Role.LEAD)


def can_manage_templates(actor: Actor, department_id: int | None) -> Decision:
    """A department's lead keeps its templates, dispatcher and administrator those of the district."""
    if department_id is None:
        allowed = actor.has(Role.DISPATCHER, Role.ADMIN)
    else:
        allowed = actor.has_in(department_id, Role.LEAD)
    return ALLOWED if allowed else refused(N_("Only whoever keeps these templates may change them."))
