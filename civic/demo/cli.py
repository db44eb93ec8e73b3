"""``flask civic load-demo``: sample residents, cases and log-ins, visibly marked."""

from __future__ import annotations

import time
import unicodedata

import click

from civic.core import clock
from civic.core.commands import civic_commands
from civic.core.config import settings
from civic.core.errors import DomainError
from civic.demo import services
from civic.demo.services import LogIn
from civic.supervision.services import sweep_topics


@civic_commands.command("load-demo")
@click.option("--seed", default=1, show_default=True, help="Another number gives other minutes and hours.")
@click.option(
    "--limit", type=click.IntRange(1), help="Load at most about this many cases, some of each kind."
)
def load_demo(seed: int, limit: int | None) -> None:
    """Fill an empty database with sample staff and cases; it's marked as a demonstration for good."""
    if not settings().demo:
        raise click.ClickException(
            "Sample data is for demonstrations only: run `make demo`, or set CIVIC_DEMO=1."
        )
    began = time.perf_counter()
    try:
        loaded = services.load_sample(settings().district, clock.now(), seed=seed, limit=limit)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    if loaded.cases:
        sweep_topics(clock.now())
        took = time.perf_counter() - began
        click.echo(
            f"Sample data: {loaded.cases} cases in {loaded.steps} steps, {loaded.reports} reports; {took:.1f} s."
        )
    else:
        click.echo("Sample data: loaded before, nothing changed.")
    click.echo(f"\n{_table(loaded.people)}\n")


def _table(people: tuple[LogIn, ...]) -> str:
    rows = [("E-mail", "Password", "Role", "Department")]
    rows += [(p.email, p.password, p.role.value, p.department) for p in people]
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )
    return "\n".join(f"  {line}" for line in lines)


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
