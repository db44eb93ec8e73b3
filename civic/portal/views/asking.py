"""What a list's address asks for, and how that is said."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.cases.queries import VoiceState
from civic.cases.rules import KIND_LABELS
from civic.core.errors import N_
from civic.portal.frame import name_of
from civic.portal.queries import Narrowed
from civic.search import queries as search
from civic.web.locale import hans_or_hant

FILTERS = ("item", "paragraph", "department", "street", "kind", "answered", "state", "period", "sort")

STATE_LABELS = {
    VoiceState.RECEIVED: N_("Received"),
    VoiceState.HANDLED: N_("Being handled"),
    VoiceState.REPLIED: N_("Answered, may be objected to"),
    VoiceState.CLOSED: N_("Closed"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that a list is narrowed to, and the list without it."""

    label: str
    without: str


def asked_voices() -> dict[str, str]:
    """The filters of a list of voices as they stand in the address, '' for each that doesn't."""
    return {name: request.args.get(name, "") for name in FILTERS}


def asked_text() -> str:
    """The words that are looked for."""
    return request.args.get("q", "")[: search.LONGEST_QUERY]


def address(endpoint: str, asked: dict[str, str], text: str = "", **changed: str) -> str:
    """The address of a list, without what it isn't narrowed to."""
    given = {**asked, "q": text, **changed}
    return url_for(endpoint, **{name: value for name, value in given.items() if value})  # type: ignore[arg-type]


def chips(narrowed: Narrowed, asked: dict[str, str], text: str) -> list[Chip]:
    """What a list is narrowed to, each with the address of the list without it."""
    named = names(narrowed)
    # A paragraph is nothing without its item.
    gone = {name: {name: ""} for name in FILTERS} | {"item": {"item": "", "paragraph": ""}}
    found = [
        Chip(label, address("portal.voices", asked, text, **gone[name])) for name, label in named.items()
    ]
    return found + ([Chip(f"“{text}”", address("portal.voices", asked))] if text else [])


def names(narrowed: Narrowed) -> dict[str, str]:
    """What a list is narrowed to in the reader's words, by the name of the filter."""
    wanted, found = narrowed.wanted, {}
    if narrowed.item:
        ref = narrowed.item
        found["item"] = f"{ref.code} {hans_or_hant(ref.title, ref.title_hant)}"
    if wanted.paragraph_anchor:
        found["paragraph"] = str(_("Paragraph %(number)s", number=wanted.paragraph_anchor.removeprefix("p")))
    if narrowed.area:
        found["item"] = name_of(narrowed.area)
    if narrowed.department:
        found["department"] = name_of(narrowed.department)
    if narrowed.street:
        found["street"] = name_of(narrowed.street)
    if wanted.kind:
        found["kind"] = str(_(KIND_LABELS[wanted.kind]))
    if wanted.answered is not None:
        found["answered"] = str(_("Answered") if wanted.answered else _("Not answered yet"))
    if wanted.state:
        found["state"] = str(_(STATE_LABELS[wanted.state]))
    if narrowed.days:
        found["period"] = period(narrowed.days)
    return found


def period(days: int) -> str:
    """Days counted back from today."""
    return str(ngettext("The last %(num)s day", "The last %(num)s days", days))
