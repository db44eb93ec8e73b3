"""Pages of the desk: a case or a list of cases, joined with the names of what they refer to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from civic.accounts import queries as accounts
from civic.accounts.absences import Away, Work, away
from civic.accounts.queries import Colleague
from civic.cases import queries as cases
from civic.cases.queries import (
    CasePage,
    HistoryEntry,
    PartView,
    PhotoRow,
    QueueRow,
    QueueView,
    ReplyView,
    StintView,
)
from civic.cases.rules import AT_DEPARTMENT, CaseAction, CaseStatus, FeedbackKind
from civic.core.actor import Actor, Role
from civic.core.errors import N_, NotFound
from civic.core.ids import normalise_reference
from civic.core.paging import Page
from civic.core.workdays import Calendar
from civic.departments import queries as departments
from civic.departments.queries import CommunityRow, DepartmentRow, StreetRow
from civic.desk.likely import Likely, likely_departments
from civic.desk.narrowing import Narrowed
from civic.desk.policy import LISTS, WORK_LISTS
from civic.desk.rules import Due, Owed, due, ordered
from civic.plans import queries as plans
from civic.plans.queries import ItemRef, ParagraphRow

PAGE_SIZE = 40
"""How many items are looked at for the departments that lead them: several are often of one department."""


@dataclass(frozen=True, slots=True)
class Line:
    """One case in a list, with names."""

    row: QueueRow
    due: Due
    item: ItemRef | None
    department: DepartmentRow | None
    street: StreetRow | None
    assignee: str
    away: Away | None
    """Where the assignee is absent."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One list: its name (a msgid), how many cases are in it, whether it's the one shown."""

    view: QueueView
    label: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a queue. ``exact`` says that the search was the number of the only case found."""

    view: QueueView
    label: str
    tabs: tuple[Tab, ...]
    lines: tuple[Line, ...]
    next_cursor: str | None
    text: str
    exact: bool
    narrowed: Narrowed
    found: int
    """How many cases the whole list has, as it is narrowed."""

    @property
    def elsewhere(self) -> tuple[Tab, ...]:
        """The other lists in which something waits: what an empty list points to."""
        return tuple(tab for tab in self.tabs if tab.count and not tab.current)


@dataclass(frozen=True, slots=True)
class DeskCase:
    """One case with the names of what it refers to, as the forms and pages of the desk need it."""

    case: CasePage
    photos: tuple[PhotoRow, ...]
    actions: tuple[CaseAction, ...]
    due: Due
    accept_due: Due | None
    item: ItemRef | None
    paragraphs: tuple[ParagraphRow, ...]
    departments: tuple[DepartmentRow, ...]
    streets: Mapping[int, StreetRow]
    communities: Mapping[int, CommunityRow]
    people: Mapping[int, str]
    colleagues: tuple[Colleague, ...]
    away: Mapping[Work, Away]
    """Who of the department in charge is absent today."""
    own_departments: frozenset[int]
    """The departments for which the reader works."""
    likely: tuple[Likely, ...]
    """For whoever routes it: the departments its words point to, the likeliest first."""

    @property
    def text(self) -> str:
        """The resident's own words, unmasked."""
        return self.case.feedback[0].text

    @property
    def masked_text(self) -> str:
        return self.case.masked_text

    @property
    def kind(self) -> FeedbackKind:
        return self.case.kind

    @property
    def draft(self) -> ReplyView | None:
        return self.case.draft

    @property
    def current_reply(self) -> ReplyView | None:
        return next((reply for reply in self.case.replies if reply.is_current), None)

    @property
    def old_replies(self) -> tuple[ReplyView, ...]:
        """Published versions that a newer one has replaced and that can still be read."""
        return self.case.old_replies

    @property
    def stint(self) -> StintView | None:
        """The present or last department's time with the case, with the reason it got it."""
        return self.case.stints[-1] if self.case.stints else None

    @property
    def sent_back_because(self) -> str:
        """Why the lead sent the draft back, until it's sent for approval again."""
        for entry in reversed(self.case.history):
            if entry.action in _AFTER_SENDING_BACK:
                return ""
            if entry.action is CaseAction.SEND_BACK:
                return entry.text
        return ""

    @property
    def corrected_because(self) -> str:
        """Why a colleague proposes the correction that is being written."""
        said = (entry.text for entry in self.case.history if entry.action is CaseAction.DRAFT_CORRECTION)
        return (list(said) or [""])[-1] if self.draft else ""

    @property
    def asked(self) -> HistoryEntry | None:
        """What the resident was asked last, until the case is answered."""
        asked = [entry for entry in self.case.history if entry.action is CaseAction.ASK_RESIDENT]
        return asked[-1] if asked and self.case.status in AT_DEPARTMENT else None

    @property
    def additions(self) -> tuple[HistoryEntry, ...]:
        """What the resident added, each text once: an objection repeats the words of its rating."""
        last = {entry.text: entry for entry in self.case.additions if entry.text}
        return tuple(last.values())

    @property
    def own_parts(self) -> tuple[PartView, ...]:
        """The parts that are asked of the reader's own departments."""
        return tuple(part for part in self.case.parts if part.department_id in self.own_departments)

    @property
    def texts(self) -> frozenset[str]:
        """Everything written on the case that a form could have sent a moment ago."""
        replies = (*self.case.replies, *((self.draft,) if self.draft else ()))
        return frozenset(
            text for reply in replies for text in (reply.text, reply.referred_to) if text
        ) | frozenset({self.masked_text, self.case.survivor_reference})

    def department(self, department_id: int | None) -> DepartmentRow | None:
        return next((d for d in self.departments if d.id == department_id), None)

    def away_of(self, account_id: int | None) -> Away | None:
        """Until when this colleague of the department in charge is absent, and who does the work."""
        return self.away.get((account_id or 0, self.case.department_id or 0))

    def person(self, account_id: int | None) -> str:
        return self.people.get(account_id or 0, "")

    def current_text(self, action: CaseAction) -> str:
        """What now stands where the form of this action would write; empty if it writes no such text."""
        if action is CaseAction.DRAFT_REPLY:
            return self.draft.text if self.draft else ""
        if action in (CaseAction.DRAFT_CORRECTION, CaseAction.CORRECT_REPLY):
            begun = self.draft or self.current_reply
            return begun.text if begun else ""
        if action in (CaseAction.PUBLISH_MASKED, CaseAction.REMASK):
            return self.masked_text
        if action is CaseAction.CONTRIBUTE:
            return "\n\n".join(part.text for part in self.own_parts if part.is_given)
        return ""


def queue_page(
    actor: Actor,
    narrowed: Narrowed,
    offered: Sequence[QueueView],
    cursor: str | None,
    now: datetime,
) -> QueuePage:
    """One page of a list with the counts of all; a search looks through every case the actor may see."""
    view, text = narrowed.view, narrowed.text
    rows = cases.queue(actor, narrowed.wanted, cursor, now=now, size=PAGE_SIZE, order=narrowed.order)
    exact = len(rows.rows) == 1 and rows.rows[0].reference == normalise_reference(text)
    tabs = tabs_of(actor, offered, None if text else view, now)
    whole = None if text or narrowed.asked else next((tab.count for tab in tabs if tab.current), None)
    return QueuePage(
        view=view,
        label=LISTS[view],
        tabs=tabs,
        lines=lines_of(rows, view, now),
        next_cursor=rows.next_cursor,
        text=text,
        exact=exact,
        narrowed=narrowed,
        found=cases.queue_size(actor, narrowed.wanted, now) if whole is None else whole,
    )


_AFTER_SENDING_BACK = (
    CaseAction.SEND_FOR_APPROVAL,
    CaseAction.PUBLISH_REPLY,
    CaseAction.DRAFT_CORRECTION,
    CaseAction.CORRECT_REPLY,
    CaseAction.REOPEN,
)
"""What takes away that a draft was sent back: the next one is on its way, or none is wanted any more."""


def desk_case(actor: Actor, reference: str, now: datetime) -> DeskCase:
    """A case by its number; raises :class:`NotFound` for what isn't there and for another department's alike."""
    case_id = cases.case_id_of(reference)
    if case_id is None:
        raise NotFound(N_("There is no such case."), code="no_case")
    case = cases.case_page(actor, case_id, now)
    calendar = departments.calendar()
    assigns = case.may(CaseAction.ASSIGN) and case.department_id is not None
    return DeskCase(
        case=case,
        photos=cases.photos_within_case(case_id),
        actions=_offered(case),
        due=_reply_due(case, now, calendar),
        accept_due=_accept_due(case, now, calendar),
        item=plans.item_ref(case.item_id) if case.item_id else None,
        paragraphs=plans.paragraphs([case.item_id]) if case.item_id else (),
        departments=departments.departments(include_inactive=True),
        streets={street.id: street for street in departments.streets()},
        communities={community.id: community for community in departments.communities()},
        people=accounts.account_names(_people_of(case)),
        colleagues=accounts.colleagues(case.department_id or 0) if assigns else (),
        away=away((case.department_id,), calendar.local_day(now)) if case.department_id else {},
        own_departments=actor.departments(Role.HANDLER, Role.LEAD),
        likely=likely_departments(case) if any(case.may(action) for action in SENDING) else (),
    )


SENDING = (CaseAction.ROUTE, CaseAction.TRANSFER, CaseAction.DESIGNATE)
"""What gives a case to a department."""


def _offered(case: CasePage) -> tuple[CaseAction, ...]:
    """The allowed actions that make sense here: no hiding where nothing is old, one way to publish."""
    pointless = set()
    if not case.old_replies:
        pointless.add(CaseAction.CONCEAL_REPLY)
    if case.may(CaseAction.APPROVE_REPLY):
        pointless.add(CaseAction.PUBLISH_REPLY)
    return ordered(allowed.action for allowed in case.actions if allowed.action not in pointless)


def _reply_due(case: CasePage, now: datetime, calendar: Calendar) -> Due:
    deadline = case.reply_deadline
    at = deadline.due_at if deadline.is_running else None
    paused = case.status is CaseStatus.AWAITING_RESIDENT
    return due(at, Owed.REPLY, now, calendar, paused=paused)


def _accept_due(case: CasePage, now: datetime, calendar: Calendar) -> Due | None:
    deadline = case.accept_deadline
    if deadline is None or not deadline.is_running:
        return None
    return due(deadline.due_at, Owed.ACCEPTANCE, now, calendar)


def _people_of(case: CasePage) -> set[int | None]:
    replies = (*case.replies, *((case.draft,) if case.draft else ()))
    return {
        case.assignee_id,
        *(entry.account_id for entry in case.history),
        *(entry.detail.get(name) for entry in case.history for name in ("assignee_id", "held_by")),
        *(note.account_id for note in case.notes),
        *(person for part in case.parts for person in _people_of_part(part)),
        *(person for reply in replies for person in (reply.author_id, reply.editor_id, reply.approver_id)),
        *(words.entered_by_id for words in case.feedback),
    }


def _people_of_part(part: PartView) -> tuple[int | None, ...]:
    earlier = _people_of_part(part.earlier) if part.earlier else ()
    return (part.asked_by_id, part.given_by_id, *earlier)


def tabs_of(
    actor: Actor, offered: Sequence[QueueView], current: QueueView | None, now: datetime
) -> tuple[Tab, ...]:
    """The lists with their counts, the shown one marked."""
    counts = cases.queue_counts(actor, now, views=tuple(offered))
    labels = {**LISTS, **WORK_LISTS}
    return tuple(Tab(view, labels[view], counts[view], view is current) for view in offered)


def lines_of(page: Page[QueueRow], view: QueueView, now: datetime) -> tuple[Line, ...]:
    calendar = departments.calendar()
    items = plans.item_refs({row.item_id for row in page.rows if row.item_id})
    names = departments.department_names(row.department_id for row in page.rows if row.department_id)
    streets = {street.id: street for street in departments.streets()}
    people = accounts.account_names(row.assignee_id for row in page.rows)
    held = {row.department_id for row in page.rows if row.assignee_id and row.department_id}
    gone = away(held, calendar.local_day(now))
    return tuple(
        Line(
            row=row,
            due=_due_of(row, view, now, calendar),
            item=items.get(row.item_id or 0),
            department=names.get(row.department_id or 0),
            street=streets.get(row.street_id or 0),
            assignee=people.get(row.assignee_id or 0, ""),
            away=gone.get((row.assignee_id or 0, row.department_id or 0)),
        )
        for row in page.rows
    )


def _due_of(row: QueueRow, view: QueueView, now: datetime, calendar: Calendar) -> Due:
    """The deadline by which the list is ordered: the review's, the own part's where the department supports, else
    the next that runs."""
    if view is QueueView.REVIEW:
        return due(row.review_due_at, Owed.REVIEW, now, calendar)
    if row.part is not None:
        at = None if row.part.is_given else row.part.due_at
        return due(at, Owed.PART, now, calendar, soon=row.part.is_due_soon)
    owed = Owed.REPLY
    if row.urgent_at is not None and row.urgent_at != row.due_at:
        owed = Owed.ACCEPTANCE if row.urgent_at == row.accept_due_at else Owed.REVIEW
    return due(row.urgent_at, owed, now, calendar, paused=row.is_paused, soon=row.is_due_soon)
