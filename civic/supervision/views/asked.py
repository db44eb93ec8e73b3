"""An address whose period makes no sense is answered with the form that asks for one; what was typed stays in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import abort, make_response, render_template, request

from civic.core.clock import now
from civic.core.errors import Invalid
from civic.departments import queries as departments
from civic.supervision import exports, queries
from civic.supervision.forms import (
    Refused,
    offered_periods,
    read_choice,
    read_topic_choice,
    refused_choice,
)
from civic.supervision.rules import Choice, Scope
from civic.supervision.rules.topics import TopicChoice
from civic.web.access import current_actor

ASKED = frozenset({"since", "until", "period", "by"})
"""What the forms ask for; whatever else is wrong in an address nobody can mend there."""


def chosen() -> Choice:
    """Of what a summary, its lists and its files are."""
    with asked_again():
        choice = read_choice(request.args, departments.local_day(now()))
    return choice


def chosen_topics() -> TopicChoice:
    """Whose messages topics are read from."""
    with asked_again(_topics):
        choice = read_topic_choice(request.args, departments.local_day(now()))
    return choice


@contextmanager
def asked_again(form: Callable[[Refused], str] | None = None) -> Iterator[None]:
    """Answers with the form of a summary, or another one, if within it a choice is refused."""
    try:
        yield
    except Invalid as error:
        if error.field not in ASKED:
            raise
        page = (form or _summary)(refused_choice(error, request.args))
        abort(make_response(page, error.status))


def _summary(refused: Refused) -> str:
    return render_template(
        "supervision/staff/summary_refused.html",
        refused=refused, typed=refused.typed, scopes=tuple(Scope), name_text=exports.name_text,
        names=queries.names_to_choose(current_actor()), periods=offered_periods(departments.local_day(now())),
    )  # fmt: skip


def _topics(refused: Refused) -> str:
    names = queries.names_to_choose(current_actor())
    return render_template(
        "supervision/staff/topics_refused.html",
        refused=refused, typed=refused.typed, chapters=names[Scope.CHAPTER], streets=names[Scope.STREET],
    )  # fmt: skip
