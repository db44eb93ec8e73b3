"""The document of one edition of the public scoreboard, out of the counters as they stand when it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from civic.cases import queries as cases
from civic.cases.rules.counters import Measure
from civic.supervision.figures import FIGURES
from civic.supervision.queries.known import known_of
from civic.supervision.queries.summaries import SummaryPage, SummaryRow, selection_of, summary_through
from civic.supervision.rows import NOBODY_KEY, EveryRow, Name, Rows
from civic.supervision.rules import Choice, Figures, Period, Scope, durations, spread, windows
from civic.supervision.rules.editions import allowed, public_json, public_row, public_steps, steps_json
from civic.supervision.rules.suppressing import Published, published_beside, told

EDITION_VERSION = 1
Json = dict[str, Any]


def edition_document(period: Period) -> Json:
    """Everything that is published of a quarter, and nothing else."""
    every, choice = EveryRow(), Choice(period, Scope.DEPARTMENT)
    page = summary_through(choice, period.until, every)
    *names, total = allowed([row.figures for row in page.rows], known_of(page, every))
    streets, sum_told = _streets(choice, every)
    if sum_told != ("received" in total):
        # Both tables count the same messages: a sum that one of them must not tell could be taken from the other.
        *names, total = (may - {"received"} for may in (*names, total))
        streets = tuple(tuple(None if n else n for n in line) for line in streets)
    return {
        "version": EDITION_VERSION,
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "steps": _steps(page, total, every),
        "departments": _departments(page.rows, names),
        "total": public_json(public_row(page.total, total)),
        "streets": {
            "kinds": [{"key": key, "name": asdict(name)} for key, name in every[Scope.KIND].names.items()],
            "rows": _lines(every[Scope.STREET].names, streets),
        },
    }


def _departments(rows: Sequence[SummaryRow], names: Sequence[frozenset[str]]) -> list[Json]:
    return [
        {"key": row.key, "name": asdict(row.name), "figures": public_json(public_row(row.figures, may))}
        for row, may in zip(rows, names, strict=True)
        if row.key != NOBODY_KEY and _has_work(row.figures)
    ]


def _has_work(f: Figures) -> bool:
    """Whether a row has anything that a reader of the scoreboard would look for."""
    return bool(f.received or f.open or f.overdue or f.replied.whole or f.own.whole or f.solved.whole)


def _steps(page: SummaryPage, total: frozenset[str], every: Mapping[Scope, Rows]) -> Json:
    """How long it took, all departments together; of the answers' number the table of departments tells as well."""
    found = windows([Measure.ACCEPT_DAYS], page.choice.period, page.judged_until)
    accept = spread(durations(cases.stat_sums(found), Measure.ACCEPT_DAYS))
    read = cases.readable_behind(cases.Selection(found), every[Scope.DEPARTMENT].column).values()
    may, _ = told([accept.n], [sum(one.now for one in read)], [sum(one.most for one in read)])
    return steps_json(public_steps(accept if may else None, page.total.days if "days" in total else None))


def _streets(choice: Choice, every: Mapping[Scope, Rows]) -> tuple[Published, bool]:
    """What was received by street and kind, and whether its sum may be told to those who read."""
    streets, kinds = every[Scope.STREET], every[Scope.KIND]
    columns = [_received(choice.only(Scope.KIND, kind), every) for kind in kinds.names]
    counts, now, most = (
        [[column[street][level] for column in columns] for street in streets.names] for level in range(3)
    )
    nothing = [[0] * len(line) for line in counts]
    told_to_readers = published_beside(counts, [(now, most)])[-1][-1]
    return published_beside(counts, [(nothing, nothing), (now, most)]), told_to_readers is not None


def _lines(streets: Mapping[str, Name], shown: Published) -> list[Json]:
    *lines, total = shown
    found: list[Json] = [
        {"key": key, "name": asdict(name), "counts": list(line)}
        for (key, name), line in zip(streets.items(), lines, strict=True)
    ]
    return [*found, {"key": "total", "name": None, "counts": list(total)}]


def _received(choice: Choice, every: Mapping[Scope, Rows]) -> dict[str, list[int]]:
    """{street: received of one kind, of these readable now, and at most at any time}."""
    streets = every[Scope.STREET]
    selection = selection_of(choice, FIGURES["received"], None, date.max, every)
    found = {key: [0, 0, 0] for key in streets.names}
    for one in cases.stat_sums(selection.windows, streets.column, where=selection.where):
        found[streets.key_of.get(one.key, NOBODY_KEY)][0] += one.n
    for value, read in cases.readable_behind(selection, streets.column).items():
        place = found[streets.key_of.get(value, NOBODY_KEY)]
        place[1:] = [place[1] + read.now, place[2] + read.most]
    return found
