"""Forms for targets of single years and for money of projects."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from civic.progress.rules.reported import Problem
from civic.progress.rules.targets import (
    TARGET_COLUMNS,
    MoneyKind,
    NewBudget,
    NewTarget,
    read_budget,
    read_target,
)


class TargetForm(FlaskForm):
    """The target of one year. ``indicator`` is plan and code, ``taijiang-14/T2-01``."""

    indicator = SelectField(_l("Indicator"), validators=[InputRequired(_l("Choose an indicator."))])
    year = StringField(
        _l("Year"),
        validators=[InputRequired(_l("Enter the year the target is set for."))],
        render_kw={"inputmode": "numeric", "maxlength": 4},
    )
    target = StringField(
        _l("Target"),
        description=_l("As the document prints it: 650, 650左右, <25; [3.5] for a sum since the plan began."),
        validators=[InputRequired(_l("Enter the target as the document prints it.")), Length(max=40)],
    )
    as_rate = BooleanField(_l("It is growth in percent over the year before"))
    document_title = StringField(
        _l("Document that sets it"),
        description=_l("Such as the government work report or the annual plan of the year."),
        validators=[InputRequired(_l("Name the document.")), Length(max=200)],
    )
    document_number = StringField(_l("Document number"), validators=[Length(max=80)])
    link = StringField(_l("Web address of the document"), validators=[Length(max=500)])
    date = StringField(_l("Date of the document"), description=_l("Such as 2024-03-31."))
    note = TextAreaField(_l("Note for readers"), validators=[Length(max=1000)])

    def offer(self, indicators: list[tuple[str, str]]) -> None:
        """The indicators that can be chosen, as (plan/code, name)."""
        self.indicator.choices = [
            SelectChoice("", _l("Choose …")),
            *(SelectChoice(*one) for one in indicators),
        ]

    def plan(self) -> str:
        """The chosen plan's slug."""
        return str(self.indicator.data).partition("/")[0]

    def read(self) -> NewTarget | Problem:
        """What was typed, read by the rule that reads sheets."""
        cells = {name: str(getattr(self, name).data or "") for name in TARGET_COLUMNS}
        cells["indicator"] = str(self.indicator.data).partition("/")[2]
        cells["as_rate"] = "yes" if self.as_rate.data else "no"
        return read_target(1, cells)


class BudgetForm(FlaskForm):
    """Money of one project in one year. ``project`` is plan and code, ``taijiang-14/B1-001``."""

    project = SelectField(_l("Project"), validators=[InputRequired(_l("Choose a project."))])
    year = StringField(
        _l("Year"),
        validators=[InputRequired(_l("Enter the year."))],
        render_kw={"inputmode": "numeric", "maxlength": 4},
    )
    kind = RadioField(
        _l("What the money is"),
        choices=[
            SelectChoice(MoneyKind.PLANNED.value, _l("Planned for the year")),
            SelectChoice(MoneyKind.SPENT.value, _l("Spent in the year")),
        ],
        default=MoneyKind.PLANNED.value,
    )
    amount = StringField(
        _l("Amount in 万元 (10,000 CNY)"),
        description=_l("A plain number, such as 1250.5."),
        validators=[InputRequired(_l("Enter the amount."))],
        render_kw={"inputmode": "decimal"},
    )
    source_title = StringField(
        _l("Source"),
        description=_l("Title of the report or document, as a reader would look for it."),
        validators=[InputRequired(_l("Name the source.")), Length(max=200)],
    )
    source_link = StringField(_l("Web address of the source"), validators=[Length(max=500)])
    source_document = StringField(
        _l("Number or name of the document"),
        description=_l("For a source without a web address."),
        validators=[Length(max=200)],
    )
    source_date = StringField(_l("Date of the source"), description=_l("Such as 2024-03-31."))
    note = TextAreaField(_l("Note for readers"), validators=[Length(max=1000)])

    def offer(self, projects: list[tuple[str, str]]) -> None:
        """The projects that can be chosen, as (plan/code, name)."""
        self.project.choices = [SelectChoice("", _l("Choose …")), *(SelectChoice(*one) for one in projects)]

    def plan(self) -> str:
        """The chosen plan's slug."""
        return str(self.project.data).partition("/")[0]

    def read(self) -> NewBudget | Problem:
        """What was typed."""
        cells = {name: str(getattr(self, name).data or "") for name in NewBudget.__dataclass_fields__}
        cells["project"] = str(self.project.data).partition("/")[2]
        return read_budget(cells)
