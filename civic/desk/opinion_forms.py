"""Forms of a department that answers a deputy's opinion."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from civic.core.errors import N_, Invalid
from civic.supervision.rules.opinions import CLASS_LABELS, AnswerClass


class OpinionDeedForm(FlaskForm):
    """A button: ``version`` of the opinion as the person saw it."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """-1 for what can't be one."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() else -1


class AnswerForm(OpinionDeedForm):
    """The answer as it is being written."""

    answer_class = RadioField(
        _l("Class of the answer"),
        choices=[SelectChoice(one.value, _l(label)) for one, label in CLASS_LABELS.items()],
        validate_choice=False,
    )
    text = TextAreaField(
        _l("Answer to the deputy"),
        description=_l(
            "What was done, what will be done and by when, or why not. Name no residents: it can be published later."
        ),
        render_kw={"rows": 14},
    )

    def chosen(self) -> AnswerClass:
        if self.answer_class.data not in set(AnswerClass):
            raise Invalid(N_("Choose the class of the answer."), field="answer_class")
        return AnswerClass(self.answer_class.data)


class RemarkForm(OpinionDeedForm):
    """Why an answer is sent back."""

    remark = TextAreaField(_l("What has to be changed"), render_kw={"rows": 3})


class ApproveForm(OpinionDeedForm):
    """Handing an answer over."""

    agrees = BooleanField(
        _l("The department agrees that it is published once it is closed"),
        description=_l("Opinion, answers and the deputy’s rating, if the deputy agrees as well."),
    )
