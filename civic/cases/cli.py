"""Commands of cases: loading past ones, counting again, deadlines, the table of the workflow, masks, erasing again."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import click
from flask import current_app

from civic.cases import queries, services
from civic.cases.past_files import CaseMapping, FileRefused, PastFile, RefusedRows, read_mapping
from civic.cases.rules import MovedDeadline, exposures
from civic.cases.rules.past_rows import Column, PastCase, Reading, RowRefused, check_words, read_row
from civic.cases.services.following import PORTION
from civic.cases.workflow_doc import with_tables
from civic.core.actor import RESIDENT
from civic.core.clock import now
from civic.core.commands import civic_commands, stopped_as_by_hand
from civic.core.db import unit_of_work
from civic.core.errors import NotAllowed
from civic.departments import queries as departments
from civic.plans import queries as plans

BATCH = 2000
"""Past cases in one transaction."""
SUMMED_AFTER = 20_000
"""After so many of them the counters are summed up."""
SUMMED_AT_ONCE = 300_000
"""Differences of counters in one transaction."""
NOTHING_LOADED = "Nothing was loaded."


class Rollback(Exception):
    """Ends a dry run: everything was done and nothing is kept."""


@civic_commands.command("load-cases")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--map",
    "mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the file's headings and words mean here (JSON, docs/data-format.md).",
)
@click.option("--system", help="From which system the file comes; default: as the mapping says.")
@click.option("--dry-run", is_flag=True, help="Check all rows; write nothing but the report.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where refused rows go; default: FILE.refused.csv in the present folder.",
)
def load_cases(
    file: Path, mapping: Path | None, system: str | None, dry_run: bool, report: Path | None
) -> None:
    """Load past cases from another system, with their history. Rows loaded before are passed over.

    Ends with 1 if a row was refused; the others are loaded all the same.
    """
    loading: _Loading | None = None
    try:
        with stopped_as_by_hand():
            loading = _Loading(file, read_mapping(mapping) if mapping else CaseMapping(), system, report)
            loading.run(dry_run=dry_run)
    except (FileRefused, KeyboardInterrupt) as end:
        kept = loading.kept() if loading is not None else NOTHING_LOADED
        raise click.ClickException(f"{str(end) or 'Broken off.'} {kept}") from None
    loading.say(dry_run=dry_run)
    sys.exit(1 if loading.refused.count else 0)


class _Loading:
    """One file on its way: some thousand rows at a time, each lot in a transaction of its own."""

    def __init__(self, file: Path, mapping: CaseMapping, system: str | None, report: Path | None) -> None:
        self.system = (system or mapping.system).strip()
        if not self.system or len(self.system) > 80:
            raise FileRefused("Say with --system from which system the file comes (at most 80 characters).")
        self.file = PastFile(file, mapping)
        self.refused = RefusedRows(report or Path(f"{file.stem}.refused.csv"), self.file)
        queries.ensure_sums_fit()
        self.done = services.Loaded()
        self.almanac, self.now = services.almanac(), now()
        self.reading = Reading(
            places=services.places(mapping.plan),
            zone=self.almanac.calendar.zone,
            now=self.now,
            values=mapping.values,
            defaults=mapping.defaults,
            formats=mapping.formats,
        )
        _check_places(mapping, self.reading)
        self.lines: dict[str, int] = {}
        self.line = self.written = self.unsummed = 0

    def run(self, *, dry_run: bool) -> None:
        """Load everything that can be; what can't goes into the report."""
        try:
            rows = self._read()
            while lot := list(islice(rows, BATCH)):
                with suppress(Rollback), unit_of_work():
                    self.done += services.load_past_cases(lot, self.system, self.almanac, self.now)
                    if dry_run:
                        raise Rollback
                self._tell(dry_run=dry_run)
                self.unsummed += 0 if dry_run else len(lot)
                if self.unsummed >= SUMMED_AFTER:
                    self._sum_up()
            self._sum_up()
        finally:
            self.refused.close()
        if not (self.lines or self.refused.count):
            raise FileRefused(f"{self.file.path.name} has headings and no rows.")

    def _sum_up(self) -> None:
        """Add what was posted to the sums, so that figures are read as fast as before."""
        done = SUMMED_AT_ONCE if self.unsummed else 0
        if done:
            click.echo("adding up the figures", err=True)
        while done == SUMMED_AT_ONCE:
            with unit_of_work():
                done = services.sum_up(most=SUMMED_AT_ONCE)
        self.unsummed = 0

    def _read(self) -> Iterator[PastCase]:
        for row in self.file.rows():
            try:
                past = read_row(self.file.named(row), self.reading)
                if past.id in self.lines:
                    raise RowRefused(Column.ID, f"The row of line {self.lines[past.id]} has the same id.")
            except RowRefused as refused:
                self.refused.add(row, refused)
            else:
                self.line = self.lines[past.id] = row.line
                yield past

    def _tell(self, *, dry_run: bool) -> None:
        """How far it is."""
        self.written = 0 if dry_run else self.line
        click.echo(
            f"line {self.line} ({self.file.share():.0%}): {self.done.new} cases, {self.done.known} known",
            err=True,
        )

    def kept(self) -> str:
        """What is left where it ended too early, and how to go on."""
        if not self.written:
            return NOTHING_LOADED
        return (
            f"Everything up to line {self.written} is loaded and stays. The same command goes on from there: it "
            "passes over what was loaded before."
        )

    def say(self, *, dry_run: bool) -> None:
        """What was done, and what was left out."""
        verb = "would be loaded" if dry_run else "loaded"
        click.echo(f"{self.done.new} cases {verb} from {self.system}, {self.done.known} were loaded before.")
        if self.done.kept_private:
            click.echo(
                f"{self.done.kept_private} of them were public there and are kept unpublished here: their words may "
                "expose someone. The dispatcher can publish them masked."
            )
        if self.file.left_out:
            click.echo(f"Left out, as no column of ours: {', '.join(self.file.left_out)}.")
        if self.refused.count:
            click.echo(
                f"{self.refused.count} rows refused; they are in {self.refused.path} with the reasons."
            )


def _check_places(mapping: CaseMapping, reading: Reading) -> None:
    """Refuse a mapping that names what this district hasn't, before the first of thousands of rows is."""
    known = [plan.slug for plan in plans.plans()]
    if mapping.plan and mapping.plan not in known:
        there = ", ".join(known) or "none; load the district first (flask civic load)"
        raise FileRefused(f"{mapping.name}: there is no plan “{mapping.plan}” here; there are: {there}.")
    try:
        check_words(reading)
    except RowRefused as refused:
        raise FileRefused(f"{mapping.name}: {refused.column}: {refused.reason}") from None


@civic_commands.command("rebuild-stats")
@click.option(
    "--check", is_flag=True, help="Only compare the counters with the events; exit 1 if they differ."
)
def rebuild_stats(check: bool) -> None:
    """Count all cases again from their events."""
    if not check:
        with unit_of_work():
            counted = services.rebuild_stats()
        # Outside: where nobody listens any more, what was counted stays.
        click.echo(f"{counted} counters rebuilt from the events.")
        return
    with unit_of_work():
        if not queries.sums_fit():
            raise queries.OtherLayout
        services.last_event()
        found = services.check_stats()
    for entry in found:
        click.echo(f"{entry.key}: stored {entry.stored}, counted {entry.counted}")
    click.echo(
        f"{len(found)} counters differ from the events." if found else "The counters agree with the events."
    )
    sys.exit(1 if found else 0)


@civic_commands.command("recompute-deadlines")
@click.option("--dry-run", is_flag=True, help="Only say which would move; exit 1 if any would.")
def recompute_deadlines(dry_run: bool) -> None:
    """Move the deadlines of open cases to where the working days put them, after a calendar was loaded.

    It may be broken off and run again: what has moved doesn't move twice.
    """
    found = moved = 0
    for one in _would_move() if dry_run else _move_in_portions():
        for part in one.clocks:
            click.echo(f"{one.reference} {part.name}: {part.before.isoformat()} -> {part.after.isoformat()}")
        found += 1
        moved += bool(one.clocks)
    verb = "would move" if dry_run else "moved"
    click.echo(
        f"{moved} open cases {verb}; {found - moved} keep their deadlines and become certain or provisional."
    )
    sys.exit(1 if dry_run and found else 0)


def _would_move() -> list[MovedDeadline]:
    with unit_of_work():
        return services.preview_deadlines(now(), departments.calendar())


def _move_in_portions() -> Iterator[MovedDeadline]:
    """What moved, a portion at a time in a transaction of its own: the site goes on meanwhile."""
    after, looked = 0, True
    while looked:
        with unit_of_work():
            portion = services.recompute_portion(now(), after, PORTION)
        yield from portion.moved
        after, looked = portion.last, bool(portion.looked)


@civic_commands.command("workflow-table")
@click.option("--check", is_flag=True, help="Only say whether docs/workflow.md is current; exit 1 if not.")
def workflow_table(check: bool) -> None:
    """Write the tables of docs/workflow.md from the code."""
    path = Path(current_app.root_path).parent / "docs" / "workflow.md"
    before = path.read_text(encoding="utf-8")
    after = with_tables(before)
    if check:
        click.echo("docs/workflow.md is current." if before == after else "docs/workflow.md is outdated.")
        sys.exit(before != after)
    path.write_text(after, encoding="utf-8")
    click.echo("docs/workflow.md written.")


@civic_commands.command("mask")
def mask() -> None:
    """Propose what to cover in a text from standard input, as JSON: start, end, kind and text of each place.

    Positions count characters from 0; end is the first one after the place. Nothing is kept.
    """
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(
            f"The text isn't UTF-8 (byte {error.start + 1}). Save it as UTF-8 and try again."
        ) from error
    places = [
        {
            "start": place.start,
            "end": place.end,
            "kind": place.what.value,
            "text": text[place.start : place.end],
        }
        for place in exposures(text)
    ]
    click.echo(json.dumps(places, ensure_ascii=False, indent=1))


@civic_commands.command("erase-again")
@click.argument("what", type=click.Choice(["contact", "words"]))
@click.argument("references", nargs=-1, required=True)
def erase_again(what: str, references: tuple[str, ...]) -> None:
    """After a restore: erase once more what residents had erased since the backup was made.

    The web server's log names each of them (event "erased"). What is erased already is left alone.
    """
    erase = services.erase_words if what == "words" else services.erase_contact
    unknown = 0
    for reference in references:
        case_id = queries.case_id_of(reference)
        if case_id is None:
            click.echo(f"{reference}: there is no such case")
            unknown += 1
            continue
        try:
            with unit_of_work():
                erase(RESIDENT, case_id, queries.version_of(case_id), now())
            click.echo(f"{reference}: erased")
        except NotAllowed:
            click.echo(f"{reference}: nothing left to erase")
    if unknown:
        sys.exit(1)
