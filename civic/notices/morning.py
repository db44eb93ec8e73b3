"""The mail of the morning to a member of staff, in their language, made when it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from civic.accounts.queries import actor_of
from civic.accounts.rules import TOLD_OF_WORK
from civic.accounts.services import note_digest
from civic.accounts.telling import Told, told
from civic.cases.queries import QueueView, Span
from civic.cases.rules import KIND_LABELS
from civic.changes import wording
from civic.core.db import unit_of_work
from civic.core.delivery import NotWanted
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.notices import smtp
from civic.notices.digests import Digest, DigestLine, DigestPart, digest_of, is_away
from civic.notices.mail import new_message
from civic.notices.rules.digests import HEADINGS, Topic
from civic.notices.services.digests import STAFF_DIGEST_MAIL
from civic.supervision.queries.opinions import OpinionNotice
from civic.supervision.rules.opinions import NoticedOpinion
from civic.web.filters import day
from civic.web.locale import in_language

BACKLOG_LABELS = {
    QueueView.TRIAGE: N_("To route"),
    QueueView.HELD: N_("Held, to be looked at"),
    QueueView.RETURNED: N_("Returned, undecided"),
    QueueView.REVIEW: N_("To review"),
    QueueView.EXTENSIONS: N_("Extensions asked for"),
}
OWN_PAGES = {QueueView.TRIAGE: "desk.triage", QueueView.HELD: "desk.triage", QueueView.REVIEW: "desk.review"}
"""Lists of the dispatcher that have a page of their own; all others stand on that of the cases."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part in words: what it is, a line and an address for each, and where all of them are."""

    heading: str
    lines: tuple[tuple[str, str], ...]
    rest: str = ""


def deliver_staff_digest(payload: Mapping[str, Any], now: datetime) -> None:
    """Tell somebody how their work stands, then note up to when; nothing is sent where there is nothing to say."""
    account_id, until = payload["account_id"], datetime.fromisoformat(payload["until"])
    try:
        actor = actor_of(account_id)
    except NotFound as gone:
        raise NotWanted("no_account") from gone
    to = told(account_id, now)
    if not to.wants_digest or not actor.has(*TOLD_OF_WORK):
        raise NotWanted("switched_off")
    if to.digest_from >= until:
        raise NotWanted("overtaken")
    if is_away(actor, now):
        # What happens meanwhile is told on the first day back.
        raise NotWanted("away")
    found = digest_of(actor, Span(to.digest_from, until), now)
    if found.says_something:
        message = _mail(to, found, f"{STAFF_DIGEST_MAIL}.{account_id}.{int(until.timestamp())}", now)
        # The read transaction ends before the network begins.
        db.session.rollback()
        smtp.send(message)
    with unit_of_work():
        note_digest(account_id, until)
    if not found.says_something:
        raise NotWanted("nothing_new")


def _mail(to: Told, found: Digest, key: str, now: datetime) -> EmailMessage:
    with in_language(to.locale):
        today = day(departments.local_day(now))
        text = render_template(
            "mail/staff_digest.txt", name=to.name, today=today, sections=_sections(found, now),
            notices=wording.absolute(url_for("desk.notices")),
            account=wording.absolute(url_for("staff.account", _anchor="digest")),
        )  # fmt: skip
        return new_message(str(_("Your work on %(day)s", day=today)), text, to.email, key, now)


def _sections(found: Digest, now: datetime) -> list[Section]:
    names = departments.department_names(part.department_id for part in found.parts)
    sections = [
        _section(
            part, wording.name_of_department(names[part.department_id]), names[part.department_id].key, now
        )
        if part.department_id is not None
        else _section(part, "", None, now)
        for part in found.parts
    ]
    if found.opinions:
        lines = tuple(_opinion(one) for one in found.opinions)
        sections.append(Section(_counted(Topic.OPINIONS, len(lines)), lines))
    if found.backlog:
        lines = tuple(
            (str(_("%(list)s: %(count)s", list=_(BACKLOG_LABELS[view]), count=count)), _list(view, None))
            for view, count in found.backlog
        )
        sections.append(Section(_(HEADINGS[Topic.BACKLOG]), lines))
    return sections


def _section(part: DigestPart, department: str, key: str | None, now: datetime) -> Section:
    lines = tuple(
        (_case(line, now), wording.absolute(url_for("desk.case", reference=line.reference)))
        for line in part.lines
    )
    heading = _counted(part.topic, part.total)
    return Section(
        f"{department} · {heading}" if department else heading,
        lines,
        _list(part.view, key) if part.total > len(lines) else "",
    )


def _counted(topic: Topic, total: int) -> str:
    return f"{_(HEADINGS[topic])} ({total})"


def _case(line: DigestLine, now: datetime) -> str:
    words = [line.reference, str(_(KIND_LABELS[line.kind]))]
    if line.due_at is not None:
        words.append(_due(line.due_at, now, to_accept=line.to_accept))
    return " · ".join(words)


def _due(due_at: datetime, now: datetime, *, to_accept: bool) -> str:
    late, on = due_at < now, day(due_at)
    if to_accept:
        said = _("was to be accepted by %(day)s", day=on) if late else _("to be accepted by %(day)s", day=on)
    else:
        said = _("was due on %(day)s", day=on) if late else _("due on %(day)s", day=on)
    return str(said)


def _opinion(one: OpinionNotice) -> tuple[str, str]:
    states = {
        NoticedOpinion.OVERDUE: _("was due on %(day)s", day=day(one.due_at)),
        NoticedOpinion.APPROVAL: _("its answer waits for your approval, due on %(day)s", day=day(one.due_at)),
    }
    number = _("Opinion No. %(serial)s of %(year)s", serial=one.serial, year=one.year)
    state = states.get(one.what) or _("due on %(day)s", day=day(one.due_at))
    return f"{number} · {state}", wording.absolute(url_for("desk.opinion", opinion_id=one.opinion_id))


def _list(view: QueueView, department: str | None) -> str:
    endpoint = OWN_PAGES.get(view, "desk.queue")
    return wording.absolute(url_for(endpoint, view=view.value, department=department))
