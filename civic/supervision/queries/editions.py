"""The document of one edition of the public scoreboard, out of the counters as they stand when it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from civic.cases import queries as cases
from civic.cases.rules.counters import Measure
from civic.supervision.figures import FIGURES
from civic.supervision.queries.known import Known, known_of
from civic.supervision.queries.summaries import SummaryRow, selection_of, summary_through
from civic.supervision.rows import NOBODY_KEY, EveryRow, Name
from civic.supervision.rules import Choice, Figures, Period, Scope, durations, spread, windows
from civic.supervision.rules.editions import (
    PublicFigures,
    public_figures,
    public_json,
    public_steps,
    steps_json,
)
from civic.supervision.rules.suppressing import Published, published_beside

EDITION_VERSION = 1
Json = dict[str, Any]


def edition_document(period: Period) -> Json:
    """Everything that is published of a quarter, and nothing else."""
    every, choice = EveryRow(), Choice(period, Scope.DEPARTMENT)
    page = summary_through(choice, period.until, every)
    known = known_of(page, every)
    *rows, total = public_figures([row.figures for row in page.rows], page.total, known)
    return {
        "version": EDITION_VERSION,
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "steps": _steps(period, known["days"]),
        "departments": _departments(page.rows, rows),
        "total": public_json(total),
        "streets": _streets(choice, every),
    }


def _departments(rows: Sequence[SummaryRow], shown: Sequence[PublicFigures]) -> list[Json]:
    return [
        {"key": row.key, "name": asdict(row.name), "figures": public_json(figures)}
        for row, figures in zip(rows, shown, strict=True)
        if row.key != NOBODY_KEY and _has_work(row.figures)
    ]


def _has_work(f: Figures) -> bool:
    """Whether a row has anything that a reader of the scoreboard would look for."""
    return bool(f.received or f.open or f.overdue or f.replied.whole or f.solved.whole)


def _steps(period: Period, known: Known) -> Json:
    measures = windows([Measure.ACCEPT_DAYS, Measure.REPLY_DAYS], period, period.until)
    counts = cases.stat_sums(measures)
    accept, reply = (spread(durations(counts, one)) for one in (Measure.ACCEPT_DAYS, Measure.REPLY_DAYS))
    return steps_json(public_steps(accept, reply, [sum(part) for part in known]))


def _streets(choice: Choice, every: EveryRow) -> Json:
    streets, kinds = every[Scope.STREET], every[Scope.KIND]
    columns = [_received(choice.only(Scope.KIND, kind), every) for kind in kinds.names]
    counts, now, ever = (
        [[column[street][level] for column in columns] for street in streets.names] for level in range(3)
    )
    nothing = [[0] * len(line) for line in counts]
    shown = published_beside(counts, [nothing, now, ever])
    return {
        "kinds": [{"key": key, "name": asdict(name)} for key, name in kinds.names.items()],
        "rows": _lines(streets.names, shown),
    }


def _lines(streets: Mapping[str, Name], shown: Published) -> list[Json]:
    *lines, total = shown
    found: list[Json] = [
        {"key": key, "name": asdict(name), "counts": list(line)}
        for (key, name), line in zip(streets.items(), lines, strict=True)
    ]
    return [*found, {"key": "total", "name": None, "counts": list(total)}]


def _received(choice: Choice, every: EveryRow) -> dict[str, list[int]]:
    """{street: received of one kind, of these readable now, and at any time}."""
    streets = every[Scope.STREET]
    selection = selection_of(choice, FIGURES["received"], None, date.max, every)
    found = {key: [0, 0, 0] for key in streets.names}
    for one in cases.stat_sums(selection.windows, streets.column, where=selection.where):
        found[streets.key_of.get(one.key, NOBODY_KEY)][0] += one.n
    for value, read in cases.readable_behind(selection, streets.column).items():
        place = found[streets.key_of.get(value, NOBODY_KEY)]
        place[1:] = [place[1] + read.now, place[2] + read.ever]
    return found
