"""The law of the public scoreboard, pure: which quarter it shows, and which of its figures everybody may see.

An edition is plain JSON of one whole quarter, made once. Nothing of it follows a case later, and no day is in two
editions, so none can be taken from another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
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
    """The figures of one department that everybody sees; None is not published. Names are those of ``Figures``:
    ``replied`` is what residents were promised, ``own`` what a department made of its own days.

    ``few`` names rates and medians that aren't stated because they rest on a few cases, all of which can be read.
    """

    received: int | None
    replied: Rate | None
    own: Rate | None
    days: Spread | None
    solved: Rate | None
    satisfied: Rate | None
    open: int | None
    overdue: int | None
    few: frozenset[str] = frozenset()


Known = tuple[Sequence[int], Sequence[int]]
"""Row by row, how many cases can be read, and how many could be at most: those that were and those that may yet be."""
PUBLIC = tuple(one.name for one in fields(PublicFigures) if one.name != "few")
"""The figures of the public scoreboard."""
STOCKS = frozenset({"open", "overdue"})
"""Those of one day, the period's last: over several periods they don't add up."""


@dataclass(frozen=True, slots=True)
class Steps:
    """How a word travels, in whole working days: medians, None where too few were counted; ``n`` answers."""

    accept_days: float | None = None
    reply_days: float | None = None
    n: int = 0


def due_editions(today: date, since: date | None, newest: date | None) -> tuple[Period, ...]:
    """The quarters that are over and follow the ``newest`` day of an edition, so that none is skipped while nobody
    published; before the first edition the quarter that ended last, if anything was counted by its end."""
    found, last = [], quarter_of(today).before
    while newest is not None and last.until > newest:
        found.append(last)
        last = last.before
    if newest is None and since is not None and since <= last.until:
        found.append(last)
    return tuple(reversed(found))


def number_behind(value: int | Rate | Spread) -> int:
    """How many cases a figure rests on."""
    if isinstance(value, Rate):
        return value.whole
    return value.n if isinstance(value, Spread) else value


def _says_little(value: int | Rate | Spread) -> bool:
    """Whether it is a rate or median of too few cases to be stated; a count says what it says."""
    return not isinstance(value, int) and 0 < number_behind(value) < SMALL


def allowed(rows: Sequence[Figures], known: Mapping[str, Known]) -> tuple[frozenset[str], ...]:
    """The figures of each row, and of their total at the end, that may be told: none that rests on a few cases which
    can't be read, and none that gives such a one away.

    ``known``: for each figure, how many of the cases behind it can be read, and could be at most at any time.
    """
    may = {name: told([number_behind(getattr(row, name)) for row in rows], *known[name]) for name in PUBLIC}
    return tuple(frozenset(name for name in PUBLIC if may[name][at]) for at in range(len(rows) + 1))


def public_row(row: Figures, may: Set[str]) -> PublicFigures:
    """A row with the figures that may be told, as far as they say anything."""
    values = {name: getattr(row, name) for name in PUBLIC}
    few = frozenset(name for name, value in values.items() if name in may and _says_little(value))
    shown = {name: value if name in may - few else None for name, value in values.items()}
    return PublicFigures(**shown, few=few)


def public_steps(accept: Spread | None, reply: Spread | None) -> Steps:
    """The medians of all departments together; None is a spread that may not be told."""
    if reply is None or reply.n < SMALL:
        return Steps()
    return Steps(accept.median if accept and accept.n >= SMALL else None, reply.median, reply.n)


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
    shown = {name: None if value is None else plain(value) for name, value in values.items()}
    return {**shown, "few": sorted(row.few)}


def public_of(row: Mapping[str, Any]) -> PublicFigures:
    """The row that :func:`public_json` wrote."""
    values: dict[str, Any] = {name: None if row[name] is None else typed(row[name]) for name in PUBLIC}
    return PublicFigures(**values, few=frozenset(row["few"]))
