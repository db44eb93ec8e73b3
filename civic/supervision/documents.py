"""A summary, and topics, as plain JSON: what the command prints, and whoever else needs all of them without a page."""

from __future__ import annotations

from typing import Any

from civic.supervision.columns import all_columns, public_columns
from civic.supervision.figures import FIGURES
from civic.supervision.queries import Counted, Overview, Scoreboard, TopicsPage
from civic.supervision.queries.opinions import OpinionTable
from civic.supervision.queries.overviews import Earlier
from civic.supervision.queries.standings import PlanStanding, StandGroup
from civic.supervision.rules import SMALL, Figures, Period, Rate, Spread
from civic.supervision.rules.comparing import Difference
from civic.supervision.rules.editions import PublicFigures
from civic.supervision.rules.opinions import OPINION_COLUMNS, OPINION_FIGURES, OpinionFigures

Json = dict[str, Any]
SHARE_DIGITS = 6


def summary_document(found: Overview, opinions: OpinionTable | None) -> Json:
    """Everything on the page of a summary; of a period that lies ahead no figure, and ``begun_until`` is null."""
    page = found.summary
    return {
        "period": _period(page.choice.period),
        "by": page.choice.scope.value,
        "narrowed": {scope.value: key for scope, key in page.choice.narrowed},
        "begun_until": found.begun.until.isoformat() if found.begun else None,
        "judged_until": page.judged_until.isoformat(),
        "over": found.over,
        "counted_since": found.counted_since.isoformat() if found.counted_since else None,
        "total": figures_document(page.total) if found.begun else None,
        "earlier": [_earlier(one, page.total) for one in found.earlier],
        "rows": [
            {"key": row.key, "name": row.name.hans or row.name.msgid, **figures_document(row.figures)}
            for row in page.rows
        ],
        "months": [
            {**_period(row.choice.period), "received": row.received, "answered": row.answered}
            for row in found.months
        ],
        "reply_days": [{"least": row.least, "most": row.most, "n": row.n} for row in found.days],
        "items": [
            {
                "plan": row.ref.plan_slug,
                "code": row.ref.code,
                "title": row.ref.title,
                "received": row.received,
                "public": row.public,
            }
            for row in found.items
        ],
        "standing": _standing(found.standing) if found.standing else None,
        "opinions": _opinions(opinions) if opinions else None,
    }


def _opinions(table: OpinionTable) -> Json:
    """What deputies asked and how it was answered, by department, with what each figure means."""
    return {
        "definitions": {figure.value: meaning for figure, (_label, meaning) in OPINION_FIGURES.items()},
        "total": _opinion_row(table.total),
        "departments": [
            {"key": row.key, "name": row.name, **_opinion_row(figures)} for row, figures in table.rows
        ],
    }


def _opinion_row(row: OpinionFigures) -> Json:
    return {column.name: _value(column.of(row)) for column in OPINION_COLUMNS}


def _standing(one: PlanStanding) -> Json:
    def groups(found: tuple[StandGroup, ...]) -> list[Json]:
        return [
            {"status": group.stand.label, "n": len(group.items), "items": [ref.code for ref in group.items]}
            for group in found
        ]

    return {
        "plan": one.plan.slug,
        "day": one.day.isoformat(),
        "before": one.before.isoformat(),
        "judged_year": one.judged_year,
        "judged_year_before": one.judged_year_before,
        "indicators": groups(one.indicators),
        "commitments": groups(one.commitments),
        "changes": [
            {"code": ref.code, "before": group.before.label, "now": group.now.label}
            for group in one.changes
            for ref in group.items
        ],
    }


def figures_document(row: Figures) -> Json:
    """One row: counts as numbers, rates with both parts, durations with the number of cases behind them."""
    return {column.name: _value(column.of(row)) for column in all_columns()}


def _value(value: int | Rate | Spread) -> int | Json:
    if isinstance(value, Rate):
        found: Json = {"part": value.part, "whole": value.whole, "share": _rounded(value.share)}
        low, high = (value.interval.low, value.interval.high) if value.interval else (None, None)
        return {**found, "low": _rounded(low), "high": _rounded(high)}
    if isinstance(value, Spread):
        stated = value.stated
        return {"n": stated.n, "median": stated.median, "p90": stated.p90}
    return value


def scoreboard_document(board: Scoreboard) -> Json:
    """The public scoreboard; what isn't published is null, and so is the period before the first edition. ``few`` names
    what isn't stated because it would rest on fewer than ``smallest`` cases."""
    return {
        "quarter": board.quarter or None,
        "period": _period(board.period) if board.period else None,
        "smallest": SMALL,
        "definitions": {
            key: FIGURES[key].meaning
            for column in public_columns()
            for key in (column.key, column.whole)
            if key
        },
        "departments": [
            {"key": row.key, "name": row.name.hans, **_public(row.figures)} for row in board.rows
        ],
        "total": _public(board.total) if board.total else None,
    }


def _public(row: PublicFigures) -> Json:
    values = {column.name: column.public_of(row) for column in public_columns()}
    shown = {name: None if value is None else _value(value) for name, value in values.items()}
    return {**shown, "few": sorted(row.few)}


def _earlier(one: Earlier, total: Figures) -> Json:
    found: Json = {"which": one.label, **_period(one.choice.period), "complete": one.whole}
    if one.total is None:
        return {**found, "total": None, "difference": None}
    then = one.total
    return {
        **found,
        "total": figures_document(then),
        "difference": {column.name: _difference(column.difference(total, then)) for column in all_columns()},
    }


def _difference(one: Difference) -> Json:
    return {"direction": one.direction.value, "by": _rounded(one.by)}


def _period(period: Period) -> Json:
    return {"since": period.since.isoformat(), "until": period.until.isoformat()}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, SHARE_DIGITS)


def topics_document(page: TopicsPage) -> Json:
    """Topics as a plain document; docs/supervision-topics.md names its fields."""
    read, choice = page.read, page.choice
    return {
        "read_at": read.at.isoformat() if read else None,
        "read_since": read.since.isoformat() if read else None,
        "since": choice.period.since.isoformat(),
        "until": choice.period.until.isoformat(),
        "chapter": choice.chapter,
        "street": choice.street,
        "messages": read.messages if read else 0,
        "messages_before": read.before if read else None,
        "topics_in_all": page.row_count,
        "topics": [
            {
                "phrase": row.phrase,
                "also": list(row.also),
                **_counted(row.counted),
                "before": row.before,
                "mark": row.mark.value if row.mark else None,
                "examples": [{"reference": voice.reference, "text": voice.text} for voice in row.examples],
            }
            for row in page.rows
        ],
        "alike_in_all": page.group_count,
        "alike": [
            {"example": {"reference": row.key, "text": row.example.text}, **_counted(row.counted)}
            for row in page.groups
        ],
    }


def _counted(counted: Counted) -> Json:
    return {
        "messages": counted.n,
        "private_at_least": counted.private,
        "writers": counted.writers,
        "heat": counted.heat,
        "streets": {street.name.hans or street.name.msgid: street.n for street in counted.streets},
        "weeks": {monday.isoformat(): n for monday, n in counted.weeks},
    }
