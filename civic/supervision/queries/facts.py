"""What an assessment is filled with from data: the ``facts``, plain JSON of a documented shape (docs/assessments.md).

Everything that a reader is shown later is in them, names included, so that a published assessment stays as it was
whatever changes afterwards. Labels and lines of calculations are msgids. Numbers are whole, or decimal strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from civic.core.extensions import db
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.plans import queries as plans
from civic.plans.queries import ItemRef, PlanDocument, PlanRow
from civic.plans.rules import Printed
from civic.progress import queries as progress
from civic.progress.queries import IndicatorStatus
from civic.progress.queries.items import NO_PROGRESS
from civic.progress.queries.moving import REPORTED_KINDS
from civic.progress.rules import Square, judged_year
from civic.progress.rules.adjusting import AdjustmentState
from civic.supervision.models import Assessment
from civic.supervision.queries.follow_ups import earlier_recommendations
from civic.supervision.queries.known import known_of
from civic.supervision.queries.summaries import SummaryPage, summary_of
from civic.supervision.rows import EveryRow
from civic.supervision.rules import SMALL, Choice, Period, Rate, Scope, figures
from civic.supervision.rules.assessments import (
    FACTS_VERSION,
    QUIET_MONTHS,
    AssessmentState,
    gives_a_change_away,
    stretches,
)
from civic.supervision.rules.editions import PUBLIC, STOCKS, PublicFigures, allowed, public_row

Json = dict[str, Any]
SHARE_PLACES = Decimal("0.0001")
EVERY_FIGURE = frozenset(PUBLIC)
TOLD_BY_CHAPTER = frozenset({"received", "replied", "solved", "satisfied", "open", "overdue"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which assessment the facts are for; ``number`` counts the plan's assessments."""

    plan_slug: str
    number: int
    period: Period


def gather_facts(asked: Asked, now: datetime) -> Json:
    """The facts of one assessment as data has them now; raises :class:`~civic.core.errors.NotFound`."""
    document = plans.document(asked.plan_slug)
    names = _Names()
    indicators = [
        _indicator(one, document, names)
        for one in progress.indicator_statuses(asked.plan_slug, asked.period.following, document=document)
    ]
    commitments = _commitments(document, asked.period, names)
    facts = {
        "version": FACTS_VERSION,
        "plan": _plan(document.plan),
        "since": asked.period.since.isoformat(),
        "until": asked.period.until.isoformat(),
        "judged_year": judged_year(asked.period.following),
        "quiet_months": QUIET_MONTHS,
        "small": SMALL,
        "cut_offs": _cut_offs(),
        "indicators": indicators,
        "indicator_counts": _counts(indicators),
        "commitments": commitments,
        "commitment_counts": _counts(commitments),
        "quiet": _quiet(document, asked.period.until, names),
        "chapters": _chapters(asked, document.plan.id, now),
        "adjustments": _adjustments(document, asked.period),
        "earlier": earlier_recommendations(document.plan.id, asked.number, document, names),
    }
    return {**facts, "departments": names.known}


def standings(plan_slug: str, period: Period) -> Json:
    """How many indicators and promises of a plan stood where at the end of a period, by what is published now."""
    document, names = plans.document(plan_slug), _Names()
    indicators = [
        _indicator(one, document, names)
        for one in progress.indicator_statuses(plan_slug, period.following, document=document)
    ]
    return {
        "plan": _plan(document.plan),
        "judged_year": judged_year(period.following),
        "indicator_counts": _counts(indicators),
        "commitment_counts": _counts(_commitments(document, period, names)),
    }


def concerned_departments(plan_slug: str) -> tuple[int, ...]:
    """The departments that lead anything of a plan whose progress is published, in the order of departments."""
    document = plans.document(plan_slug)
    leads = {duty.department_id for ref in document.of_kind(*REPORTED_KINDS) if (duty := document.lead(ref))}
    return tuple(row.id for row in departments.departments(include_inactive=True) if row.id in leads)


class _Names:
    """Remembers the names of the departments that the facts mention."""

    def __init__(self) -> None:
        self.known: dict[str, dict[str, str]] = {}
        self._rows = {row.id: row for row in departments.departments(include_inactive=True)}

    def key(self, department_id: int | None) -> str | None:
        row = self._rows.get(department_id) if department_id is not None else None
        if row is None:
            return None
        self.known[row.key] = department_name(row)
        return row.key


def department_name(row: DepartmentRow) -> dict[str, str]:
    """A department's names, to be kept with what is published."""
    return {"name": row.name, "name_hant": row.name_hant, "name_en": row.name_en}


def _plan(plan: PlanRow) -> Json:
    names = ("slug", "title", "title_hant", "short_name", "short_name_hant", "short_name_en")
    return {
        **{name: getattr(plan, name) for name in names},
        "first_year": plan.first_year,
        "last_year": plan.last_year,
    }


def _item(ref: ItemRef) -> Json:
    return {"code": ref.code, "kind": ref.kind.value, "title": ref.title, "title_hant": ref.title_hant}


def _lead(document: PlanDocument, ref: ItemRef, names: _Names) -> str | None:
    duty = document.lead(ref)
    return names.key(duty.department_id) if duty else None


def _cut_offs() -> dict[str, str]:
    cuts = progress.tolerances()
    return {name: plain(getattr(cuts, name)) or "" for name in ("ahead_by", "behind_by", "around_by")}


def _indicator(one: IndicatorStatus, document: PlanDocument, names: _Names) -> Json:
    row, facts, verdict = one.row, one.facts, one.verdict
    observed = next(
        (
            value
            for value in one.observations
            if value.year == verdict.year and value.value == verdict.observed
        ),
        None,
    )
    source = observed.source if observed else None
    return {
        **_item(row.ref),
        "category": row.category,
        "category_hant": row.category_hant,
        "unit": row.unit,
        "unit_hant": row.hant.get("unit") or row.unit,
        "department": _lead(document, row.ref, names),
        "target_kind": facts.kind.value,
        "baseline": _printed(facts.baseline_year, facts.baseline),
        "target": _printed(facts.target_year, facts.target),
        "target_rate": facts.target_rate.text if facts.target_rate else None,
        "goal": rounded(verdict.goal),
        "observed": None
        if verdict.year is None or verdict.observed is None
        else {
            "year": verdict.year,
            "value": plain(verdict.observed),
            "source": {"text": source.text, "params": dict(source.params), "on": source.published_on,
                       "link": source.link} if source else None,
        },
        "share": rounded(verdict.achieved_share),
        "time_share": rounded(verdict.time_share),
        "status": verdict.status.value,
        "reason": verdict.reason.value if verdict.reason else None,
        "label": one.label,
        "square": one.square.value,
        "calculation": [{"text": line.text, "params": dict(line.params)} for line in verdict.calculation],
    }  # fmt: skip


def _commitments(document: PlanDocument, period: Period, names: _Names) -> list[Json]:
    """By reports that speak of the period or earlier; what was due by its end and isn't done is past its date."""
    reports = progress.updates_as_of([row.ref.id for row in document.commitments], period.until)
    areas = {area.key: area for area in departments.areas()}
    found = []
    for row in document.commitments:
        report = reports.get(row.ref.id)
        label, square = NO_PROGRESS, Square.EMPTY.value
        if report is not None:
            looks = progress.standing_on(report, period.following, row.deadline)
            label, square = looks.label, looks.square.value
        area = areas.get(row.area)
        found.append({
            **_item(row.ref),
            "area": {"name": area.name, "name_hant": area.name_hant, "name_en": area.name_en} if area else None,
            "quote": row.quote,
            "quote_hant": row.quote_hant,
            "deadline": _iso(row.deadline),
            "department": _lead(document, row.ref, names) or _lead(document, row.clause, names),
            "status": report.report.status.value if report else None,
            "label": label,
            "square": square,
            "as_of": _iso(report.report.as_of) if report else None,
            "percent": report.report.percent if report else None,
        })  # fmt: skip
    return found


def _counts(rows: Iterable[Mapping[str, Any]]) -> list[Json]:
    """How many rows stand where, in the order in which the squares are always named; never one percentage."""
    found: dict[tuple[int, str, str], int] = {}
    order = [square.value for square in Square]
    for row in rows:
        key = (order.index(row["square"]), row["label"], row["square"])
        found[key] = found.get(key, 0) + 1
    return [{"label": label, "square": square, "count": n} for (_, label, square), n in sorted(found.items())]


def _quiet(document: PlanDocument, day: date, names: _Names) -> list[Json]:
    """By department: items of which nothing had been published for long on the period's last day."""
    groups: dict[str, list[Json]] = {}
    for one in progress.quiet_as_of(document, day, QUIET_MONTHS):
        key = names.key(one.department_id)
        if key is not None:
            groups.setdefault(key, []).append(
                {**_item(one.ref), "last": _iso(one.last), "since": _iso(one.since)}
            )
    by_size = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [{"department": key, "rows": rows} for key, rows in by_size]


def _chapters(asked: Asked, plan_id: int, now: datetime) -> list[Json]:
    """Voices and satisfaction per chapter of this plan, as far as everybody may see them; chapters of which nothing was
    said are named with zeros."""
    every, others = EveryRow(), _others(asked, plan_id)
    page, may = _told(asked.period, now, every)
    for stretch in stretches(asked.period, [period for period, _facts in others]):
        _page, there = _told(stretch, now, every)
        may = {key: names & (there.get(key, EVERY_FIGURE) | STOCKS) for key, names in may.items()}
    for period, facts in others:
        if stretches(asked.period, [period]):
            changed = _changed(asked, period, facts, now, every)
            may = {key: names - changed.get(key, frozenset()) for key, names in may.items()}
    counted = {row.key: (row.figures.public, public_row(row.figures, may[row.key])) for row in page.rows}
    prefix, nothing = f"{asked.plan_slug}:", public_row(figures(()), EVERY_FIGURE)
    places: dict[str, tuple[str, str]] = {}
    for place in plans.item_places():
        if place.plan_slug == asked.plan_slug:
            places.setdefault(place.chapter_code, (place.chapter_title, place.chapter_title_hant))
    return [
        {
            "code": code,
            "title": title,
            "title_hant": hant,
            **_figures(*counted.get(prefix + code, (0, nothing))),
        }
        for code, (title, hant) in places.items()
    ]


def _told(period: Period, now: datetime, every: EveryRow) -> tuple[SummaryPage, dict[str, frozenset[str]]]:
    """The chapters in a period, and which figures of each may be told."""
    page = summary_of(Choice(period, Scope.CHAPTER), now, every)
    names = allowed([row.figures for row in page.rows], known_of(page, every))
    return page, {row.key: may for row, may in zip(page.rows, names[:-1], strict=True)}


def _changed(
    asked: Asked, period: Period, facts: Json, now: datetime, every: EveryRow
) -> dict[str, frozenset[str]]:
    """By chapter, the figures of another assessment that would be told otherwise today, so that the difference gives
    a few away. Stocks are of its last day and differ from those of any other day."""
    page = summary_of(Choice(period, Scope.CHAPTER), now, every)
    most = {name: dict(zip([row.key for row in page.rows], known[1], strict=True))
            for name, known in known_of(page, every).items()}  # fmt: skip
    today = {row.key: row.figures for row in page.rows}
    ignored = STOCKS if period.until != asked.period.until else frozenset()
    found = {}
    for one in facts["chapters"]:
        key = f"{asked.plan_slug}:{one['code']}"
        row = today.get(key, figures(()))
        found[key] = frozenset(
            name
            for name in TOLD_BY_CHAPTER - ignored
            if one[name] is not None
            and gives_a_change_away(one[name], getattr(row, name), most[name].get(key, 0))
        )
    return found


def _others(asked: Asked, plan_id: int) -> list[tuple[Period, Json]]:
    """Days and facts of the plan's other assessments, published or being written."""
    query = select(Assessment.since, Assessment.until, Assessment.facts).where(
        Assessment.plan_id == plan_id,
        Assessment.number != asked.number,
        Assessment.state != AssessmentState.DISCARDED.value,
    )
    return [(Period(since, until), facts) for since, until, facts in db.session.execute(query)]


def _figures(public: int, seen: PublicFigures) -> Json:
    """What isn't published is null."""
    return {
        "received": seen.received,
        "public": public,
        "replied": rate(seen.replied) if seen.replied else None,
        "solved": rate(seen.solved) if seen.solved else None,
        "satisfied": rate(seen.satisfied) if seen.satisfied else None,
        "open": seen.open,
        "overdue": seen.overdue,
    }


def rate(found: Rate) -> Json:
    """``part`` of ``whole``; ``share`` (four places) only where ``whole`` reaches the smallest number of cases."""
    share = None
    if found.whole >= SMALL:
        share = rounded(Decimal(found.part) / Decimal(found.whole))
    return {"part": found.part, "whole": found.whole, "share": share}


def _adjustments(document: PlanDocument, period: Period) -> list[Json]:
    """Those that came into force in the period, the oldest first."""
    found = []
    for row in reversed(progress.adjustments(document.plan.id)):
        day = row.in_force_on
        ref = document.by_id.get(row.item_id)
        if row.state is not AdjustmentState.IN_FORCE or ref is None or day is None:
            continue
        if period.since <= day <= period.until:
            found.append({
                **_item(ref),
                "subject": row.subject_label,
                "lines": [
                    {"label": line.label, "old": line.old, "new": line.new, "old_hant": line.old_hant,
                     "new_hant": line.new_hant, "is_msgid": line.is_msgid}
                    for line in row.lines
                ],
                "reason": row.reason,
                "reason_hant": row.reason_hant,
                "approving_body": row.approving_body,
                "document_number": row.document_number,
                "approved_on": _iso(row.approved_on),
                "in_force_on": _iso(day),
            })  # fmt: skip
    return found


def _printed(year: int, cell: Printed | None) -> Json | None:
    return None if cell is None else {"year": year, "text": cell.text, "value": plain(cell.value)}


def plain(value: Decimal | None) -> str | None:
    """A number as it was reported."""
    return None if value is None else f"{value:f}"


def rounded(value: Decimal | None) -> str | None:
    """A result to four places, without idle zeros."""
    if value is None:
        return None
    text = f"{value.quantize(SHARE_PLACES):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
