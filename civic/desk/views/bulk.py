"""One thing done to several cases of a list: asked once with their number, then done case by case.

Each case goes through its own service, in the version that the clerk saw, in a transaction of its
own: one that can't be done holds nothing up, and the answer says which and why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.accounts.absences import away
from civic.accounts.queries import Colleague
from civic.cases import services
from civic.cases.queries import QueueFilter, QueueView, case_id_of, cases_named, queue
from civic.cases.services import State
from civic.core import clock
from civic.core.actor import Actor, Role
from civic.core.db import unit_of_work
from civic.core.errors import N_, DomainError, NotFound, Stale
from civic.departments.queries import local_day
from civic.desk import queries
from civic.desk.narrowing import read_narrowed
from civic.desk.policy import lists_for
from civic.desk.services import draft_from_template
from civic.desk.templates import templates_seen_by
from civic.desk.views import bp
from civic.desk.views.deeds import with_absence
from civic.web.access import access, current_actor
from civic.web.messages import say

MOST = queries.PAGE_SIZE
"""As many as a page of a list shows."""


Perform = Callable[[Actor, int, int, datetime, int], State]
"""Who, which case, in which version, when, and for whom or with what."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What has to be chosen before: a field with its name, and msgids of its label and of what is said without one.

    ``none`` is said where there is nothing to choose from.
    """

    field: str
    label: str
    missing: str
    none: str
    options: Callable[[Actor, tuple[Colleague, ...], datetime], tuple[Option, ...]]


@dataclass(frozen=True, slots=True)
class Option:
    """One that can be chosen."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Bulk:
    """Something that can be done to several cases; ``label`` and ``done`` are msgids."""

    perform: Perform
    label: str
    done: str
    key: str = ""
    choice: Choice | None = None
    undo: bool = False
    """Whether a case that it was done to can be handed back."""
    then: str = ""
    """What remains to be done with each (a msgid)."""


def _plain(service: Callable[[Actor, int, int, datetime], State]) -> Perform:
    """A service that needs nothing but the case."""
    return lambda actor, case_id, version, now, to: service(actor, case_id, version, now)


def _assign(actor: Actor, case_id: int, version: int, now: datetime, to: int) -> State:
    return services.assign_case(actor, case_id, version, to, now)


def _colleagues(actor: Actor, people: tuple[Colleague, ...], now: datetime) -> tuple[Option, ...]:
    """Who is away from a department in which they work stands last, with until when."""
    absent = away(actor.departments(Role.HANDLER, Role.LEAD), local_day(now))
    gone = {person: one for (person, _department), one in absent.items()}
    present_first = sorted(people, key=lambda one: one.id in gone)
    return tuple(Option(one.id, with_absence(one.name, gone.get(one.id))) for one in present_first)


def _templates(actor: Actor, people: tuple[Colleague, ...], now: datetime) -> tuple[Option, ...]:
    """Those in use; whether one fits a case is found out case by case."""
    return tuple(Option(row.id, row.name) for row in templates_seen_by(actor) if row.is_active)


COLLEAGUE = Choice(
    "to", N_("Colleague"), N_("Choose a colleague."), N_("There is no colleague to choose."), _colleagues
)
TEMPLATE = Choice(
    "template", N_("Template"), N_("Choose a template."), N_("There is no template in use yet."), _templates
)

DEEDS: Mapping[str, Bulk] = {
    "accept": Bulk(_plain(services.accept_case), N_("Accept"), N_("Accepted"), "a"),
    "take": Bulk(_plain(services.take_case), N_("Take"), N_("Taken"), "t", undo=True),
    "assign": Bulk(_assign, N_("Assign"), N_("Assigned"), "s", COLLEAGUE, undo=True),
    "hand-back": Bulk(_plain(services.hand_back_case), N_("Hand back"), N_("Handed back")),
    "template": Bulk(
        draft_from_template,
        N_("Draft from a template"),
        N_("Drafted"),
        "r",
        TEMPLATE,
        then=N_("Open each draft, complete what the case doesn't tell, and send it for approval."),
    ),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case that was ticked, as its row stood."""

    reference: str
    version: int

    @property
    def value(self) -> str:
        """How a form carries it."""
        return f"{self.reference}:{self.version}"


@dataclass(frozen=True, slots=True)
class Failed:
    """A case that it wasn't done to, and why, in the reader's language."""

    reference: str
    why: str


@bp.post("/bulk")
@access(Role.HANDLER, Role.LEAD)
def bulk() -> str | Response | tuple[str, int]:
    """Ask whether it's really to be done to all of them, and do it."""
    actor, now = current_actor(), clock.now()
    name = request.form.get("deed", "")
    if name not in DEEDS:
        abort(400)
    back, people = _list_of(actor, now)
    chosen = _chosen()
    if not chosen:
        flash(_("Tick the cases first."), "warning")
        return redirect(back)
    deed = DEEDS[name]
    options = deed.choice.options(actor, people, now) if deed.choice else ()
    if deed.choice and not options:
        flash(_(deed.choice.none), "warning")
        return redirect(back)
    asked_for = request.form.get(deed.choice.field, "") if deed.choice else ""
    to = next((one for one in options if str(one.id) == asked_for), None)
    given: dict[str, Any] = {"name": name, "deed": deed, "back": back, "to": to, "options": options}
    missing = deed.choice is not None and to is None
    if request.form.get("sure") != "yes" or missing:
        asked = request.form.get("sure") == "yes"
        page = render_template(
            "desk/bulk.html",
            chosen=chosen,
            words=_words_of(actor, chosen, now),
            missing=asked and missing,
            **given,
        )
        return (page, 422) if asked else page
    done: list[Chosen] = []
    failed: list[Failed] = []
    for one in chosen:
        try:
            done.append(_do(deed, actor, one, now, to.id if to else 0))
        except DomainError as error:
            failed.append(Failed(one.reference, _why(actor, one.reference, error, now)))
    return render_template("desk/bulk_done.html", done=done, failed=failed, **given)


def _list_of(actor: Actor, now: datetime) -> tuple[str, tuple[Colleague, ...]]:
    """The address of the list from which the cases are, and to whom cases of it can be given."""
    given = dict(parse_qsl(request.form.get("list", "")[:500]))
    offered = lists_for(actor.roles)
    view = QueueView(given["view"]) if given.get("view") in offered else offered[0]
    narrowed = read_narrowed(actor, view, given, now)
    address: dict[str, Any] = narrowed.address
    return url_for("desk.queue", **address), narrowed.choices.people


def _chosen() -> tuple[Chosen, ...]:
    """The ticked cases, each once; what isn't a case and a version is passed over."""
    found: dict[str, Chosen] = {}
    for value in request.form.getlist("case")[:MOST]:
        reference, _colon, version = value.partition(":")
        if version.isdecimal() and len(version) < 10:
            found[reference] = Chosen(reference, int(version))
    return tuple(found.values())


def _words_of(actor: Actor, chosen: tuple[Chosen, ...], now: datetime) -> dict[str, str]:
    """How each begins, of those that are the reader's to see."""
    found = tuple(one.case_id for one in cases_named([one.reference for one in chosen]))
    wanted = QueueFilter(QueueView.ALL, among=found)
    rows = queue(actor, wanted, now=now, size=MOST).rows
    return {row.reference: row.excerpt for row in rows if row.excerpt}


def _do(deed: Bulk, actor: Actor, one: Chosen, now: datetime, to: int) -> Chosen:
    """Do it to one case, or leave that case as it is; returns it as it stands afterwards."""
    case_id = case_id_of(one.reference)
    if case_id is None:
        raise NotFound(N_("There is no such case."))
    with unit_of_work():
        state = deed.perform(actor, case_id, one.version, now, to)
    return Chosen(state.reference, state.version)


def _why(actor: Actor, reference: str, error: DomainError, now: datetime) -> str:
    """Why it wasn't done; of a case that changed meanwhile, who changed it."""
    if not isinstance(error, Stale):
        return say(error)
    page = queries.desk_case(actor, reference, now)
    who = page.person(page.case.history[-1].account_id) if page.case.history else ""
    return _("%(name)s changed it meanwhile.", name=who) if who else say(error)
