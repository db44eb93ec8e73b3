"""Loading the sample: all of it or nothing, into an empty database, which is marked for good by that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from civic.accounts import queries as accounts
from civic.cases import queries as cases
from civic.cases import services as case_services
from civic.core.db import unit_of_work
from civic.core.errors import N_, NotAllowed
from civic.demo.reading import read_sample
from civic.demo.rules import Moment, OfficeHours, choose, moments
from civic.demo.services.opining import Opiner
from civic.demo.services.reporting import Reporter
from civic.demo.services.staffing import LogIn, hire, log_ins
from civic.demo.services.telling import Teller
from civic.departments import queries as departments
from civic.supervision.services import publish_scoreboard
from civic.web.caching import is_demo, mark_as_demo

SWEEP_AFTER = timedelta(minutes=5)
"""After close of work the platform looks at what became overdue and what closes by itself."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did; ``cases`` is 0 if the sample was there already."""

    people: tuple[LogIn, ...]
    cases: int
    steps: int
    reports: int


def load_sample(district: str, now: datetime, *, seed: int = 1, limit: int | None = None) -> Loaded:
    """Tell the sample of a district up to ``now``; a database that holds it already stays as it is.

    One transaction: the sample's days run side by side, each ending with the sweep that the worker
    would have made, so cases can't be told one after the other; a load that breaks off leaves
    nothing. Raises :class:`NotAllowed` on a database with accounts or cases of its own.
    """
    sample = read_sample(district)
    if not is_demo() and (accounts.has_accounts() or cases.has_cases()):
        raise NotAllowed(
            N_(
                "This database holds accounts or cases that are not sample data. Sample data is only"
                " loaded into an empty database: set CIVIC_INSTANCE_PATH to a new folder."
            ),
            code="real_data",
        )
    people = log_ins(sample.staff)
    if is_demo():
        return Loaded(people, 0, 0, 0)
    page = departments.district()
    hours = OfficeHours(departments.calendar(), page.opens_at, page.closes_at)
    chosen = choose(sample.cases, limit)
    told = sorted(
        chain.from_iterable(moments(case, hours, now, seed) for case in chosen),
        key=lambda moment: (moment.at, moment.case.key, moment.number),
    )
    with unit_of_work():
        mark_as_demo()
        teller = Teller(hire(people, told[0].at - timedelta(days=1)), seed)
        for happening in _with_evenings(told, hours, now):
            if isinstance(happening, datetime):
                case_services.sweep(happening)
                publish_scoreboard(happening)
            else:
                teller.tell(happening)
        reporter = Reporter(teller.staff, now, sample.progress)
        reports = reporter.tell()
        Opiner(teller.staff, now, reporter.mark, reporter.plan).tell(sample.progress)
    return Loaded(people, len(chosen), len(told), reports)


def _with_evenings(told: list[Moment], hours: OfficeHours, now: datetime) -> Iterator[Moment | datetime]:
    """The moments in order, with every evening's sweep between them; the last sweep is ``now``."""
    day = hours.calendar.local_day(told[0].at)
    for moment in told:
        while (evening := hours.calendar.closing(day) + SWEEP_AFTER) < moment.at:
            yield evening
            day += timedelta(days=1)
        yield moment
    while (evening := hours.calendar.closing(day) + SWEEP_AFTER) < now:
        yield evening
        day += timedelta(days=1)
    yield now
