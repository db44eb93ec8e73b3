"""Forms of assessments. They check nothing but what can't be read: the law is in rules and services."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from civic.core.errors import N_, Invalid
from civic.departments import queries as departments
from civic.plans.queries import PlanRow
from civic.supervision.rules.assessments import (
    ASSESSMENT_KIND_LABELS,
    FOLLOW_UP_LABELS,
    LONGEST_ASSESSOR,
    LONGEST_TITLE,
    AssessmentKind,
    FollowUpStatus,
    Opening,
)
from civic.supervision.services import NewRecommendation, Prose
from civic.web.locale import chinese_or_english

DAY: dict[str, Any] = {"type": "date"}


class VersionedForm(FlaskForm):
    """``version``: of the assessment or part as the person saw it."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """-1 for what can't be one."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() else -1


class OpenForm(FlaskForm):
    """A new assessment."""

    plan = SelectField(_l("Plan"), validate_choice=False)
    kind = RadioField(
        _l("Kind of assessment"),
        choices=[SelectChoice(kind.value, _l(label)) for kind, label in ASSESSMENT_KIND_LABELS.items()],
        default=AssessmentKind.ANNUAL.value,
        validate_choice=False,
    )
    title = StringField(_l("Title"), render_kw={"maxlength": LONGEST_TITLE})
    since = StringField(_l("From day"), render_kw=DAY)
    until = StringField(
        _l("To day"),
        description=_l(
            "The last day that is assessed. Indicators are judged by the last year that was over by then."
        ),
        render_kw=DAY,
    )
    assessor = StringField(
        _l("Assessed by"),
        description=_l(
            "Only for assessments by third parties or deputies: the institute, or the group of deputies."
        ),
        render_kw={"maxlength": LONGEST_ASSESSOR},
    )

    def offer(self, plans: tuple[PlanRow, ...]) -> None:
        """The plans to choose from."""
        self.plan.choices = [
            SelectChoice(p.slug, chinese_or_english(p.short_name, p.short_name_hant, p.short_name_en))
            for p in plans
        ]

    def opening(self) -> Opening:
        """What was typed; raises :class:`Invalid` where a day can't be read or nothing was chosen."""
        if self.kind.data not in set(AssessmentKind):
            raise Invalid(N_("Choose the kind of assessment."), field="kind")
        if self.plan.data not in {choice.value for choice in self.plan.choices or ()}:
            raise Invalid(N_("Choose a plan."), field="plan")
        return Opening(
            self.plan.data, AssessmentKind(self.kind.data), self.title.data or "",
            required_day(self.since.data, "since"), required_day(self.until.data, "until"),
            self.assessor.data or "",
        )  # fmt: skip


class ProseForm(VersionedForm):
    """What the editor writes around the facts."""

    title = StringField(_l("Title"), render_kw={"maxlength": LONGEST_TITLE})
    assessor = StringField(_l("Assessed by"), render_kw={"maxlength": LONGEST_ASSESSOR})
    introduction = TextAreaField(
        _l("Introduction"),
        description=_l(
            "How it was assessed, and what a reader has to know. An empty line begins a new paragraph."
        ),
        render_kw={"rows": 8},
    )
    conclusion = TextAreaField(
        _l("Conclusion"),
        description=_l("What follows from the data and from the departments’ parts."),
        render_kw={"rows": 10},
    )

    def prose(self) -> Prose:
        return Prose(
            self.title.data or "", self.introduction.data or "", self.conclusion.data or "",
            self.assessor.data or "",
        )  # fmt: skip


class RecommendationForm(VersionedForm):
    """One recommendation."""

    text = TextAreaField(_l("Recommendation"), render_kw={"rows": 4})
    department = SelectField(_l("Department that is to do it"), validate_choice=False)
    item = StringField(
        _l("Item of the plan"),
        description=_l("Its code, such as 6.3.1 or T2-04, if it is about one."),
        render_kw={"maxlength": 24},
    )
    due_on = StringField(_l("Due"), render_kw=DAY)

    def offer(self) -> None:
        """The departments to choose from."""
        self.department.choices = [
            SelectChoice("", _("Choose a department")),
            *(
                SelectChoice(row.key, chinese_or_english(row.name, row.name_hant, row.name_en))
                for row in departments.departments()
            ),
        ]

    def recommendation(self) -> NewRecommendation:
        due = required_day(self.due_on.data, "due_on") if self.due_on.data else None
        return NewRecommendation(self.text.data or "", self.department.data or "", self.item.data or "", due)


class DeedForm(VersionedForm):
    """A button: nothing is typed. ``parts``: the mark of what departments had handed in."""

    parts = HiddenField()


class PartForm(VersionedForm):
    """A department's own words."""

    text = TextAreaField(
        _l("Self-assessment"),
        description=_l(
            "What was reached, what was not and why. It is published word for word: no names of private persons."
        ),
        render_kw={"rows": 14},
    )


class FollowUpForm(FlaskForm):
    """What has come of a recommendation."""

    status = RadioField(
        _l("Where does it stand?"),
        choices=[SelectChoice(one.value, _l(label)) for one, label in FOLLOW_UP_LABELS.items()],
        validate_choice=False,
    )
    text = TextAreaField(
        _l("What was done, or why not"),
        description=_l("It is published at once and can't be changed later; a newer one can be added."),
        render_kw={"rows": 5},
    )

    def chosen(self) -> FollowUpStatus:
        if self.status.data not in set(FollowUpStatus):
            raise Invalid(N_("Say where it stands."), field="status")
        return FollowUpStatus(self.status.data)


def required_day(text: str | None, field: str) -> date:
    """A day as browsers send it; raises :class:`Invalid` at its field."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise Invalid(N_("Write a day as 2026-11-23."), code="bad_day", field=field) from None
