"""The forms of the resident's side. Every error says what to do; what was typed stays."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from civic.cases.rules import (
    CHANNEL_LABELS,
    KIND_LABELS,
    RATING_LABELS,
    SPEAKS_AS_LABELS,
    Channel,
    NoticeChannel,
    Solved,
)
from civic.cases.services import MOST_PHOTOS
from civic.core.config import settings
from civic.core.text import tidy
from civic.files.rules import PHOTO_TYPES
from civic.intake.rules import read_receipt

LONGEST = 2000
LONGEST_ADDITION = 5000
NO_ITEM = "none"
"""Value of ``about`` for "none of these": the dispatcher finds the department."""

LATE = _l("The page had been open for very long. Nothing is lost: please press the button once more.")
NO_COOKIE = _l(
    "Your browser did not keep this site's cookie. Nothing is lost: allow cookies for this site, then press "
    "the button once more."
)


def _tidied(text: str | None) -> str | None:
    return tidy(text) if text else text


def _labelled(labels: Any) -> list[tuple[str, Any]]:
    return [(str(key), _l(label)) for key, label in labels.items()]


class PlainForm(FlaskForm):
    """A form that came back late is shown again with everything in it, and one sentence above it."""

    heading: Any = ""
    """What stands above the sentences, where the usual words don't fit."""

    def validate(self, extra_validators: Any = None) -> bool:
        """As usual; a stale token is one sentence above the form, not a riddle at a hidden field."""
        fine = super().validate(extra_validators)
        token = getattr(self, "csrf_token", None)
        if token is not None and token.errors:
            token.errors = []
            kept = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
            self.form_errors.append(LATE if kept else NO_COOKIE)
        return fine

    def must_wait(self, *sentences: str) -> None:
        """Nothing is wrong with it, it only came too soon."""
        self.heading = _l("Please wait a moment")
        self.form_errors.extend(sentences)

    def came_late(self) -> None:
        """Ask for one more press of the button; said once, whatever else was too old as well."""
        if not {str(LATE), str(NO_COOKIE)} & {str(error) for error in self.form_errors}:
            self.form_errors.append(LATE)


class FeedbackForm(PlainForm):
    """One word of a resident. ``about`` has its choices only once items are suggested."""

    most_photos = MOST_PHOTOS
    ticket = HiddenField()
    looked = HiddenField()
    altcha = HiddenField(render_kw={"autocomplete": "off"})
    website = StringField(_l("Leave this empty"), render_kw={"autocomplete": "off", "tabindex": "-1"})
    about = RadioField(
        _l("Is it about one of these?"), choices=[], validate_choice=False, validators=[Optional()]
    )
    kind = RadioField(
        _l("What is it?"),
        choices=_labelled(KIND_LABELS),
        validators=[InputRequired(_l("Choose what it is: a suggestion, a question, and so on."))],
    )
    text = TextAreaField(
        _l("What do you want to say?"),
        description=_l(
            "In your own words. Between 4 and 2,000 characters. Leave out names, phone and identity numbers."
        ),
        filters=[_tidied],
        validators=[
            InputRequired(_l("Write what you want to say.")),
            Length(min=4, message=_l("Please write a little more: at least 4 characters.")),
            Length(
                max=LONGEST,
                message=_l(
                    "This is too long: at most 2,000 characters. Shorten it, or send it in two parts."
                ),
            ),
        ],
        render_kw={"rows": 6, "data-count": LONGEST},
    )
    where = SelectField(
        _l("Street or community"),
        description=_l("If it is about a place."),
        validate_choice=False,
        validators=[Optional()],
    )
    place = StringField(
        _l("Place"),
        description=_l("For example a crossing, a building, a bus stop."),
        validators=[Length(max=200, message=_l("This is too long: at most 200 characters."))],
    )
    photos = MultipleFileField(
        _l("Photos"),
        description=_l(
            "Up to 4, each at most 10 MB. Place and time are taken out of them. Nobody but the department sees "
            "them until a person has looked at each one."
        ),
        render_kw={"accept": ",".join(PHOTO_TYPES), "data-photos": ""},
    )
    wants_publication = BooleanField(
        _l("My message and the answer may be published, after a person has covered personal details.")
    )
    about_staff = BooleanField(
        _l(
            "It is about the department itself or someone who works there. Then the dispatcher decides who handles it."
        )
    )
    speaks_as = SelectField(
        _l("Who speaks?"),
        choices=[("", _l("No answer")), *_labelled(SPEAKS_AS_LABELS)],
        validators=[Optional()],
    )
    name = StringField(_l("Name"), validators=[Length(max=80)], render_kw={"autocomplete": "name"})
    phone = StringField(
        _l("Phone"), validators=[Length(max=30)], render_kw={"autocomplete": "tel", "inputmode": "tel"}
    )
    email = StringField(_l("E-mail"), validators=[Length(max=120)], render_kw={"autocomplete": "email"})
    tell_by_email = BooleanField(_l("Tell me by e-mail what happens."))
    tell_by_sms = BooleanField(_l("Tell me by text message to my mobile phone what happens."))
    under_14 = BooleanField(
        _l("The writer is under 14."),
        description=_l(
            "Then a parent or guardian has to be there and agree, below. Please leave out the child's name, school and "
            "class, and photos in which a child can be recognised."
        ),
    )
    guardian = BooleanField(
        _l("A parent or guardian is with the child and agrees."),
        description=_l(
            "To our keeping what is written here in order to answer it; and to publication, if that is ticked above."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nobody is asked for a consent to what this site can't do.
        if not settings().sends_mail:
            del self.tell_by_email
        if not settings().sends_sms:
            del self.tell_by_sms

    @property
    def tell_by(self) -> frozenset[NoticeChannel]:
        """By which ways the writer wants to be told what happens."""
        ways = ((NoticeChannel.EMAIL, self.tell_by_email), (NoticeChannel.SMS, self.tell_by_sms))
        return frozenset(channel for channel, box in ways if box is not None and box.data)


class AssistedForm(FeedbackForm):
    """The same, written by staff for someone who called, came or wrote."""

    channel = RadioField(
        _l("How did it come in?"),
        choices=[(key, label) for key, label in _labelled(CHANNEL_LABELS) if key != Channel.WEB.value],
        validators=[InputRequired(_l("Choose how the message came in."))],
    )
    outside_reference = StringField(
        _l("Reference elsewhere"),
        description=_l("For example the hotline's number of the call."),
        validators=[Length(max=80, message=_l("This is too long: at most 80 characters."))],
    )
    item = StringField(
        _l("Item of the plan"),
        description=_l("Its code, such as 6.3.1; leave it empty if you don't know."),
        validators=[Length(max=20)],
        render_kw={"list": "items", "autocomplete": "off"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in _OF_SOMEONE_ELSE.items():
            if (field := getattr(self, name, None)) is not None:
                field.label.text = words
        self.text.description = _l(
            "In their own words. Between 4 and 2,000 characters. Leave out names, phone and identity numbers."
        )
        # A browser would offer what the clerk's own name and address are.
        for field in (self.name, self.phone, self.email):
            field.render_kw = {**(field.render_kw or {}), "autocomplete": "off"}


_OF_SOMEONE_ELSE = {
    "text": _l("What do they say?"),
    "wants_publication": _l(
        "They agree that the message and the answer may be published, after a person has covered personal details."
    ),
    "tell_by_email": _l("They want to be told by e-mail what happens."),
    "tell_by_sms": _l("They want to be told by text message to their mobile phone what happens."),
}
"""Labels in which whoever fills in the form for someone else would speak of themselves."""


AS_PRINTED = {
    "autocomplete": "off",
    "autocapitalize": "characters",
    "spellcheck": "false",
    "aria-required": "true",
}
LONGEST_PASTE = Length(max=300, message=_l("This is too long for a number or a query code."))
"""A whole line of the receipt, or the address behind its QR code, fits into either field."""


class TrackForm(PlainForm):
    """Number and query code; both may stand in one field."""

    reference = StringField(
        _l("Number"),
        description=_l("As on your receipt, such as TJ-2026-7K3M9Q."),
        validators=[LONGEST_PASTE],
        render_kw=AS_PRINTED,
    )
    code = StringField(
        _l("Query code"),
        description=_l("The 13 letters and digits on your receipt; spaces and dashes don't matter."),
        validators=[LONGEST_PASTE],
        render_kw=AS_PRINTED,
    )

    @property
    def receipt(self) -> tuple[str, str]:
        """Number and code as they must have been on the receipt."""
        return read_receipt(self.reference.data or "", self.code.data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        """As usual; and number and code must be there, in whichever field."""
        fine = super().validate(extra_validators)
        number, code = self.receipt
        if not number:
            self.reference.errors = [*self.reference.errors, _l("Enter the number on your receipt.")]
        if not code:
            self.code.errors = [*self.code.errors, _l("Enter the query code on your receipt.")]
        return fine and bool(number and code)


class SupportForm(PlainForm):
    """Supporting a message, or taking it back. ``about``: the form that somebody was about to send instead."""

    about = HiddenField(validators=[Length(max=100)])


class StepForm(PlainForm):
    """One thing a resident does with the own case; ``version`` is the case as it was shown.

    ``about`` is its number: in another tab of the same browser another case may have been opened since.
    """

    version = HiddenField(validators=[InputRequired()])
    about = HiddenField(validators=[InputRequired()])

    @property
    def seen_version(self) -> int:
        written = str(self.version.data or "")
        return int(written) if written.isdecimal() and len(written) < 10 else 0

    def show(self, reference: str, version: int) -> None:
        """Say which case it is about, as its reader saw it."""
        self.about.data, self.version.data = reference, str(version)


class RateForm(StepForm):
    """The judgement on an answer."""

    level = RadioField(
        _l("Are you satisfied with the answer?"),
        choices=_labelled(RATING_LABELS),
        validators=[InputRequired(_l("Choose how satisfied you are."))],
    )
    solved = RadioField(
        _l("Is the matter solved?"),
        choices=[
            (Solved.SOLVED.value, _l("Yes, solved")),
            (Solved.PARTLY.value, _l("Only partly")),
            (Solved.NOT.value, _l("No, not solved")),
            ("", _l("Can't say yet")),
        ],
        default="",
        validators=[Optional()],
    )
    reason = TextAreaField(
        _l("Why?"),
        description=_l("If you are dissatisfied, say why: then it is taken up again."),
        filters=[_tidied],
        validators=[Length(max=LONGEST, message=_l("This is too long: at most 2,000 characters."))],
        render_kw={"rows": 4},
    )


class WriteForm(StepForm):
    """A text of the resident: more information."""

    text = TextAreaField(
        _l("Your words"),
        filters=[_tidied],
        validators=[
            InputRequired(_l("Write what you want to say.")),
            Length(max=LONGEST_ADDITION, message=_l("This is too long: at most 5,000 characters.")),
        ],
        render_kw={"rows": 5},
    )


class ObjectForm(WriteForm):
    """Why an answer, or that there is none, is not accepted."""

    text = TextAreaField(
        _l("Why do you object?"),
        description=_l("In your own words: what is missing, what is wrong, what you expect."),
        filters=[_tidied],
        validators=[
            InputRequired(_l("Write why you object.")),
            Length(max=LONGEST_ADDITION, message=_l("This is too long: at most 5,000 characters.")),
        ],
        render_kw={"rows": 5},
    )
