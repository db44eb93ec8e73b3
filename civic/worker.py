"""The worker: runs the registered jobs on time and delivers the outbox. ``python -m civic.worker``"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab

from civic import create_app
from civic.core.clock import now
from civic.core.config import Settings
from civic.core.db import unit_of_work
from civic.core.delivery import deliver_due, recover_claims
from civic.core.extensions import db
from civic.core.jobs import Job, jobs
from civic.core.starting import get_ready, made_for_good


def make_huey(settings: Settings) -> Huey:
    """The job queue: PostgreSQL where the database is one, else a SQLite file of its own."""
    if settings.database_url.startswith("postgresql"):
        return PostgresHuey("civic", dsn=settings.database_url.replace("+psycopg", "", 1), results=False)
    return SqliteHuey("civic", filename=str(settings.instance_path / "jobs.db"), results=False, fsync=True)


def bind(huey: Huey, app: Flask) -> Callable[[], object]:
    """Give the queue its periodic tasks: one per registered job, and the outbox every minute.

    Returns what puts a delivery of the outbox into the queue at once.
    """
    for job in jobs(app).values():
        huey.periodic_task(_when(job.minutes), name=job.name)(
            _in_app(app, job.run if job.outside else _transaction(job))
        )
    deliver: Callable[[], object] = huey.periodic_task(crontab(minute="*"), name="deliver_outbox")(
        _in_app(app, deliver_due)
    )
    return deliver


def _when(minutes: int) -> Callable[[datetime], bool]:
    when: Callable[[datetime], bool]
    if minutes < 60:
        when = crontab(minute=f"*/{minutes}")
    else:
        # Daily jobs run at night (the district's, 2 am, is 18:00 UTC).
        when = crontab(minute="0", hour=f"*/{minutes // 60}" if minutes < 1440 else "18")
    return when


def _transaction(job: Job) -> Callable[[datetime], None]:
    def run(at: datetime) -> None:
        for _portion in range(job.portions):
            with unit_of_work():
                more = job.run(at)
            if not more:
                return

    return run


def _in_app(app: Flask, run: Callable[[datetime], object]) -> Callable[[], None]:
    def task() -> None:
        with app.app_context():
            try:
                run(now())
            finally:
                db.session.remove()

    return task


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    with made_for_good():
        app = create_app()
    get_ready(app)
    settings: Settings = app.extensions["settings"]
    huey = make_huey(settings)
    deliver = bind(huey, app)
    with app.app_context():
        recover_claims(now())
    # What waited while no worker ran doesn't wait for the next full minute.
    deliver()
    structlog.get_logger().info("worker starts", jobs=sorted(jobs(app)))
    consumer = huey.create_consumer(workers=1, periodic=True, worker_type="thread", check_worker_health=True)
    consumer.run()


if __name__ == "__main__":
    main()
