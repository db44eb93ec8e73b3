"""Errors with a sentence for the person, and the code a view or API answers with.

``message`` is an English msgid with ``%(name)s`` parameters; the view translates it
(``civic.web.messages.say``). Mark it with :func:`N_` where it is written, so that it
is found for translation.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any


def N_(message: str) -> str:  # noqa: N802 (the gettext convention)
    """Mark a message for translation without translating it yet."""
    return message


class DomainError(Exception):
    """Something a person can understand and mend. ``field`` names the form field, if one is to blame."""

    status = 400

    def __init__(self, message: str, *, code: str = "", field: str | None = None, **params: Any) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.code = code or type(self).__name__
        self.field = field
        self.params = params


class NotAllowed(DomainError):
    """The actor may see the thing but not do this with it."""

    status = 403


class NotFound(DomainError):
    """There is no such thing, or it is none of the actor's business: both read alike."""

    status = 404


class Stale(DomainError):
    """Someone else changed it in the meantime."""

    status = 409


class Invalid(DomainError):
    """What was given can't be accepted as it is."""

    status = 422


class TooMany(DomainError):
    """It was done very often lately; ``again_at`` is the moment from which it is open again."""

    status = 429

    def __init__(self, again_at: datetime) -> None:
        super().__init__(N_("This was done very often in a short time. Please try again later."))
        self.again_at = again_at
