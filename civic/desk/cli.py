"""Commands of the desk."""

from __future__ import annotations

import click

from civic.core.commands import civic_commands
from civic.core.db import unit_of_work
from civic.desk import services
from civic.desk.finding import staff_index_is_whole


@civic_commands.command("rebuild-desk-search")
@click.option("--check", is_flag=True, help="Only say whether the index is whole; ends with 1 if it isn't.")
def rebuild_desk_search_command(check: bool) -> None:
    """Make the index of the desk's search anew: after cases were loaded past the platform, or a restore."""
    if check:
        whole = staff_index_is_whole()
        click.echo(
            "The desk's index is whole."
            if whole
            else "The desk's index isn't whole: run rebuild-desk-search."
        )
        raise SystemExit(0 if whole else 1)
    with unit_of_work():
        count = services.rebuild_staff_index()
    click.echo(f"{count} cases indexed.")
