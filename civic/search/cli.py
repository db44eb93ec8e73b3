"""Commands of search."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from civic.cases.queries import VoiceRow
from civic.core.clock import now
from civic.core.commands import civic_commands
from civic.core.db import unit_of_work
from civic.core.scripts import traditional
from civic.core.text import excerpt
from civic.plans import queries as plans
from civic.search import queries, services
from civic.search.queries import VOICES_SHOWN, Part

ASKED: dict[str, Callable[[str], tuple[queries.Found, ...]]] = {
    "search": lambda query: queries.search(query).found,
    "suggest": queries.suggest,
}
SCRIPTS: dict[str, Callable[[str], str]] = {"as given": str, "traditional": traditional}


@civic_commands.command("search")
@click.argument("text")
@click.option(
    "--in", "part", type=click.Choice([part.value for part in Part]), help="Only this part of the plan."
)
@click.option("--from", "start", default=0, help="With --in: from which place on, counted from 0.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def search_command(text: str, part: str | None, start: int, as_json: bool) -> None:
    """Items that answer a query, best first, and published voices, newest first, as the page shows them."""
    page = queries.search(text, Part(part) if part else None, start)
    voices = queries.find_voices(text, now=now(), size=VOICES_SHOWN)
    if as_json:
        found = {
            "query": page.text,
            "items": [_item(one) for one in page.found],
            "item_counts": {one.value: n for one, n in page.counts.items()},
            "voices": [_voice(row) for row in voices.voices.rows],
            "voice_count": voices.count,
            "voice_count_capped": voices.capped,
            "voice_kinds": {kind.value: n for kind, n in voices.kinds.items()},
            "voices_answered": voices.answered,
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

    CASES is a JSON list of {query, any_of: [codes]}; a "half" of it is counted by itself. Each query is asked as it
    is and in Traditional characters, of the search page and of the suggestions under the feedback form.
    """
    asked = json.loads(cases.read_text("utf-8"))
    halves = list(dict.fromkeys(case.get("half", "") for case in asked))
    rows = [
        _measured(of, script, half, [case for case in asked if case.get("half", "") == half])
        for of in ASKED
        for script in SCRIPTS
        for half in halves
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        half = f", {row['half']}" if row["half"] else ""
        click.echo(
            f"{row['of']}, {row['script']}{half}: {row['hit@1']} first, {row['hit@3']} of {row['cases']} in three"
        )
        for query in row["missed"]:
            click.echo(f"  missed: {query}")


def _measured(of: str, script: str, half: str, cases: list[dict[str, Any]]) -> dict[str, Any]:
    ask, convert = ASKED[of], SCRIPTS[script]
    places = [_place(ask(convert(case["query"])), case["any_of"]) for case in cases]
    return {
        "of": of,
        "script": script,
        "half": half,
        "cases": len(cases),
        "hit@1": sum(at == 1 for at in places),
        "hit@3": sum(at <= 3 for at in places),
        "missed": [case["query"] for case, at in zip(cases, places, strict=True) if at > 3],
    }


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
