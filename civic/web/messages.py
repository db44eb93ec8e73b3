"""Sentences for people: a domain error translated, and put at the form field to blame."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext
from flask_wtf import FlaskForm

from civic.core.errors import DomainError


def say(error: DomainError) -> str:
    """The error's sentence in the reader's language."""
    return str(gettext(error.message, **error.params))


def put_on_form(form: FlaskForm, error: DomainError) -> None:
    """Show the error at its field, or above the form if it belongs to none."""
    field: Any = getattr(form, error.field, None) if error.field else None
    if field is not None:
        field.errors = [*field.errors, say(error)]
    else:
        form.form_errors.append(say(error))


def init_app(app: Flask) -> None:
    app.jinja_env.globals["say"] = say
