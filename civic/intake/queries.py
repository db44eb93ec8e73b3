"""What the pages of the resident's side show, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic.cases import queries as cases
from civic.cases.queries import NoticeSwitch, OwnData, PhotoRow, Supported, TrackingPage, VoiceRow
from civic.cases.rules import Exposes, FeedbackKind
from civic.core.errors import NotFound
from civic.core.workdays import Deadline
from civic.departments import queries as departments
from civic.departments.queries import CommunityRow, DepartmentRow, StreetRow
from civic.departments.rules import LevelKey
from civic.plans import queries as plans
from civic.plans.queries import CommitmentRow, ItemRef, ParagraphRow
from civic.routing import queries as routing
from civic.routing.queries import ChannelRow
from civic.search import queries as search
from civic.search.queries import Found


@dataclass(frozen=True, slots=True)
class Subject:
    """What a message is about, and who will get it. Without an item everything is None."""

    item: ItemRef | None = None
    ancestors: tuple[ItemRef, ...] = ()
    paragraph: ParagraphRow | None = None
    quote: CommitmentRow | None = None
    lead: DepartmentRow | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item that a message may be about, why, and who would answer it."""

    found: Found
    lead: DepartmentRow | None


@dataclass(frozen=True, slots=True)
class Look:
    """What a writer should see once before sending: fitting items, similar voices, other channels."""

    items: tuple[Suggestion, ...] = ()
    similar: tuple[VoiceRow, ...] = ()
    channels: tuple[ChannelRow, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.items or self.similar or self.channels)


@dataclass(frozen=True, slots=True)
class StreetChoice:
    """A street and its communities."""

    street: StreetRow
    communities: tuple[CommunityRow, ...]


@dataclass(frozen=True, slots=True)
class TrackedPage:
    """The resident's own case with the names of what it refers to."""

    case: TrackingPage
    item: ItemRef | None
    department: DepartmentRow | None
    departments: dict[int, DepartmentRow]
    photos: tuple[PhotoRow, ...]
    notices: tuple[NoticeSwitch, ...]

    @property
    def covered(self) -> tuple[Exposes, ...]:
        """Of what kinds the covered places of the public copy are, each once."""
        return tuple(dict.fromkeys(kind for run in self.case.public_copy for kind in run.kinds))

    @property
    def covered_else(self) -> bool:
        """Whether something was covered whose form says nothing of its kind."""
        return any(run.covered and not run.kinds for run in self.case.public_copy)


@dataclass(frozen=True, slots=True)
class SupportPage:
    """A published message that can be supported, with the names of what it refers to.

    ``unsent`` is the subject of the message that was about to be sent instead; None if nobody came from a form.
    """

    supported: Supported
    item: ItemRef | None
    street: StreetRow | None
    department: DepartmentRow | None
    unsent: Subject | None


def support_page(reference: str, browser: str | None, about: str, now: datetime) -> SupportPage:
    """The page of support; raises :class:`~civic.core.errors.NotFound` for what isn't public."""
    found = cases.supported(reference, browser, now)
    department_id = found.voice.reply_department_id or found.voice.department_id
    return SupportPage(
        found,
        plans.item_ref(found.voice.item_id) if found.voice.item_id else None,
        next((row for row in departments.streets() if row.id == found.voice.street_id), None),
        departments.department_names([department_id]).get(department_id) if department_id else None,
        find_subject(about) if about else None,
    )


@dataclass(frozen=True, slots=True)
class OwnDataPage:
    """All that is kept of one message, with the names of what it refers to; the contact itself comes apart."""

    data: OwnData
    item: ItemRef | None
    departments: dict[int, DepartmentRow]
    street: StreetRow | None
    community: CommunityRow | None


def subject(plan: str, code: str, anchor: str = "") -> Subject:
    """The item (and paragraph) a message is about; raises :class:`~civic.core.errors.NotFound`."""
    document = plans.document(plan)
    item = document.item(code)
    paragraph = next((p for p in document.paragraphs.get(item.id, ()) if p.anchor == anchor), None)
    lead = document.lead(item)
    return Subject(
        item=item,
        ancestors=document.ancestors(item),
        paragraph=paragraph,
        quote=next((row for row in document.commitments if row.ref.id == item.id), None),
        lead=departments.department(lead.department_id) if lead else None,
    )


def subject_by_code(code: str) -> Subject:
    """The subject that a code names in the plan now in force; raises :class:`~civic.core.errors.NotFound`."""
    current = next((plan for plan in plans.plans() if plan.status == "published"), None)
    return subject(current.slug, code) if current else Subject()


def look(text: str, item: ItemRef | None, *, suggest: bool) -> Look:
    """What to show before sending; ``suggest``: offer the three likeliest items."""
    return Look(
        items=_suggestions(text) if suggest and item is None else (),
        similar=cases.similar_voices(item.id if item else None, text),
        channels=routing.recognise_channels(text),
    )


def look_again(text: str, item: ItemRef | None, chosen: str) -> Look:
    """What stays in view when the form comes back: other channels, and the offered items with the chosen one.

    ``chosen`` is the value of a suggestion (``plan/code``), "none of these", or '' if nothing was offered.
    """
    items = _suggestions(text) if chosen and item is None else ()
    picked = find_subject(chosen) if chosen else Subject()
    if item is None and picked.item and picked.item not in {one.found.ref for one in items}:
        items = (Suggestion(Found(picked.item, "", "", ()), picked.lead), *items)
    return Look(items=items, channels=routing.recognise_channels(text))


def _suggestions(text: str) -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(found, subject(found.ref.plan_slug, found.ref.code).lead) for found in search.suggest(text)
    )


def streets() -> tuple[StreetChoice, ...]:
    """All streets with their communities."""
    known = departments.communities()
    return tuple(
        StreetChoice(street, tuple(c for c in known if c.street_id == street.id))
        for street in departments.streets()
    )


def place_of(where: str) -> tuple[int | None, int | None]:
    """(street, community) that a value of the form's list names; what isn't known is left out."""
    kind, _, code = where.partition(":")
    for choice in streets():
        if kind == "s" and choice.street.code == code:
            return choice.street.id, None
        for community in choice.communities:
            if kind == "c" and community.code == code:
                return choice.street.id, community.id
    return None, None


def answer_deadlines(lead: DepartmentRow | None, now: datetime) -> dict[FeedbackKind, Deadline]:
    """By when a message sent now would be answered, by kind: the department's working days on our calendar."""
    levels, calendar = departments.service_levels(), departments.calendar()
    today, department_id = calendar.local_day(now), lead.id if lead else None
    return {
        kind: calendar.deadline(now, levels.days(LevelKey(kind.value), department_id, today))
        for kind in FeedbackKind
    }


def tracked(case_id: int, now: datetime) -> TrackedPage:
    """The page of the resident's own case."""
    case = cases.tracked_case(case_id, now)
    ids = {
        case.department_id,
        *(r.department_id for r in case.replies),
        *case.contributed,
        *(e.department_id for e in case.timeline),
    }
    names = departments.department_names(ids)
    return TrackedPage(
        case=case,
        item=plans.item_ref(case.item_id) if case.item_id else None,
        department=names.get(case.department_id) if case.department_id else None,
        departments=dict(names),
        photos=cases.photos_of_case(case_id),
        notices=cases.notice_switches(case_id),
    )


def own_data(case_id: int, now: datetime) -> OwnDataPage:
    """Everything kept of the resident's own case but the contact; raises NotFound."""
    data = cases.own_data(case_id, now)
    case, told = data.case, data.told
    ids = {
        case.department_id,
        *(reply.department_id for reply in case.replies),
        *(entry.department_id for entry in case.timeline),
        *(look.department_id for look in data.looks),
    }
    streets = departments.streets(include_inactive=True)
    communities = departments.communities(include_inactive=True)
    return OwnDataPage(
        data=data,
        item=plans.item_ref(case.item_id) if case.item_id else None,
        departments=dict(departments.department_names(ids)),
        street=next((row for row in streets if row.id == told.street_id), None),
        community=next((row for row in communities if row.id == told.community_id), None),
    )


def deadline_of(case: TrackingPage) -> Deadline | None:
    """How the answer's deadline was counted; None if none runs."""
    return case.deadline.counted if case.deadline else None


def find_subject(value: str) -> Subject:
    """The subject that ``plan/code`` or ``plan/code/paragraph`` names; an unknown one is no subject."""
    plan, code, anchor = (*value.split("/", 2), "", "")[:3]
    try:
        return subject(plan, code, anchor)
    except NotFound:
        return Subject()
