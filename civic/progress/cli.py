"""Commands of progress."""

from __future__ import annotations

import json
from typing import Any

import click

from civic.core.clock import now
from civic.core.commands import civic_commands
from civic.core.errors import DomainError
from civic.departments.queries import local_day
from civic.progress.queries.reporting import status_report


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
