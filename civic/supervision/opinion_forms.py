"""Forms of opinions, a deputy's side. They check nothing but what can't be read: the law is in rules and services."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from civic.cases.rules import RATING_LABELS, RatingLevel
from civic.core.errors import N_, Invalid
from civic.departments import queries as departments
from civic.supervision.assessment_forms import VersionedForm
from civic.supervision.queries.opinions import OpinionPage
from civic.supervision.rules.opinions import LONGEST_TITLE
from civic.supervision.services.opinions import NewOpinion
from civic.web.locale import chinese_or_english

_BETWEEN = re.compile(r"[\s,;，、；]+")


class OpinionForm(VersionedForm):
    """What a deputy writes to a department."""

    department = SelectField(
        _l("Department that is to answer"),
        description=_l("It reads the opinion once it is sent, and answers within its deadline."),
        validate_choice=False,
    )
    title = StringField(_l("Subject of the opinion"), render_kw={"maxlength": LONGEST_TITLE})
    text = TextAreaField(
        _l("Opinion"),
        description=_l(
            "What you have seen, what you ask of the department and by when. Name no residents: it can be published "
            "later, if you and the department agree."
        ),
        render_kw={"rows": 12},
    )
    item = StringField(
        _l("Item of the plan"),
        description=_l("If it is about one: its code, such as 6.3.1 or T2-04."),
        render_kw={"maxlength": 60},
    )
    references = TextAreaField(
        _l("Numbers of cases"),
        description=_l(
            "If it is about certain cases: one number a line. The department sees those that are its own."
        ),
        render_kw={"rows": 4, "autocapitalize": "characters", "spellcheck": "false"},
    )

    def offer(self) -> None:
        """The departments to choose from."""
        self.department.choices = [
            SelectChoice("", _("Choose a department")),
            *(
                SelectChoice(row.key, chinese_or_english(row.name, row.name_hant, row.name_en))
                for row in departments.departments()
            ),
        ]

    def show(self, page: OpinionPage) -> None:
        """Begin with what is saved."""
        self.version.data = str(page.row.version)
        self.department.data, self.title.data, self.text.data = (
            page.row.department.key,
            page.row.title,
            page.text,
        )
        self.item.data = f"{page.row.item.plan_slug}/{page.row.item.code}" if page.row.item else ""
        self.references.data = "\n".join(line.case.reference for line in page.cases.lines)

    def opinion(self) -> NewOpinion:
        return NewOpinion(
            self.title.data or "", self.text.data or "", self.department.data or "", self.item.data or "",
            tuple(one for one in _BETWEEN.split(self.references.data or "") if one),
        )  # fmt: skip


class RateForm(VersionedForm):
    """What a deputy says of an answer."""

    level = RadioField(
        _l("Are you satisfied with the answer?"),
        choices=[SelectChoice(one.value, _l(label)) for one, label in RATING_LABELS.items()],
        validate_choice=False,
    )
    reason = TextAreaField(
        _l("What the answer lacks"),
        description=_l("Needed if you are dissatisfied: the department reads it and answers once more."),
        render_kw={"rows": 4},
    )
    agrees = BooleanField(
        _l("I agree that it is published once it is closed"),
        description=_l("Opinion, answers and rating, without your name, if the department agrees as well."),
    )

    def chosen(self) -> RatingLevel:
        if self.level.data not in set(RatingLevel):
            raise Invalid(N_("Choose how satisfied you are."), field="level")
        return RatingLevel(self.level.data)
