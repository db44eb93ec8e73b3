"""Indicators that go on from the plan before: linked by the district's own list, never by a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import Indicator, Item, Plan
from civic.web.caching import renew_reference


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The indicator that one continues. ``changed`` (Chinese, English): why no line is drawn through; '' if one is."""

    plan: str
    code: str
    changed: str = ""
    changed_en: str = ""


def link_series(slug: str, before: Mapping[str, Predecessor]) -> int:
    """Link the indicators of a plan to those they continue; returns how many links changed.

    Raises :class:`Invalid` for an unknown code, and where the print shows another unit or another value
    in the year in which the two meet, unless ``changed`` says so.
    """
    mine = _indicators(slug)
    wanted: dict[int, tuple[int | None, dict[str, str] | None]] = dict.fromkeys(
        (row.item_id for row in mine.values()), (None, None)
    )
    for code, one in before.items():
        theirs = _indicators(one.plan)
        if code not in mine or one.code not in theirs:
            missing = code if code not in mine else one.code
            raise Invalid(N_("There is no indicator %(code)s to continue."), code=missing)
        new, old = mine[code], theirs[one.code]
        if not one.changed and not _meet(old, new):
            raise Invalid(
                N_(
                    "%(code)s has another unit or another value than the end of %(before)s: say what changed."
                ),
                code=code,
                before=one.code,
            )
        said = {"zh": one.changed, "zh_hant": traditional(one.changed), "en": one.changed_en}
        wanted[new.item_id] = (old.item_id, said if one.changed else None)
    changed = 0
    for row in mine.values():
        if (row.continues_id, row.series_break) != wanted[row.item_id]:
            row.continues_id, row.series_break = wanted[row.item_id]
            changed += 1
    if changed:
        db.session.flush()
        renew_reference()
    return changed


def _indicators(slug: str) -> dict[str, Indicator]:
    query = select(Item.code, Indicator).join(Indicator, Indicator.item_id == Item.id)
    query = query.join(Plan, Plan.id == Item.plan_id).where(Plan.slug == slug, ~Item.withdrawn)
    return {row.code: row.Indicator for row in db.session.execute(query)}


def _meet(old: Indicator, new: Indicator) -> bool:
    """Whether the one ends where the other begins: the same unit, year and printed value."""
    end, start = old.printed.get("result"), new.printed.get("baseline")
    same_place = (old.unit, old.target_year) == (new.unit, new.baseline_year)
    return bool(same_place and end and start and end["value"] is not None and end["value"] == start["value"])
