"""The forms of routing rules: one rule as an official writes it, and a text to try the rules on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from civic.cases.rules import KIND_LABELS, SPEAKS_AS_LABELS
from civic.core.dated import Dating
from civic.core.text import normalise
from civic.departments import queries as departments
from civic.desk.forms import LONGEST_WORD, sentence
from civic.web.locale import chinese_or_english

LONGEST_WORDS = 1000
TRIED_DAYS = 90
MOST_DAYS = 366
TO_STREET = "street"
_BETWEEN = re.compile(r"[、，,；;\s]+")


def _words(label: Any, description: Any, rows: int) -> TextAreaField:
    return TextAreaField(
        label,
        description=description,
        validators=[Length(max=LONGEST_WORDS, message=_l("This is too long: at most %(max)d characters."))],
        render_kw={"rows": rows},
    )


def _ticks(label: Any, description: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label, description=description, option_widget=CheckboxInput(), validators=[Optional()]
    )


class RuleForm(FlaskForm):
    """One rule, from when it holds so, and over how many days it is tried before.

    ``seen``: what stood when the form was opened. ``tried``: what the trial that is shown was made with.
    """

    name = StringField(
        _l("What it is about"),
        description=_l("Shown to the resident as the reason."),
        validators=[
            InputRequired(_l("Enter the name.")),
            Length(max=80, message=_l("This is too long: at most %(max)d characters.")),
        ],
    )
    any = _words(
        _l("One of these words is in the text"),
        _l("With 、 or a new line between them. Write them once, in Simplified characters."),
        3,
    )
    all = _words(
        _l("And one word of each line"), _l("One group a line; leave it empty if one word is enough."), 3
    )
    none = _words(_l("But none of these words"), "", 2)
    kinds = _ticks(_l("Only for these kinds of message"), _l("None chosen: for every kind."))
    streets = _ticks(_l("Only for these streets"), _l("None chosen: for every street."))
    speaks_as = _ticks(_l("Only if this speaks"), _l("None chosen: for everybody."))
    department_id = SelectField(
        _l("Who gets it"), validators=[InputRequired(_l("Choose one from the list."))]
    )
    over = StringField(
        _l("Goes before these rules"),
        description=_l(
            "Their numbers, where both hold: R-02、R-17. Otherwise the dispatcher decides between them."
        ),
        validators=[Length(max=200, message=_l("This is too long: at most %(max)d characters."))],
    )
    yields = BooleanField(_l("The words may only name a place (a school, a hospital): other rules go first"))
    note = TextAreaField(
        _l("Note for officials"),
        validators=[Length(max=500, message=_l("This is too long: at most %(max)d characters."))],
        render_kw={"rows": 2},
    )
    active = BooleanField(_l("In use"), default=True)
    effective_on = DateField(
        _l("Holds from"),
        validators=[InputRequired(_l("Enter the day from which it holds."))],
        description=_l("A day to come: the change waits and is made on that day."),
    )
    reason = sentence(_l("Why it changes"), "", _l("Say why it changes."))
    days = IntegerField(
        _l("Tried on the messages of so many days"),
        default=TRIED_DAYS,
        validators=[NumberRange(1, MOST_DAYS, message=_l("Enter a number of days from %(min)d to %(max)d."))],
        render_kw={"inputmode": "numeric"},
    )
    seen = HiddenField()
    tried = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds.choices = [(kind.value, gettext(label)) for kind, label in KIND_LABELS.items()]
        self.streets.choices = [(row.code, _name(row)) for row in departments.streets()]
        self.speaks_as.choices = [(who.value, gettext(label)) for who, label in SPEAKS_AS_LABELS.items()]
        self.department_id.choices = [
            ("", gettext("Choose …")),
            (TO_STREET, gettext("The office of the street that the writer names")),
            *((str(row.id), _name(row)) for row in departments.departments()),
        ]

    def show(self, values: Mapping[str, Any]) -> None:
        """A rule as it stands."""
        self.name.data, self.note.data = values["name"], values["note"]
        self.any.data, self.none.data = "、".join(values["any"]), "、".join(values["none"])
        self.all.data = "\n".join("、".join(group) for group in values["all"])
        for field in (self.kinds, self.streets, self.speaks_as):
            field.data = list(values[field.short_name])
        target = values["department_id"]
        self.department_id.data = TO_STREET if target is None else str(target)
        self.over.data = "、".join(values["over"])
        self.yields.data, self.active.data = values["yields"], values["active"]

    def values(self) -> dict[str, Any]:
        """What was entered, by field of the rule."""
        target = self.department_id.data
        groups = ([normalise(word) for word in _split(line)] for line in (self.all.data or "").splitlines())
        return {
            "name": (self.name.data or "").strip(),
            "any": [normalise(word) for word in _split(self.any.data)],
            "all": [group for group in groups if group],
            "none": [normalise(word) for word in _split(self.none.data)],
            "kinds": list(self.kinds.data or ()),
            "streets": list(self.streets.data or ()),
            "speaks_as": list(self.speaks_as.data or ()),
            "department_id": None if target == TO_STREET else int(target),
            "over": [code.upper() for code in _split(self.over.data)],
            "yields": bool(self.yields.data),
            "note": (self.note.data or "").strip(),
            "active": bool(self.active.data),
        }

    def dating(self) -> Dating:
        """From when, and why."""
        assert self.effective_on.data is not None
        return Dating(self.effective_on.data, self.reason.data or "")


class TryForm(FlaskForm):
    """A message as a resident could send it, to see where the rules would take it. Nothing of it is kept."""

    text = sentence(_l("A message to try"), "", _l("Write or paste a text."), LONGEST_WORD)
    kind = SelectField(_l("Kind"), validators=[Optional()])
    street = SelectField(_l("Street"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [
            ("", "—"),
            *((kind.value, gettext(label)) for kind, label in KIND_LABELS.items()),
        ]
        self.street.choices = [("", "—"), *((row.code, _name(row)) for row in departments.streets())]


def _split(text: str | None) -> list[str]:
    """The words between separators, each once, in their order."""
    return list(dict.fromkeys(word for word in _BETWEEN.split(text or "") if word))


def _name(row: Any) -> str:
    return chinese_or_english(row.name, row.name_hant, row.name_en)
