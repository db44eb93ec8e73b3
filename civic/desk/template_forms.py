"""The form of a prepared reply."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput

from civic.cases.rules import KIND_LABELS, RESOLUTION_LABELS, FeedbackKind, Resolution
from civic.desk.forms import LONGEST_REPLY, sentence
from civic.desk.services import NewTemplate
from civic.desk.templates import TemplateRow


class TemplateForm(FlaskForm):
    """Name, text and what the template is for. ``version`` is the one that the person was looking at."""

    version = HiddenField(validators=[InputRequired()], default="0")
    name = StringField(
        _l("Name of the template"),
        description=_l("Colleagues choose it by this name."),
        validators=[
            DataRequired(_l("Give the template a name.")),
            Length(max=80, message=_l("This is too long: at most %(max)d characters.")),
        ],
    )
    text = sentence(
        _l("Text of the template"),
        _l(
            "Placeholders are filled in from the case; a blank 【填写：…】 stays until somebody writes over it."
        ),
        _l("Write the text."),
        LONGEST_REPLY,
    )
    kinds = SelectMultipleField(
        _l("For which kinds of message"),
        description=_l("None chosen: for every kind."),
        option_widget=CheckboxInput(),
        validators=[Optional()],
    )
    resolution = SelectField(
        _l("What the reply brings"),
        description=_l("Chosen beforehand in the draft; the clerk can change it."),
        validators=[Optional()],
    )
    is_active = BooleanField(_l("In use: offered when a reply is written"), default=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds.choices = [(kind.value, gettext(KIND_LABELS[kind])) for kind in FeedbackKind]
        labels = [(r.value, gettext(RESOLUTION_LABELS[r])) for r in Resolution]
        self.resolution.choices = [("", gettext("Left to the clerk")), *labels]

    def begin_with(self, row: TemplateRow) -> None:
        """Show a template as it stands."""
        self.version.data = str(row.version)
        self.name.data = row.name
        self.text.data = row.text
        self.kinds.data = [kind.value for kind in row.kinds]
        self.resolution.data = row.resolution.value if row.resolution else ""
        self.is_active.data = row.is_active

    @property
    def seen_version(self) -> int:
        written = str(self.version.data or "")
        return int(written) if written.isdecimal() and len(written) < 10 else 0

    @property
    def filled(self) -> NewTemplate:
        return NewTemplate(
            name=self.name.data or "",
            text=self.text.data or "",
            kinds=tuple(FeedbackKind(kind) for kind in self.kinds.data or ()),
            resolution=Resolution(self.resolution.data) if self.resolution.data else None,
            is_active=bool(self.is_active.data),
        )
