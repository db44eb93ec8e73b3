"""``district.yaml``: what the district says of itself."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from civic.departments.rules.datafile import DataError, Entry, entries, refuse_unknown, text_of
from civic.departments.rules.vocabulary import LevelKey

PREFIX = re.compile(r"[A-Z]{1,6}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PLAIN_TEXTS = (
    "name",
    "name_en",
    "site_name",
    "site_name_en",
    "tagline",
    "tagline_en",
    "publisher",
    "publisher_en",
    "hotline",
    "hotline_note",
    "hotline_note_en",
    "hours_note",
    "hours_note_en",
    "website",
)
RECORDS = ("icp", "public_security")
PRIVACY = ("name", "phone", "email", "address")
REQUIRED = ("name", "name_en", "site_name", "site_name_en", "reference_prefix")
PLAN_KEYS = (
    "slug", "first_year", "last_year", "short_name", "short_name_en", "status", "document", "errata",
    "table_of", "table", "hints", "adjusting", "continues",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Area:
    """One of the livelihood areas."""

    key: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Continuation:
    """An indicator that goes on from the plan before (``code`` there).

    ``changed``: why the two can't be drawn as one line, '' where unit and meaning stayed.
    """

    plan: str
    code: str
    changed: str = ""
    changed_en: str = ""


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """One plan of the district: a ``document``, or the ``table`` of another plan's document (``table_of``)."""

    slug: str
    first_year: int
    last_year: int
    short_name: str
    short_name_en: str
    status: str
    document: str
    errata: str
    table_of: str
    table: int | None
    hints: dict[str, dict[str, Any]]
    adjusting: dict[str, Any] = field(default_factory=dict)
    """Who may adjust the plan: {body, rules: [{source, quote, code, link}]}."""
    continues: dict[str, Continuation] = field(default_factory=dict)
    """By the code of an indicator of this plan: the one that it goes on from."""


@dataclass(frozen=True, slots=True)
class ReplyLevel:
    """A deadline in days from a day on; ``department`` '' for all. ``soon``: see ``ServiceLevel``."""

    level: LevelKey
    days: int
    effective_from: date
    department: str = ""
    soon: int | None = None


@dataclass(frozen=True, slots=True)
class DistrictFile:
    """``district.yaml``, checked. ``texts``, ``records``, ``privacy``: '' means not set yet."""

    reference_prefix: str
    zone: str
    opens_at: time
    closes_at: time
    texts: dict[str, str]
    records: dict[str, str]
    privacy: dict[str, str]
    areas: tuple[Area, ...]
    plans: tuple[PlanEntry, ...]
    levels: tuple[ReplyLevel, ...]
    search_examples: tuple[str, ...] = field(default=())
    progress: dict[str, str] = field(default_factory=dict)
    """Cut-offs between the statuses of indicators, as shares; see :data:`CUT_OFFS`."""


CUT_OFFS = {"ahead_by": "0.05", "behind_by": "0.05", "around_by": "0.01"}
"""What holds where ``progress`` says nothing: shares of the whole way, and of a target with 左右."""
MOST = Decimal("0.5")


def read_district(file: str, content: Any, departments: Collection[str]) -> DistrictFile:
    """Check and type ``district.yaml``; raises :class:`DataError`. ``departments``: the known keys."""
    if not isinstance(content, Entry):
        raise DataError(file, 1, "the file must hold the district's settings by name")
    known = (*PLAIN_TEXTS, "reference_prefix", "zone", "opens_at", "closes_at", "records", "privacy_contact")
    refuse_unknown(content, (*known, "areas", "plans", "service_levels", "search_examples", "progress"))
    for key in REQUIRED:
        text_of(content, key, required=True)
    prefix = text_of(content, "reference_prefix")
    if not PREFIX.fullmatch(prefix):
        raise content.error("'reference_prefix' must be one to six capital letters", "reference_prefix")
    examples = content.get("search_examples") or []
    if not isinstance(examples, list) or not all(isinstance(example, str) for example in examples):
        raise content.error("'search_examples' must be a list of words", "search_examples")
    opens_at, closes_at = _time(content, "opens_at", "08:30"), _time(content, "closes_at", "17:30")
    if closes_at <= opens_at:
        raise content.error("'closes_at' must be later than 'opens_at'", "closes_at")
    return DistrictFile(
        reference_prefix=prefix,
        zone=_zone(content),
        opens_at=opens_at,
        closes_at=closes_at,
        texts={key: text_of(content, key) for key in PLAIN_TEXTS},
        records=_texts(content, "records", RECORDS),
        privacy=_texts(content, "privacy_contact", PRIVACY),
        areas=_areas(content),
        plans=tuple(_plans(content)),
        levels=tuple(_levels(content, departments)),
        search_examples=tuple(examples),
        progress=_cut_offs(content),
    )


def _cut_offs(content: Entry) -> dict[str, str]:
    """Each share as a decimal text: 5% and 0.05 are the same."""
    section = content.get("progress")
    if section is None:
        return dict(CUT_OFFS)
    if not isinstance(section, Entry):
        raise content.error(f"'progress' must hold {', '.join(CUT_OFFS)}", "progress")
    refuse_unknown(section, tuple(CUT_OFFS))
    found = {}
    for key, default in CUT_OFFS.items():
        given = str(section.get(key, default)).strip()
        match = re.fullmatch(r"(\d{1,3}(?:\.\d{1,4})?)(%?)", given)
        share = Decimal(match[1]) / (100 if match[2] else 1) if match else None
        if share is None or share > MOST:
            raise section.error(f"{key!r} must be a share from 0 to 50%, such as 5%", key)
        found[key] = f"{share.normalize():f}"
    return found


def _time(content: Entry, key: str, default: str) -> time:
    try:
        return time.fromisoformat(text_of(content, key) or default)
    except ValueError as error:
        raise content.error(f"{key!r} must be a time such as '17:30', in quotes", key) from error


def _zone(content: Entry) -> str:
    name = text_of(content, "zone") or "Asia/Shanghai"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise content.error(f"there is no time zone {name!r}", "zone") from error
    return name


def _texts(content: Entry, key: str, names: tuple[str, ...]) -> dict[str, str]:
    section = content.get(key)
    if section is None:
        return dict.fromkeys(names, "")
    if not isinstance(section, Entry):
        raise content.error(f"{key!r} must hold {', '.join(names)}", key)
    refuse_unknown(section, names)
    return {name: text_of(section, name) for name in names}


def _areas(content: Entry) -> tuple[Area, ...]:
    found: dict[str, Area] = {}
    for entry in entries(content, "areas"):
        refuse_unknown(entry, ("key", "name", "name_en"))
        key = text_of(entry, "key", required=True)
        if key in found:
            raise entry.error(f"the area {key!r} stands twice", "key")
        found[key] = Area(
            key, text_of(entry, "name", required=True), text_of(entry, "name_en", required=True)
        )
    return tuple(found.values())


def _plans(content: Entry) -> list[PlanEntry]:
    found: dict[str, PlanEntry] = {}
    for entry in entries(content, "plans"):
        refuse_unknown(entry, PLAN_KEYS)
        slug = text_of(entry, "slug", required=True)
        if not SLUG.fullmatch(slug) or slug in found:
            raise entry.error(f"the slug {slug!r} stands twice or isn't small letters, digits and -", "slug")
        for key in ("first_year", "last_year"):
            if not isinstance(entry.get(key), int):
                raise entry.error(f"{key!r} must be a year", key)
        document, table_of = text_of(entry, "document"), text_of(entry, "table_of")
        if bool(document) == bool(table_of):
            raise entry.error("a plan has either a 'document' or is a table of another plan ('table_of')")
        if table_of and table_of not in found:
            raise entry.error(f"the plan {table_of!r} must stand before this one", "table_of")
        status = text_of(entry, "status") or "published"
        if status not in {"draft", "published", "finished"}:
            raise entry.error("'status' must be draft, published or finished", "status")
        found[slug] = PlanEntry(
            slug=slug,
            first_year=entry["first_year"],
            last_year=entry["last_year"],
            short_name=text_of(entry, "short_name", required=True),
            short_name_en=text_of(entry, "short_name_en", required=True),
            status=status,
            document=document,
            errata=text_of(entry, "errata"),
            table_of=table_of,
            table=entry.get("table"),
            hints={code: dict(hint) for code, hint in (entry.get("hints") or {}).items()},
            adjusting=_adjusting(entry),
            continues=_continues(entry),
        )
    for entry in entries(content, "plans"):
        strange = {one.plan for one in found[entry["slug"]].continues.values()} - found.keys()
        if strange:
            raise entry.error(f"there is no plan {strange.pop()!r} to continue", "continues")
    return list(found.values())


def _continues(plan: Entry) -> dict[str, Continuation]:
    section = plan.get("continues")
    if section is None:
        return {}
    if not isinstance(section, Entry) or not isinstance(section.get("indicators"), Entry):
        raise plan.error("'continues' must hold 'plan' and 'indicators'", "continues")
    refuse_unknown(section, ("plan", "indicators"))
    before = text_of(section, "plan", required=True)
    found = {}
    for code, said in section["indicators"].items():
        if isinstance(said, str):
            found[code] = Continuation(before, said)
        elif isinstance(said, Entry):
            refuse_unknown(said, ("code", "changed", "changed_en"))
            texts = (text_of(said, key, required=True) for key in ("code", "changed", "changed_en"))
            found[code] = Continuation(before, *texts)
        else:
            raise section.error(f"{code}: give the code that it has in the plan before", "indicators")
    return found


def _adjusting(plan: Entry) -> dict[str, Any]:
    section = plan.get("adjusting")
    if section is None:
        return {}
    if not isinstance(section, Entry):
        raise plan.error("'adjusting' must hold 'body' and 'rules'", "adjusting")
    refuse_unknown(section, ("body", "rules"))
    rules = []
    for entry in entries(section, "rules"):
        refuse_unknown(entry, ("source", "quote", "code", "link"))
        said = {key: text_of(entry, key, required=True) for key in ("source", "quote")}
        rules.append({**said, "code": text_of(entry, "code"), "link": text_of(entry, "link")})
    return {"body": text_of(section, "body"), "rules": rules}


def _levels(content: Entry, departments: Collection[str]) -> list[ReplyLevel]:
    found: dict[tuple[LevelKey, str, date], ReplyLevel] = {}
    for entry in entries(content, "service_levels"):
        refuse_unknown(entry, ("level", "days", "effective_from", "department", "soon"))
        level, days, since = (
            text_of(entry, "level", required=True),
            entry.get("days"),
            entry.get("effective_from"),
        )
        department = text_of(entry, "department")
        if level not in set(LevelKey):
            raise entry.error(f"the level {level!r} is not one of {', '.join(LevelKey)}", "level")
        if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= 400:
            raise entry.error("'days' must be a number from 1 to 400", "days")
        soon = entry.get("soon")
        if soon is not None and (not isinstance(soon, int) or isinstance(soon, bool) or not 1 <= soon <= 30):
            raise entry.error("'soon' must be a number from 1 to 30", "soon")
        if not isinstance(since, date):
            raise entry.error("'effective_from' must be a day such as 2021-01-01", "effective_from")
        if department and department not in departments:
            raise entry.error(f"the department {department!r} is not in departments.yaml", "department")
        key = (LevelKey(level), department, since)
        if key in found:
            raise entry.error(f"{level} from {since} stands twice", "level")
        found[key] = ReplyLevel(LevelKey(level), days, since, department, soon)
    return list(found.values())
