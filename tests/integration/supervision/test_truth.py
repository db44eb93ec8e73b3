"""Every figure of a summary equals a plain recount from the events, and every link opens just as many cases."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import groupby

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.plans.queries import CommitmentRow
from civic.progress.rules.updates import Report, UpdateStatus
from civic.progress.services import updating
from civic.supervision import queries
from civic.supervision.columns import all_columns
from civic.supervision.figures import FIGURES
from civic.supervision.rows import NOBODY_KEY, EveryRow, Rows
from civic.supervision.rules import Choice, Period, Rate, Scope, Spread
from civic.supervision.services import opinions, publish_scoreboard
from tests.factories import make_account, sign_in
from tests.integration.cases.worlds import make_staff
from tests.integration.supervision.chamber import TEXT
from tests.integration.supervision.lives import DAYS, Places, lives, write, years
from tests.integration.supervision.recount import Told, Works
from tests.integration.supervision.reported import says_the_same
from tests.integration.supervision.summed import recounted
from tests.integration.supervision.walking import PAGE_OF_CASES, Walker

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
CASES = 2000


@dataclass
class District:
    """The real district with its generated cases, told once more."""

    told: list[Told]
    rows: Mapping[Scope, Rows]
    places: Places

    def key(self, scope: Scope) -> str:
        """A row of a scope in which cases are."""
        rows, places = self.rows[scope], self.places
        found = {"department_id": places.departments, "item_id": places.items, "street_id": places.streets}
        return next(rows.key_of[value] for value in found[rows.column] if value in rows.key_of)


@pytest.fixture
def district(taijiang: Flask) -> Iterator[District]:
    with taijiang.app_context(), time_machine.travel(NOW, tick=False):
        rows = EveryRow()
        where = places(rows)
        write(lives(7, CASES, where, NOW))
        yield District(tell_all(), rows, where)
        db.session.remove()


def places(rows: Mapping[Scope, Rows]) -> Places:
    items = [item_id for item_id in rows[Scope.LIVELIHOOD].key_of if isinstance(item_id, int)][::9]
    others = [item_id for item_id in rows[Scope.ITEM].key_of if isinstance(item_id, int)][::60]
    streets = [row.id for row in departments.streets()]
    return Places(
        tuple(row.id for row in departments.departments()[:6]), (None, *items, *others), (None, *streets[:4])
    )


def tell_all() -> list[Told]:
    """The cases as their rows of events say, with nothing else known but which days are worked."""
    table = db.metadata.tables["case_event"]
    columns = (table.c.case_id, table.c.action, table.c.at, table.c.day, table.c.params, table.c.account_id)
    rows = db.session.execute(select(*columns).order_by(table.c.case_id, table.c.seq)).all()
    known = years(departments.calendar())

    def works(at: datetime) -> Works:
        return known.at(at).is_workday

    return [Told(events, works) for _, events in groupby(rows, key=lambda row: row.case_id)]


def a_choice(draw: random.Random, rows: Mapping[Scope, Rows]) -> Choice:
    """Any period, rows told apart in any way, narrowed in up to two others."""
    first = NOW.date() - timedelta(days=DAYS + 20)
    since = first + timedelta(days=draw.randrange(DAYS))
    choice = Choice(
        Period(since, since + timedelta(days=draw.choice([0, 6, 30, 91, 500]))), draw.choice(list(Scope))
    )
    for scope in draw.sample(list(Scope), draw.choice([0, 1, 1, 2])):
        counted = [rows[scope].key_of.get(key, NOBODY_KEY) for key in (0, *list(rows[scope].key_of)[:6])]
        choice = choice.only(scope, draw.choice([key for key in counted if key in rows[scope].names]))
    return choice


def is_in(told: Told, scope: Scope, key: str, rows: Mapping[Scope, Rows]) -> bool:
    """Whether a case is in a row; which department's a unit is, is asked of the unit."""
    value = {"street_id": told.street, "kind": told.kind, "item_id": told.item}.get(rows[scope].column)
    return rows[scope].key_of.get(value, NOBODY_KEY) == key if scope is not Scope.DEPARTMENT else True


def plain(value: object) -> object:
    if isinstance(value, Rate):
        return value.part, value.whole
    return (value.n, value.median, value.p90) if isinstance(value, Spread) else value


def test_every_figure_is_true_and_every_link_opens_as_many_cases(taijiang: Flask, district: District) -> None:
    figures_equal_a_recount(district)
    links_open_what_they_count(taijiang, district)
    reports_say_the_same(taijiang)
    published_counts_are_true(district)


def figures_equal_a_recount(district: District) -> None:
    judged = departments.last_judged_day(NOW)
    draw, deputy = random.Random(11), make_staff(Role.DEPUTY)
    seen = dict.fromkeys((column.name for column in all_columns()), 0)
    for _ in range(12):
        choice = a_choice(draw, district.rows)
        page = queries.summary(deputy, choice, NOW)
        for key, figures in [(None, page.total), *((row.key, row.figures) for row in page.rows)]:
            asked = [*choice.narrowed, *([(choice.scope, key)] if key is not None else [])]
            found = [t for t in district.told if all(is_in(t, s, k, district.rows) for s, k in asked)]
            wanted = [k for s, k in asked if s is Scope.DEPARTMENT]
            key_of = district.rows[Scope.DEPARTMENT].key_of

            def held(holder: int | None) -> bool:
                return all(key_of.get(holder or 0, NOBODY_KEY) == key for key in wanted)  # noqa: B023

            expected = recounted(found, choice.period.since, choice.period.until, judged, held)
            counted = {column.name: plain(column.of(figures)) for column in all_columns()}
            assert counted == expected, (choice, key)
            for name, value in counted.items():
                seen[name] += value not in (0, (0, 0), (0, None, None))
    assert min(seen.values()) >= 3, f"the district must have had everything: {seen}"


SUMMARIES = {
    "sqlite": (
        "period=2026-09&by=department&department={department}",
        "period=2026&by=street&kind=report&street={street}",
        "since=2026-08-01&until=2026-11-20&by=item&item={item}&department={department}",
    ),
    "postgresql": (
        "period=2026-10&by=kind&kind=report&department={department}",
        "period=2026-Q3&by=livelihood&livelihood={livelihood}&street={street}",
        "period=plan&by=chapter&chapter={chapter}&kind=question",
    ),
}
"""Each period and each way to tell rows apart, narrowed in several ways; half of them on either database."""


def links_open_what_they_count(taijiang: Flask, district: District) -> None:
    """As a reader opens them: every link of every summary, and one long list to its end."""
    opinions_of(district)
    changed = progress_of()
    walker = Walker(sign_in(taijiang.test_client(), make_account(Role.DEPUTY)))
    keys = {scope.value: district.key(scope) for scope in Scope if scope is not Scope.KIND}
    for asked in SUMMARIES[db.engine.dialect.name]:
        text = walker.walk("/supervision/?" + asked.format(**keys))
        standing_lists_its_items(walker, text)
        changes_list_their_items(walker, text)
    plan = plans.document("taijiang-14")
    text = walker.read("/supervision/?period=2026-Q3")
    assert standing_lists_its_items(walker, text) == len(plan.indicators) + len(plan.commitments)
    assert changes_list_their_items(walker, text) == changed
    assert set(FIGURES) <= walker.figures
    assert ("opinions" in walker.figures) == (db.engine.dialect.name == "sqlite")
    whole = "by=kind&since=2026-07-01&until=2026-09-30&figure=received"
    received = [told for told in district.told if date(2026, 7, 1) <= told.submitted <= date(2026, 9, 30)]
    listed = walker.to_the_end(f"/supervision/cases?{whole}")
    assert len(set(listed)) == len(listed) == len(received) > 4 * PAGE_OF_CASES
    warnings_open_what_they_count(walker)


def opinions_of(district: District) -> None:
    """One that is answered late and one that is owed."""
    deputy, key = make_staff(Role.DEPUTY), district.key(Scope.DEPARTMENT)
    for day in (2, 30):
        at = datetime(2026, 9, day, 3, 0, tzinfo=UTC)
        with unit_of_work():
            one = opinions.write_opinion(deputy, opinions.NewOpinion("关于答复", TEXT, key), at)
            opinions.send_opinion(deputy, one, 1, at)


REPORTS = (
    (("06-10", "under_way"), ("08-15", "done")),
    (("06-10", "under_way"), ("09-30", "done")),
    (("08-20", "delayed"),),
    (("06-10", "delayed"), ("08-15", "delayed")),
    (("06-30", "done"), ("07-01", "done")),
    (("08-15", "done"), ("06-10", "done")),
    (("10-01", "done"),),
    (),
)
"""Of promises, one after the other: the days of which reports speak, as they were published, and what they say."""


def progress_of() -> dict[str, str]:
    """Reports of a department; what changed by them from the end of June to that of September, as they were written."""
    document = plans.document("taijiang-14")
    led: dict[int, list[CommitmentRow]] = {}
    for row in document.commitments:
        if (duty := document.lead(row.ref)) and row.deadline is None:
            led.setdefault(duty.department_id, []).append(row)
    department_id, promised = max(led.items(), key=lambda one: len(one[1]))
    handler, lead = (make_staff(role, department_id) for role in (Role.HANDLER, Role.LEAD))
    for row, said in zip(promised, REPORTS, strict=False):
        for day, status in said:
            report = Report(
                UpdateStatus(status), "这一项的进展情况如下。", date.fromisoformat(f"2026-{day}"),
                expected_on=date(2027, 12, 31) if status == "delayed" else None,
            )  # fmt: skip
            with unit_of_work():
                written = updating.save_report(handler, row.ref.id, report, NOW, version=0)
                sent = updating.send_report(handler, written.id, written.version, NOW)
                updating.approve_report(lead, sent.id, sent.version, NOW)
    codes = [row.ref.code for row in promised]
    assert len(codes) >= len(REPORTS)
    done, delayed = "由“进行中”变为“已完成”", "由“尚未公布进展”变为“延期”"
    return {codes[0]: done, codes[1]: done, codes[2]: delayed}


def changes_list_their_items(walker: Walker, text: str) -> dict[str, str]:
    """What changed since the period before: each number has its list in place, and all of it can be opened."""
    found: dict[str, str] = {}
    groups = re.findall(r'([^<>]+)<strong class="num" data-changed="(\d+)".*?<ul>(.*?)</ul>', text, re.S)
    assert text.count("data-changed") == len(groups)
    for label, n, listed in groups:
        links = [unescape(link) for link in re.findall(r'href="([^"]+)"', listed)]
        assert len(set(links)) == len(links) == int(n)
        for link in links:
            walker.read(link)
            found[link.rpartition("/")[2]] = label.strip()
    return found


def standing_lists_its_items(walker: Walker, text: str) -> int:
    """How many indicators and promises there are in all; each number has its list in place."""
    groups = re.findall(r'data-stand="(\d+)".*?<ul>(.*?)</ul>', text, re.S)
    for n, found in groups:
        links = re.findall(r'href="([^"]+)"', found)
        assert len(set(links)) == len(links) == int(n)
        walker.read(unescape(links[0]))
    return sum(int(n) for n, _ in groups)


def warnings_open_what_they_count(walker: Walker) -> None:
    """The number of cases behind a warning stands in its reason."""
    text = walker.read("/en/supervision/warnings")
    rows = re.findall(r"<li class=\"warning .*?</li>", text, re.S)
    assert f'data-total="{len(rows)}"' in text
    lists = [(row, link) for row in rows for link in re.findall(r'href="([^"]+/cases\?[^"]+)"', row)]
    assert len(lists) >= 3
    for row, link in lists:
        assert str(walker.entries(unescape(link))) in re.findall(r"\d+", row.split("warning-reason")[1]), link


def reports_say_the_same(taijiang: Flask) -> None:
    """With enough cases for shares and medians; a database changes nothing about it, so one is enough."""
    if db.engine.dialect.name == "sqlite":
        sealed = taijiang.test_cli_runner().invoke(args=["civic", "seal-period", "2026-09"])
        assert sealed.exit_code == 0, sealed.output
        assert len(says_the_same(sign_in(taijiang.test_client(), make_account(Role.DEPUTY)), 1)) > 100


def published_counts_are_true(district: District) -> None:
    """By street and kind, in the last finished quarter: what is shown is what was received, and nothing below five."""
    with unit_of_work():
        assert publish_scoreboard(NOW) == 1
    page = queries.scoreboard()
    assert page.period
    names = district.rows[Scope.STREET].key_of
    received = Counter(
        (names.get(told.street or 0, NOBODY_KEY), told.kind)
        for told in district.told
        if page.period.since <= told.submitted <= page.period.until
    )
    assert (page.period.since, page.period.until) == (date(2026, 7, 1), date(2026, 9, 30))
    kinds = [key for key, _ in page.kinds]
    for row in page.streets[:-1]:
        for kind, n in zip(kinds, row.counts, strict=False):
            assert n in (None, received[row.key, kind])
            assert n != 0 or not received[row.key, kind]
    shown = [n for row in page.streets for n in row.counts if n is not None]
    assert not set(shown) & {1, 2, 3, 4}
    assert len(shown) > len(kinds) * 3
