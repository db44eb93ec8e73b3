"""The figures of a row, summed over the cases that ``recount`` tells once more; what each sums stands here by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from statistics import median
from typing import Any

from tests.integration.supervision.recount import Told

DEADLINES = (
    "accept_due", "accept_on_time", "reply_due", "reply_on_time", "again_due", "again_on_time", "own_due",
    "own_on_time",
)  # fmt: skip
SUMS = {
    "received": ("received",), "public": ("public",), "reopened": ("reopened",), "returned": ("returned",),
    "extended": ("extended",), "declined": ("decline",), "withdrawn": ("withdraw",), "merged": ("merge",),
    "escalated": ("escalated",), "single_signature": ("single_signature",),
}  # fmt: skip
RATES = {
    "accepted": (("accept_on_time",), ("accept_due",)),
    "replied": (("reply_on_time",), ("reply_due",)),
    "own": (("own_on_time",), ("own_due",)),
    "again": (("again_on_time",), ("again_due",)),
    "solved": (("solved",), ("solved", "not_solved")),
    "satisfied": (
        ("rated_satisfied", "rated_basically_satisfied"),
        ("rated_satisfied", "rated_basically_satisfied", "rated_dissatisfied"),
    ),
}


def recounted(
    cases: Iterable[Told], since: date, until: date, judged: date, holders: Callable[[int | None], bool]
) -> dict[str, Any]:
    """The figures of a row: cases are those of the row's item, street and kind, ``holders`` says which department's."""
    counted: dict[str, int] = {}
    days: dict[str, list[int]] = {"reply_days": [], "again_days": []}
    stock = late = 0
    for case in cases:
        for unit in case.units:
            end = min(until, judged) if unit.what in DEADLINES else until
            if since <= unit.day <= end and holders(unit.holder):
                counted[unit.what] = counted.get(unit.what, 0) + 1
                if unit.what in days:
                    days[unit.what].append(unit.days)
        stay = case.held_by(until)
        if stay is not None and holders(stay.holder):
            stock += 1
            late += case.late_on(until, judged)

    def total(names: Iterable[str]) -> int:
        return sum(counted.get(name, 0) for name in names)

    found: dict[str, Any] = {name: total(parts) for name, parts in SUMS.items()}
    found |= {name: (total(part), total(whole)) for name, (part, whole) in RATES.items()}
    found |= {"days": _spread(days["reply_days"]), "again_days": _spread(days["again_days"])}
    return found | {"open": stock, "overdue": late}


def _spread(days: list[int]) -> tuple[int, float | None, int | None]:
    if not days:
        return 0, None, None
    rank = -(-9 * len(days) // 10)
    return len(days), median(days), sorted(days)[rank - 1]
