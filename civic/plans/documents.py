"""A single document on its own: which plan it is, its period, its corrections, the plans in its tables.

What isn't said on the command line comes from the district's folder, then from the database, then
from the document's own title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from civic.core.errors import N_, Invalid
from civic.departments import services as district
from civic.departments.rules.district import DistrictFile, PlanEntry
from civic.plans import queries
from civic.plans.errata import read_errata
from civic.plans.importer import parse_plan, plan_title
from civic.plans.importer.lines import chinese_number
from civic.plans.rules import Erratum, ParsedPlan
from civic.plans.services import PlanSpec

_ORDINAL = re.compile(r"第([一二三四五六七八九十]+)个五年")
FIRST_KNOWN = 3
"""Since the third (1966 to 1970) the five-year plans have followed each other without a gap."""


@dataclass(frozen=True, slots=True)
class DocumentFound:
    """What is known of a document before it is read. ``strict``: every erratum must fit."""

    slug: str
    years: tuple[int, int] | None
    entry: PlanEntry | None
    finished: tuple[PlanEntry, ...]
    errata: tuple[Erratum, ...]
    strict: bool


def period_of(title: str) -> tuple[int, int] | None:
    """The years that a title names as 第十四个五年 (2021, 2025); None if it names none."""
    match = _ORDINAL.search(title)
    if match is None or (number := chinese_number(match[1])) < FIRST_KNOWN:
        return None
    first = 1966 + 5 * (number - FIRST_KNOWN)
    return first, first + 4


def find_document(
    file: Path, content: bytes, folder: Path, *, slug: str | None = None, errata: Path | None = None
) -> DocumentFound:
    """Which plan of the district in ``folder`` a document is; raises ``PlanSourceError`` if it's no text.

    Without ``slug``: the plan whose document has this file's name; else, for a title with the
    district's own name in it, ``<district>-<number of the five-year plan>``; else the file's name.
    """
    title = plan_title(file.name, content)
    known = district.read_district_folder(folder).district if (folder / "district.yaml").exists() else None
    entries = known.plans if known else ()
    named = next((entry for entry in entries if slug is None and entry.document == file.name), None)
    slug = slug or (named.slug if named else _slug(file, title, folder, known))
    entry = named or next((e for e in entries if e.slug == slug and e.document), None)
    found: tuple[Erratum, ...] = ()
    if errata is not None:
        found = read_errata(errata)
    elif entry is not None:
        found = read_errata(folder / entry.errata) if entry.errata else ()
    else:
        found = tuple(Erratum(e.line, e.old, e.new, e.why) for e in queries.errata(slug))
    return DocumentFound(
        slug=slug,
        years=period_of(title),
        entry=entry,
        finished=tuple(e for e in entries if entry is not None and e.table_of == entry.slug),
        errata=found,
        strict=errata is not None,
    )


def read_unmended(slug: str, name: str, content: bytes, errata: tuple[Erratum, ...]) -> ParsedPlan | None:
    """The document read with the errata that stand, where ``errata`` are others: what differs is mended, not adjusted.

    None for the same errata, and for a plan that isn't there yet.
    """
    known = {plan.slug for plan in queries.plans(drafts=True)}
    standing = tuple(Erratum(e.line, e.old, e.new, e.why) for e in queries.errata(slug))
    if slug not in known or set(standing) == set(errata):
        return None
    return parse_plan(name, content, standing, strict=False)


def spec_of(entry: PlanEntry) -> PlanSpec:
    """What ``district.yaml`` says of a plan."""
    return PlanSpec(
        slug=entry.slug,
        first_year=entry.first_year,
        last_year=entry.last_year,
        short_name=entry.short_name,
        short_name_en=entry.short_name_en,
        table=entry.table,
        hints=entry.hints,
        adjusting=entry.adjusting,
    )


def _slug(file: Path, title: str, folder: Path, known: DistrictFile | None) -> str:
    match = _ORDINAL.search(title)
    if known is not None and match is not None and known.texts["name"] in title:
        return f"{folder.name}-{chinese_number(match[1])}"
    slug = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")
    if not slug:
        raise Invalid(N_("Give the plan a short name for its addresses, as --slug riverside-14."))
    return slug
