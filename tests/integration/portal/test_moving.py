"""Roll-ups, what moved, what stands still, and a department's three lists, on the real district."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from civic.core.db import unit_of_work
from civic.departments import queries as departments
from civic.progress.rules.reported import Reported
from civic.progress.rules.updates import UpdateStatus
from civic.progress.services import record_observation
from civic.web.caching import raise_content_version
from tests.factories import make_account
from tests.integration.portal.test_public_pages import counted
from tests.integration.progress.office import REPORT, WORDS, Office, open_office

MARCH = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)
VALUE = Reported("T2-01", 2023, Decimal("700"), "亿元", "统计公报")


@pytest.fixture
def client(taijiang: Flask) -> FlaskClient:
    return taijiang.test_client()


@pytest.fixture
def office(taijiang: Flask) -> Office:
    with taijiang.app_context():
        return open_office()


def publish(app: Flask, office: Office, at: datetime = MARCH, **changed: object) -> None:
    with app.app_context():
        office.publish(replace(REPORT, **changed) if changed else REPORT, now=at)  # type: ignore[arg-type]


def words(html: str) -> str:
    """What a reader sees, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html[html.index("<main") :]))


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return words(answer.get_data(as_text=True))


def test_a_published_report_moves_one_square_everywhere(
    client: FlaskClient, taijiang: Flask, office: Office
) -> None:
    assert "107 项条款 尚未公布进展 107" in read(client, "/plans/taijiang-14/")
    with time_machine.travel(MARCH, tick=False):
        publish(taijiang, office)
        plan = read(client, "/plans/taijiang-14/")
        assert "107 项条款 进行中 1尚未公布进展 106" in plan
        for address in ("/plans/taijiang-14/6", "/plans/taijiang-14/6.3"):
            assert "进行中 1尚未公布进展" in read(client, address), address


def test_no_roll_up_is_a_percentage(client: FlaskClient, taijiang: Flask, office: Office) -> None:
    publish(taijiang, office)
    for address in ("/plans/taijiang-14/", "/departments"):
        assert not re.search(r"\d\s*%", read(client, address)), address


def test_what_moved_stands_under_its_day_and_its_month(
    client: FlaskClient, taijiang: Flask, office: Office
) -> None:
    with time_machine.travel(MARCH, tick=False):
        publish(taijiang, office)
        with taijiang.app_context():
            editor = make_account("editor")
        with taijiang.app_context(), unit_of_work():
            record_observation(
                editor, "taijiang-14",
                VALUE,
                MARCH + timedelta(hours=1),
            )  # fmt: skip
        page = read(client, "/progress")
        assert "2024年3月的进展" in page
        assert "2024年3月1日" in page
        assert WORDS in page
        assert "统计公报" in page
        february = read(client, "/progress?month=2024-02")
        assert "这个月没有公布任何进展" in february
        assert WORDS not in february
    assert WORDS in read(client, "/progress?month=2024-03")
    assert client.get("/progress?month=garbled").status_code == 200
    assert client.get("/progress?month=2999-01").status_code == 200


def test_a_move_at_midnight_belongs_to_the_districts_day(
    client: FlaskClient, taijiang: Flask, office: Office
) -> None:
    """17:30 UTC on the last of March is already April in the district."""
    publish(taijiang, office, datetime(2024, 3, 31, 17, 30, tzinfo=UTC))
    assert WORDS in read(client, "/progress?month=2024-04")
    assert WORDS not in read(client, "/progress?month=2024-03")


def test_what_is_quiet_is_listed_until_something_is_published(
    client: FlaskClient, taijiang: Flask, office: Office
) -> None:
    later = MARCH + timedelta(days=120)
    with time_machine.travel(later, tick=False):
        before = read(client, "/progress/quiet")
        publish(taijiang, office)
        after = read(client, "/progress/quiet")
    counts = [re.search(r"共 (\d+) 项，其中 (\d+) 项", page) for page in (before, after)]
    assert [int(found[1]) for found in counts if found] == [322, 322]
    assert int(counts[0][2]) - int(counts[1][2]) == 1  # type: ignore[index]
    with time_machine.travel(MARCH + timedelta(days=200), tick=False):
        again = read(client, "/progress/quiet")
    assert "上次公布：2024年3月1日" in again
    publish(
        taijiang,
        office,
        MARCH,
        status=UpdateStatus.DONE,
        percent=None,
        milestones=(),
        as_of=date(2024, 2, 28),
    )
    with time_machine.travel(MARCH + timedelta(days=200), tick=False):
        assert "上次公布" not in read(client, "/progress/quiet"), "what is done isn't quiet"


def test_a_department_shows_its_three_lists(client: FlaskClient, taijiang: Flask, office: Office) -> None:
    publish(taijiang, office)
    with taijiang.app_context():
        key = departments.department(office.department_id).key
    page = read(client, f"/departments/{key}")
    assert "任务清单、责任清单与时间表" in page
    assert "2025 年底前" in page
    assert "开工建设 计划2024年10月1日完成" in page
    assert "完成选址 2024年1月20日完成" in page
    assert "配合：" in page
    assert "未列责任人" in page
    assert key in client.get("/departments").get_data(as_text=True)
    assert client.get("/departments/none").status_code == 404


ADDRESSES = (
    "/", "/plans/taijiang-14/", "/plans/taijiang-14/6", "/plans/taijiang-14/6.3", "/plans/taijiang-14/6.3.1",
    "/livelihood", "/livelihood/environment", "/progress", "/progress/quiet", "/departments", "/departments/edu",
    "/progress/feed.atom", "/plans/taijiang-14/6/feed.atom", "/departments/edu/feed.atom",
)  # fmt: skip


def test_made_anew_a_page_asks_the_database_at_most_six_times(
    client: FlaskClient, taijiang: Flask, office: Office
) -> None:
    publish(taijiang, office)
    for address in ADDRESSES:
        client.get(address)
    with taijiang.app_context(), unit_of_work():
        raise_content_version()
    for address in ADDRESSES:
        # Nothing kept from another page helps.
        taijiang.extensions["civic.kept_until_change"].clear()
        with counted(taijiang) as seen:
            assert client.get(address).status_code == 200
        assert 1 < len(seen) <= 6, "\n".join([address, *seen])
