"""What a form of the desk does: an action of a case bound to its form and to one service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from civic.accounts.absences import Away
from civic.cases.services import State
from civic.core.actor import Actor
from civic.desk.forms import CaseForm
from civic.desk.queries import DeskCase
from civic.web.filters import day
from civic.web.locale import chinese_or_english


@dataclass(frozen=True, slots=True)
class Order:
    """One sent form: who wants it, on which case as seen in which version, with what, and when.

    ``then`` is the button pressed, where a form has several.
    """

    actor: Actor
    case_id: int
    version: int
    form: Any
    now: datetime
    then: str = ""

    @property
    def seen(self) -> tuple[Actor, int, int]:
        """What each service asks for first."""
        return self.actor, self.case_id, self.version


def _nothing(form: Any, page: DeskCase, sent: bool) -> None:
    """A form without choices or beginnings."""


@dataclass(frozen=True, slots=True)
class Deed:
    """``prepare(form, page, sent)`` gives a form its choices and, unless it was sent, its beginnings.

    ``leaves`` says that the clerk is done with the case for now, so the list comes next. ``done`` (a
    msgid) is said afterwards where the action's own words don't fit.
    """

    perform: Callable[[Order], State]
    form: type[CaseForm] = CaseForm
    prepare: Callable[[Any, DeskCase, bool], None] = _nothing
    leaves: bool = False
    done: str = ""


Deeds = Mapping[Any, Deed]


def plain(service: Callable[[Actor, int, int, datetime], State]) -> Callable[[Order], State]:
    """A deed that needs nothing but the case."""
    return lambda order: service(*order.seen, order.now)


def department_choices(page: DeskCase) -> list[tuple[int, str]]:
    """The departments that can be given a case, named in the reader's language."""
    return [(d.id, chinese_or_english(d.name, d.name_hant, d.name_en)) for d in page.departments if d.active]


def with_absence(name: str, gone: Away | None) -> str:
    """A colleague's name where one is chosen, with until when they are away and who stands in."""
    if gone is None:
        return name
    if not gone.stand_in:
        return _("%(name)s (away until %(day)s)", name=name, day=day(gone.until))
    return _(
        "%(name)s (away until %(day)s; %(other)s stands in)",
        name=name,
        day=day(gone.until),
        other=gone.stand_in,
    )
