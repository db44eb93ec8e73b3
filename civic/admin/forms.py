"""Forms of the administrators' pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput

from civic.accounts.rules import ROLE_NAMES, needs_department
from civic.core.actor import Grant, Role
from civic.core.dated import Dating
from civic.core.errors import N_, Invalid
from civic.departments.rules import ReorganisationKind
from civic.departments.services import NewReorganisation
from civic.web.locale import NAMES

Departments = tuple[tuple[int, str], ...]


class GrantForm(FlaskForm):
    """A role, and the department if the role is held in one."""

    role = SelectField(_l("Role"), validators=[InputRequired(_l("Choose a role."))])
    department = SelectField(
        _l("Department"),
        description=_l("For handlers and department leads only."),
        validators=[Optional()],
    )

    def offer(self, departments: Departments) -> None:
        """Fill in what can be chosen, in the reader's language."""
        roles = [SelectChoice(role.value, _(ROLE_NAMES[role])) for role in Role]
        self.role.choices = [SelectChoice("", _("Choose …")), *roles]
        offices = [SelectChoice(str(department_id), name) for department_id, name in departments]
        self.department.choices = [SelectChoice("", "—"), *offices]

    def grant(self) -> Grant:
        """The chosen role; raises :class:`Invalid` if a department is given for a role of the district."""
        role = Role(self.role.data)
        department_id = int(self.department.data) if self.department.data else None
        if not needs_department(role) and department_id is not None:
            raise Invalid(
                N_("This role belongs to the district, not to a department."),
                code="no_department",
                field="department",
            )
        return Grant(role, department_id)


class NewAccountForm(GrantForm):
    """A person and the first role."""

    name = StringField(
        _l("Name"),
        validators=[InputRequired(_l("Enter the person's name.")), Length(max=80)],
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        _l("E-mail address"),
        validators=[InputRequired(_l("Enter the e-mail address.")), Length(max=254)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    locale = SelectField(_l("Language"), choices=[SelectChoice(*item) for item in NAMES.items()])


class DatedForm(FlaskForm):
    """Something of the district's data changes from a day on, for a reason."""

    effective_on = DateField(
        _l("Holds from"),
        validators=[InputRequired(_l("Enter the day from which it holds."))],
        description=_l("A day to come: the change waits and is made on that day."),
    )
    reason = TextAreaField(
        _l("Why it changes"),
        validators=[InputRequired(_l("Say why it changes.")), Length(max=500)],
        render_kw={"rows": 2},
    )
    document = StringField(
        _l("Document"),
        validators=[Length(max=200)],
        description=_l("Title or number of the paper that says so, if there is one."),
    )
    seen = HiddenField()

    NOT_VALUES = frozenset({"effective_on", "reason", "document", "seen", "key", "csrf_token"})

    def dating(self) -> Dating:
        """From when, why, on what paper."""
        assert self.effective_on.data is not None
        return Dating(self.effective_on.data, self.reason.data or "", self.document.data or "")

    def values(self) -> dict[str, Any]:
        """What was entered, as plain JSON: days as ISO text, ids as numbers, no choice as None."""
        return {f.short_name: _plain(f) for f in self if f.short_name not in self.NOT_VALUES}

    def show(self, values: Mapping[str, Any]) -> None:
        """Fill the form with what stands."""
        for name, value in values.items():
            chosen = getattr(self, name, None)
            if chosen is not None:
                chosen.process_data(_shown(chosen, value))


def _plain(f: Any) -> Any:
    if isinstance(f, DateField):
        return f.data.isoformat() if f.data else None
    if isinstance(f, SelectMultipleField):
        return [int(one) for one in f.data or ()]
    if isinstance(f, SelectField):
        return (int(f.data) if f.data.isdecimal() else f.data) if f.data else None
    if isinstance(f, BooleanField):
        return bool(f.data)
    return (f.data or "").strip()


def _shown(f: Any, value: Any) -> Any:
    from datetime import date

    if isinstance(f, DateField):
        return date.fromisoformat(value) if value else None
    if isinstance(f, SelectMultipleField):
        return [str(one) for one in value]
    if isinstance(f, SelectField):
        return "" if value is None else str(value)
    return value


def _name() -> StringField:
    return StringField(_l("Official name"), validators=[InputRequired(_l("Enter the name.")), Length(max=80)])


def _english(length: int = 80) -> StringField:
    return StringField(_l("English name"), validators=[Length(max=length)])


def _active(label: Any) -> BooleanField:
    return BooleanField(label, default=True)


class DepartmentForm(DatedForm):
    """A department."""

    name = StringField(
        _l("Official name"), validators=[InputRequired(_l("Enter the name.")), Length(max=120)]
    )
    name_en = _english(160)
    function = StringField(_l("Function"), validators=[Length(max=200)])
    function_en = StringField(_l("Function in English"), validators=[Length(max=300)])
    note = StringField(_l("Note"), validators=[Length(max=300)])
    active = _active(_l("takes cases"))


class StreetForm(DatedForm):
    """A street and its office."""

    name = _name()
    name_en = _english()
    department_id = SelectField(_l("Office"), validators=[InputRequired(_l("Choose one from the list."))])
    active = _active(_l("exists"))


class CommunityForm(DatedForm):
    """A community and its street."""

    name = _name()
    street_id = SelectField(_l("Street"), validators=[InputRequired(_l("Choose one from the list."))])
    active = _active(_l("exists"))


class _KeyMixin:
    key = StringField(
        _l("Key or code"),
        validators=[InputRequired(_l("Enter the key or code.")), Length(max=40)],
        description=_l("Stays for good: a department's key for data files, or the statistical code."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class NewDepartmentForm(_KeyMixin, DepartmentForm):
    """One more department."""


class NewStreetForm(_KeyMixin, StreetForm):
    """One more street."""


class NewCommunityForm(_KeyMixin, CommunityForm):
    """One more community."""


class ReorganisationForm(FlaskForm):
    """A department is merged into another one, or passes a part of its tasks on, from a day on."""

    kind = RadioField(
        _l("What happens"),
        choices=[
            SelectChoice(ReorganisationKind.MERGE.value, _l("The whole department goes into another one")),
            SelectChoice(ReorganisationKind.SPLIT.value, _l("A part of its tasks passes to another one")),
        ],
        validators=[InputRequired(_l("Choose one from the list."))],
    )
    target = SelectField(
        _l("To which department"), validators=[InputRequired(_l("Choose one from the list."))]
    )
    effective_on = DateField(
        _l("Holds from"),
        validators=[InputRequired(_l("Enter the day from which it holds."))],
        description=_l("A day to come: everything waits and passes on that day."),
    )
    title = StringField(
        _l("Title of the document"),
        validators=[InputRequired(_l("Cite the document that orders it.")), Length(max=200)],
    )
    number = StringField(
        _l("Number of the document"),
        validators=[InputRequired(_l("Cite the document that orders it.")), Length(max=80)],
    )
    dated = DateField(
        _l("Date of the document"), validators=[InputRequired(_l("Cite the document that orders it."))]
    )
    seen = HiddenField()

    def offer(self, departments: Departments) -> None:
        """Fill in to which departments something can pass."""
        options = [SelectChoice(str(department_id), name) for department_id, name in departments]
        self.target.choices = [SelectChoice("", _("Choose …")), *options]

    def entered(self, source_id: int, keys: frozenset[str]) -> NewReorganisation:
        """What was entered; only for a form that is valid."""
        assert self.effective_on.data is not None
        assert self.dated.data is not None
        return NewReorganisation(
            ReorganisationKind(self.kind.data), source_id, int(self.target.data), self.effective_on.data,
            self.title.data or "", self.number.data or "", self.dated.data, keys,
        )  # fmt: skip


class CalendarForm(FlaskForm):
    """A year's working days, in the form of the data files, and why they are put in."""

    text = TextAreaField(
        _l("Days off and make-up workdays"),
        validators=[InputRequired(_l("Enter the days.")), Length(max=20_000)],
        description=_l(
            "One entry for each holiday: its name, the first and the last day off, and the weekend days that are "
            "worked for it. The notice must be cited."
        ),
        render_kw={"rows": 24, "spellcheck": "false", "autocomplete": "off"},
    )
    reason = TextAreaField(
        _l("Why it changes"),
        validators=[InputRequired(_l("Say why it changes.")), Length(max=500)],
        render_kw={"rows": 2},
    )
    seen = HiddenField()


class PlanForm(DatedForm):
    """What the district says of a plan."""

    short_name = StringField(
        _l("Short name"), validators=[InputRequired(_l("Enter the name.")), Length(max=80)]
    )
    short_name_en = _english()
    document_number = StringField(_l("Document number"), validators=[Length(max=80)])
    issued_on = DateField(_l("Issued on"), validators=[Optional()])
    issued_by = StringField(_l("Issued by"), validators=[Length(max=120)])
    approved_on = DateField(_l("Approved on"), validators=[Optional()])
    approved_by = StringField(_l("Approved by"), validators=[Length(max=120)])


class ItemForm(DatedForm):
    """The names of an item."""

    title = StringField(_l("Title"), validators=[InputRequired(_l("Enter the title.")), Length(max=300)])
    title_en = StringField(_l("Title in English"), validators=[Length(max=300)])


class CommitmentForm(ItemForm):
    """A promise."""

    area = SelectField(_l("Livelihood area"), validators=[InputRequired(_l("Choose one from the list."))])
    quote = TextAreaField(
        _l("Quote"),
        validators=[InputRequired(_l("Quote the clause.")), Length(max=1000)],
        render_kw={"rows": 3},
    )
    deadline = DateField(_l("Deadline"), validators=[Optional()])


class ResponsibleForm(DatedForm):
    """Who answers for an item."""

    lead = SelectField(_l("Lead"), validators=[Optional()])
    support = SelectMultipleField(
        _l("Support"),
        validators=[Optional()],
        option_widget=CheckboxInput(),
    )
    official = StringField(_l("Responsible official"), validators=[Length(max=120)])
