"""Commands of search."""

from __future__ import annotations

import json

import click

from civic.core.commands import civic_commands
from civic.search import queries


@civic_commands.command("search")
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def search_command(text: str, as_json: bool) -> None:
    """Items that answer a query, best first, as the page shows them."""
    _say(queries.search(text).found, as_json)


@civic_commands.command("suggest")
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def suggest_command(text: str, as_json: bool) -> None:
    """The three likeliest items for a resident's own words, with why."""
    _say(queries.suggest(text), as_json)


def _say(found: tuple[queries.Found, ...], as_json: bool) -> None:
    rows = [
        {
            "plan": f.ref.plan_slug,
            "code": f.ref.code,
            "kind": f.ref.kind.value,
            "title": f.ref.title,
            "why": f.why,
        }
        for f in found
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['plan']} {row['code']} {row['title']}")
