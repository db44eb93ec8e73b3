"""Commands of routing: where a text would go, and the whole division of work as a table."""

from __future__ import annotations

import csv
import sys

import click

from civic.core.commands import civic_commands
from civic.departments import queries as departments
from civic.routing import queries, services
from civic.routing.queries import recognise_channels, say_reason
from civic.routing.rules import write_routing


@civic_commands.command("route")
@click.argument("text")
@click.option("--street", default="", help="Code of the street, as in streets.yaml.")
@click.option("--kind", default="", help="suggestion, question, complaint, report or praise.")
def route_command(text: str, street: str, kind: str) -> None:
    """Say where a text without an item would go, and why. Stores nothing."""
    found = next((row for row in departments.streets() if row.code == street), None)
    if street and found is None:
        raise click.ClickException(f"There is no street {street}.")
    decision = services.route(text=text, kind=kind, street_id=found.id if found else None)
    target = departments.department(decision.department_id).name if decision.department_id else "→ dispatcher"
    click.echo(f"{target}  ({say_reason(decision.reason)})")
    for channel in recognise_channels(text):
        click.echo(f"also: {channel.name} {channel.phone}".rstrip())


@civic_commands.command("routing-table")
def routing_table_command() -> None:
    """Print, as CSV, where feedback on each item of each published plan goes, and why."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(services.DIVISION_HEADER)
    writer.writerows(services.division_of_work())


@civic_commands.command("routing-rules")
def routing_rules_command() -> None:
    """Print the rules as they stand, changes on the site included, in the form of routing.yaml."""
    click.echo(write_routing(queries.routing_table()), nl=False)
