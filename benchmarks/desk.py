"""How long the desk's lists and its search take: ``python -m benchmarks.desk CASES FOLDER`` on SQLite and PostgreSQL.

The cases are those of ``benchmarks.voices``, one in twenty of them open. Printed for a handler and a dispatcher:
milliseconds of work and of time, as there, for all cases in each order, for what an open page asks for after a change,
for the list that a search gives, with its count, and for one more rule of routing tried on a year's messages.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from benchmarks.voices import filled_databases, pieces_of, servers_of, timed, vacuum
from civic.cases.queries import QueueFilter, QueueOrder, QueueView
from civic.core.actor import Actor, ActorKind, Grant, Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.desk.narrowing import read_narrowed
from civic.desk.news import Shown, news
from civic.desk.policy import lists_for
from civic.desk.queries import QueuePage, queue_page
from civic.desk.rulebook import dry_run, with_change
from civic.desk.services import rebuild_staff_index

NOW = datetime(2025, 2, 3, 2, 0, tzinfo=UTC)
QUERIES = (
    "的", "小区", "停车", "公园 停车", "老旧小区改造", "地铁施工噪音扰民",
    "小区里没有地方停车，晚上回来要绕很多圈怎么办", "没有这样的东西",
)  # fmt: skip
RULE = {
    "name": "停车", "any": ["停车", "小区"], "all": [], "none": [], "kinds": [], "streets": [], "speaks_as": [],
    "department_id": 1, "over": [], "yields": False, "note": "", "active": True,
}  # fmt: skip
CLOSE = """
UPDATE case_file SET status = 'closed', resolution = 'explained', ended_at = submitted_at,
ended_day = submitted_day, urgent_at = '9999-01-01 00:00:00' WHERE id % 20 <> 0
"""


def main() -> None:
    count, pieces = int(sys.argv[1]), pieces_of(Path(sys.argv[2]))
    for name, app in filled_databases(count, pieces):
        with app.app_context():
            with unit_of_work() as session:
                session.execute(text(CLOSE))
                rebuild_staff_index()
            vacuum()
        print(f"{name}, {count:,} cases")
        for actor in (
            Actor(ActorKind.STAFF, 1, grants=frozenset({Grant(Role.HANDLER, 1)})),
            Actor(ActorKind.STAFF, 2, grants=frozenset({Grant(Role.DISPATCHER)})),
        ):
            measure(app, actor)
        with app.test_request_context():
            rules = with_change("", RULE)
            tried = partial(dry_run, rules, 366, NOW)
            print(f"  a rule tried on {tried().looked:,} messages: {timed(tried, servers_of())}", flush=True)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)


def measure(app: Flask, actor: Actor) -> None:
    """Print one line for each list."""
    with app.test_request_context():
        servers, role = servers_of(), next(iter(actor.roles)).value
        for order in QueueOrder:
            one = partial(page, actor, {"order": order.value})
            print(f"  {role}, all cases, {order.value} first: {timed(one, servers)}", flush=True)
        shown = Shown(QueueFilter(view=QueueView.DEPARTMENT), QueueOrder.URGENT, None, None)
        asked = partial(news, actor, lists_for(actor.roles), shown, NOW)
        print(f"  {role}, counts of all lists: {timed(asked, servers)}", flush=True)
        for query in QUERIES:
            one = partial(page, actor, {"q": query})
            print(f"  {role}, {query}: {one().found:,} cases, {timed(one, servers)}", flush=True)


def page(actor: Actor, address: dict[str, str]) -> QueuePage:
    """One page of all cases, narrowed by an address, as the queue shows it."""
    db.session.rollback()
    narrowed = read_narrowed(actor, QueueView.ALL, address, NOW)
    return queue_page(actor, narrowed, lists_for(actor.roles), None, NOW)


if __name__ == "__main__":
    main()
