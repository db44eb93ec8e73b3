"""What stands around a text while it's written: hints, templates, changes, and what was kept of it unsaved."""

from __future__ import annotations

from typing import TypedDict

from flask import request

from civic.cases.rules import CaseAction
from civic.core import clock
from civic.desk.editor import CLOSED, Editor, editor_of
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


def put_back(form: CaseForm | NoteForm, keeping: Keeping, what: str) -> None:
    """Begin the form with the text that was kept, where the address asks for it: restoring without a script."""
    kept = keeping.own.get(Keepable(what)) if what in set(Keepable) else None
    if kept is None or request.args.get(AGAIN) != what:
        return
    form["text"].data = kept.text
    if "begun_with" in form:
        form["begun_with"].data = kept.begun_with
