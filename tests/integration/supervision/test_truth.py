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
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from civic.cases import queries as cases
from civic.core.actor import Role
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.supervision import queries
from civic.supervision.columns import all_columns
from civic.supervision.figures import FIGURES
from civic.supervision.forms import read_choice, read_days
from civic.supervision.queries.summaries import selection_of
from civic.supervision.rows import NOBODY_KEY, EveryRow, Rows
from civic.supervision.rules import Choice, Period, Rate, Scope, Spread
from tests.factories import make_account, sign_in
from tests.integration.cases.worlds import make_staff
from tests.integration.supervision.lives import DAYS, Places, lives, write, years
from tests.integration.supervision.recount import Told, Works, recounted

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
CASES = 2000
LINK = re.compile(r'<a class="figure-link" href="([^"]+)" data-figure="(\w+)" data-value="(\d+)">')


@dataclass
class District:
    """The real district with its generated cases, told once more."""

    told: list[Told]
    rows: Mapping[Scope, Rows]


@pytest.fixture
def district(taijiang: Flask) -> Iterator[District]:
    with taijiang.app_context(), time_machine.travel(NOW, tick=False):
        rows = EveryRow()
        write(lives(7, CASES, places(rows), NOW))
        yield District(tell_all(), rows)
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


def links_open_what_they_count(taijiang: Flask, district: District) -> None:
    client = sign_in(taijiang.test_client(), make_account(Role.DEPUTY))
    judged, today = departments.last_judged_day(NOW), NOW.date()
    address = "/supervision/?period=2026-Q3&kind=complaint"
    text = client.get(address).get_data(as_text=True)
    links = dict.fromkeys(LINK.findall(text))
    assert len(links) > 200
    for link, figure, value in links:
        args = dict(parse_qsl(urlsplit(unescape(link)).query))
        choice, days = read_choice(args, today), read_days(args.get("days"))
        selection = selection_of(choice, FIGURES[figure], args.get("row"), judged, district.rows, days)
        assert cases.count_behind(selection) == int(value), link
    plan = plans.document("taijiang-14")
    stands = [int(n) for n in re.findall(r'data-stand="(\d+)"', text)]
    assert sum(stands) == len(plan.indicators) + len(plan.commitments)
    longest = max(links, key=lambda link: int(link[2]))
    assert listed(client, unescape(longest[0])) == int(longest[2])


def published_counts_are_true(district: District) -> None:
    """By street and kind, in the last finished quarter: what is shown is what was received, and nothing below five."""
    page = queries.streets_by_kind(NOW)
    names = district.rows[Scope.STREET].key_of
    received = Counter(
        (names.get(told.street or 0, NOBODY_KEY), told.kind)
        for told in district.told
        if page.period.since <= told.submitted <= page.period.until
    )
    assert (page.period.since, page.period.until) == (date(2026, 7, 1), date(2026, 9, 30))
    kinds = [key for key, _ in page.kinds]
    for row in page.rows[:-1]:
        for kind, n in zip(kinds, row.counts, strict=False):
            assert n in (None, received[row.key, kind])
            assert n != 0 or not received[row.key, kind]
    shown = [n for row in page.rows for n in row.counts if n is not None]
    assert not set(shown) & {1, 2, 3, 4}
    assert len(shown) > len(kinds) * 3


def listed(client: object, address: str) -> int:
    """How many rows the pages of a list have, one after the other, no case twice for the same reason."""
    rows = 0
    while address:
        text = client.get(address).get_data(as_text=True)  # type: ignore[attr-defined]
        rows += text.count("<tr data-case=")
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address = unescape(following[1]) if following else ""
    return rows
