"""What everybody knows of the cases behind the rows of a summary, because each can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from civic.cases import queries as cases
from civic.cases.queries import Selection
from civic.supervision.columns import public_columns
from civic.supervision.figures import FIGURES
from civic.supervision.queries.summaries import SummaryPage, selection_of
from civic.supervision.rows import NOBODY_KEY, Rows
from civic.supervision.rules import Scope
from civic.supervision.rules.editions import Known


def known_of(page: SummaryPage, every: Mapping[Scope, Rows]) -> dict[str, Known]:
    """For each public figure; of a rate all the cases that it rests on, not only its part."""
    rows, keys = every[page.choice.scope], [row.key for row in page.rows]
    found = {}
    for column in public_columns():
        figure = FIGURES[column.whole or column.key]
        selection = selection_of(page.choice, figure, None, page.judged_until, every)
        found[column.name] = _by_row(selection, rows, keys)
    return found


def _by_row(selection: Selection, rows: Rows, keys: Sequence[str]) -> Known:
    now, most = dict.fromkeys(keys, 0), dict.fromkeys(keys, 0)
    for value, one in cases.readable_behind(selection, rows.column).items():
        key = rows.key_of.get(value, NOBODY_KEY)
        now[key] += one.now
        most[key] += one.most
    return list(now.values()), list(most.values())
