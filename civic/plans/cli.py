"""Commands of plans: import, report, export, and loading a whole district."""

from __future__ import annotations

import json
import time
from datetime import datetime
from pathlib import Path

import click

from civic.core.actor import SYSTEM
from civic.core.clock import now
from civic.core.commands import civic_commands
from civic.core.config import settings
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from civic.core.extensions import db
from civic.plans import queries, services
from civic.plans.errata import read_errata
from civic.plans.importer import PlanSourceError, parse_plan
from civic.plans.loading import DATA, load
from civic.plans.rules import ParsedPlan


class Rollback(Exception):
    """Ends a dry run: everything was done and nothing is kept."""


@civic_commands.command("import-plan")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--slug", help="Which plan the document is; default: the file's name without its ending.")
@click.option(
    "--errata", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Corrections (YAML)."
)
@click.option("--years", help="The plan's period, 2021-2025; needed for a plan that is new.")
@click.option("--table", type=int, help="Number of the table with the plan's own indicators.")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--allow-gaps", is_flag=True, help="Import although some characters are on no item.")
@click.option(
    "--adjustment", default="", help="Document number of the adjustment that changes a published text."
)
def import_plan_command(
    file: Path,
    slug: str | None,
    errata: Path | None,
    years: str | None,
    table: int | None,
    dry_run: bool,
    allow_gaps: bool,
    adjustment: str,
) -> None:
    """Import a plan document (.md, .txt, .docx), in place, and print what it did."""
    started = time.perf_counter()
    parsed = _parse(file, errata)
    say_coverage(parsed)
    spec = services.spec_for(slug or file.stem, years, table, parsed)
    try:
        with unit_of_work():
            diff = services.import_plan(
                SYSTEM, spec, parsed, now(), allow_gaps=allow_gaps, adjustment=adjustment
            )
            if dry_run:
                raise Rollback
    except Rollback:
        click.echo("Dry run: nothing was written.")
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    say_diff(diff)
    click.echo(f"Time: {time.perf_counter() - started:.2f} s.")


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
    "--district", help="A district that is shipped in civic/data; default: the one in the settings."
)
@click.option(
    "--adjustment", default="", help="Document number of the adjustment that changes a published text."
)
def load_command(folder: Path | None, district: str | None, adjustment: str) -> None:
    """Load a district's folder: settings, departments, streets, calendars, plans, responsibilities, commitments.

    Loading again changes nothing unless a file has changed.
    """
    source = folder or DATA / (district or settings().district)
    if not source.is_dir():
        raise click.ClickException(f"There is no district {source.name!r} in civic/data.")
    started: datetime = now()
    try:
        with unit_of_work():
            for line in load(source, started, adjustment=adjustment):
                click.echo(line)
    except (DomainError, PlanSourceError) as error:
        raise click.ClickException(str(error)) from None
    finally:
        db.session.remove()


def _parse(file: Path, errata: Path | None) -> ParsedPlan:
    try:
        return parse_plan(file.name, file.read_bytes(), read_errata(errata) if errata else ())
    except PlanSourceError as error:
        raise click.ClickException(f"{file.name}: {error}") from None


def say_coverage(parsed: ParsedPlan) -> None:
    """The proof that nothing was lost, and where something was."""
    coverage = parsed.coverage
    share = 100 * coverage.placed / coverage.total if coverage.total else 100
    click.echo(f"Characters: {coverage.total} in the body, {coverage.placed} placed, coverage {share:.2f} %.")
    for line, text in coverage.unplaced:
        click.echo(f"  line {line}: not placed: {text}")


def say_diff(diff: services.Diff) -> None:
    """What an import adds, changes and withdraws."""
    for what, codes in (("Added", diff.added), ("Changed", diff.changed), ("Withdrawn", diff.withdrawn)):
        if codes:
            shown = ", ".join(codes[:12]) + (" …" if len(codes) > 12 else "")
            click.echo(f"{what} {len(codes)}: {shown}")
    if not diff:
        click.echo("Nothing changes.")
