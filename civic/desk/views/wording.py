"""What the desk's templates call: labels, addresses, and sentences that need more than one word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import format_time
from flask_babel import gettext as _

from civic.cases.queries import QueueView, ReplyView
from civic.cases.rules import (
    CHANNEL_LABELS,
    DECLINE_LABELS,
    EXPOSES_LABELS,
    HELD_LABELS,
    KIND_LABELS,
    PRIVATE_LABELS,
    RATING_LABELS,
    REASON_LABELS,
    RESOLUTION_LABELS,
    SOLVED_LABELS,
    SPEAKS_AS_LABELS,
    STATUS_LABELS,
    differences,
)
from civic.core.actor import Role
from civic.core.errors import N_
from civic.desk.likely import Likely, Why
from civic.desk.policy import LETTERS, LISTS, lists_for
from civic.desk.queries import DeskCase
from civic.desk.rules import stretches
from civic.desk.views import bp
from civic.plans.queries import ItemRef
from civic.routing import queries as routing
from civic.routing.rules import FATE_TEXTS
from civic.web.access import current_actor
from civic.web.locale import chinese_or_english, hans_or_hant


def likely_reason(one: Likely) -> str:
    """Why a department may be in charge, in a sentence that also stands as the reason of the one press."""
    if one.rule is not None:
        named = hans_or_hant(one.rule.name, one.rule.name_hant)
        return _("Rule %(rule)s: %(name)s", rule=one.rule.code, name=named) + (
            f" ({_(', ').join(one.words)})" if one.words else ""
        )
    if one.item is not None:
        title = chinese_or_english(one.item.title, one.item.title_hant, one.item.title_en)
        return _("The words point to %(item)s, which it leads", item=f"{one.item.code} {title}")
    if one.why is Why.SUGGESTED:
        return _("Suggested by the department that returned it")
    return _("Office of the street that the writer named")


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "CHANNEL_LABELS": CHANNEL_LABELS,
        "DECLINE_LABELS": DECLINE_LABELS,
        "EXPOSES_LABELS": EXPOSES_LABELS,
        "FATE_TEXTS": FATE_TEXTS,
        "HELD_LABELS": HELD_LABELS,
        "KIND_LABELS": KIND_LABELS,
        "PRIVATE_LABELS": PRIVATE_LABELS,
        "RATING_LABELS": RATING_LABELS,
        "RESOLUTION_LABELS": RESOLUTION_LABELS,
        "SPEAKS_AS_LABELS": SPEAKS_AS_LABELS,
        "SOLVED_LABELS": SOLVED_LABELS,
        "STATUS_LABELS": STATUS_LABELS,
        "differences": differences,
        "item_url": item_url,
        "likely_reason": likely_reason,
        "list_url": list_url,
        "routing_reason": routing_reason,
        "signatures": signatures,
        "stretches": stretches,
    }


@bp.app_template_filter("hour")
def hour(value: datetime) -> str:
    """The time of day of a moment, in the district's zone."""
    return str(format_time(value, "HH:mm"))


def item_url(item: ItemRef) -> str:
    """The public page of an item."""
    return url_for("portal.item", plan=item.plan_slug, code=item.code)


OWN_PAGES = frozenset({"triage", "review", "duplicates"})
"""Lists of the dispatcher that have a page of their own, by their word in an address."""


def list_url(name: str) -> str:
    """Where a list is: the dispatcher's have pages of their own."""
    if name == QueueView.HELD:
        return url_for("desk.triage", view=name)
    if name in OWN_PAGES:
        return url_for(f"desk.{name}")
    return url_for("desk.queue", view=name or None)


@bp.app_template_global()
def key_pages() -> list[tuple[str, str, str]]:
    """What a letter opens after ``g`` on any page of staff: letter, address and name (a msgid) of each."""
    actor = current_actor()
    lists = [(LETTERS[view], list_url(view), LISTS[view]) for view in lists_for(actor.roles)]
    pages = (
        ("t", "desk.triage", N_("Triage"), (Role.DISPATCHER,)),
        ("v", "desk.review", N_("Publication review"), (Role.DISPATCHER,)),
        ("q", "desk.duplicates", N_("Possible duplicates"), (Role.DISPATCHER,)),
        ("k", "desk.team", N_("Who has what"), (Role.LEAD,)),
        ("z", "desk.absences", N_("Who is away"), (Role.HANDLER, Role.LEAD)),
    )
    return lists + [(key, url_for(goal), name) for key, goal, name, roles in pages if actor.has(*roles)]


def routing_reason(reason: Mapping[str, Any]) -> str:
    """Why a department (or the dispatcher) has the case, in words: by a rule, or as a person decided."""
    by_rule = routing.say_reason(reason)
    by_person = REASON_LABELS.get(str(reason.get("code", "")), "")
    return by_rule or (_(by_person) if by_person else "")


def signatures(page: DeskCase, reply: ReplyView) -> str:
    """Who stands behind a published reply; one person alone is said so."""
    author, approver = page.person(reply.author_id), page.person(reply.approver_id)
    if reply.editor_id is not None:
        editor = page.person(reply.editor_id)
        return _(
            "Written by %(author)s, changed by %(editor)s, approved by %(approver)s",
            author=author,
            editor=editor,
            approver=approver,
        )
    if reply.approver_id is None:
        return _("Loaded from another system: who signed it isn't known")
    if reply.reply_id in page.case.signed_alone:
        return _("Written and published by %(name)s alone (single signature)", name=author)
    if reply.author_id == reply.approver_id:
        return _("Written and approved by %(name)s; somebody else had drafted before", name=author)
    return _("Written by %(author)s, approved by %(approver)s", author=author, approver=approver)
