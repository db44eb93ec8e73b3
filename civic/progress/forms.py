"""Forms for publishing values of indicators."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from civic.progress.rules.reported import About, Problem, Reported, read_row

CELLS = (
    "year", "value", "unit", "about", "source_title", "source_link", "source_document", "source_date", "note",
)  # fmt: skip


class ObservationForm(FlaskForm):
    """One value. ``indicator`` is plan and code, ``taijiang-14/T2-01``."""

    indicator = SelectField(_l("Indicator"), validators=[InputRequired(_l("Choose an indicator."))])
    year = StringField(
        _l("Year"),
        validators=[InputRequired(_l("Enter the year the value stands for."))],
        render_kw={"inputmode": "numeric", "maxlength": 4},
    )
    value = StringField(
        _l("Value"),
        description=_l("A plain number, such as 645.87."),
        validators=[InputRequired(_l("Enter the value as it was reported."))],
        render_kw={"inputmode": "decimal"},
    )
    unit = StringField(
        _l("Unit"),
        description=_l("As the source has it. It must be the indicator’s unit unless the basis has changed."),
        validators=[InputRequired(_l("Enter the unit.")), Length(max=40)],
    )
    about = RadioField(
        _l("Whose value is it?"),
        choices=[
            SelectChoice(About.INDICATOR.value, _l("The indicator’s own")),
            SelectChoice(
                About.REFERENCE.value, _l("The value the target refers to, such as the city’s average")
            ),
        ],
        default=About.INDICATOR.value,
    )
    cumulative = BooleanField(_l("It is the sum of all years since the plan began"))
    basis_changed = BooleanField(_l("The statistical basis has changed: the value can’t be compared"))
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

    def offer(self, indicators: list[tuple[str, str]]) -> None:
        """The indicators that can be chosen, as (plan/code, name)."""
        self.indicator.choices = [
            SelectChoice("", _l("Choose …")),
            *(SelectChoice(*one) for one in indicators),
        ]

    def plan(self) -> str:
        """The chosen plan's slug."""
        return str(self.indicator.data).partition("/")[0]

    def reported(self) -> Reported | Problem:
        """What was typed, read by the rule that reads sheets."""
        cells = {name: str(getattr(self, name).data or "") for name in CELLS}
        cells["indicator"] = str(self.indicator.data).partition("/")[2]
        for name in ("cumulative", "basis_changed"):
            cells[name] = "yes" if getattr(self, name).data else "no"
        return read_row(1, cells)


class SheetForm(FlaskForm):
    """A sheet of values for one plan."""

    plan = SelectField(_l("Plan"), validators=[InputRequired(_l("Choose a plan."))])
    sheet = FileField(
        _l("Sheet (Excel .xlsx or CSV)"),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".xlsx,.csv"},
    )

    def offer(self, plans: list[tuple[str, str]]) -> None:
        """The plans that can be chosen, as (slug, name)."""
        self.plan.choices = [SelectChoice(*one) for one in plans]


class ApplyForm(FlaskForm):
    """What was previewed, sent back to be published."""

    plan = HiddenField(validators=[InputRequired()])
    content = HiddenField(validators=[InputRequired()])
