"""What stands around a text while it's written: hints, templates, changes, and what was kept of it unsaved."""

from __future__ import annotations

from typing import TypedDict

from flask import request

from civic.cases.rules import CaseAction
from civic.core import clock
from civic.desk.beside import Colleague, present_on
from civic.desk.editor import CLOSED, Editor, editor_of, lets_out
from civic.desk.forms import CaseForm, NoteForm
from civic.desk.keeping import Keeping, keeping_of
from civic.desk.quality import WRITING
from civic.desk.queries import DeskCase
from civic.desk.rules import Keepable
from civic.web.access import current_actor

AGAIN = "kept"
"""The part of an address that says which kept text its field begins with."""


class Around(TypedDict):
    """What a page with texts to be written gives to its template."""

    editor: Editor
    keeping: Keeping


def around(page: DeskCase, action: CaseAction | None = None) -> Around:
    """For the form of one action, or without one for the whole case."""
    actor = current_actor()
    replying = action is None or action in WRITING
    return Around(
        editor=editor_of(actor, page.case) if replying else CLOSED,
        keeping=keeping_of(actor, page.case, clock.now()),
    )


class Pane(TypedDict):
    """What the short form of a case beside a list shows beside the case."""

    lets_out: bool
    editor: Editor
    there: tuple[Colleague, ...]


NO_PANE = Pane(lets_out=False, editor=CLOSED, there=())


def pane_of(page: DeskCase) -> Pane:
    """Who has the case open; and where its reply can be let out at once, what there is to see before."""
    actor, deciding = current_actor(), lets_out(page.case)
    return Pane(
        lets_out=deciding,
        editor=editor_of(actor, page.case) if deciding else CLOSED,
        there=present_on(actor, page.case.case_id, clock.now()),
    )


def put_back(form: CaseForm | NoteForm, keeping: Keeping, what: str) -> None:
    """Begin the form with the text that was kept, where the address asks for it: restoring without a script."""
    kept = keeping.own.get(Keepable(what)) if what in set(Keepable) else None
    if kept is None or request.args.get(AGAIN) != what:
        return
    for name, value in {**kept.beside, "text": kept.text, "begun_with": kept.begun_with}.items():
        if name in form:
            form[name].data = value
