"""Chapters and livelihood areas are summed up as their items are, also after an item came into another one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import delete, select, update

from benchmarks.past_cases import write_past_cases
from civic.cases import queries
from civic.cases.models import CaseStat, case_sum, case_sum_group
from civic.cases.rules import FeedbackKind, Measure
from civic.cases.rules.counters import CounterKey
from civic.cases.rules.sums import AREA, CHAPTER, COUNTS, LIST, LISTED
from civic.cases.services.counting import post
from civic.core.db import unit_of_work
from civic.core.events import publish
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.plans.models import Commitment
from civic.plans.services import PlacesChanged
from civic.supervision.rows import EveryRow, Rows
from civic.supervision.rules import Scope
from civic.web.caching import renew_reference

LAST = datetime(2026, 11, 20, 18)  # noqa: DTZ001 (the district's time, as a file has it)
DAY = date(2026, 11, 2)


@dataclass(frozen=True)
class Days:
    measures: frozenset[Measure]
    since: date | None
    until: date


COUNTERS = db.metadata.tables["case_stat"]
PERIODS = (
    Days(frozenset(Measure), None, date(2026, 11, 20)),
    Days(frozenset({Measure.RECEIVED, Measure.REPLY_DAYS}), date(2025, 11, 17), date(2026, 10, 3)),
)


def test_groups_of_items_are_their_items_also_after_a_plan_changed(taijiang: Flask, tmp_path: Path) -> None:
    file, runner = tmp_path / "past.csv", taijiang.test_cli_runner()
    with taijiang.app_context():
        items = sorted(ref.code for one in plans.documents()[:1] for ref in one.items)
        chosen = random.Random(7).sample(items, 40)
        keys = [row.key for row in departments.departments()][:3]
        streets = [row.code for row in departments.streets()][:2]
        write_past_cases(file, 60, [(code, keys[n % 3]) for n, code in enumerate(chosen)], streets, LAST)
    assert runner.invoke(args=["civic", "load-cases", str(file), "--system", "old"]).exit_code == 0
    with taijiang.app_context():
        promised = _an_item_with_an_area()
        with unit_of_work():
            post({CounterKey(Measure.RECEIVED, DAY, 0, promised, 0, FeedbackKind.PRAISE): 3})
        whole_rows_are_their_items()
        items_are_listed_as_they_are_counted()
        areas = sorted(set(db.session.scalars(select(Commitment.area))))
        before = dict(db.session.execute(select(case_sum_group.c.item_id, case_sum_group.c.area)).all())
        with unit_of_work():
            for item_id in db.session.scalars(
                select(Commitment.item_id).order_by(Commitment.item_id).limit(12)
            ):
                chosen_area = areas[item_id % len(areas)]
                db.session.execute(
                    update(Commitment).where(Commitment.item_id == item_id).values(area=chosen_area)
                )
            renew_reference()
            publish(PlacesChanged())
        after = dict(db.session.execute(select(case_sum_group.c.item_id, case_sum_group.c.area)).all())
        assert before != after, "some item came into another area"
        whole_rows_are_their_items()
        with unit_of_work():
            post({CounterKey(Measure.RECEIVED, DAY, 0, promised, 0, FeedbackKind.PRAISE): -3})
        items_are_listed_as_they_are_counted()
    assert runner.invoke(args=["civic", "rebuild-stats", "--check"]).exit_code == 0
    wrong_counters_and_sums_are_named_and_made_again(taijiang)


def wrong_counters_and_sums_are_named_and_made_again(taijiang: Flask) -> None:
    runner = taijiang.test_cli_runner()
    with taijiang.app_context(), unit_of_work():
        first = db.session.scalars(select(CaseStat).order_by(CaseStat.day, CaseStat.measure)).first()
        assert first is not None
        right = first.n
        first.n += 1
        for axes, measure in (("c", COUNTS), (LIST, "public")):
            of_these = case_sum.c.axes == axes, case_sum.c.measure == measure
            assert db.session.execute(delete(case_sum).where(*of_these)).rowcount
    told = runner.invoke(args=["civic", "rebuild-stats", "--check"])
    assert told.exit_code == 1
    assert f"stored {right + 1}, counted {right}" in told.output
    assert "axes='c'" in told.output
    assert "axes='l'" in told.output
    assert runner.invoke(args=["civic", "rebuild-stats"]).exit_code == 0
    assert runner.invoke(args=["civic", "rebuild-stats", "--check"]).exit_code == 0


def _an_item_with_an_area() -> int:
    return next(place.item_id for place in plans.item_places() if place.area is not None)


def whole_rows_are_their_items() -> None:
    """Summed up by chapter and area, alone and narrowed, against every counter and the row its item is in."""
    every, stats = EveryRow(), [row._mapping for row in db.session.execute(select(COUNTERS))]
    for scope, whole in ((Scope.CHAPTER, CHAPTER), (Scope.LIVELIHOOD, AREA)):
        rows = every[scope]
        assert rows.whole == whole
        busy = _busiest(stats, rows)
        for days in PERIODS:
            for where in ((), (every[Scope.KIND].narrowing("report"),), (rows.narrowing(busy),)):
                found = queries.stat_totals(
                    [days], rows.column, where=where, groups=rows.key_of, whole=rows.whole
                )
                told = {
                    (n.key, n.measure, n.bucket): n.n for key, one in found.items() for n in one.counts(key)
                }
                assert told == _counted(stats, days, rows.key_of, where), (scope, days, where)
            if days.since is not None:
                months = queries.stat_months(
                    days.measures, days.since, days.until, where=[rows.narrowing(busy)]
                )
                kept = _counted(stats, days, rows.key_of, (rows.narrowing(busy),))
                assert sum(months.values()) == sum(kept.values())


def items_are_listed_as_they_are_counted() -> None:
    """What was said about each item, read from lists and from what is posted, against every counter."""
    stats = [row._mapping for row in db.session.execute(select(COUNTERS))]
    same = {item_id: str(item_id) for item_id in {stat["item_id"] for stat in stats}}
    for since, until in ((None, DAY), (date(2025, 11, 17), date(2026, 10, 3)), (DAY, DAY)):
        days = Days(LISTED, since, until)
        told = {
            (str(item_id), measure, 0): n
            for item_id, one in queries.stat_totals([days], "item_id").items()
            for measure, n in one.numbers.items()
        }
        assert told == _counted(stats, days, same, ())


def _busiest(stats: Sequence[Mapping[str, Any]], rows: Rows) -> str:
    counted = _counted(stats, PERIODS[0], rows.key_of, ())
    totals: Counter[str] = Counter()
    for (key, _, _), n in counted.items():
        totals[key] += n if key else 0
    return totals.most_common(1)[0][0]


def _counted(
    stats: Sequence[Mapping[str, Any]],
    days: Days,
    groups: Mapping[queries.StatKey, str],
    where: tuple[queries.Narrowing, ...],
) -> dict[tuple[str, Measure, int], int]:
    """Every counter, one by one."""
    found: Counter[tuple[str, Measure, int]] = Counter()
    for stat in stats:
        inside = stat["day"] <= days.until and (days.since is None or stat["day"] >= days.since)
        passed = all((stat[one.column] in one.values) != one.others for one in where)
        measure = Measure(stat["measure"])
        if inside and passed and measure in days.measures:
            found[groups.get(stat["item_id"], ""), measure, stat["bucket"]] += stat["n"]
    return {key: n for key, n in found.items() if n}
