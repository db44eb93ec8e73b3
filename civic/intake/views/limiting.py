"""The page of a limit: the same form with everything in it, when to try again, and where to call meanwhile."""

from __future__ import annotations

from datetime import datetime

from flask import Response, make_response
from flask_babel import gettext as _

from civic.core.errors import TooMany
from civic.departments import queries as departments
from civic.web.senders import clock_time, seconds_until


def when_again(error: TooMany, now: datetime) -> list[str]:
    """From when it is open again, by the clock; and the hotline, for what can't wait."""
    sentences = [
        _(
            "Everything you wrote stays on this page: press the button again after %(time)s.",
            time=clock_time(error.again_at, now),
        )
    ]
    hotline = departments.district().hotline
    if hotline:
        sentences.append(_("If it can't wait, call %(number)s.", number=hotline))
    return sentences


def limited(page: str, error: TooMany, now: datetime) -> Response:
    """The page as the answer of a limit."""
    response = make_response(page, 429)
    response.headers["Retry-After"] = seconds_until(error.again_at, now)
    return response
