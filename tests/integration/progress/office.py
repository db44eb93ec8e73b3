"""A department that reports on its items: who writes, who approves, what they write, and photos to show."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from civic.core.actor import Actor, Role
from civic.core.db import unit_of_work
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.progress.queries.updates import UpdateRow
from civic.progress.rules.updates import Evidence, EvidenceKind, Milestone, Report, UpdateStatus
from civic.progress.services import updating
from tests.factories import make_account, sign_in
from tests.integration.progress.conftest import NOW

PLAN, CODE = "taijiang-14", "6.3.1"
ITEM = f"/progress/items/{PLAN}/{CODE}"
PUBLIC = f"/plans/{PLAN}/{CODE}"
WORDS = "智慧体育公园已完成选址，正在办理用地手续，预计年内开工建设。"

REPORT = Report(
    UpdateStatus.UNDER_WAY,
    WORDS,
    date(2024, 2, 20),
    percent=30,
    expected_on=date(2024, 12, 31),
    milestones=(
        Milestone("", "完成选址", date(2024, 1, 31), date(2024, 1, 20)),
        Milestone("", "开工建设", date(2024, 10, 1)),
    ),
    evidence=(Evidence(EvidenceKind.LINK, "选址公示", "https://example.org/site"),),
)
TYPED = {
    "version": "0", "corrects": "", "status": "under_way", "percent": "30", "text": WORDS,
    "as_of": "2024-02-20", "expected_on": "2024-12-31",
    "milestones-0-key": "", "milestones-0-title": "完成选址", "milestones-0-planned_on": "2024-01-31",
    "milestones-0-actual_on": "2024-01-20",
    "evidence-0-title": "选址公示", "evidence-0-url": "https://example.org/site", "evidence-0-file": "",
}  # fmt: skip


@dataclass(frozen=True)
class Office:
    """The lead department of an item, and people of another."""

    item_id: int
    department_id: int
    handler: Actor
    lead: Actor
    stranger: Actor

    def write(self, report: Report = REPORT, actor: Actor | None = None, **given: Any) -> UpdateRow:
        """Save a report in a transaction of its own."""
        given = {"version": 0, **given}
        with unit_of_work():
            return updating.save_report(actor or self.handler, self.item_id, report, NOW, **given)

    def publish(self, report: Report = REPORT, now: Any = NOW, **given: Any) -> UpdateRow:
        """Write, send and approve a report."""
        with unit_of_work():
            row = updating.save_report(self.handler, self.item_id, report, now, version=0, **given)
            row = updating.send_report(self.handler, row.id, row.version, now)
            return updating.approve_report(self.lead, row.id, row.version, now)


def open_office(code: str = CODE) -> Office:
    """Accounts in the lead department of an item; needs an application context."""
    item_id = plans.item_by_code(PLAN, code).id
    ours = plans.lead_department_id(item_id)
    assert ours is not None
    duties = {duty.department_id for duty in plans.responsibilities([item_id])[item_id]}
    elsewhere = next(row.id for row in departments.departments() if row.id not in duties)
    return Office(
        item_id,
        ours,
        make_account(Role.HANDLER, department_id=ours, name="陈经办"),
        make_account(Role.LEAD, department_id=ours, name="林局长"),
        make_account(Role.HANDLER, Role.LEAD, department_id=elsewhere),
    )


def browser(app: Flask, account: Actor) -> FlaskClient:
    """A browser in which somebody is signed in."""
    return sign_in(app.test_client(), account)


def typed(**changed: str) -> Mapping[str, str]:
    """What is typed into the form, with changes; dashes in names are written as double underscores."""
    return {**TYPED, **{name.replace("__", "-"): value for name, value in changed.items()}}


def photo_with_place(size: tuple[int, int] = (600, 400), turned: int = 6) -> bytes:
    """A JPEG as a phone writes it: with the place, the camera, and on its side."""
    image = Image.new("RGB", size, (40, 120, 80))
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = turned
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (26.0, 3.0, 12.0), "E", (119.0, 18.0, 30.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"SecretComment")
    return out.getvalue()
