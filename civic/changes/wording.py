"""A change in words, for feeds and mail: one headline, one text, the place where it can be read."""

from __future__ import annotations

from datetime import date

from flask import url_for
from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _

from civic.cases.rules import RESOLUTION_LABELS
from civic.changes.queries import Change, Scope
from civic.core.config import settings
from civic.core.text import excerpt
from civic.departments.queries import DepartmentRow
from civic.plans.queries import ItemRef
from civic.plans.rules import ItemKind
from civic.progress.queries import Move, MoveKind
from civic.web.locale import chinese_or_english, hans_or_hant

LONGEST = 400
"""Characters of a text that a feed or a mail carries; the page has all of it."""

KIND_LABELS = {
    MoveKind.UPDATE: lazy_gettext("Progress"),
    MoveKind.OBSERVATION: lazy_gettext("Value"),
    MoveKind.ADJUSTMENT: lazy_gettext("Adjustment"),
}


def absolute(path: str) -> str:
    """An address for use outside the site: the configured one, never what a request claims to have asked for."""
    return settings().base_url + path


def name_of_department(row: DepartmentRow) -> str:
    """A department in the reader's language."""
    return chinese_or_english(row.name, row.name_hant, row.name_en)


def name_of_item(ref: ItemRef) -> str:
    """An item with its code, in the reader's language where it has a title in it."""
    title = chinese_or_english(ref.title, ref.title_hant, ref.title_en)
    if ref.kind in (ItemKind.CHAPTER, ItemKind.SECTION) and ref.number:
        return f"{ref.number} {title}"
    return f"{ref.code} {title}"


def name_of_scope(scope: Scope) -> str:
    """What is followed, as the reader knows it."""
    if scope.department is not None:
        return name_of_department(scope.department)
    return name_of_item(scope.item) if scope.item is not None else str(_("The whole plan"))


def page_of_scope(scope: Scope) -> str:
    """The page of what is followed."""
    if scope.department is not None:
        return url_for("portal.department", key=scope.department.key)
    if scope.item is not None:
        return url_for("portal.item", plan=scope.item.plan_slug, code=scope.item.code)
    return url_for("portal.progress")


def kind_of(change: Change) -> str:
    """What sort of change it is, in one word."""
    return str(KIND_LABELS[change.move.kind]) if change.move else str(_("Answer"))


def headline(change: Change) -> str:
    """One line: what it is about, what it is, and how it stands."""
    about = name_of_item(change.item) if change.item else ""
    if change.answer is not None:
        said = str(_("A message was answered: %(how)s", how=_(RESOLUTION_LABELS[change.answer.resolution])))
        return _joined(about, _corrected(said, change.answer.corrects))
    assert change.move is not None
    return _joined(about, _corrected(_said(change.move), change.move.corrects))


def text_of(change: Change) -> str:
    """What was published, cut to a readable length; '' where the headline says it all."""
    if change.answer is not None:
        row = change.answer
        asked, told = hans_or_hant(row.text, row.text_hant), hans_or_hant(row.reply_text, row.reply_text_hant)
        return (
            str(_("Asked: %(text)s", text=excerpt(asked, LONGEST)))
            + "\n"
            + str(_("Answered: %(text)s", text=excerpt(told, LONGEST)))
        )
    assert change.move is not None
    if change.move.kind is MoveKind.OBSERVATION:
        return str(_("Source: %(title)s", title=change.move.source_title))
    text = excerpt(hans_or_hant(change.move.text, change.move.text_hant), LONGEST)
    if change.move.kind is MoveKind.ADJUSTMENT and change.move.source_title:
        return f"{text}\n{change.move.source_title}"
    return text


def page_of(change: Change) -> str:
    """Where it can be read in full."""
    if change.answer is not None:
        return url_for("portal.case", reference=change.answer.reference)
    assert change.item is not None
    return url_for("portal.item", plan=change.item.plan_slug, code=change.item.code)


def _said(move: Move) -> str:
    if move.kind is MoveKind.UPDATE:
        said = str(_("Progress: %(status)s", status=_(move.label)))
        if move.percent is not None:
            said += " " + str(_("(%(n)s%% by the department's own account)", n=move.percent))
        return said if move.as_of is None else f"{said} · {_('as of %(day)s', day=_day(move.as_of))}"
    if move.kind is MoveKind.OBSERVATION:
        value = f"{move.value} {move.unit}".strip()
        if move.about_reference:
            return str(_("Reference value for %(year)s: %(value)s", year=move.year, value=value))
        return str(_("Value for %(year)s: %(value)s", year=move.year, value=value))
    return str(_("Adjustment in force: %(what)s", what=_(move.label)))


def _corrected(said: str, corrects: bool) -> str:
    return str(_("%(said)s (correction)", said=said)) if corrects else said


def _joined(about: str, said: str) -> str:
    return f"{about} · {said}" if about else said


def _day(day: date) -> str:
    return str(format_date(day, "yyyy-MM-dd"))
