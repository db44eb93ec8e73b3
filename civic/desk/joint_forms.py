"""Forms for what more than one party has a part in: co-handling, extensions, merging."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from civic.cases.services.handling import LONGEST_PART
from civic.core.ids import normalise_reference
from civic.desk.forms import CaseForm, sentence, whole_number

USUAL_PART = 3
"""Working days for a part, unless somebody says otherwise."""


def _days(label: Any, description: Any, most: int | None = None) -> IntegerField:
    return IntegerField(
        label,
        description=description,
        validators=[
            InputRequired(_l("Give a number of working days.")),
            NumberRange(1, most, message=_l("Give a number of working days.")),
        ],
        render_kw={"inputmode": "numeric", "min": 1},
    )


def _another(label: Any) -> SelectField:
    return SelectField(label, coerce=whole_number, validators=[Optional()])


class InviteForm(CaseForm):
    """Which departments are asked for a part of the answer, for what and by when."""

    department_id = SelectField(
        _l("Supporting department"),
        coerce=whole_number,
        validators=[InputRequired(_l("Choose a department."))],
    )
    second_id = _another(_l("Second department (optional)"))
    third_id = _another(_l("Third department (optional)"))
    message = sentence(
        _l("What is asked of them?"),
        _l("They read the resident's words, without the contact. Name the question that is theirs."),
        _l("Say what is asked."),
    )
    days = _days(
        _l("Within how many working days?"),
        _l("Leave yourself time to write the answer: your own deadline does not move."),
        LONGEST_PART,
    )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """The first choice can't stay open; a department named twice is asked once."""
        valid = super().validate(*args, **kwargs)
        if not self.department_id.data and not self.department_id.errors:
            self.department_id.errors = [_l("Choose a department.")]
            return False
        return valid

    @property
    def chosen(self) -> list[int]:
        named = (self.department_id.data, self.second_id.data, self.third_id.data)
        return list(dict.fromkeys(one for one in named if one))


class WithdrawInvitationForm(CaseForm):
    """Which department is needed no longer."""

    department_id = SelectField(
        _l("Department that is needed no longer"),
        coerce=whole_number,
        validators=[InputRequired(_l("Choose a department."))],
    )


class PartForm(CaseForm):
    """A supporting department's part of the answer."""

    text = sentence(
        _l("Your part of the answer"),
        _l("The department in charge takes it into the one answer that goes out. It can be sent again."),
        _l("Write your part."),
        5000,
    )


class ExtensionForm(CaseForm):
    """How many more days are needed, and why."""

    days = _days(_l("How many more working days?"), _l("Possible once: ask for what you really need."))
    reason = sentence(
        _l("Why is more time needed?"),
        _l("The dispatcher decides by it, and the resident reads it once the extension is approved."),
        _l("Say in a sentence why more time is needed."),
    )


class AllowExtensionForm(CaseForm):
    """By how many days the deadline moves: as many as were asked for, or fewer."""

    days = _days(_l("Working days that are granted"), _l("As asked for, unless you change it."))


class MergeForm(CaseForm):
    """Which case this one goes into, and why."""

    survivor = StringField(
        _l("Number of the other case"),
        description=_l("That case goes on and is answered; this one ends in it."),
        filters=[lambda text: normalise_reference(text) if text else text],
        validators=[InputRequired(_l("Give the number of the other case."))],
        render_kw={"maxlength": 24},
    )
    reason = sentence(
        _l("Why are they the same matter?"),
        _l("One sentence; it stays in the history."),
        _l("Say why they are the same matter."),
    )


class UnmergeForm(CaseForm):
    """Why the case is handled on its own again."""

    reason = sentence(
        _l("Why is the merge undone?"),
        _l("One sentence; it stays in the history."),
        _l("Say why the merge is undone."),
    )
