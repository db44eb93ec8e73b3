"""What an import may change of a published plan: nothing without an approval, and nothing that was adjusted back.

The record of adjustments belongs to ``civic.progress``, which hands it in as a :class:`Ledger`; an
import asks its :class:`Gate` before it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from flask import Flask, current_app

from civic.core.actor import Actor
from civic.core.errors import N_, Invalid
from civic.plans.models import Plan
from civic.plans.rules import AdjustmentSubject, PlanStatus

Values = Mapping[str, Any]
Place = tuple[int, str, str]
"""Item id, name of the field, anchor of the paragraph or ''."""


@dataclass(frozen=True, slots=True)
class Approval:
    """What allows a change: document number, approving body, the day, and where the decision can be read."""

    number: str
    body: str = ""
    on: date | None = None
    link: str = ""
    file: str = ""
    """Key of the stored file with the decision."""
    reason: str = ""
    """Only where a document is loaded; an editor gives each adjustment its own."""

    @property
    def whole(self) -> bool:
        """Whether number, body and day are given."""
        return bool(self.number.strip() and self.body.strip() and self.on is not None)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one item before and after; only what differs."""

    item_id: int
    subject: AdjustmentSubject
    old: Values
    new: Values
    anchor: str = ""


class Ledger(Protocol):
    """The record of adjustments."""

    def superseded(self, plan_id: int) -> Mapping[Place, list[Any]]:
        """What adjustments in force have replaced, oldest first."""

    def record(self, actor: Actor, plan_id: int, change: Change, approval: Approval, now: datetime) -> int:
        """Write an adjustment that is in force at once; returns its id."""


def register_ledger(app: Flask, ledger: Ledger) -> None:
    """Say who keeps the record of adjustments."""
    app.extensions["civic.ledger"] = ledger


def ledger() -> Ledger:
    """Who keeps the record of adjustments."""
    found: Ledger = current_app.extensions["civic.ledger"]
    return found


@dataclass
class Gate:
    """The changes of one import of one plan. A draft is free; a published plan asks for an approval."""

    actor: Actor
    plan: Plan
    now: datetime
    approval: Approval | None = None
    mended: Callable[[str], bool] = lambda _code: False
    """Whether only the errata changed the text of the item with this code."""
    refused: list[str] = field(default_factory=list)
    _superseded: Mapping[Place, list[Any]] | None = None

    @property
    def free(self) -> bool:
        return self.plan.status == PlanStatus.DRAFT.value

    def standing(self, item_id: int, name: str, given: Any, stands: Any, anchor: str = "") -> Any:
        """What to write for a field: ``given``, unless that is what an adjustment has replaced since."""
        if given == stands or given not in self._replaced(item_id, name, anchor):
            return given
        return stands

    def replaced(self, item_id: int, name: str, value: Any, anchor: str = "") -> bool:
        """Whether ``value`` is what an adjustment has replaced since."""
        return value in self._replaced(item_id, name, anchor)

    def allow(
        self, item_id: int, code: str, subject: AdjustmentSubject, old: Values, new: Values, anchor: str = ""
    ) -> Allowed:
        """Ask for a change. A refused one isn't written; :meth:`close` names all of them."""
        if self.free:
            return Allowed(True)
        if self.approval is None or not self.approval.whole:
            self.refused.append(code)
            return Allowed(False)
        change = Change(item_id, subject, old, new, anchor)
        return Allowed(True, ledger().record(self.actor, self.plan.id, change, self.approval, self.now))

    def close(self) -> None:
        """Raise :class:`Invalid` with the codes if anything was refused."""
        if not self.refused:
            return
        found = list(dict.fromkeys(self.refused))
        codes = ", ".join(found[:12]) + (" …" if len(found) > 12 else "")
        if self.approval is not None and self.approval.number.strip():
            raise Invalid(
                N_(
                    "What changes in %(codes)s is not recorded as an adjustment with the number %(number)s. Give its "
                    "approving body and date as well (--approved-by, --approved-on)."
                ),
                code="approval_incomplete",
                codes=codes,
                number=self.approval.number,
            )
        raise Invalid(
            N_(
                "The plan %(plan)s is published, and this would change it: %(codes)s. Record the adjustment first, or "
                "give its document number, approving body and date (--adjustment, --approved-by, --approved-on)."
            ),
            code="needs_adjustment",
            plan=self.plan.slug,
            codes=codes,
        )

    def _replaced(self, item_id: int, name: str, anchor: str) -> list[Any]:
        if self._superseded is None:
            self._superseded = {} if self.free or not self.plan.id else ledger().superseded(self.plan.id)
        return self._superseded.get((item_id, name, anchor), [])


@dataclass(frozen=True, slots=True)
class Allowed:
    """The answer of a gate; ``adjustment_id`` is what the database asks for where a published row changes."""

    yes: bool
    adjustment_id: int | None = None

    def __bool__(self) -> bool:
        return self.yes


def differing(old: Values, new: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only the fields that differ, before and after."""
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return {name: old.get(name) for name in names}, {name: new.get(name) for name in names}
