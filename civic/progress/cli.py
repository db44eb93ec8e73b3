"""Commands of progress."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from civic.core.actor import SYSTEM
from civic.core.clock import now
from civic.core.commands import civic_commands
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from civic.departments.queries import local_day
from civic.progress import services
from civic.progress.queries.reporting import status_report
from civic.progress.sheets import read_sheet, template_csv
from civic.progress.templates import VALUES, values_workbook


@civic_commands.command("indicator-status")
@click.argument("plan")
@click.option("--json", "as_json", is_flag=True, help="The documented JSON shape (docs/progress.md).")
def indicator_status_command(plan: str, as_json: bool) -> None:
    """The status of each indicator of a plan, with the calculation it comes from."""
    try:
        report = status_report(plan, local_day(now()))
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return
    for row in report["indicators"]:
        _say(row)
    counts = ", ".join(f"{one['count']} {one['status']}" for one in report["counts"])
    click.echo(f"{plan}, {report['year']}: {counts}")


@civic_commands.command("import-observations")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--plan", required=True, help="The plan whose indicators the sheet names.")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
def import_observations_command(file: Path, plan: str, dry_run: bool) -> None:
    """Publish reported values of indicators from a sheet (.xlsx or .csv): all of them, or none."""
    try:
        sheet = read_sheet(file.read_bytes(), VALUES)
        with unit_of_work():
            if dry_run:
                changes = services.preview_observations(plan, sheet, now())
            else:
                changes = services.import_observations(SYSTEM, plan, sheet, now())
    except services.RowsRefused as error:
        raise _refused(error) from None
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    for change in changes:
        one = change.reported
        old = f" (was {change.old})" if change.kind is services.ChangeKind.CORRECT else ""
        click.echo(
            f"{change.kind.value} {one.indicator} {one.about.value} {one.year}: {one.value}{old} {one.unit}"
        )
    click.echo("Dry run: nothing was written." if dry_run else f"{len(changes)} rows recorded.")


@civic_commands.command("observation-template")
@click.argument("file", required=False, type=click.Path(dir_okay=False, writable=True, path_type=Path))
def observation_template_command(file: Path | None) -> None:
    """An empty sheet for import-observations: printed as CSV, or written to FILE (.xlsx or .csv)."""
    if file is None:
        click.echo(template_csv(VALUES), nl=False)
    elif file.suffix.lower() == ".xlsx":
        file.write_bytes(values_workbook())
    else:
        file.write_text("\ufeff" + template_csv(VALUES), encoding="utf-8", newline="")


def _refused(error: services.RowsRefused) -> click.ClickException:
    """Every row that doesn't fit on a line of its own; the exception says that nothing was taken."""
    for problem in error.problems:
        click.echo(f"row {problem.row}: {problem.text % problem.params}", err=True)
    return click.ClickException(str(error))


def _say(row: dict[str, Any]) -> None:
    reason = f" ({row['reason']})" if row["reason"] else ""
    click.echo(f"{row['code']} {row['name']}: {row['status']}{reason}")
    target, rate = row["target"], row["target_rate"]
    cells = [
        f"{label} {cell['year']}: {cell['text']}"
        for label, cell in (("baseline", row["baseline"]), ("target", target))
        if cell
    ]
    click.echo(f"  {row['kind']}; {'; '.join([*cells, *([f'rate {rate}'] if rate else [])])}; {row['unit']}")
    for one in row["observations"]:
        click.echo(f"  {one['year']}: {one['value']} {one['unit']} — {one['source']}")
    for line in row["explanation"]:
        click.echo(f"  · {line}")
    for other in row["other_verdicts"]:
        click.echo(f"  = {other['text']}: {other['status'] or 'no value yet'} (goal {other['goal']})")
