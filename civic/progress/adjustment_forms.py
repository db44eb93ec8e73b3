"""Forms of adjustments. The old value is shown, never typed; the form keeps a mark of what was shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from civic.core.errors import N_, Invalid
from civic.files.rules import ACCEPTED
from civic.plans.queries import Quote
from civic.plans.rules import AdjustmentSubject, ItemKind
from civic.plans.services import Approval
from civic.progress.rules.adjusting import SUBJECT_LABELS
from civic.progress.services import NoticePeriod

ANNOUNCE, AT_ONCE = "announce", "in_force"
TYPED: dict[tuple[AdjustmentSubject, bool], tuple[str, ...]] = {
    (AdjustmentSubject.TARGET, False): ("target", "target_rate", "target_year"),
    (AdjustmentSubject.TARGET, True): ("measure_text", "measure_value", "measure_unit", "measure_year"),
    (AdjustmentSubject.DEADLINE, False): ("deadline",),
    (AdjustmentSubject.DEADLINE, True): ("deadline",),
    (AdjustmentSubject.TEXT, False): ("text",),
    (AdjustmentSubject.TEXT, True): ("quote",),
    (AdjustmentSubject.TITLE, False): ("title",),
}
"""The fields to fill in, by subject and whether the item is a promise."""


def _day(_form: FlaskForm, field: Any) -> None:
    if field.data:
        read_day(field.data)


def _web_address(_form: FlaskForm, field: Any) -> None:
    parts = urlsplit(field.data or "")
    if field.data and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise ValidationError(_l("A web address begins with https://."))


def read_day(text: str | None) -> date | None:
    """The day of ``2024-03-31``; raises a sentence for the form."""
    try:
        return date.fromisoformat(text.strip()) if text and text.strip() else None
    except ValueError:
        raise ValidationError(_l("Write the day as 2024-03-31.")) from None


def _date_field(label: Any, description: Any = "") -> StringField:
    return StringField(label, description=description, validators=[_day], render_kw={"type": "date"})


class ChooseForm(FlaskForm):
    """Which item of which plan is adjusted, and what of it."""

    plan = SelectField(_l("Plan"), validators=[InputRequired(_l("Choose a plan."))])
    code = StringField(
        _l("Code of the item"),
        description=_l("As it stands on its page: T2-01, 6.3.1, M-1.5.1-1, B1-001."),
        validators=[InputRequired(_l("Enter the code of the item.")), Length(max=32)],
    )
    subject = RadioField(
        _l("What changes?"),
        choices=[
            SelectChoice(one.value, label)
            for one, label in (
                (AdjustmentSubject.TARGET, _l("Its target")),
                (AdjustmentSubject.DEADLINE, _l("Its deadline")),
                (AdjustmentSubject.TEXT, _l("Its text")),
                (AdjustmentSubject.TITLE, _l("Its title")),
            )
        ],
        validators=[InputRequired(_l("Choose what changes."))],
    )

    def offer(self, plans: list[tuple[str, str]]) -> None:
        """The plans that can be chosen, as (slug, name)."""
        self.plan.choices = [SelectChoice(*one) for one in plans]


class DecisionForm(FlaskForm):
    """Who approved it, where that is written, and when."""

    approving_body = StringField(_l("Approving body"), validators=[Length(max=120)])
    document_number = StringField(_l("Document number"), validators=[Length(max=80)])
    approved_on = _date_field(_l("Approved on"))
    link = StringField(
        _l("Web address of the document"),
        description=_l("Where anyone can read the decision."),
        validators=[Length(max=500), _web_address],
    )
    file = FileField(
        _l("The document as a file"),
        description=_l("PDF, DOCX, XLSX or ODT, at most 10 MB. It becomes public with the adjustment."),
        render_kw={
            "accept": ",".join(one for one in ACCEPTED if one not in {".jpg", ".jpeg", ".png", ".webp"})
        },
    )

    def approval(self, file: str = "") -> Approval:
        """What was entered; the service checks that it is whole. ``file``: key of the stored upload."""
        return Approval(
            self.document_number.data or "", self.approving_body.data or "", read_day(self.approved_on.data),
            self.link.data or "", file,
        )  # fmt: skip


class EnforceForm(DecisionForm):
    """Put a proposal into force. The version is that of the page it was opened on."""

    version = HiddenField(validators=[InputRequired()])


class WithdrawForm(FlaskForm):
    """Take a proposal back."""

    version = HiddenField(validators=[InputRequired()])
    reason = TextAreaField(
        _l("Why is it withdrawn?"),
        description=_l("Published with the proposal."),
        validators=[InputRequired(_l("Say why the proposal is withdrawn.")), Length(max=1000)],
        render_kw={"rows": 3},
    )


class AdjustForm(DecisionForm):
    """The new value, the reason, and whether it is announced or already approved."""

    seen = HiddenField(validators=[InputRequired()])
    target = StringField(
        _l("New target"),
        description=_l("As a plan would print it: 862.5, 900左右, <25, [3.5] for the sum of all years."),
        validators=[Length(max=40)],
    )
    target_rate = StringField(
        _l("Growth or total beside it"),
        description=_l("Such as 7.5%. A growth rate that doesn’t lead to the target is shown as such."),
        validators=[Length(max=40)],
    )
    target_year = StringField(_l("Target year"), render_kw={"inputmode": "numeric", "maxlength": 4})
    measure_text = StringField(_l("Measured by, in words"), validators=[Length(max=60)])
    measure_value = StringField(
        _l("Its number"), validators=[Length(max=20)], render_kw={"inputmode": "decimal"}
    )
    measure_unit = StringField(_l("Unit"), validators=[Length(max=20)])
    measure_year = StringField(_l("Year"), render_kw={"inputmode": "numeric", "maxlength": 4})
    deadline = _date_field(_l("New deadline"))
    text = TextAreaField(
        _l("New text of the paragraph"), validators=[Length(max=8000)], render_kw={"rows": 10}
    )
    quote = TextAreaField(
        _l("New words of the promise"),
        description=_l("They must stand word for word in the clause."),
        validators=[Length(max=2000)],
        render_kw={"rows": 3},
    )
    title = StringField(_l("New title"), validators=[Length(max=300)])
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Published with the adjustment: what has changed since the plan was approved."),
        validators=[InputRequired(_l("Give the reason of the adjustment.")), Length(max=2000)],
        render_kw={"rows": 4},
    )
    how = RadioField(
        _l("Where does it stand?"),
        choices=[
            SelectChoice(ANNOUNCE, _l("Proposed: announce it for a notice period")),
            SelectChoice(AT_ONCE, _l("Approved: it is in force as soon as it is saved")),
        ],
        validators=[InputRequired(_l("Choose where the adjustment stands."))],
    )
    notice_from = _date_field(_l("Notice period from"))
    notice_until = _date_field(_l("Notice period until"))

    def notice(self) -> NoticePeriod:
        """The notice period; raises :class:`Invalid` naming the field that is missing."""
        first, until = read_day(self.notice_from.data), read_day(self.notice_until.data)
        if first is None:
            raise Invalid(N_("Give the first day of the notice period."), field="notice_from")
        if until is None:
            raise Invalid(N_("Give the last day of the notice period."), field="notice_until")
        return NoticePeriod(first, until)

    def year(self, name: str) -> int:
        """A year between 2000 and 2100; raises :class:`Invalid` at its field."""
        text = str(getattr(self, name).data or "").strip()
        if not (text.isdecimal() and 2000 <= int(text) <= 2100):
            raise Invalid(N_("Enter a year such as 2025."), field=name)
        return int(text)

    def measure(self, stands: Mapping[str, Any] | None) -> dict[str, Any]:
        """The new measure of a promise; its kind stays. Raises :class:`Invalid` at the field to blame."""
        text, value = (self.measure_text.data or "").strip(), (self.measure_value.data or "").strip()
        if not text:
            raise Invalid(N_("Say what the promise is measured by."), field="measure_text")
        try:
            number = f"{Decimal(value):f}" if value else ""
        except InvalidOperation:
            raise Invalid(N_("Enter a plain number such as 86 or 7.5."), field="measure_value") from None
        found: dict[str, Any] = {**(stands or {"kind": "level"}), "text": text}
        unit = (self.measure_unit.data or "").strip()
        year = self.year("measure_year") if (self.measure_year.data or "").strip() else None
        for name, new in (("value", number), ("unit", unit), ("year", year)):
            if new:
                found[name] = new
            else:
                found.pop(name, None)
        return found

    def quotes(self) -> dict[str, str]:
        """{code of a promise: its words from then on}."""
        return {
            field.name.removeprefix("quote-"): (field.data or "").strip()
            for field in self
            if field.name.startswith("quote-")
        }


def adjust_form(quoted: Iterable[Quote]) -> type[AdjustForm]:
    """The form with one more field for each promise that quotes the paragraph."""
    fields: dict[str, Any] = {
        f"quote-{one.code}": TextAreaField(
            _l("Promise %(code)s quotes this paragraph. Its words in the new text", code=one.code),
            validators=[Optional(), Length(max=2000)],
            default=one.quote,
            render_kw={"rows": 2},
        )
        for one in quoted
    }
    return type("AdjustForm", (AdjustForm,), fields)


def typed_fields(subject: AdjustmentSubject, kind: ItemKind) -> tuple[str, ...]:
    """What is filled in for a subject of an item."""
    if subject is AdjustmentSubject.DEADLINE and kind is ItemKind.INDICATOR:
        return ("target_year",)
    return TYPED[subject, kind is ItemKind.COMMITMENT]


__all__ = [
    "ANNOUNCE", "AT_ONCE", "SUBJECT_LABELS", "AdjustForm", "ChooseForm", "DecisionForm", "EnforceForm",
    "WithdrawForm", "adjust_form", "read_day", "typed_fields",
]  # fmt: skip
