"""Commands of plans: import, report, export, and loading a whole district (``docs/data-format.md``)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from civic.core.actor import SYSTEM
from civic.core.clock import now
from civic.core.commands import civic_commands
from civic.core.config import settings
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from civic.core.extensions import db
from civic.departments.queries import local_day
from civic.departments.services import district_folder
from civic.plans import queries, services
from civic.plans.documents import DocumentFound, find_document, read_unmended, spec_of
from civic.plans.importer import PlanSourceError, parse_plan
from civic.plans.loading import load
from civic.plans.rules import ParsedPlan


class Rollback(Exception):
    """Ends a dry run: everything was done and nothing is kept."""


def approval_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What allows a file to change a published plan; each change is recorded as an adjustment."""
    for option in (
        click.option("--adjustment-reason", default="", help="Its reason, in words for residents."),
        click.option("--adjustment-link", default="", help="Where the decision can be read."),
        click.option(
            "--approved-on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Day of the approval."
        ),
        click.option("--approved-by", default="", help="The body that approved the adjustment."),
        click.option(
            "--adjustment",
            default="",
            help="Document number of the adjustment that changes a published plan.",
        ),
    ):
        command = option(command)
    return command


@civic_commands.command("import-plan")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--slug", help="Which plan the document is; default: by its file or its title.")
@click.option(
    "--errata",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Corrections (YAML); default: the district's.",
)
@click.option("--years", help="The plan's period, 2021-2025; default: from its title.")
@click.option("--table", type=int, help="Number of the table with the plan's own indicators.")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--allow-gaps", is_flag=True, help="Import although some characters are on no item.")
@approval_options
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def import_plan_command(
    file: Path,
    slug: str | None,
    errata: Path | None,
    years: str | None,
    table: int | None,
    dry_run: bool,
    allow_gaps: bool,
    adjustment: str,
    approved_by: str,
    approved_on: datetime | None,
    adjustment_link: str,
    adjustment_reason: str,
    as_json: bool,
) -> None:
    """Import a plan document (.md, .txt, .docx), in place, and print what it did."""
    started = time.perf_counter()
    found, parsed = _read(file, slug, errata)
    approval = _approval(
        adjustment, approved_by, approved_on, adjustment_link, adjustment_reason, dry_run=dry_run
    )
    if not as_json:
        say_coverage(parsed)
    diffs: dict[str, services.Diff] = {}
    changes: list[str] = []
    try:
        with unit_of_work():
            spec = _spec(found, years, table, parsed)
            at = now()
            before = queries.texts_by_code(spec.slug)
            diffs[spec.slug] = services.import_plan(
                SYSTEM,
                spec,
                parsed,
                at,
                allow_gaps=allow_gaps,
                approval=approval,
                unmended=read_unmended(spec.slug, file.name, file.read_bytes(), parsed.errata),
            )
            changes = _changes(before, queries.texts_by_code(spec.slug), diffs[spec.slug].changed)
            for entry in found.finished:
                diffs[entry.slug] = services.import_finished_plan(
                    SYSTEM, spec_of(entry), parsed, at, approval=approval
                )
            if dry_run:
                raise Rollback
    except Rollback:
        pass
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    finally:
        db.session.remove()
    seconds = time.perf_counter() - started
    if as_json:
        click.echo(json.dumps(_outcome(parsed, diffs, dry_run, seconds), ensure_ascii=False, indent=1))
        return
    for plan, diff in diffs.items():
        say_diff(plan, diff)
    for change in changes:
        click.echo(change)
    if dry_run:
        click.echo("Dry run: nothing was written.")
    click.echo(f"Time: {seconds:.2f} s.")


@civic_commands.command("plan-report")
@click.argument("plan")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def plan_report_command(plan: str, as_json: bool) -> None:
    """What the import of a plan found: counts, characters, gaps, warnings, errata."""
    try:
        report = queries.report(plan)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return
    characters = report["characters"]
    click.echo(f"{plan} ({report['status']})")
    for kind, count in report["counts"].items():
        click.echo(f"  {kind}: {count}")
    click.echo(
        f"  characters: {characters['placed']} of {characters['in']} placed, {characters['coverage']} %"
    )
    for gap in report["unplaced"]:
        click.echo(f"  line {gap['line']}: not placed: {gap['text']}")
    for warning in report["warnings"]:
        click.echo(f"  line {warning['line']}: {warning['text']}")
    for erratum in report["errata"]:
        click.echo(f"  line {erratum['line']}: “{erratum['old']}” → “{erratum['new']}” ({erratum['why']})")


@civic_commands.command("export-plan")
@click.argument("plan")
@click.option("--json", "as_json", is_flag=True, help="The documented JSON shape (also the default).")
def export_plan_command(plan: str, as_json: bool) -> None:
    """A whole plan as one JSON document in a stable order (docs/data-format.md)."""
    try:
        click.echo(json.dumps(queries.export(plan), ensure_ascii=False, indent=1))
    except DomainError as error:
        raise click.ClickException(str(error)) from None


@civic_commands.command("load")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--district", help="A district shipped in civic/data, or the path of its folder; default: CIVIC_DISTRICT."
)
@approval_options
def load_command(
    folder: Path | None,
    district: str | None,
    adjustment: str,
    approved_by: str,
    approved_on: datetime | None,
    adjustment_link: str,
    adjustment_reason: str,
) -> None:
    """Load a district's folder: settings, departments, streets, calendars, plans, responsibilities, commitments.

    Loading again changes nothing unless a file has changed. What was adjusted since stays as adjusted.
    """
    approval = _approval(adjustment, approved_by, approved_on, adjustment_link, adjustment_reason)
    source = folder or district_folder(district or settings().district)
    if not source.is_dir():
        raise click.ClickException(
            f"There is no district {source.name!r} in civic/data, and no folder {source}."
        )
    started: datetime = now()
    try:
        with unit_of_work():
            for line in load(source, started, approval=approval):
                click.echo(line)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    finally:
        db.session.remove()


def _approval(
    number: str, body: str, on: datetime | None, link: str, reason: str, *, dry_run: bool = False
) -> services.Approval | None:
    """What the options say. A dry run keeps nothing, so that it shows the changes without an approval too."""
    if dry_run:
        shown = number or "—"
        return services.Approval(shown, body or shown, local_day(now()) if on is None else on.date())
    if not number:
        return None
    return services.Approval(number, body, on.date() if on is not None else None, link, reason=reason)


def _read(file: Path, slug: str | None, errata: Path | None) -> tuple[DocumentFound, ParsedPlan]:
    content = file.read_bytes()
    try:
        found = find_document(file, content, district_folder(settings().district), slug=slug, errata=errata)
        return found, parse_plan(file.name, content, found.errata, strict=found.strict)
    except PlanSourceError as error:
        raise click.ClickException(f"{file.name}: {error}") from None
    except DomainError as error:
        raise click.ClickException(str(error)) from None


def _spec(
    found: DocumentFound, years: str | None, table: int | None, parsed: ParsedPlan
) -> services.PlanSpec:
    """What the command line says goes before what the district's folder says."""
    if found.entry is None:
        return services.spec_for(found.slug, years, table, parsed, found.years)
    spec = spec_of(found.entry)
    first, last = services.read_period(years) if years else (spec.first_year, spec.last_year)
    return replace(spec, first_year=first, last_year=last, table=table or spec.table)


def _changes(before: dict[str, list[str]], after: dict[str, list[str]], codes: list[str]) -> list[str]:
    """Old (-) and new (+) lines of the items that change."""
    shown = []
    for code in codes:
        old, new = before.get(code, []), after.get(code, [])
        shown += [f"  {code} - {line}" for line in old if line not in new]
        shown += [f"  {code} + {line}" for line in new if line not in old]
    return shown


def _outcome(
    parsed: ParsedPlan, diffs: dict[str, services.Diff], dry_run: bool, seconds: float
) -> dict[str, Any]:
    coverage = parsed.coverage
    return {
        "characters": {
            "in": coverage.total,
            "placed": coverage.placed,
            "unplaced": coverage.total - coverage.placed,
            "coverage": coverage.percent,
        },
        "unplaced": [{"line": line, "text": text} for line, text in coverage.unplaced],
        "warnings": [{"line": line, "text": text} for line, text in parsed.warnings],
        "plans": {slug: asdict(diff) for slug, diff in diffs.items()},
        "dry_run": dry_run,
        "seconds": round(seconds, 3),
    }


def say_coverage(parsed: ParsedPlan) -> None:
    """The proof that nothing was lost, and where something was."""
    coverage = parsed.coverage
    click.echo(
        f"Characters: {coverage.total} in the body, {coverage.placed} placed, coverage {coverage.percent} %."
    )
    for line, text in coverage.unplaced:
        click.echo(f"  line {line}: not placed: {text}")
    for line, text in parsed.warnings:
        click.echo(f"  line {line}: {text}")


def say_diff(plan: str, diff: services.Diff) -> None:
    """What an import adds, changes and withdraws."""
    click.echo(f"Plan {plan}:")
    for what, codes in (("Added", diff.added), ("Changed", diff.changed), ("Withdrawn", diff.withdrawn)):
        if codes:
            shown = ", ".join(codes[:12]) + (" …" if len(codes) > 12 else "")
            click.echo(f"  {what} {len(codes)}: {shown}")
    if not diff:
        click.echo("  Nothing changes.")
