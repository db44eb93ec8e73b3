"""The sealed document of an assessment in the reader's language: for its page and its workbook alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from civic.core.errors import N_
from civic.departments.queries import local_day
from civic.supervision.queries import PublicAssessment
from civic.web.locale import chinese_or_english, hans_or_hant

DEFINITIONS: tuple[tuple[str, str], ...] = (
    (
        N_("Status of an indicator"),
        N_(
            "From published values of the years that were over at the end of the period, each with its source, by the "
            "formulas of this site; the calculation stands beside it. Values published later count as long as they "
            "speak of those years. Targets are those in force when the data was gathered."
        ),
    ),
    (
        N_("Cut-offs"),
        N_(
            "Ahead and behind are told apart by cut-offs that are this site’s own: no official ones are published."
        ),
    ),
    (
        N_("Status of a promise"),
        N_(
            "From the department’s newest published report that speaks of the period’s last day or earlier. Without a "
            "report nothing is claimed. Past its date: due by the period’s last day and not reported as done by then."
        ),
    ),
    (
        N_("Nothing published"),
        N_(
            "Items with a responsible department of which nothing had been published for six months on the period’s "
            "last day. What is reported as done is left out."
        ),
    ),
    (
        N_("Voices"),
        N_(
            "Messages submitted in the period about items of the chapter; private ones are counted, never quoted."
        ),
    ),
    (
        N_("Satisfaction"),
        N_(
            "Answers rated satisfied or basically satisfied, of all that residents rated in the period. No percentage "
            "is stated for fewer than five."
        ),
    ),
    (
        N_("Open and overdue"),
        N_(
            "Cases that still had to be answered at the end of the period, and those of them past their deadline."
        ),
    ),
    (
        N_("Departments’ parts"),
        N_("Each department’s own words about itself, as its lead handed them in; nobody else edits them."),
    ),
    (
        N_("Follow-ups"),
        N_(
            "What a department says later has come of a recommendation. It isn’t part of the seal; the next "
            "assessment shows the newest."
        ),
    ),
    (
        N_("Seal"),
        N_(
            "A checksum (SHA-256) over everything that was published. The database refuses any change; a change by "
            "other ways no longer fits the seal."
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Says the pieces of a document: names, texts and labels, all of which are in the document itself."""

    departments: Mapping[str, Mapping[str, str]]
    hant: Mapping[str, str]

    def text(self, text: str) -> str:
        """What a person wrote: as it is, or in Traditional characters."""
        return hans_or_hant(text, self.hant.get(text))

    def title(self, row: Mapping[str, Any]) -> str:
        return hans_or_hant(row["title"], row["title_hant"])

    def name(self, names: Mapping[str, str] | None) -> str:
        if names is None:
            return ""
        return chinese_or_english(names["name"], names["name_hant"], names["name_en"])

    def department(self, key: str | None) -> str:
        return self.name(self.departments.get(key)) if key else ""

    def label(self, row: Mapping[str, Any]) -> str:
        """The words for a status."""
        msgid: str = row["label"]
        return str(_(msgid))

    def line(self, line: Mapping[str, Any]) -> str:
        """One line of a calculation."""
        msgid: str = line["text"]
        return str(_(msgid, **line["params"]))

    def source(self, source: Mapping[str, Any]) -> str:
        """Where a value comes from, with its day."""
        params = dict(source["params"])
        if params.get("title_hant"):
            params["title"] = hans_or_hant(params["title"], params["title_hant"])
        text: str = source["text"]
        said = str(_(text, **params)) if params else self.text(text)
        return f"{said} {source['on']}".strip()

    def change(self, line: Mapping[str, Any], side: str) -> str:
        """One side of an adjusted field."""
        text: str = line[side]
        return str(_(text)) if line["is_msgid"] and text else hans_or_hant(text, line[f"{side}_hant"])

    def day(self, text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    def moment_day(self, text: str | None) -> date | None:
        """The district's day of a moment."""
        return local_day(datetime.fromisoformat(text)) if text else None


def reader(page: PublicAssessment) -> Reader:
    """The reader of one document; departments that aren't named in it yet (a draft's) have their present names."""
    return Reader(page.names, page.hant)
