"""Loading a district's folder in order: the district itself, plans, commitments, responsibilities, publication."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from civic.core.actor import SYSTEM
from civic.core.errors import N_, Invalid
from civic.departments import queries as departments
from civic.departments import services as district
from civic.departments.rules import DataError
from civic.departments.rules.district import PlanEntry
from civic.departments.services.records import LoadedFile, note_loaded, read_file, unchanged
from civic.plans import queries, services
from civic.plans.documents import read_unmended, spec_of
from civic.plans.duty_files import parse_commitments, parse_responsibilities
from civic.plans.errata import parse_errata
from civic.plans.importer import PlanSourceError, parse_plan
from civic.plans.rules import Erratum, ParsedPlan
from civic.plans.services import Approval
from civic.plans.services.series import Predecessor
from civic.web.caching import renew_reference

COMMITMENTS = "commitments.yaml"
RESPONSIBILITIES = "responsibilities.yaml"
DUTY_FILES = (COMMITMENTS, RESPONSIBILITIES)
"""A district may start without them: then nothing is promised in particular, and the dispatcher routes."""


def load(folder: Path, now: datetime, *, approval: Approval | None = None) -> Iterator[str]:
    """Bring the database to what a district's folder says, in the caller's transaction; yields what was done.

    Files that stand as they were last loaded are passed over. Raises
    :class:`~civic.core.errors.DomainError` naming file and line.
    """
    files = district.read_district_folder(folder)
    report = district.load_district(folder, now)
    yield (
        f"District: {len(report.added)} added, {len(report.changed)} changed, {len(report.retired)} retired."
        if report
        else "District: unchanged."
    )
    yield from report.said
    entries = files.district.plans
    sources = _sources(folder, entries)
    if all(unchanged(source) for source in sources):
        yield "Plans: unchanged."
        return
    parsed: dict[str, ParsedPlan] = {}
    for entry in entries:
        started = time.perf_counter()
        diff = _import(folder, entry, parsed, now, approval)
        yield _said(entry, diff, parsed.get(entry.slug), time.perf_counter() - started)
    for entry in entries:
        before = {code: Predecessor(**asdict(one)) for code, one in entry.continues.items()}
        services.link_series(entry.slug, before)
    yield _load_duties(folder, entries, now, approval)
    for entry in entries:
        if entry.status != "draft":
            services.publish_plan(SYSTEM, entry.slug, now, finished=entry.status == "finished")
    for source in sources:
        note_loaded(source, now)
    renew_reference()


def _sources(folder: Path, entries: tuple[PlanEntry, ...]) -> list[LoadedFile]:
    names = {"district.yaml", *(name for name in DUTY_FILES if (folder / name).exists())}
    names |= {entry.errata for entry in entries if entry.errata}
    found = [read_file(folder.parent, f"{folder.name}/{name}") for name in sorted(names)]
    for entry in entries:
        if entry.document:
            content = (folder / entry.document).read_bytes() if (folder / entry.document).exists() else b""
            found.append(LoadedFile(f"{folder.name}/{entry.document}", "", services.source_hash(content)))
    # district.yaml is noted by the district's own load; here it counts under another name.
    return [
        LoadedFile(f"plans:{file.path}", file.text, file.sha256) if "district" in file.path else file
        for file in found
    ]


def _import(
    folder: Path, entry: PlanEntry, parsed: dict[str, ParsedPlan], now: datetime, approval: Approval | None
) -> services.Diff:
    spec = spec_of(entry)
    if entry.table_of:
        return services.import_finished_plan(SYSTEM, spec, parsed[entry.table_of], now, approval=approval)
    document = folder / entry.document
    if not document.exists():
        raise Invalid(N_("The district's folder has no file %(file)s."), file=entry.document)
    errata: tuple[Erratum, ...] = ()
    if entry.errata:
        file = read_file(folder.parent, f"{folder.name}/{entry.errata}")
        errata = parse_errata(file.path, file.text)
    try:
        parsed[entry.slug] = parse_plan(document.name, document.read_bytes(), errata)
    except PlanSourceError as error:
        raise DataError(f"{folder.name}/{entry.document}", error.line, error.sentence) from error
    return services.import_plan(
        SYSTEM,
        spec,
        parsed[entry.slug],
        now,
        approval=approval,
        unmended=read_unmended(entry.slug, document.name, document.read_bytes(), errata),
    )


def _said(entry: PlanEntry, diff: services.Diff, parsed: ParsedPlan | None, seconds: float) -> str:
    counts = f"{len(diff.added)} items added, {len(diff.changed)} changed, {len(diff.withdrawn)} withdrawn"
    text = f"Plan {entry.slug}: {counts}"
    if parsed is not None:
        coverage = parsed.coverage
        text += f"; {coverage.placed} of {coverage.total} characters placed, coverage {coverage.percent} %"
    return f"{text}; {seconds:.2f} s."


def _load_duties(
    folder: Path, entries: tuple[PlanEntry, ...], now: datetime, approval: Approval | None
) -> str:
    if not any(entry.document for entry in entries):
        return "Commitments: 0; responsibilities of 0 items."
    commitments: tuple[services.NewCommitment, ...] = ()
    if (folder / COMMITMENTS).exists():
        file = read_file(folder.parent, f"{folder.name}/{COMMITMENTS}")
        commitments = parse_commitments(file.path, file.text)
    owner = next(entry.slug for entry in entries if entry.document)
    areas = frozenset(area.key for area in departments.district().areas)
    services.load_commitments(owner, commitments, areas, now, approval=approval)
    duties: dict[str, dict[str, services.Duty]] = {}
    if (folder / RESPONSIBILITIES).exists():
        file = read_file(folder.parent, f"{folder.name}/{RESPONSIBILITIES}")
        duties = parse_responsibilities(file.path, file.text)
    keys = departments.department_ids()
    since = {plan.slug: plan.issued_on for plan in queries.plans(drafts=True)}
    promised = {new.code: new.duty for new in commitments}
    for slug, by_code in {**duties, owner: {**duties.get(owner, {}), **promised}}.items():
        services.load_responsibilities(slug, by_code, keys, since.get(slug))
    return f"Commitments: {len(commitments)}; responsibilities of {sum(map(len, duties.values()))} items."
