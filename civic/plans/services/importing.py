"""Import of a plan document: draft or update a plan in place, or show what an import would change.

Codes and ids stay: feedback and progress point to them. An item that is no longer in the
document is kept as withdrawn; a paragraph is recognised by its text, not by its place.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.dated import changed_here
from civic.core.errors import N_, Invalid
from civic.core.events import publish
from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import ErratumRow, Indicator, Item, Plan, PlanTable
from civic.plans.rules import Erratum, ItemKind, ParsedPlan, PlanStatus
from civic.plans.services.diffs import Diff
from civic.plans.services.gate import Approval, Gate
from civic.plans.services.indicators import save_indicators
from civic.plans.services.items import PlacesChanged, save_items, withdraw_missing
from civic.plans.services.projects import save_projects
from civic.web.caching import renew_reference


@dataclass(frozen=True, slots=True)
class PlanSpec:
    """What a district says of a plan that the document itself doesn't: slug, names, years, target hints."""

    slug: str
    first_year: int
    last_year: int
    short_name: str = ""
    short_name_en: str = ""
    table: int | None = None
    """Number of the table that holds this plan's own indicators."""
    hints: dict[str, dict[str, Any]] = field(default_factory=dict)
    """{indicator code: {target_kind, lower_is_better}} where the print can't tell."""
    adjusting: dict[str, Any] | None = None
    """Who may adjust the plan, as ``district.yaml`` says ({body, rules: [{source, quote, code, link}]}), or None."""


def spec_for(
    slug: str, years: str | None, table: int | None, parsed: ParsedPlan, period: tuple[int, int] | None = None
) -> PlanSpec:
    """What a single import needs to know of a plan: the period from ``years``, the database, or ``period``.

    Raises :class:`Invalid` if the period isn't known or isn't written as 2021-2025.
    """
    plan = db.session.scalar(select(Plan).where(Plan.slug == slug))
    if years is not None:
        period = read_period(years)
    elif plan is not None:
        period = (plan.first_year, plan.last_year)
    if period is None:
        raise Invalid(N_("Give the period of the new plan %(slug)s as --years 2021-2025."), slug=slug)
    first, last = period
    return PlanSpec(
        slug,
        first,
        last,
        short_name=plan.short_name if plan else parsed.metadata.title[:80],
        short_name_en=plan.short_name_en if plan else "",
        table=table or _own_table(plan, parsed),
        hints=_hints(plan),
    )


def read_period(years: str) -> tuple[int, int]:
    """(2021, 2025) of "2021-2025"; raises :class:`Invalid`."""
    match = re.fullmatch(r"(\d{4})-(\d{4})", years)
    if match is None or int(match[1]) > int(match[2]):
        raise Invalid(N_("Give the period of a plan as 2021-2025."))
    return int(match[1]), int(match[2])


def _own_table(plan: Plan | None, parsed: ParsedPlan) -> int | None:
    """The table whose rows are this plan's indicators already; else the last one without printed results."""
    if plan is not None:
        code = db.session.scalar(
            select(Item.code).where(Item.plan_id == plan.id, Item.kind == ItemKind.INDICATOR.value).limit(1)
        )
        if code is not None:
            return int(code[1:].split("-")[0])
    running = [t.number for t in parsed.tables if all(i.result is None for i in t.indicators)]
    return running[-1] if running else None


def _hints(plan: Plan | None) -> dict[str, dict[str, Any]]:
    """What the district said of this plan's indicators stays said when the document is imported again."""
    if plan is None:
        return {}
    query = select(Item.code, Indicator.target_kind, Indicator.lower_is_better)
    rows = db.session.execute(
        query.join(Indicator, Indicator.item_id == Item.id).where(Item.plan_id == plan.id)
    )
    return {r.code: {"target_kind": r.target_kind, "lower_is_better": r.lower_is_better} for r in rows}


def import_plan(
    actor: Actor,
    spec: PlanSpec,
    parsed: ParsedPlan,
    now: datetime,
    *,
    allow_gaps: bool = False,
    approval: Approval | None = None,
    unmended: ParsedPlan | None = None,
) -> Diff:
    """Write a read document into the plan ``spec.slug``; returns what changed.

    What was adjusted since stays as adjusted where the document still has the old words. Other changes of a
    published plan need an ``approval`` and are recorded as adjustments; but for errata, which
    ``unmended`` tells: the same document read with the errata that stand. Raises :class:`Invalid` with the
    codes of what may not change, or if characters of the body are on no item (unless ``allow_gaps``).
    """
    if not parsed.coverage.complete and not allow_gaps:
        lines = ", ".join(str(line) for line, _ in parsed.coverage.unplaced[:10])
        raise Invalid(
            N_("%(missing)s characters are on no item (lines %(lines)s). Mend the document, or allow gaps."),
            code="gaps",
            missing=parsed.coverage.total - parsed.coverage.placed,
            lines=lines,
        )
    plan = _plan(spec, parsed)
    diff = Diff()
    gate = Gate(actor, plan, now, approval)
    save_items(gate, parsed, diff, unmended)
    if spec.table is not None:
        table = next((t for t in parsed.tables if t.number == spec.table), None)
        if table is None:
            raise Invalid(N_("The document has no table %(number)s."), code="no_table", number=spec.table)
        save_indicators(gate, table, spec.hints, diff)
    save_projects(gate, parsed.boxes, diff, unmended.boxes if unmended is not None else ())
    _save_tables(plan, parsed)
    _save_errata(plan, parsed.errata)
    withdraw_missing(gate, parsed, diff)
    gate.close()
    note_import(gate, diff, report_of(parsed, parsed.warnings, spec))
    return diff


def note_import(gate: Gate, diff: Diff, report: dict[str, Any]) -> None:
    """Keep the report of an import. One that read exactly what stands already makes no new revision."""
    plan = gate.plan
    if plan.report and plan.report.get("fingerprint") == report["fingerprint"] and not diff:
        return
    plan.report = report
    number = gate.approval.number if gate.approval is not None else ""
    record(gate.actor, "plan.import", "plan", plan.id, gate.now, adjustment=number, changed=len(diff.changed))
    renew_reference()
    publish(PlacesChanged())


def source_hash(*parts: bytes) -> str:
    """A fingerprint of the files that a plan is made of: unchanged files are not imported again."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _plan(spec: PlanSpec, parsed: ParsedPlan) -> Plan:
    plan = db.session.scalar(select(Plan).where(Plan.slug == spec.slug))
    if plan is None:
        plan = Plan(slug=spec.slug, status=PlanStatus.DRAFT.value)
        db.session.add(plan)
    metadata = parsed.metadata
    plan.title, plan.title_hant = metadata.title, traditional(metadata.title)
    plan.first_year, plan.last_year = spec.first_year, spec.last_year
    said = {
        "short_name": spec.short_name,
        "short_name_en": spec.short_name_en,
        "document_number": metadata.document_number,
        "issued_on": metadata.issued_on,
        "issued_by": metadata.issued_by,
        "approved_on": metadata.approved_on,
        "approved_by": metadata.approved_by,
    }
    stays = changed_here("plan").get(plan.id, frozenset())
    for name, value in said.items():
        if name not in stays:
            setattr(plan, name, value)
    plan.short_name_hant = traditional(plan.short_name)
    if spec.adjusting is not None:
        plan.adjusting = _in_both_scripts(spec.adjusting)
    db.session.flush()
    return plan


def _in_both_scripts(adjusting: dict[str, Any]) -> dict[str, Any]:
    rules = [
        {**rule, "source_hant": traditional(rule["source"]), "quote_hant": traditional(rule["quote"])}
        for rule in adjusting.get("rules", ())
    ]
    return {"body": adjusting.get("body", ""), "rules": rules}


def _save_tables(plan: Plan, parsed: ParsedPlan) -> None:
    sections = dict(db.session.execute(select(Item.code, Item.id).where(Item.plan_id == plan.id)).all())
    known = {
        (t.kind, t.number): t
        for t in db.session.scalars(select(PlanTable).where(PlanTable.plan_id == plan.id))
    }
    blocks: list[tuple[str, int, str, str, dict[str, Any]]] = [
        ("table", t.number, t.title, t.section, {"header": t.header, "rows": t.rows, "notes": t.notes})
        for t in parsed.tables
    ]
    blocks += [
        ("box", b.number, b.title, b.section, {"paragraphs": [p.text for p in b.paragraphs]})
        for b in parsed.boxes
    ]
    for kind, number, title, section, content in blocks:
        row = known.get((kind, number)) or PlanTable(plan_id=plan.id, kind=kind, number=number)
        row.section_id, row.title, row.title_hant = sections[section], title, traditional(title)
        row.content, row.content_hant = _plain(content), _in_traditional(_plain(content))
        db.session.add(row)


def _plain(content: Any) -> Any:
    """Tuples as lists, as JSON keeps them."""
    if isinstance(content, dict):
        return {key: _plain(value) for key, value in content.items()}
    return [_plain(value) for value in content] if isinstance(content, list | tuple) else content


def _in_traditional(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _in_traditional(value) for key, value in content.items()}
    return (
        [_in_traditional(value) for value in content] if isinstance(content, list) else traditional(content)
    )


def _save_errata(plan: Plan, errata: tuple[Erratum, ...]) -> None:
    known = {
        (e.line, e.old): e
        for e in db.session.scalars(select(ErratumRow).where(ErratumRow.plan_id == plan.id))
    }
    items = db.session.execute(
        select(Item.id, Item.first_line, Item.last_line)
        .where(Item.plan_id == plan.id, Item.first_line > 0)
        .order_by(Item.position.desc())
    ).all()
    for erratum in errata:
        row = known.pop((erratum.line, erratum.old), None) or ErratumRow(plan_id=plan.id, line=erratum.line)
        row.old, row.new, row.why = erratum.old, erratum.new, erratum.why
        row.item_id = next((i.id for i in items if i.first_line <= erratum.line <= i.last_line), None)
        db.session.add(row)
    for gone in known.values():
        db.session.delete(gone)


def report_of(parsed: ParsedPlan, warnings: tuple[tuple[int, str], ...], spec: PlanSpec) -> dict[str, Any]:
    """What an import found, for ``plan-report``; the fingerprint is that of all that was read."""
    coverage = parsed.coverage
    return {
        "characters": {"in": coverage.total, "placed": coverage.placed},
        "unplaced": [{"line": line, "text": text} for line, text in coverage.unplaced],
        "warnings": [{"line": line, "text": text} for line, text in warnings],
        "errata": [asdict(erratum) for erratum in parsed.errata],
        "fingerprint": source_hash(repr(parsed).encode(), repr(spec).encode()),
    }
