"""Money of projects (the plan's 9.2.3): planned and spent by year, each amount with its source."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import aliased

from civic.core.extensions import db
from civic.progress.models import BudgetRow
from civic.progress.rules import Source
from civic.progress.rules.targets import MoneyKind
from civic.web.caching import kept


@dataclass(frozen=True, slots=True)
class Money:
    """One amount in 万元 with its source; ``earlier``: amounts published before it, newest first."""

    amount: Decimal
    source: Source
    earlier: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """What is published of one year."""

    year: int
    planned: Money | None
    spent: Money | None


@dataclass(frozen=True, slots=True)
class Budget:
    """The money of one project by year. A sum is of what is published, None if nothing is."""

    years: tuple[BudgetYear, ...]
    planned: Decimal | None
    spent: Decimal | None


def current_amounts(item_ids: Collection[int]) -> tuple[BudgetRow, ...]:
    """The rows that no row supersedes, in order; for this feature's own services."""
    newer = aliased(BudgetRow)
    query = (
        select(BudgetRow)
        .outerjoin(newer, newer.supersedes_id == BudgetRow.id)
        .where(BudgetRow.item_id.in_(item_ids), newer.id.is_(None))
        .order_by(BudgetRow.item_id, BudgetRow.year, BudgetRow.kind)
    )
    return tuple(db.session.scalars(query))


def budgets() -> dict[int, Budget]:
    """{project's item id: its money}; a project of which nothing is published is not in it."""
    return kept("budgets", _read)


def budget_of(item_id: int) -> Budget | None:
    """The money of one project; None if no figure is published."""
    return budgets().get(item_id)


def _read() -> dict[int, Budget]:
    found: dict[int, dict[tuple[int, str], list[BudgetRow]]] = {}
    for row in db.session.scalars(select(BudgetRow).order_by(BudgetRow.id.desc())):
        found.setdefault(row.item_id, {}).setdefault((row.year, row.kind), []).append(row)
    return {item_id: _budget(rows) for item_id, rows in found.items()}


def _budget(rows: dict[tuple[int, str], list[BudgetRow]]) -> Budget:
    money = {key: _money(found) for key, found in rows.items()}
    years = tuple(
        BudgetYear(year, money.get((year, MoneyKind.PLANNED.value)), money.get((year, MoneyKind.SPENT.value)))
        for year in sorted({year for year, _ in money})
    )
    planned = [one.planned.amount for one in years if one.planned]
    spent = [one.spent.amount for one in years if one.spent]
    return Budget(
        years, sum(planned, Decimal(0)) if planned else None, sum(spent, Decimal(0)) if spent else None
    )


def _money(rows: list[BudgetRow]) -> Money:
    latest, *older = rows
    on = latest.source_date.isoformat() if latest.source_date else ""
    source = Source(
        latest.source_title, published_on=on, link=latest.source_link, note=latest.note,
        document=latest.source_document,
    )  # fmt: skip
    return Money(Decimal(latest.amount), source, tuple(Decimal(row.amount) for row in older))
