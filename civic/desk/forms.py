"""The forms of the desk. Each carries the version of the case it was opened on, so a stale save is noticed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectFieldBase
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from civic.cases.rules import (
    DECLINE_LABELS,
    NEEDS_EXPLANATION,
    NEEDS_WORDS,
    PRIVATE_LABELS,
    RECOGNISED_LABELS,
    RESOLUTION_LABELS,
    FeedbackKind,
    Recognised,
    Resolution,
)
from civic.cases.rules.answering import SUGGESTIONS_ONLY
from civic.core.text import tidy
from civic.desk.rules import beyond_covering

LONGEST_REASON = 500
LONGEST_REPLY = 5000
LONGEST_WORD = 2000
"""The longest text a resident can send, and so the longest masked copy."""


def _tidied(text: str | None) -> str | None:
    return tidy(text) if text else text


def _too_long(most: int) -> Length:
    return Length(max=most, message=_l("This is too long: at most %(max)d characters."))


def sentence(label: Any, description: Any, missing: Any, longest: int = LONGEST_REASON) -> TextAreaField:
    """A text that can't stay empty."""
    return TextAreaField(
        label,
        description=description,
        filters=[_tidied],
        validators=[DataRequired(missing), _too_long(longest)],
        render_kw={"rows": 4},
    )


def whole_number(value: Any) -> int | None:
    """The id chosen in a list, None for its first line."""
    return int(value) if value not in (None, "", "0", 0) else None


class CaseForm(FlaskForm):
    """A form about one case; by itself it's a button: nothing to fill in."""

    version = HiddenField(validators=[InputRequired()])

    def scope(self, name: str) -> None:
        """Give the fields ids of their own, so that several forms can stand on one page."""
        for field in self:
            field.id = field.label.field_id = f"{name}-{field.short_name}"

    @property
    def seen_version(self) -> int:
        """The version of the case that the person was looking at."""
        written = str(self.version.data or "")
        return int(written) if written.isdecimal() and len(written) < 10 else 0

    def typed(self) -> list[tuple[str, str]]:
        """What the person wrote, label and text: shown again when the save was refused."""
        kinds = (StringField, TextAreaField)
        return [
            (str(field.label.text), str(field.data))
            for field in self
            if isinstance(field, kinds) and not isinstance(field, HiddenField) and field.data
        ]

    def choices_made(self) -> set[str]:
        """What the person chose rather than wrote, as plain values."""
        fields = (field.data for field in self if isinstance(field, SelectFieldBase))
        values = (one for data in fields for one in (data if isinstance(data, list) else [data]))
        return {str(one) for one in values if one not in (None, "", 0)}


class AssignForm(CaseForm):
    """Which colleague handles the case."""

    account_id = SelectField(
        _l("Colleague"), coerce=whole_number, validators=[InputRequired(_l("Choose a colleague."))]
    )


class ReturnForm(CaseForm):
    """Why the case is misrouted, and who should have it instead."""

    suggested_department_id = SelectField(
        _l("Which department should have it?"),
        description=_l("A suggestion helps the dispatcher; you may leave it open."),
        coerce=whole_number,
        validators=[Optional()],
    )
    reason = sentence(
        _l("Why is it not for your department?"),
        _l("The dispatcher reads this and decides. Name the function or the rule."),
        _l("Say in a sentence why the case is not for your department."),
    )


class AskForm(CaseForm):
    """A question to the resident."""

    question = sentence(
        _l("Your question to the resident"),
        _l("Ask for everything at once, in plain words. Don't repeat personal data."),
        _l("Write the question."),
        1000,
    )


class ReplyForm(CaseForm):
    """The text of an answer and what it brought. ``begun_with`` marks the template that was put into it."""

    begun_with = HiddenField()

    text = sentence(
        _l("Text of the reply"),
        _l(
            "Answer every question asked; name what is done, by whom and by when. Don't repeat personal data."
        ),
        _l("Write the reply."),
        LONGEST_REPLY,
    )
    resolution = SelectField(
        _l("What the reply brings"),
        description=_l("A case that ends without a solution never counts as solved."),
        validators=[Optional()],
    )
    referred_to = TextAreaField(
        _l("Competent authority and how to reach it"),
        description=_l("Only if the matter is referred: name, address or telephone."),
        filters=[_tidied],
        validators=[_too_long(300)],
        render_kw={"rows": 2},
    )

    def offer_resolutions(self, kind: FeedbackKind) -> None:
        """Adopting is for suggestions only; the other resolutions fit every kind."""
        offered = (r for r in Resolution if kind is FeedbackKind.SUGGESTION or r not in SUGGESTIONS_ONLY)
        choices = [(r.value, gettext(RESOLUTION_LABELS[r])) for r in offered]
        self.resolution.choices = [("", gettext("Choose")), *choices]

    @property
    def chosen(self) -> Resolution | None:
        return Resolution(self.resolution.data) if self.resolution.data else None


class CorrectionForm(ReplyForm):
    """A newer text for a published answer, and why."""

    reason = sentence(
        _l("Why is the reply corrected?"),
        _l("One sentence; it stays in the history."),
        _l("Say why the reply is corrected."),
    )


class ReasonForm(CaseForm):
    """A decision that needs its reason."""

    reason = sentence(_l("Reason"), "", _l("Say why in a sentence."))


class SendBackForm(CaseForm):
    """What the handler should change in the draft."""

    reason = sentence(
        _l("What should be changed?"),
        _l("The handler reads this above the draft."),
        _l("Say what should be changed."),
    )


class NoteForm(FlaskForm):
    """An internal note: it changes nothing about the case, so it needs no version."""

    text = sentence(
        _l("Internal note"),
        _l("Only the staff who can open this case read it; never the resident."),
        _l("Write the note."),
        1000,
    )


class ConcealForm(CaseForm):
    """Which old version of the reply to hide."""

    reply_id = RadioField(
        _l("Version to hide"), coerce=whole_number, validators=[InputRequired(_l("Choose a version."))]
    )


class RouteForm(CaseForm):
    """Which department gets the case, and why."""

    department_id = SelectField(
        _l("Department"), coerce=whole_number, validators=[InputRequired(_l("Choose a department."))]
    )
    reason = sentence(
        _l("Why this department?"),
        _l("One sentence; the department reads it with the case."),
        _l("Say in a sentence why this department."),
    )

    def validate_department_id(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError(gettext("Choose a department."))


class MaskForm(CaseForm):
    """The masked copy of a resident's words. ``original`` is set by the view and never comes from the browser."""

    masked_text = TextAreaField(
        _l("Masked copy"),
        description=_l("Cover what exposes a person with ＊. Everything else has to stay as it is."),
        filters=[_tidied],
        validators=[DataRequired(_l("The masked copy is empty.")), _too_long(LONGEST_WORD)],
        render_kw={"rows": 8},
    )
    original = ""

    def validate_masked_text(self, field: TextAreaField) -> None:
        faults = beyond_covering(tidy(self.original), field.data or "")
        if faults:
            raise ValidationError(
                gettext(
                    "A mask only covers. These places were written or cut instead: %(places)s",
                    places=gettext(", ").join(f"“{fault}”" for fault in faults[:5]),
                )
            )
        if field.data == tidy(self.original):
            raise ValidationError(
                gettext("Nothing is covered yet. If nothing needs to be, publish it as it is.")
            )


class NewCodeForm(CaseForm):
    """How the dispatcher knows that it is the writer who lost the code. ``ticket`` makes the new one, once."""

    ticket = HiddenField(validators=[InputRequired(), Length(min=20, max=40)])
    how = RadioField(
        _l("How do you know that it is the writer?"),
        validators=[InputRequired(_l("Choose how you know the person."))],
    )
    reason = sentence(
        _l("What did you check?"),
        _l("One sentence, without personal data; it stays in the history."),
        _l("Say what you checked."),
    )

    def offer(self, *, has_contact: bool) -> None:
        """Without a contact on file, questions are the only way."""
        self.how.choices = [
            (how.value, gettext(label))
            for how, label in RECOGNISED_LABELS.items()
            if has_contact or how is not Recognised.CONTACT
        ]


class ExplainedForm(CaseForm):
    """One of the ``reasons``, explained to the resident where its name alone says too little."""

    reasons: Mapping[Any, str] = {}
    explained: Collection[Any] = ()
    hint: Any = ""
    missing: Any = ""

    code = RadioField(_l("Reason"), validators=[InputRequired(_l("Choose a reason."))])
    explanation = TextAreaField(
        _l("Explanation for the resident"),
        filters=[_tidied],
        validators=[_too_long(LONGEST_REASON)],
        render_kw={"rows": 3},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code.choices = [(code.value, gettext(label)) for code, label in self.reasons.items()]
        self.explanation.description = self.hint

    def validate_explanation(self, field: TextAreaField) -> None:
        needed = self.code.data in {code.value for code in self.explained}
        if needed and not (field.data or "").strip():
            raise ValidationError(self.missing)


class DeclineForm(ExplainedForm):
    """Why a case isn't taken on."""

    reasons, explained = DECLINE_LABELS, NEEDS_EXPLANATION
    hint = _l("Name the level or the channel that is competent, and how to reach it.")
    missing = _l("For this reason, name the level or the channel that is competent.")


class PrivateForm(ExplainedForm):
    """Why what its writer wished to be public isn't published."""

    reasons, explained = PRIVATE_LABELS, NEEDS_WORDS
    hint = _l("The writer reads it with the reason. Don't repeat personal data.")
    missing = _l("For another reason, say which.")
