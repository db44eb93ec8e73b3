"""Where the plan stands in a period: indicators are judged for whole years, on the page as in the sealed report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask

from civic.cases.rules import Measure
from civic.core.actor import SYSTEM, Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.plans import queries as plans
from civic.progress import services as progress
from civic.progress.rules import STATUS_TEXTS
from civic.progress.rules.reported import Reported
from civic.progress.rules.updates import Report, UpdateStatus
from civic.progress.services import updating
from tests.factories import make_account, sign_in
from tests.integration.cases.worlds import make_staff
from tests.integration.supervision.watched import PLAN, count

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def reported(taijiang: Flask) -> Iterator[Flask]:
    """The district's product was behind in 2024 and missed its aim of 2025; cases were counted from 2024 on."""
    with taijiang.app_context(), time_machine.travel(NOW, tick=False):
        with unit_of_work():
            for year, value in ((2024, "560"), (2025, "570")):
                found = Reported("T2-01", year, Decimal(value), "亿元", source_title="统计公报")
                progress.record_observation(SYSTEM, PLAN, found, NOW)
            count(0, Measure.RECEIVED, date(2024, 3, 1), 1)
        db.session.remove()
    with time_machine.travel(NOW, tick=False):
        yield taijiang


def run(app: Flask, *arguments: str) -> str:
    found = app.test_cli_runner().invoke(args=["civic", *arguments])
    assert found.exit_code == 0, found.output
    return found.output


def test_a_year_is_judged_when_it_is_over(reported: Flask) -> None:
    """Not in its January; then page, command and sealed report say the same."""
    with reported.app_context():
        deputy = sign_in(reported.test_client(), make_account(Role.DEPUTY))
    expected = {"2025-01": (2024, 2024, []), "2025-12": (2025, 2024, ["T2-01"]), "2026-01": (2025, 2025, [])}
    for number, (month, (year, before, changed)) in enumerate(expected.items(), start=1):
        standing: Any = json.loads(run(reported, "summary", "--period", month, "--json"))["standing"]
        assert (standing["judged_year"], standing["judged_year_before"]) == (year, before), month
        assert [one["code"] for one in standing["changes"]] == changed, month
        run(reported, "seal-period", month)
        [sealed] = json.loads(deputy.get(f"/supervision/snapshots/{number}.json").data)["plans"]
        assert sealed["judged_year"] == year
        for part in ("indicators", "commitments"):
            on_page = {group["status"]: group["n"] for group in standing[part]}
            in_report = {row["label"]: row["count"] for row in sealed[f"{part[:-1]}_counts"]}
            assert {label: n for label, n in in_report.items() if n} == on_page, (month, part)
        text = unescape(deputy.get(f"/en/supervision/?period={month}").get_data(as_text=True))
        assert f"Indicators are judged for {year}, the last year that was over." in text
        assert ("told against 2024" in text) == (year != before)
        assert ("Behind, now Missed" in text) == bool(changed)


PROVISIONAL = "(provisional, the year isn’t over)"
OVER_NEW_YEAR = (
    (datetime(2025, 6, 30, 4, 0, tzinfo=UTC), 2024, "On track", False),
    (datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC), 2024, "On track", False),
    (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), 2025, "Missed", True),
)
"""The half of a year on its way, its last second in Fuzhou, and the next day's first."""


def under_way(now: datetime) -> str:
    """The code of a promise that is due on the last day of 2025, and reported as under way."""
    document = plans.document(PLAN)
    row, duty = next(
        (row, duty)
        for row in document.commitments
        if row.deadline == date(2025, 12, 31) and (duty := document.lead(row.ref))
    )
    handler, lead = (make_staff(role, duty.department_id) for role in (Role.HANDLER, Role.LEAD))
    report = Report(UpdateStatus.UNDER_WAY, "这一项的进展情况如下。", now.date())
    with unit_of_work():
        written = updating.save_report(handler, row.ref.id, report, now, version=0)
        sent = updating.send_report(handler, written.id, written.version, now)
        updating.approve_report(lead, sent.id, sent.version, now)
    return row.ref.code


def test_page_warnings_and_summary_judge_the_same_year(taijiang: Flask) -> None:
    """A half-year's product is no product of a year: it is shown as provisional, and nobody is warned of it. A promise
    due on a day is late once that is over."""
    with taijiang.app_context(), time_machine.travel(OVER_NEW_YEAR[0][0], tick=False) as clock:
        with unit_of_work():
            for value_of, value in ((2024, "803"), (2025, "420")):
                found = Reported("T2-01", value_of, Decimal(value), "亿元", source_title="统计公报")
                progress.record_observation(SYSTEM, PLAN, found, OVER_NEW_YEAR[0][0])
        promised = under_way(OVER_NEW_YEAR[0][0])
        db.session.remove()
        for moment, year, label, judged in OVER_NEW_YEAR:
            clock.move_to(moment, tick=False)
            text = unescape(taijiang.test_client().get(f"/en/plans/{PLAN}/T2-01").get_data(as_text=True))
            assert re.findall(r'class="badge badge--\w+">([^<]+)</span>', text)[0] == label, moment
            assert (PROVISIONAL in text) != judged
            assert ("chart-point--provisional" in text) != judged
            month = f"{moment:%Y-%m}"  # of Greenwich: in January the summary of December
            said: Any = json.loads(run(taijiang, "summary", "--period", month, "--json"))
            standing = said["standing"]
            assert (said["over"], standing["judged_year"]) == (judged, year)
            [group] = [one for one in standing["indicators"] if "T2-01" in one["items"]]
            assert group["status"] == label
            [group] = [one for one in standing["commitments"] if promised in one["items"]]
            assert group["status"] == ("Past its date" if judged else "Under way")
            report: Any = json.loads(run(taijiang, "indicator-status", PLAN, "--json"))
            [one] = [one for one in report["indicators"] if one["code"] == "T2-01"]
            assert (report["year"], STATUS_TEXTS[one["status"]]) == (year, label)
            assert [value["provisional"] for value in one["observations"]] == [False, not judged]
            warnings = json.loads(run(taijiang, "warnings", "--rule", "behind", "--json"))["warnings"]
            assert [one["reason"].split(". ")[-1] for one in warnings] == (
                ["Judged by values of 2025 and earlier."] if judged else []
            )
