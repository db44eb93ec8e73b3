"""The form of a subscription, and the buttons of its links."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from civic.cases.rules import NoticeChannel


class SubscribeForm(FlaskForm):
    """One address. ``website`` stays empty unless a program fills in the form."""

    address = StringField(
        _l("Your e-mail address"),
        validators=[InputRequired(_l("Enter your e-mail address.")), Length(max=300)],
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )
    website = StringField(_l("Leave this empty"), render_kw={"autocomplete": "off", "tabindex": "-1"})


class ButtonForm(FlaskForm):
    """A single button with its token."""


class SwitchForm(FlaskForm):
    """Which way of being told, and whether it's wanted; ``about`` is the number of the case that was shown."""

    about = HiddenField()
    channel = HiddenField(validators=[AnyOf([channel.value for channel in NoticeChannel])])
    wanted = HiddenField(validators=[AnyOf(["on", "off"])])
