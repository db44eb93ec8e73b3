"""What residents talked about in a report: the hottest topics in counts of public messages, without a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from civic.core.config import settings
from civic.core.errors import N_
from civic.supervision.exports import name_text
from civic.supervision.reports.layout import Linked, Row, Section, Table
from civic.supervision.reports.words import day_text
from civic.supervision.rows import NOBODY_KEY, Name
from civic.supervision.rules import Scope
from civic.supervision.rules.phrases import NAMED_FROM
from civic.supervision.rules.tally import TOLD_FROM
from civic.supervision.rules.topics import HALF_LIFE_DAYS, MARK_LABELS, Mark
from civic.web.filters import minute, number
from civic.web.locale import hans_or_hant

Json = Mapping[str, Any]
STREETS_NAMED = 3
DEFINITIONS: Mapping[str, str] = {
    N_("Topic"): N_(
        "A phrase that the public messages of at least %(few)d writers use; other phrases that mostly the same "
        "messages use count with it. A message can belong to several topics."
    ),
    N_("New or rising"): N_(
        "New: no public message used it before the period. Rising: its share of all public messages is at least "
        "one and a half times what it was before. Both need %(n)s public messages, and a growth that chance would "
        "bring about in at most one of a hundred cases."
    ),
    N_("Heat"): N_(
        "The sum over writers of 2 to the power of minus d / %(days)s, where d is the number of days from the "
        "writer's newest public message to the period's last day; times 1 + S, where S is the chance that two public "
        "messages picked at random come from different streets. So a writer counts once, after %(days)s days half, "
        "and what comes up in many streets counts up to double."
    ),
    N_("Public messages"): N_(
        "Messages of the period that belong to the topic and that everybody could read when they were counted."
    ),
    N_("In the days before"): N_("The public messages of as many days right before the period."),
    N_("Writers"): N_(
        "Messages with the same telephone number or e-mail address count as one writer; without either, messages with "
        "the very same words."
    ),
    N_("Number of streets"): N_("From how many streets they came; messages without a street are left out."),
    N_("Number of weeks"): N_("In how many of the period’s weeks they were written."),
    N_("Most came from"): N_("The streets from which most of them came, with their number."),
}
"""Each column and what it means (msgids), in order."""


def topic_sections(document: Json) -> Iterator[Section]:
    """None where the document has no such part; no topic where nothing had been read."""
    if "topics" in document:
        part = document["topics"]
        listed = part["listed"] if part else ()
        said = (
            tuple(_sentences(document, part)) if part else (_("Messages haven't been read for topics yet."),)
        )
        yield Section(_("What residents talk about"), said, (_table(document, listed),))


def topic_definitions(document: Json) -> Iterator[Row]:
    """What each column means, where there are any."""
    if "topics" in document:
        numbers = {"few": TOLD_FROM, "n": NAMED_FROM, "days": HALF_LIFE_DAYS}
        yield from ((_(label), _(meaning, **numbers)) for label, meaning in DEFINITIONS.items())


def _sentences(document: Json, part: Json) -> Iterator[str]:
    yield _(
        "Public messages of these days that were read for topics on %(at)s: %(messages)s. Topics with at least "
        "%(few)d writers: %(told)s.",
        messages=number(part["messages"]), at=minute(datetime.fromisoformat(part["read_at"])),
        told=number(part["told"]), few=TOLD_FROM,
    )  # fmt: skip
    if part["read_since"] > document["since"]:
        day = day_text(date.fromisoformat(part["read_since"]))
        yield _("Messages before %(day)s were not read for topics.", day=day)
    if part["told"] > len(part["listed"]):
        yield _("Listed are the %(n)d with most heat.", n=len(part["listed"]))
    if part["listed"]:
        yield _(
            "A topic opens the public messages that use its words today. No message is kept in this report."
        )


def _table(document: Json, listed: Sequence[Json]) -> Table:
    return Table(
        _("Topics"), tuple(_(label) for label in DEFINITIONS), [_row(document, one) for one in listed]
    )


def _row(document: Json, one: Json) -> Row:
    names = document["places"][Scope.STREET.value]["names"]
    named = [street for street in one["streets"] if street["key"] != NOBODY_KEY]
    most = [f"{_name(names[street['key']])} {number(street['n'])}" for street in named]
    return (
        Linked(hans_or_hant(one["phrase"], one["phrase_hant"]), _voices(one["phrase"])),
        _(MARK_LABELS[Mark(one["mark"])]) if one["mark"] else "",
        Decimal(one["heat"]),
        one["messages"],
        one["before"],
        one["writers"],
        len(named),
        sum(week["n"] > 0 for week in one["weeks"]),
        _(", ").join(most[:STREETS_NAMED]),
    )


def _name(names: Json) -> str:
    return name_text(Name(names["hans"], names["hant"], names["en"], names["msgid"]))


def _voices(phrase: str) -> str:
    """The public messages that hold a phrase, as everybody finds them: whatever was taken down isn't there."""
    return settings().base_url.rstrip("/") + url_for("portal.voices", q=phrase)
