"""Published voices: the list with its filters, and one published case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from civic.cases import queries as cases
from civic.cases.queries import (
    PublicCase,
    PublicPhoto,
    VoiceFacets,
    VoiceFilter,
    VoiceOrder,
    VoiceRow,
    VoiceState,
)
from civic.cases.rules import FeedbackKind
from civic.core.errors import N_, DomainError, NotFound
from civic.core.paging import Page
from civic.departments import queries as departments
from civic.departments.queries import AreaRow, DepartmentRow, StreetRow
from civic.plans import queries as plans
from civic.plans.queries import ItemRef
from civic.plans.rules import ItemKind
from civic.search import queries as search

T = TypeVar("T")


class Gone(DomainError):
    """It was public once and no longer is."""

    status = 410


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in a list of voices stand for."""

    items: Mapping[int, ItemRef]
    departments: Mapping[int, DepartmentRow]
    streets: Mapping[int, StreetRow]


PERIODS = (7, 30, 90, 365)
"""Days that a list can be narrowed to, counted back from today."""
VOICES_SHOWN = 5
"""The newest voices on a page about something; the rest is one press away."""
LIVELIHOOD = "livelihood"
"""In the place of a plan's name: an area of livelihood, with its promises and the clauses they are from."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What an address narrows a list of voices to: for the query, and by name for readers."""

    wanted: VoiceFilter
    order: VoiceOrder = VoiceOrder.NEWEST
    item: ItemRef | None = None
    area: AreaRow | None = None
    department: DepartmentRow | None = None
    street: StreetRow | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class VoicesPage:
    """A page of voices and what it is narrowed to; ``count`` goes up to a limit, beyond it ``capped``.

    ``facets``: how many each choice would show; None while words are looked for, or where there are too many.
    """

    voices: Page[VoiceRow]
    count: int
    capped: bool
    terms: frozenset[str]
    names: Names
    narrowed: Narrowed
    facets: VoiceFacets | None
    chapters: tuple[ItemRef, ...]
    areas: tuple[AreaRow, ...]
    departments: tuple[DepartmentRow, ...]
    streets: tuple[StreetRow, ...]


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One published case with the names of what it refers to."""

    case: PublicCase
    names: Names
    photos: tuple[PublicPhoto, ...]
    """The approved ones."""


def voices(text: str, narrowed: Narrowed, cursor: str | None, now: datetime) -> VoicesPage:
    """Published voices; with a ``text`` only those that hold its words, and then always the newest first."""
    wanted, facets, terms = narrowed.wanted, None, frozenset[str]()
    if text.strip():
        found = search.find_voices(text, wanted, cursor, now=now)
        rows, count, capped, terms = found.voices, found.count, found.capped, found.terms
    else:
        rows = cases.voices(wanted, cursor, now=now, order=narrowed.order)
        facets = cases.voice_facets(wanted)
        count, capped = (facets.total, False) if facets else search.count_voices(wanted)
    return VoicesPage(
        rows, count, capped, terms, names_of(rows.rows), narrowed, facets, _chapters(),
        departments.areas(), departments.departments(), departments.streets(),
    )  # fmt: skip


def _chapters() -> tuple[ItemRef, ...]:
    current = next((plan for plan in plans.plans() if plan.status == "published"), None)
    if current is None:
        return ()
    return tuple(item for item in plans.document(current.slug).items if item.kind is ItemKind.CHAPTER)


def read_filter(asked: Mapping[str, str], now: datetime) -> Narrowed:
    """What an address asks for; what isn't known is left out rather than refused.

    ``item`` is ``plan/code``, the item and everything under it (or one ``paragraph`` of it), or ``livelihood/area``.
    """
    department = _by(departments.departments(include_inactive=True), "key", asked["department"])
    street = _by(departments.streets(), "code", asked["street"])
    item, item_ids, paragraph = _item(asked["item"], asked["paragraph"])
    area = _area(asked["item"])
    days = next((n for n in PERIODS if str(n) == asked["period"]), None)
    today = departments.local_day(now)
    wanted = VoiceFilter(
        item_ids=area_items(area) if area else item_ids,
        paragraph_anchor=paragraph,
        department_id=department.id if department else None,
        street_id=street.id if street else None,
        kind=FeedbackKind(asked["kind"]) if asked["kind"] in set(FeedbackKind) else None,
        answered={"yes": True, "no": False}.get(asked["answered"]),
        state=VoiceState(asked["state"]) if asked["state"] in set(VoiceState) else None,
        since=today - timedelta(days=days - 1) if days else None,
        until=today if days else None,
    )
    order = VoiceOrder.SUPPORTED if asked["sort"] == VoiceOrder.SUPPORTED else VoiceOrder.NEWEST
    return Narrowed(wanted, order, item, area, department, street, days)


def _by(rows: Iterable[T], name: str, value: str) -> T | None:
    return next((row for row in rows if getattr(row, name) == value), None)


def _item(asked: str, anchor: str) -> tuple[ItemRef | None, tuple[int, ...], str]:
    """The item, itself with all below it, and which of its paragraphs: then without what is below."""
    slug, _, code = asked.partition("/")
    document = next((one for one in plans.documents() if one.plan.slug == slug), None)
    item = next((ref for ref in document.items if ref.code == code), None) if document else None
    if document is None or item is None:
        return None, (), ""
    if any(paragraph.anchor == anchor for paragraph in document.paragraphs.get(item.id, ())):
        return item, (item.id,), anchor
    return item, tuple(ref.id for ref in document.below(item)), ""


def _area(asked: str) -> AreaRow | None:
    first, _, key = asked.partition("/")
    return _by(departments.areas(), "key", key) if first == LIVELIHOOD else None


def area_items(area: AreaRow) -> tuple[int, ...]:
    """The promises of an area in running plans, and the clauses that make them; never nothing, which would be all."""
    running = (document for document in plans.documents() if document.plan.status == "published")
    rows = [row for document in running for row in document.commitments if row.area == area.key]
    return tuple(sorted({item for row in rows for item in (row.ref.id, row.clause.id)})) or (0,)


def case_shown(reference: str, now: datetime) -> CaseShown:
    """A published case; raises :class:`Gone` if it was taken down, :class:`NotFound` if it never was public."""
    found = cases.public_case(reference, now)
    if found is None:
        if cases.was_public(reference):
            raise Gone(N_("This message is no longer public."), code="gone")
        raise NotFound(N_("There is no public message with this number."))
    item_ids = {found.item_id} - {None}
    ids = {found.department_id, *(reply.department_id for reply in found.replies), *found.contributed}
    names = Names(
        plans.item_refs(i for i in item_ids if i is not None),
        departments.department_names(ids),
        {row.id: row for row in departments.streets()},
    )
    return CaseShown(found, names, cases.public_photos(reference))


def names_of(rows: Iterable[VoiceRow]) -> Names:
    """The names behind a list of voices: one query for items, the rest is kept in the process."""
    found = list(rows)
    return Names(
        plans.item_refs(row.item_id for row in found if row.item_id is not None),
        departments.department_names(
            i for row in found for i in (row.department_id, row.reply_department_id)
        ),
        {row.id: row for row in departments.streets()},
    )
