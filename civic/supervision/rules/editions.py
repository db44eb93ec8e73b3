"""The law of the public scoreboard, pure: which quarter it shows, and which of its figures everybody may see.

An edition is plain JSON of one whole quarter, made once. Nothing of it follows a case later, and no day is in two
editions, so none can be taken from another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from civic.supervision.rules.periods import Period, quarter_of
from civic.supervision.rules.snapshots import decimal, plain, typed
from civic.supervision.rules.summaries import SMALL, Figures, Rate, Spread
from civic.supervision.rules.suppressing import told

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """The figures of one department that everybody sees; None is not published. Names are those of ``Figures``."""

    received: int | None
    replied: Rate | None
    days: Spread | None
    solved: Rate | None
    satisfied: Rate | None
    open: int | None
    overdue: int | None


PUBLIC = tuple(one.name for one in fields(PublicFigures))
"""The figures of the public scoreboard."""


@dataclass(frozen=True, slots=True)
class Steps:
    """How a word travels, in whole working days: medians, None where too few were counted; ``n`` answers."""

    accept_days: float | None = None
    reply_days: float | None = None
    n: int = 0


def due_edition(today: date, since: date | None) -> Period | None:
    """The quarter that ended last, if anything was counted by its end."""
    last = quarter_of(today).before
    return last if since is not None and since <= last.until else None


def number_behind(value: int | Rate | Spread) -> int:
    """How many cases a figure rests on."""
    if isinstance(value, Rate):
        return value.whole
    return value.n if isinstance(value, Spread) else value


def _says_little(value: int | Rate | Spread) -> bool:
    """Whether it is a rate or median of too few cases to be stated; a count says what it says."""
    return not isinstance(value, int) and 0 < number_behind(value) < SMALL


def public_figures(
    rows: Sequence[Figures], total: Figures, known: Mapping[str, Sequence[Sequence[int]]]
) -> tuple[PublicFigures, ...]:
    """What of each row, and of their total at the end, everybody may see: a figure is left out that rests on a few
    cases which can't be read, and what gives it away.

    ``known``: for each figure, what different readers can take from the number of cases behind it, row by row.
    """
    shown: list[dict[str, Any]] = [{} for _ in (*rows, total)]
    for name in PUBLIC:
        may = told([number_behind(getattr(row, name)) for row in rows], known[name])
        values = [getattr(row, name) for row in (*rows, total)]
        for found, value, allowed in zip(shown, values, may, strict=True):
            found[name] = value if allowed and not _says_little(value) else None
    return tuple(PublicFigures(**found) for found in shown)


def public_steps(accept: Spread, reply: Spread, known: Sequence[int]) -> Steps:
    """The medians of all departments together; ``known`` as many answers as different readers know."""
    may, _ = told([reply.n], [[n] for n in known])
    if not may or reply.n < SMALL:
        return Steps()
    return Steps(accept.median if accept.n >= SMALL else None, reply.median, reply.n)


def steps_json(steps: Steps) -> Json:
    """The medians as they are kept: without floats."""
    return {
        **asdict(steps),
        **{name: decimal(getattr(steps, name)) for name in ("accept_days", "reply_days")},
    }


def steps_of(kept: Mapping[str, Any]) -> Steps:
    """What :func:`steps_json` wrote."""
    accept, reply = (
        None if kept[name] is None else float(kept[name]) for name in ("accept_days", "reply_days")
    )
    return Steps(accept, reply, kept["n"])


def public_json(row: PublicFigures) -> Json:
    """A row as it is kept."""
    values = {name: getattr(row, name) for name in PUBLIC}
    return {name: None if value is None else plain(value) for name, value in values.items()}


def public_of(row: Mapping[str, Any]) -> PublicFigures:
    """The row that :func:`public_json` wrote."""
    values: dict[str, Any] = {name: None if row[name] is None else typed(row[name]) for name in PUBLIC}
    return PublicFigures(**values)
