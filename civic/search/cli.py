"""Commands of search."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from civic.core.commands import civic_commands
from civic.core.scripts import traditional
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


@civic_commands.command("measure-search")
@click.argument("cases", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def measure_search_command(cases: Path, as_json: bool) -> None:
    """How often the item that a reader expects stands first, and among the first three.

    CASES is a JSON list of {query, any_of: [codes]}. Each query is asked as it is and in Traditional
    characters, of the search page and of the suggestions under the feedback form.
    """
    asked = json.loads(cases.read_text("utf-8"))
    rows: list[dict[str, Any]] = []
    asks: tuple[tuple[str, Callable[[str], tuple[queries.Found, ...]]], ...] = (
        ("search", lambda query: queries.search(query).found),
        ("suggest", queries.suggest),
    )
    for name, ask in asks:
        for script, convert in (("as given", str), ("traditional", traditional)):
            places = [_place(ask(convert(case["query"])), case["any_of"]) for case in asked]
            missed = [case["query"] for case, at in zip(asked, places, strict=True) if at > 3]
            first, third = sum(at == 1 for at in places), sum(at <= 3 for at in places)
            rows.append(
                {"of": name, "script": script, "cases": len(places), "hit@1": first, "hit@3": third,
                 "missed": missed}
            )  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(
            f"{row['of']}, {row['script']}: {row['hit@1']} first, {row['hit@3']} of {row['cases']} in three"
        )
        for query in row["missed"]:
            click.echo(f"  missed: {query}")


def _place(found: tuple[queries.Found, ...], expected: list[str]) -> int:
    """Where the first expected item stands, from 1; a number beyond every list if it isn't there."""
    return next((at for at, one in enumerate(found, 1) if one.ref.code in expected), 10**6)


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
