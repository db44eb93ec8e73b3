"""Forms of the administrators' pages."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from civic.accounts.rules import ROLE_NAMES, needs_department
from civic.core.actor import Grant, Role
from civic.core.errors import N_, Invalid
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
