"""The real district with one thing for each rule of warning, and words that nobody but the desk may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from civic.cases import services
from civic.cases.rules import Measure, RatingLevel
from civic.cases.services import Receipt
from civic.core.actor import RESIDENT, SYSTEM, Role
from civic.core.db import unit_of_work
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.progress import services as progress
from civic.progress.rules.reported import Reported
from tests.integration.cases.worlds import MONDAY, World, insert, make_staff

PLAN, CODE = "taijiang-14", "6.3.1"
SECRET = "木棉暗号"
LATE = datetime(2026, 10, 19, 2, 0, tzinfo=UTC)
"""Monday 19 October 2026, ten in the morning: 16 working days after 20 September, on which people work that year."""


@dataclass
class Watched:
    """The world and the cases that the rules look at."""

    world: World
    key: str
    late: Receipt
    reopened: Receipt
    returned: Receipt


def real_world() -> World:
    """Staff of the department that leads one of the district's clauses, and of another; an application context."""
    document = plans.document(PLAN)
    item = document.item(CODE)
    lead = document.lead(item)
    assert lead
    water = lead.department_id
    roads = next(row.id for row in departments.departments() if row.id != water)
    return World(
        water=water, roads=roads, item_id=item.id, orphan_item_id=document.item("6.2.1").id, now=MONDAY,
        handler=make_staff(Role.HANDLER, water), colleague=make_staff(Role.HANDLER, water),
        lead=make_staff(Role.LEAD, water), other=make_staff(Role.HANDLER, roads),
        other_lead=make_staff(Role.LEAD, roads), dispatcher=make_staff(Role.DISPATCHER),
        auditor=make_staff(Role.AUDITOR), deputy=make_staff(Role.DEPUTY), admin=make_staff(Role.ADMIN),
    )  # fmt: skip


def watch() -> Watched:
    """Long overdue, reopened twice, returned twice, many messages, two indicators, bad ratings, a fall on time."""
    world = real_world()
    late = world.submit(text=f"{SECRET}在河边，路灯坏了。", place=SECRET, wants_publication=False)
    for number in range(9):
        one = world.submit(text=f"{SECRET}第{number}封，谢谢。", wants_publication=False)
        world.answered(one.case_id)
    reopened = world.submit(text=f"{SECRET}旁边的井盖松了。")
    world.pass_time(days=37)
    for _ in range(2):
        world.answered(reopened.case_id)
        world.do(services.rate_reply, RESIDENT, reopened.case_id, RatingLevel.DISSATISFIED, reason=SECRET)
    returned = world.submit(text=f"{SECRET}边上有人占道。", item_id=None, wants_publication=False)
    world.do(services.route_case, world.dispatcher, returned.case_id, world.water, reason=SECRET)
    world.do(services.return_case, world.handler, returned.case_id, reason=SECRET)
    world.do(services.transfer_case, world.dispatcher, returned.case_id, world.roads, reason=SECRET)
    world.do(services.return_case, world.other, returned.case_id, reason=SECRET)
    with unit_of_work():
        for code, year, value, unit in (("T2-01", 2024, "560", "亿元"), ("T2-04", 2025, "60", "%")):
            one_value = Reported(code, year, Decimal(value), unit, source_title="统计公报")
            progress.record_observation(SYSTEM, PLAN, one_value, world.now)
    count(world.roads, Measure.RATED_DISSATISFIED, date(2026, 9, 10), 8)
    count(world.roads, Measure.RATED_SATISFIED, date(2026, 9, 10), 2)
    for day, on_time in ((date(2026, 6, 1), 36), (date(2026, 9, 10), 10)):
        count(world.roads, Measure.OWN_DUE, day, 40)
        count(world.roads, Measure.OWN_ON_TIME, day, on_time)
    world.now = LATE
    return Watched(world, departments.department(world.water).key, late, reopened, returned)


def count(department_id: int, measure: Measure, day: date, n: int) -> None:
    """Counters as so many events of one day would have left them."""
    for table in ("case_stat", "case_posting"):
        insert(
            table, measure=measure.value, day=day, department_id=department_id, item_id=0, street_id=0,
            kind="suggestion", bucket=0, n=n,
        )  # fmt: skip


def workdays_after(day: date, n: int) -> datetime:
    """Ten in the morning of the n-th working day after a day."""
    calendar = departments.calendar()
    while n:
        day += timedelta(days=1)
        n -= calendar.is_workday(day)
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
