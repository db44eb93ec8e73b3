"""Forms of signing in and of one's own account."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from civic.accounts.rules import PASSWORD_MAX, PASSWORD_MIN


class SignInForm(FlaskForm):
    """First step: who, and the password."""

    email = EmailField(
        _l("E-mail address"),
        validators=[InputRequired(_l("Enter your e-mail address.")), Length(max=254)],
        render_kw={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Enter your password.")), Length(max=PASSWORD_MAX)],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(FlaskForm):
    """Six digits of the authenticator app."""

    code = StringField(
        _l("Six-digit code"),
        validators=[InputRequired(_l("Enter the code that the app shows now.")), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class RecoveryCodeForm(FlaskForm):
    """One of the codes that were kept for the day the phone is lost."""

    code = StringField(
        _l("Recovery code"),
        validators=[InputRequired(_l("Enter one of your recovery codes.")), Length(max=40)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"},
    )


class ConfirmPasswordForm(FlaskForm):
    """The password once more, before something that matters; and a code, where there is a second factor."""

    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Enter your password.")), Length(max=PASSWORD_MAX)],
        render_kw={"autocomplete": "current-password"},
    )
    code = StringField(
        _l("Six-digit code"),
        validators=[InputRequired(_l("Enter the code that the app shows now.")), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class NewPasswordForm(FlaskForm):
    """A new password, twice."""

    password = PasswordField(
        _l("New password"),
        description=_l(
            "At least %(least)d characters. A sentence, or four words that don't belong together.",
            least=PASSWORD_MIN,
        ),
        validators=[InputRequired(_l("Enter a new password.")), Length(max=PASSWORD_MAX)],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("The new password again"),
        validators=[InputRequired(_l("Enter the new password again."))],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_again(self, field: Any) -> None:
        if field.data != self.password.data:
            raise ValidationError(str(_l("The two passwords differ.")))
