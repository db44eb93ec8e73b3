"""Telling the sample's progress: reports, values, a proposed adjustment and a published assessment.

Like the cases, by the services that people's clicks would call; every text ends with the sample's mark.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from civic.core.errors import DomainError, NotFound
from civic.demo.services.staffing import Desk, Staff
from civic.departments import queries as departments
from civic.departments.rules.datafile import Entry, entries, text_of
from civic.plans import queries as plans
from civic.plans.rules import AdjustmentSubject
from civic.progress.queries.updates import published_updates
from civic.progress.rules.reported import Reported
from civic.progress.rules.updates import Evidence, EvidenceKind, Milestone, Report, UpdateStatus
from civic.progress.services import adjusting, observing, updating
from civic.progress.services.adjusting import NewAdjustment, NoticePeriod
from civic.supervision import queries as supervision
from civic.supervision.queries import AssessmentDesk
from civic.supervision.rules.assessments import AssessmentKind, Opening
from civic.supervision.services import assessing, parts, recommending
from civic.supervision.services.assessing import Prose
from civic.supervision.services.recommending import NewRecommendation

STEP = timedelta(hours=2)
"""Between writing, sending and approving one thing."""


@dataclass
class Reporter:
    """Tells what the file says; the caller holds the transaction. ``now``: the moment of loading."""

    staff: Staff
    now: datetime
    file: Entry

    def __post_init__(self) -> None:
        self.mark = text_of(self.file, "mark", required=True)
        self.plan = text_of(self.file, "plan", required=True)
        self.source = text_of(self.file, "source", required=True)

    def tell(self) -> int:
        """Tell all of it in the order of time; returns how many reports there are.

        Raises :class:`DataError` with the line of the file where a service refuses something.
        """
        reports = sorted(entries(self.file, "reports"), key=lambda entry: -int(entry["ago"]))
        for entry in reports:
            _told(entry, self._report)
        for entry in entries(self.file, "values"):
            _told(entry, self._values)
        _told(self.file["proposal"], self._propose)
        _told(self.file["assessment"], self._assess)
        return len(reports)

    def _report(self, entry: Entry) -> None:
        item_id = self._item(entry, "item")
        desk = self._desk(plans.lead_department_id(item_id))
        now = self.now - timedelta(days=entry["ago"])
        report = Report(
            UpdateStatus(entry["status"]),
            text_of(entry, "text", required=True) + self.mark,
            departments.local_day(now - timedelta(days=1)),
            percent=entry.get("percent"),
            expected_on=self._day(entry.get("expected")),
            milestones=self._milestones(entry, item_id),
            evidence=tuple(
                Evidence(EvidenceKind.LINK, link["title"] + self.mark, link["url"])
                for link in entry.get("links", ())
            ),
        )
        row = updating.save_report(desk.handler, item_id, report, now, version=0)
        until = text_of(entry, "until")
        if until != "drafted":
            row = updating.send_report(desk.handler, row.id, row.version, now + STEP)
        if not until:
            updating.approve_report(desk.lead, row.id, row.version, now + 2 * STEP)

    def _milestones(self, entry: Entry, item_id: int) -> tuple[Milestone, ...]:
        """A milestone that an earlier report named keeps its key, so that its days can be compared."""
        earlier = {m.title: m.key for row in published_updates([item_id]) for m in row.report.milestones}
        return tuple(
            Milestone(
                earlier.get(one["title"], ""), one["title"],
                self._day(one.get("planned")), self._day(one.get("actual")),
            )
            for one in entry.get("milestones", ())
        )  # fmt: skip

    def _values(self, entry: Entry) -> None:
        code = text_of(entry, "indicator", required=True)
        unit = next(row.unit for row in plans.indicators(self.plan) if row.ref.code == code)
        for year, value in entry["values"].items():
            reported = Reported(code, year, Decimal(value), unit, self.source)
            observing.record_observation(self.staff.editors[0], self.plan, reported, self.now)

    def _propose(self, entry: Entry) -> None:
        began = self.now - timedelta(days=entry["ago"])
        wanted = NewAdjustment(
            self._item(entry, "indicator"),
            AdjustmentSubject.DEADLINE,
            {"target_year": entry["target_year"]},
            text_of(entry, "reason", required=True) + self.mark,
        )
        until = departments.local_day(self.now) + timedelta(days=entry["in"])
        notice = NoticePeriod(departments.local_day(began), until)
        adjusting.announce_adjustment(self.staff.editors[0], wanted, notice, began)

    def _assess(self, entry: Entry) -> None:
        at = self.now - timedelta(days=entry["ago"])
        until = date(departments.local_day(at).year - 1, 12, 31)
        title = text_of(entry, "title", required=True) + self.mark
        opening = Opening(
            self.plan, AssessmentKind.ANNUAL, f"{until.year} 年{title}", until.replace(month=1, day=1), until
        )
        writer, other = self.staff.editors
        assessment_id = assessing.open_assessment(writer, opening, at)
        words = {
            key: text_of(entry, key, required=True) + self.mark for key in ("introduction", "conclusion")
        }
        prose = Prose(opening.title, **words)
        assessing.write_assessment(writer, assessment_id, self._open(assessment_id).row.version, prose, at)
        for key, text in entry["parts"].items():
            lead = self._desk(departments.department_ids().get(key)).lead
            parts.save_part(lead, assessment_id, key, 0, text + self.mark, at, hand_in=True)
        for one in entries(entry, "recommendations"):
            new = NewRecommendation(
                one["text"] + self.mark, one["department"], one["item"], self._day(one["in"])
            )
            version = self._open(assessment_id).row.version
            recommending.add_recommendation(writer, assessment_id, version, new, at)
        opened = self._open(assessment_id)
        assessing.approve_assessment(
            other, assessment_id, opened.row.version, at + STEP, seen_parts=opened.parts_mark
        )
        assessing.publish_assessment(
            other, assessment_id, self._open(assessment_id).row.version, at + 2 * STEP
        )

    def _open(self, assessment_id: int) -> AssessmentDesk:
        return supervision.assessment_desk(self.staff.editors[0], assessment_id)

    def _item(self, entry: Entry, key: str) -> int:
        code = text_of(entry, key, required=True)
        return plans.item_by_code(self.plan, code).id

    def _desk(self, department_id: int | None) -> Desk:
        desk = self.staff.desks.get(department_id or 0)
        if desk is None:
            raise NotFound(f"Nobody of the sample staff works in department {department_id}.")
        return desk

    def _day(self, away: int | None) -> date | None:
        """So many calendar days from the day of loading; None stays None."""
        return None if away is None else departments.local_day(self.now) + timedelta(days=away)


def _told(entry: Entry, tell: Callable[[Entry], None]) -> None:
    """Name the line of the file in whatever a service has to say against it."""
    try:
        tell(entry)
    except DomainError as error:
        raise entry.error(str(error)) from error
