"""Published voices: the list with its filters, and one published case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from civic.cases import queries as cases
from civic.cases.queries import PublicCase, VoiceFilter, VoiceRow
from civic.cases.rules import FeedbackKind
from civic.core.errors import N_, DomainError, NotFound
from civic.core.paging import Page
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow, StreetRow
from civic.plans import queries as plans
from civic.plans.queries import ItemRef
from civic.plans.rules import ItemKind
from civic.search import queries as search


class Gone(DomainError):
    """It was public once and no longer is."""

    status = 410


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in a list of voices stand for."""

    items: Mapping[int, ItemRef]
    departments: Mapping[int, DepartmentRow]
    streets: Mapping[int, StreetRow]


@dataclass(frozen=True, slots=True)
class VoicesPage:
    """A page of voices and what it was filtered by; ``count`` goes up to a limit, beyond it ``capped``."""

    voices: Page[VoiceRow]
    count: int
    capped: bool
    terms: frozenset[str]
    names: Names
    wanted: VoiceFilter
    item: ItemRef | None
    chapters: tuple[ItemRef, ...]
    departments: tuple[DepartmentRow, ...]
    streets: tuple[StreetRow, ...]


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One published case with the names of what it refers to."""

    case: PublicCase
    names: Names
    photos: tuple[int, ...]
    """The numbers of its approved photos."""


def voices(text: str, wanted: VoiceFilter, cursor: str | None, now: datetime) -> VoicesPage:
    """Published voices, newest first; with a ``text`` only those that hold its words."""
    if text.strip():
        found = search.find_voices(text, wanted, cursor, now=now)
        rows, count, capped, terms = found.voices, found.count, found.capped, found.terms
    else:
        rows, terms = cases.voices(wanted, cursor, now=now), frozenset()
        count, capped = search.count_voices(wanted)
    return VoicesPage(
        rows,
        count,
        capped,
        terms,
        names_of(rows.rows),
        wanted,
        plans.item_ref(wanted.item_ids[0]) if wanted.item_ids else None,
        _chapters(),
        departments.departments(),
        departments.streets(),
    )


def _chapters() -> tuple[ItemRef, ...]:
    current = next((plan for plan in plans.plans() if plan.status == "published"), None)
    if current is None:
        return ()
    return tuple(item for item in plans.document(current.slug).items if item.kind is ItemKind.CHAPTER)


def read_filter(item: str, department: str, street: str, kind: str, answered: str) -> VoiceFilter:
    """The filter that an address asks for; what isn't known is left out rather than refused.

    ``item`` is ``plan/code``: the item and everything under it.
    """
    by_key = departments.department_ids()
    by_code = {row.code: row.id for row in departments.streets()}
    return VoiceFilter(
        item_ids=_item_ids(item),
        department_id=by_key.get(department),
        street_id=by_code.get(street),
        kind=FeedbackKind(kind) if kind in set(FeedbackKind) else None,
        answered={"yes": True, "no": False}.get(answered),
    )


def _item_ids(item: str) -> tuple[int, ...]:
    plan, _, code = item.partition("/")
    try:
        document = plans.document(plan)
        return tuple(ref.id for ref in document.below(document.item(code)))
    except NotFound:
        return ()


def case_shown(reference: str, now: datetime) -> CaseShown:
    """A published case; raises :class:`Gone` if it was taken down, :class:`NotFound` if it never was public."""
    found = cases.public_case(reference, now)
    if found is None:
        if cases.was_public(reference):
            raise Gone(N_("This message is no longer public."), code="gone")
        raise NotFound(N_("There is no public message with this number."))
    item_ids = {found.item_id} - {None}
    ids = {found.department_id, *(reply.department_id for reply in found.replies)}
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
