"""A deputy is never fooled by a number: each one opens exactly the cases it counts."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from civic.cases import services
from civic.cases.rules import CaseStatus
from civic.core.actor import RESIDENT, Actor, Role
from civic.core.db import unit_of_work
from civic.supervision.figures import FIGURES
from civic.supervision.queries import behind, summary
from civic.supervision.rules import Choice, Period, Spread, figures, month_of
from civic.supervision.services import opinions
from civic.supervision.views.cells import Pen
from tests.factories import make_account, sign_in
from tests.integration.cases.worlds import World, status_of
from tests.integration.supervision.chamber import TEXT
from tests.integration.supervision.opened import sheets, word_file

PERIOD = "since=2026-09-01&until=2026-09-30"
SCOPES = ("department", "chapter", "livelihood", "street", "kind", "item")


def read(client: FlaskClient, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    return page.get_data(as_text=True)


LINK = re.compile(r'<a class="figure-link" href="([^"]+)" data-figure="(\w+)" data-value="(\d+)">')


def test_every_figure_opens_a_list_of_just_as_many_cases(deputy: FlaskClient) -> None:
    """Each figure once, where it is highest; ``test_truth`` walks all links of a large district."""
    highest: dict[str, tuple[int, str]] = {}
    for address, figure, value in LINK.findall(read(deputy, f"/supervision/?{PERIOD}")):
        highest[figure] = max(highest.get(figure, (-1, "")), (int(value), unescape(address)))
    assert set(FIGURES) - set(highest) == {"again_days"}, "no second answer was given in these weeks"
    for figure, (value, address) in highest.items():
        text = read(deputy, address)
        assert f'data-total="{value}"' in text, figure
        assert text.count(" data-case=") == value, figure


def test_rows_add_up_to_the_total_by_whatever_they_are_told_apart(deputy: FlaskClient) -> None:
    for scope in SCOPES:
        *parts, total = table(deputy, f"/en/supervision/summary.csv?by={scope}&{PERIOD}")
        assert total["Key"] == "total"
        for column in ("Received", "Reply due", "Open", "Overdue", "Solved", "Declined", "Rated", "Merged"):
            assert sum(int(row[column]) for row in parts) == int(total[column]), (scope, column)


def test_narrowing_is_combined_and_said(deputy: FlaskClient, world: World) -> None:
    """Rows by kind of what one department had: as much as that department's row says."""
    water = key_of(world.water)
    rows = table(deputy, f"/en/supervision/summary.csv?by=kind&department={water}&{PERIOD}")
    assert {row["Key"]: row["Received"] for row in rows} == {
        "suggestion": "2", "question": "1", "complaint": "1", "total": "4",
    }  # fmt: skip
    assert all(row["Narrowed to"] for row in rows)
    narrower = table(
        deputy, f"/en/supervision/summary.csv?by=kind&department={water}&street=yz&kind=suggestion&{PERIOD}"
    )
    assert [row["Received"] for row in narrower] == ["2", "2"]
    assert deputy.get(f"/supervision/?department=nobody&{PERIOD}").status_code == 404


def test_what_was_not_counted_is_not_compared(deputy: FlaskClient) -> None:
    """The platform began on 7 September: there is no August, and no year before."""
    text = read(deputy, "/en/supervision/?period=2026-09")
    assert text.count("no comparison, nothing was counted then") == 2
    text = read(deputy, "/en/supervision/?since=2026-09-09&until=2026-09-12")
    assert "counting began on 7 Sep" in text
    assert "more" in text or "fewer" in text


def test_the_figures_of_four_weeks_are_what_was_done(deputy: FlaskClient, world: World) -> None:
    """Worked out by hand from the story in ``conftest``."""
    rows = table(deputy, f"/en/supervision/summary.csv?by=department&{PERIOD}")
    by_key = {row["Key"]: row for row in rows}
    water = by_key[key_of(world.water)]
    assert (water["Received"], water["Declined"], water["Reopened"]) == ("4", "0", "1")
    assert (water["Solved"], water["Rated"], water["Satisfied"]) == ("1", "2", "1")
    assert water["Open"] == "2", "the reopened one and the new question"
    assert (by_key["none"]["Received"], by_key["none"]["Declined"]) == ("2", "1")


def test_the_command_prints_all_of_a_summary(app: Flask, world: World) -> None:
    water = key_of(world.water)
    days = ["--from", "2026-09-01", "--to", "2026-09-30"]
    result = app.test_cli_runner().invoke(
        args=["civic", "summary", *days, "--by", "kind", "--department", water, "--json"]
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert (found["by"], found["narrowed"], found["period"]["until"]) == (
        "kind",
        {"department": water},
        "2026-09-30",
    )
    assert {row["key"]: row["received"] for row in found["rows"]} == {
        "suggestion": 2,
        "question": 1,
        "complaint": 1,
    }
    assert found["total"]["satisfied"] == {"part": 1, "whole": 2, "share": None, "low": None, "high": None}
    assert found["total"]["days"]["n"] == sum(row["n"] for row in found["reply_days"])
    assert [one["total"] for one in found["earlier"]] == [None, None]
    assert found["months"][-1]["received"] == 4
    refused = app.test_cli_runner().invoke(args=["civic", "summary", *days, "--department", "nobody"])
    assert (refused.exit_code, "nothing of this name to narrow" in refused.output) == (1, True)
    twice = app.test_cli_runner().invoke(args=["civic", "summary", *days, "--period", "2026-09"])
    assert (twice.exit_code, "stands instead of" in twice.output) == (2, True)


def test_a_backlog_cannot_hide(deputy: FlaskClient, world: World) -> None:
    """An answer after its deadline and one that never came both count as due, and only the latter as overdue."""
    rows = {row["Key"]: row for row in table(deputy, f"/en/supervision/summary.csv?by=department&{PERIOD}")}
    water = rows[key_of(world.water)]
    assert int(water["Reply due"]) > int(water["Replied on time"])
    assert water["Overdue"] == "1"


def test_a_private_case_shows_its_number_and_nothing_of_its_words(deputy: FlaskClient) -> None:
    text = read(deputy, f"/supervision/cases?by=department&{PERIOD}&figure=received")
    assert text.count(" data-case=") == 6
    assert 'href="/supervision/" aria-current="true"' in text, (
        "a page below the summary says where it belongs"
    )
    assert 'href="/en/supervision/opinions" aria-current="true"' in read(
        deputy, "/en/supervision/opinions/new"
    )
    assert "路灯" not in text, "a list names cases; words are read on the public page only"


def test_a_summary_of_a_time_without_cases_says_so(deputy: FlaskClient) -> None:
    assert "这一时段没有数据" in read(deputy, "/supervision/?since=2021-01-01&until=2021-01-31")


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("by=colour", "A summary is by department"),
        ("since=2026-09-30&until=2026-09-01", "The first day comes after the last."),
        ("since=2030-01-01", "The first day lies ahead. Choose the last day as well."),
        ("until=1999-12-31", "Choose days from 2000 to 2100."),
        ("since=soon&until=2026-09-30", "Write a day as 2026-11-23."),
        ("period=next", "Write a period as 2026, 2026-Q3 or 2026-11. Or choose one here, or days."),
    ],
)
def test_a_choice_that_makes_no_sense_is_asked_for_again(deputy: FlaskClient, bad: str, says: str) -> None:
    """The form stands there with what was typed and all filters, whatever page or file the address is of."""
    pages = ("", "summary.csv", "report.xlsx", "report.docx", "cases", "topics")
    for page in pages[: -1 if bad.startswith("by") else None]:
        answer = deputy.get(f"/en/supervision/{page}?{bad}&street=yz&chapter=none")
        text = unescape(answer.get_data(as_text=True))
        assert (answer.status_code, answer.mimetype) == (422, "text/html"), page
        assert says in text
        for name, typed in (part.split("=") for part in bad.split("&")):
            if name in ("since", "until"):
                assert re.search(rf'<input id="{name}" [^>]*value="{typed}"', text)
        assert 'name="since" type="text"' in text or "soon" not in bad, "a field for days would drop it"
        assert all(f'<option value="{chosen}" selected>' in text for chosen in ("yz", "none"))
        assert "figure-link" not in text


def test_a_list_of_days_to_come_leads_back_to_the_choice_of_days(deputy: FlaskClient) -> None:
    answer = deputy.get("/en/supervision/cases?since=2030-01-01&until=2030-01-31&figure=open")
    assert answer.status_code == 422
    assert "This period has not begun" in answer.text
    assert 'value="2030-01-31"' in answer.text


@pytest.mark.parametrize(("role", "status"), [(Role.AUDITOR, 200), (Role.ADMIN, 403)])
def test_who_reads_it(app: Flask, world: World, role: Role, status: int) -> None:
    client = sign_in(app.test_client(), make_account(role))
    assert client.get("/supervision/").status_code == status


def key_of(department_id: int) -> str:
    from civic.departments import queries

    return queries.department(department_id).key


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    text = response.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_what_is_moved_while_overdue_is_overdue_at_once_where_it_came(world: World) -> None:
    """Also before the day's close of work; the list has as many cases as the figure says, and never fewer than none."""
    deputy = actor_of_deputy()
    moved = next(one for one in world.sent if status_of(one.case_id) is CaseStatus.ROUTED)
    world.pass_time(days=21)
    choice = Choice(Period(date(2026, 9, 1), world.now.date()))

    def overdue() -> dict[str, int]:
        page = summary(deputy, choice, world.now)
        for row in page.rows:
            listed = behind(deputy, choice, "overdue", row.key, None, world.now)
            assert listed.n == row.figures.overdue, row.key
        return {row.key: row.figures.overdue for row in page.rows}

    water, roads = key_of(world.water), key_of(world.roads)
    before = overdue()
    world.do(services.transfer_case, world.dispatcher, moved.case_id, world.roads, reason="属住建局。")
    assert overdue() == {**before, water: before[water] - 1, roads: before.get(roads, 0) + 1}
    world.do(services.withdraw_case, RESIDENT, moved.case_id)
    assert overdue() == {**before, water: before[water] - 1, roads: before.get(roads, 0)}


def actor_of_deputy() -> Actor:
    return make_account(Role.DEPUTY)


def test_a_department_without_cases_shows_its_opinions(app: Flask, world: World) -> None:
    """And doesn't say that nothing was counted."""
    deputy = make_account(Role.DEPUTY)
    with unit_of_work():
        opinion = opinions.write_opinion(
            deputy, opinions.NewOpinion("关于路灯", TEXT, key_of(world.roads)), world.now
        )
        opinions.send_opinion(deputy, opinion, 1, world.now)
    text = read(
        sign_in(app.test_client(), deputy), f"/en/supervision/?{PERIOD}&department={key_of(world.roads)}"
    )
    assert 'data-opinions="1"' in text
    assert "Nothing was counted" not in text


@pytest.mark.parametrize(
    ("locale", "lasted", "said"),
    [
        ("en", Spread(6, 4.5, 9), ("4.5 working days", "9 of 10 within 9 working days")),
        ("en", Spread(5, 1.0, 1), ("1 working day", "9 of 10 within 1 working day")),
        ("zh_Hans", Spread(5, 4.0, 6), ("4 个工作日", "九成在 6 个工作日以内")),
        ("zh_Hans", Spread(4, 4.0, 6), ("", "")),
    ],
)
def test_a_median_says_its_unit(
    sqlite_app: Flask, locale: str, lasted: Spread, said: tuple[str, str]
) -> None:
    row = replace(figures(()), days=lasted)
    with sqlite_app.test_request_context(), force_locale(locale):
        cell = Pen().row(row, Choice(month_of(date(2026, 9, 1))))["days"]
    assert (cell.stated, cell.beside) == said


def test_a_median_says_of_how_many_cases_it_is(deputy: FlaskClient) -> None:
    for locale, before, after in (("", "（", " 件）"), ("/en", "(n = ", ")")):
        text = read(deputy, f"{locale}/supervision/?{PERIOD}")
        assert re.search(
            f'{re.escape(before)}<a [^>]*data-figure="reply_days"[^>]*>\\d+</a>{re.escape(after)}', text
        )


def test_of_fewer_than_five_no_median_leaves_the_house(deputy: FlaskClient, app: Flask) -> None:
    """Neither the table nor the command tells what the page doesn't."""
    rows = table(deputy, f"/en/supervision/summary.csv?{PERIOD}")
    said = json.loads(
        app.test_cli_runner().invoke(args=["civic", "summary", "--period", "2026-09", "--json"]).output
    )
    assert 0 < int(rows[-1]["Days to reply: number of cases"]) < 5
    for row, days in zip(rows, (one["days"] for one in [*said["rows"], said["total"]]), strict=True):
        assert row["Days to reply: number of cases"] == str(days["n"])
        assert (row["Days to reply: median"], row["Days to reply: 90th percentile"]) == ("", "")
        assert (days["median"], days["p90"]) == (None, None)


def test_a_period_that_lies_ahead_claims_nothing(app: Flask, deputy: FlaskClient) -> None:
    """What is open today isn't open at the end of a quarter to come, and nothing compares with it."""
    ahead = "period=2030-Q1"
    text = unescape(read(deputy, f"/en/supervision/?{ahead}"))
    assert "This period begins on 1 Jan 2030." in text
    for claimed in (
        "figure-link",
        "data-row",
        "data-opinions",
        "was counted then",
        "Difference",
        "Where the plan stands",
    ):
        assert claimed not in text
    assert table(deputy, f"/en/supervision/summary.csv?{ahead}") == []
    said = json.loads(run(app, "summary", "--period", "2030-Q1", "--json"))
    assert (said["total"], said["begun_until"], said["standing"], said["opinions"]) == (None,) * 4
    assert not any(said[part] for part in ("earlier", "rows", "months", "reply_days", "items"))
    [(_, rows)] = sheets(deputy, f"/en/supervision/report.xlsx?{ahead}").items()
    paragraphs, [written] = word_file(deputy, f"/en/supervision/report.docx?{ahead}")
    assert [[cell.text for cell in row] for row in written[-1:]] == [[str(cell.value) for cell in rows[-1]]]
    assert rows[-1][1].value == (
        "The period begins on 1 Jan 2030: it has no figures yet, and nothing is compared."
    )
    assert not [one for one in paragraphs if "open" in one or "received" in one]
    assert deputy.get(f"/supervision/cases?{ahead}&figure=open").status_code == 422
    assert "once its last day is over" in run(app, "seal-period", "2030-Q1", code=1)


@pytest.mark.parametrize(
    ("today", "shown", "chosen"),
    [
        (date(2030, 12, 30), "2026年1月1日至2030年12月30日", "规划期至今"),
        (date(2031, 3, 2), "2026年1月1日至2030年12月31日", "整个规划期"),
    ],
)
def test_a_plan_ends_with_its_last_year(
    app: Flask, world: World, today: date, shown: str, chosen: str
) -> None:
    with time_machine.travel(datetime(today.year, today.month, today.day, 4, tzinfo=UTC), tick=False):
        client = sign_in(app.test_client(), make_account(Role.DEPUTY))
        text = read(client, "/supervision/?period=plan")
    assert shown in text
    assert re.search(rf'period=plan[^>]*aria-current="true">{chosen}<', text)


@pytest.mark.usefixtures("world")
@time_machine.travel(datetime(2026, 10, 20, 4, 0, tzinfo=UTC), tick=False)
def test_a_period_that_runs_says_up_to_which_day_it_compares(app: Flask, deputy: FlaskClient) -> None:
    today = date(2026, 10, 20)
    month, so_far = f"{today:%Y-%m}", f"{today.day} {today:%b %Y}"
    said = json.loads(run(app, "summary", "--period", month, "--json"))
    assert said["begun_until"] == today.isoformat()
    before = said["earlier"][0]
    days = date.fromisoformat(before["until"]) - date.fromisoformat(before["since"])
    assert days == today - today.replace(day=1)
    assert "earlier periods are compared over as many days" in read(
        deputy, f"/en/supervision/?period={month}"
    )
    book = sheets(deputy, f"/en/supervision/report.xlsx?period={month}")
    about = {str(what.value): str(content.value) for what, content in book["Report"]}
    assert about["Period not over"].startswith(
        f"Figures are of the days up to {so_far}, deadlines of those up to "
    )
    heads = [str(cell.value) for cell in book["Comparison"][0]]
    assert f"Period before: {before['since']} to {before['until']}" in heads
    paragraphs, _tables = word_file(deputy, f"/en/supervision/report.docx?period={month}")
    assert any(one.startswith(f"On {so_far} ") and "cases were open" in one for one in paragraphs)


def run(app: Flask, *arguments: str, code: int = 0) -> str:
    found = app.test_cli_runner().invoke(args=["civic", *arguments])
    assert found.exit_code == code, found.output
    return found.output
