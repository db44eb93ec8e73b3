"""Commands of search."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from civic.cases.queries import VoiceRow
from civic.core.commands import civic_commands
from civic.core.db import unit_of_work
from civic.core.scripts import traditional
from civic.core.text import excerpt
from civic.plans import queries as plans
from civic.search import queries, services
from civic.search.queries import VOICES_SHOWN, Part


@civic_commands.command("search")
@click.argument("text")
@click.option(
    "--in", "part", type=click.Choice([part.value for part in Part]), help="Only this part of the plan."
)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def search_command(text: str, part: str | None, as_json: bool) -> None:
    """Items that answer a query, best first, and published voices, newest first, as the page shows them."""
    page = queries.search(text, Part(part) if part else None)
    voices = queries.find_voices(text, size=VOICES_SHOWN)
    if as_json:
        found = {
            "query": text,
            "items": [_item(one) for one in page.found],
            "item_counts": {one.value: n for one, n in page.counts.items()},
            "voices": [_voice(row) for row in voices.voices.rows],
            "voice_count": voices.count,
            "voice_count_capped": voices.capped,
        }
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    _say(page.found)
    for row in voices.voices.rows:
        click.echo(f"{row.reference} {excerpt(row.text, 60)}")


@civic_commands.command("suggest")
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def suggest_command(text: str, as_json: bool) -> None:
    """The three likeliest items for a resident's own words, with why."""
    found = queries.suggest(text)
    if as_json:
        click.echo(json.dumps([_item(one) for one in found], ensure_ascii=False, indent=1))
    else:
        _say(found)


@civic_commands.command("rebuild-search")
@click.option("--check", is_flag=True, help="Only say whether the index is right; ends with 1 if it isn't.")
def rebuild_search_command(check: bool) -> None:
    """Make the index of published voices anew: after cases were loaded past the platform, or a restore."""
    if check:
        right = queries.voice_index_is_right()
        click.echo(
            "The index of voices is right."
            if right
            else "The index of voices isn't right: run rebuild-search."
        )
        raise SystemExit(0 if right else 1)
    with unit_of_work():
        count = services.rebuild_voices()
    click.echo(f"{count} voices indexed.")


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


def _say(found: tuple[queries.Found, ...]) -> None:
    for one in found:
        click.echo(f"{one.ref.plan_slug} {one.ref.code} {one.ref.title}")


def _item(one: queries.Found) -> dict[str, Any]:
    return {
        "plan": one.ref.plan_slug,
        "code": one.ref.code,
        "kind": one.ref.kind.value,
        "title": one.ref.title,
        "excerpt": one.excerpt,
        "why": [f"{reason.word}→{reason.means}" if reason.means else reason.word for reason in one.why],
    }


def _voice(row: VoiceRow) -> dict[str, Any]:
    item = plans.item_ref(row.item_id) if row.item_id else None
    return {
        "reference": row.reference,
        "kind": row.kind.value,
        "status": row.status.value,
        "item": item.code if item else None,
        "text": row.text,
        "answer": row.reply_text,
        "published_at": row.published_at.isoformat(),
    }
