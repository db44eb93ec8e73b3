"""Warnings through the front door: each rule warns of what happened, with its figure, and says why it doesn't."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from civic.core.actor import Role
from civic.core.extensions import db as database
from civic.supervision import queries
from civic.supervision.queries import WarningFilter
from tests.factories import make_account, sign_in
from tests.integration.supervision.watched import SECRET, Watched, watch, workdays_after
from tests.statements import counted


@pytest.fixture
def watched(taijiang: Flask) -> Iterator[Watched]:
    with taijiang.app_context():
        found = watch()
        database.session.remove()
    with time_machine.travel(found.world.now, tick=False):
        yield found


def reader(app: Flask, role: Role = Role.DEPUTY) -> FlaskClient:
    with app.app_context():
        return sign_in(app.test_client(), make_account(role))


def read(client: FlaskClient, address: str = "/supervision/warnings") -> str:
    page = client.get("/en" + address)
    assert page.status_code == 200, address
    return unescape(page.get_data(as_text=True))


def rules_of(text: str) -> list[str]:
    return re.findall(r'data-warning="(\w+)"', text)


def total(text: str) -> int:
    found = re.search(r'data-total="(\d+)"', text)
    assert found
    return int(found[1])


def test_every_rule_warns_of_what_happened_and_says_why(taijiang: Flask, watched: Watched) -> None:
    deputy = reader(taijiang)
    text = read(deputy)
    assert sorted(set(rules_of(text))) == [
        "behind", "dissatisfied", "on_time", "overdue", "reopened", "returned", "unheard",
    ]  # fmt: skip
    assert not re.search(r'<nav class="site-nav".*?class="count".*?</nav>', text, re.S), (
        "its own pages tell how many"
    )
    assert f">{total(text)} warnings, " in read(reader(taijiang), "/supervision/")
    assert total(text) == len(rules_of(text)) == text.count('class="warning-reason"')
    assert (
        "16 working days past the reply deadline of 20 Sep 2026. More than 3 is yellow, more than 10 red."
        in text
    )
    assert "Reopened 2 times by dissatisfied residents. From 2 on it is yellow, from 3 on red." in text
    assert "Returned 2 times as misrouted." in text
    assert "11 messages in the last 180 days, and nothing about its progress published yet." in text
    assert "The target was missed in 2025" in text
    assert (
        "8 of 10 answers rated in the last 90 days were rated dissatisfied (80%), with chance allowed for"
        in text
    )
    assert "25% answered within own days (10 of 40)" in text

    # Who reads it, and what of: a number is all that a deputy learns of a private case.
    assert SECRET not in text
    assert watched.late.reference in text
    assert f"/desk/cases/{watched.late.reference}" not in text
    assert f"/desk/cases/{watched.late.reference}" in read(reader(taijiang, Role.AUDITOR))

    # Narrowed, the figures are those of the whole; the list of a rate is there to be opened.
    own = read(deputy, f"/supervision/warnings?department={watched.key}")
    assert {"overdue", "reopened", "unheard"} <= set(rules_of(own))
    assert 'data-clear="returned"' in own
    assert "No case of this department that is not closed was returned 2 times or more." in own
    assert 'data-clear="dissatisfied"' in own
    assert "Fewer than 5 are not judged" in own
    for name in ("overdue", "behind", "on_time"):
        narrowed = read(deputy, f"/supervision/warnings?rule={name}")
        assert total(narrowed) == rules_of(text).count(name), name
    assert total(read(deputy, "/supervision/warnings?severity=red")) == text.count("warning--red")
    lists = dict(re.findall(r'href="/en(/supervision/cases\?[^"]*figure=(\w+)[^"]*)"', text))
    assert sorted(lists.values()) == ["own_due", "rated", "received"]
    messages = next(address for address, figure in lists.items() if figure == "received")
    assert total(read(deputy, messages)) == 11, "the list is as long as the figure says"
    assert all(read(deputy, address) for address in lists)
    assert f"{total(text)} warnings, {text.count('warning--red')} of them red" in read(
        deputy, "/supervision/"
    )
    for bad, status in (
        ("rule=late", 422),
        ("severity=green", 422),
        ("department=nowhere", 404),
        ("after=x", 422),
    ):
        assert deputy.get(f"/supervision/warnings?{bad}").status_code == status, bad

    # The same by command, and page by page.
    said = taijiang.test_cli_runner().invoke(args=["civic", "warnings", "--json"])
    assert said.exit_code == 0, said.output
    found = json.loads(said.output)["warnings"]
    assert [one["rule"] for one in found] == rules_of(text)
    assert watched.late.reference in [one["subject"] for one in found]
    assert all(one["reason"] in text or one["rule"] in ("overdue", "on_time") for one in found)
    with counted(taijiang) as seen, taijiang.app_context():
        queries.warning_tally(watched.world.deputy, watched.world.now)
        seen.clear()
        queries.warning_tally(watched.world.deputy, watched.world.now)
        assert len(seen) <= 11
    with taijiang.app_context():
        walk_by_page(watched, rules_of(text))
        on_the_very_day(watched)


def walk_by_page(watched: Watched, expected: list[str]) -> None:
    walked: list[str] = []
    cursor: str | None = None
    while cursor or not walked:
        page = queries.warnings_page(watched.world.deputy, WarningFilter(), cursor, watched.world.now, size=2)
        walked += [row.warned.rule.value for group in page.groups for row in group.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert walked == expected


def on_the_very_day(watched: Watched) -> None:
    for days, severity in ((3, []), (4, ["yellow"]), (10, ["yellow"]), (11, ["red"])):
        moment = workdays_after(date(2026, 9, 20), days)
        rows = queries.all_warnings(watched.world.deputy, WarningFilter(department=watched.key), moment)
        late = [
            row.warned.severity for row in rows if row.case and row.case.reference == watched.late.reference
        ]
        assert late == severity, days
