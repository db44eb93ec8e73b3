"""Adjusting a published plan: announce, put into force with the approving document, or withdraw.

The old value is always taken from the plan, never typed. Nothing changes before an adjustment is in force;
from then on the database refuses to edit it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.errors import N_, Invalid, NotFound, Stale
from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.departments.queries import local_day
from civic.plans import queries as plans
from civic.plans import services as changing
from civic.plans.rules import AdjustmentSubject, ItemKind, PlanStatus
from civic.plans.services import Approval, differing
from civic.progress.models import Adjustment
from civic.progress.policy import can_adjust
from civic.progress.rules.adjusting import AdjustmentState
from civic.web.caching import renew_reference

Values = Mapping[str, Any]
SCRIPTED = ("text", "quote", "title")
"""Fields of the document's own words: kept in both scripts."""


@dataclass(frozen=True, slots=True)
class NewAdjustment:
    """What is to change: ``new`` holds whole fields as :func:`civic.plans.queries.standing` gives them.

    With a paragraph's ``text`` it may hold ``quotes``: {code of a promise: its quote from then on}.
    ``seen``: :func:`seen_mark` of what stood when the editor read it.
    """

    item_id: int
    subject: AdjustmentSubject
    new: Values
    reason: str
    anchor: str = ""
    link: str = ""
    file: str = ""
    """Key of a stored file: the proposal, or the decision."""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class NoticePeriod:
    """The days during which a proposal lies open, both included."""

    first: date
    until: date


def seen_mark(values: Values) -> str:
    """A short mark of values, to notice that they have changed since they were shown."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def announce_adjustment(actor: Actor, wanted: NewAdjustment, notice: NoticePeriod, now: datetime) -> int:
    """Publish a proposal for its notice period; nothing of the plan changes. Returns its id.

    Raises :class:`~civic.core.errors.NotAllowed`, :class:`Invalid`, :class:`Stale`.
    """
    can_adjust(actor).require()
    if notice.until < notice.first:
        raise Invalid(N_("The notice period must end after it begins."), field="notice_until")
    if notice.until < local_day(now):
        raise Invalid(N_("A notice period that is over can’t be announced."), field="notice_until")
    row = _drafted(actor, wanted, now)
    row.notice_from, row.notice_until = notice.first, notice.until
    db.session.flush()
    renew_reference()
    record(actor, "adjustment.announce", "adjustment", row.id, now, item_id=row.item_id, subject=row.subject)
    return row.id


def record_adjustment(actor: Actor, wanted: NewAdjustment, approval: Approval, now: datetime) -> int:
    """Record an approved adjustment and put it into force at once; returns its id. Raises as announcing does."""
    can_adjust(actor).require()
    row = _drafted(actor, wanted, now)
    db.session.flush()
    _enforce(actor, row, approval, now)
    return row.id


def put_into_force(actor: Actor, adjustment_id: int, version: int, approval: Approval, now: datetime) -> None:
    """Let a proposal take effect with the document that approves it.

    Raises :class:`Stale` if the proposal was decided meanwhile, or the plan no longer says what it replaces.
    """
    can_adjust(actor).require()
    row = _open(adjustment_id, version)
    if row.notice_until is not None and row.notice_until >= local_day(now):
        raise Invalid(N_("The notice period is still running. Put it into force after its last day."))
    _enforce(actor, row, approval, now)


def withdraw_adjustment(actor: Actor, adjustment_id: int, version: int, reason: str, now: datetime) -> None:
    """Take a proposal back; it stays in the public list with the reason."""
    can_adjust(actor).require()
    row = _open(adjustment_id, version)
    if not reason.strip():
        raise Invalid(N_("Say why the proposal is withdrawn."), field="reason")
    today = local_day(now)
    row.state, row.version = AdjustmentState.WITHDRAWN.value, row.version + 1
    row.withdrawn_on, row.withdrawn_reason = today, reason.strip()
    row.withdrawn_reason_hant = traditional(row.withdrawn_reason)
    db.session.flush()
    renew_reference()
    record(actor, "adjustment.withdraw", "adjustment", row.id, now, item_id=row.item_id)


def _drafted(actor: Actor, wanted: NewAdjustment, now: datetime) -> Adjustment:
    """A proposal with its old values, checked."""
    ref = plans.item_ref(wanted.item_id)
    if ref is None:
        raise NotFound(N_("The plan has no such item."))
    plan = plans.plan_by_slug(ref.plan_slug, drafts=True)
    if plan.status == PlanStatus.DRAFT.value:
        raise Invalid(N_("The plan is a draft: it changes without an adjustment."), field="code")
    if not wanted.reason.strip():
        raise Invalid(N_("Give the reason of the adjustment."), field="reason")
    stands = plans.standing(ref.id, wanted.subject, wanted.anchor)
    if wanted.seen and wanted.seen != seen_mark(stands):
        raise Stale(N_("The plan has changed since you opened this form. Compare before you save again."))
    old, new = differing(stands, {**stands, **{k: v for k, v in wanted.new.items() if k in stands}})
    if not new:
        raise Invalid(N_("Nothing would change: old and new are the same."), field="new")
    quotes_old, quotes_new = _quotes(ref.id, ref.kind, wanted, stands)
    if quotes_new:
        old["quotes"], new["quotes"] = quotes_old, quotes_new
    _refuse_second(ref.id, wanted)
    row = Adjustment(
        plan_id=plan.id, item_id=ref.id, subject=wanted.subject.value, anchor=wanted.anchor,
        state=AdjustmentState.PROPOSED.value, version=1, old=in_both_scripts(old), new=in_both_scripts(new),
        reason=wanted.reason.strip(), reason_hant=traditional(wanted.reason.strip()), link=wanted.link,
        file=wanted.file,
        recorded_by=actor.account_id, recorded_at=now,
    )  # fmt: skip
    db.session.add(row)
    return row


def _quotes(
    item_id: int, kind: ItemKind, wanted: NewAdjustment, stands: Values
) -> tuple[dict[str, str], dict[str, str]]:
    """Quotes of promises that change with a paragraph; refuses a text that leaves one without its words."""
    if kind is not ItemKind.CLAUSE or "text" not in wanted.new:
        return {}, {}
    text, given = str(wanted.new["text"]), dict(wanted.new.get("quotes", {}))
    old, new = {}, {}
    for one in plans.quotes_of(item_id, str(stands["text"])):
        quote = str(given.get(one.code) or one.quote)
        if quote not in text:
            raise Invalid(
                N_(
                    "The promise %(item)s quotes this paragraph: give its words as they will stand in the new text."
                ),
                field=f"quote-{one.code}",
                item=one.code,
            )
        if quote != one.quote:
            old[one.code], new[one.code] = one.quote, quote
    return old, new


def _refuse_second(item_id: int, wanted: NewAdjustment) -> None:
    same = (
        Adjustment.item_id == item_id,
        Adjustment.subject == wanted.subject.value,
        Adjustment.anchor == wanted.anchor,
        Adjustment.state == AdjustmentState.PROPOSED.value,
    )
    if db.session.scalar(select(Adjustment.id).where(*same).limit(1)) is not None:
        raise Invalid(N_("A proposal for this is open already. Decide it or withdraw it first."))


def _open(adjustment_id: int, version: int) -> Adjustment:
    # Whoever decides the same proposal at the same moment waits here, and then finds it decided.
    row = db.session.get(Adjustment, adjustment_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(N_("There is no such adjustment."))
    if row.state != AdjustmentState.PROPOSED.value or row.version != version:
        raise Stale(N_("This proposal was decided or changed meanwhile. Look at it again."))
    return row


def _enforce(actor: Actor, row: Adjustment, approval: Approval, now: datetime) -> None:
    """The one place where an adjustment takes effect: state, approval, the plan itself, audit."""
    today = local_day(now)
    check_approval(approval, today)
    subject = AdjustmentSubject(row.subject)
    stands = plans.standing(row.item_id, subject, row.anchor)
    if any(stands.get(name) != value for name, value in row.old.items() if name in stands):
        raise _outdated()
    if "text" in stands and not _quotes_fit(row, stands):
        raise _outdated()
    # The columns of the new state together: a CHECK ties them, and any query in between would flush.
    row.state, row.version = AdjustmentState.IN_FORCE.value, row.version + 1
    row.approving_body, row.document_number = approval.body.strip(), approval.number.strip()
    row.approving_body_hant = traditional(row.approving_body)
    row.approved_on, row.in_force_on, row.in_force_at = approval.on, today, now
    row.link, row.file = approval.link or row.link, approval.file or row.file
    # The database looks for an adjustment that is in force before it lets the target change.
    db.session.flush()
    changing.change_item(row.item_id, subject, row.anchor, row.new, row.id)
    for code, quote in row.new.get("quotes", {}).items():
        _follow(actor, row, code, quote, now)
    record(actor, "adjustment.in_force", "adjustment", row.id, now, item_id=row.item_id, subject=row.subject)


def _outdated() -> Stale:
    return Stale(N_("The plan no longer says what this proposal replaces. Withdraw it and announce it anew."))


def _quotes_fit(row: Adjustment, stands: Values) -> bool:
    """Whether every promise that quotes the paragraph now will find its words in the new text."""
    quoted = {one.code: one.quote for one in plans.quotes_of(row.item_id, str(stands["text"]))}
    before, after = row.old.get("quotes", {}), row.new.get("quotes", {})
    known = all(quoted.get(code) == quote for code, quote in before.items())
    return known and all(after.get(code, quote) in row.new["text"] for code, quote in quoted.items())


def _follow(actor: Actor, row: Adjustment, code: str, quote: str, now: datetime) -> None:
    """The quote of a promise follows its paragraph: an adjustment of its own, of the same decision."""
    promise = next(
        one for one in plans.commitments() if one.clause.id == row.item_id and one.ref.code == code
    )
    own = Adjustment(
        plan_id=row.plan_id, item_id=promise.ref.id, subject=AdjustmentSubject.TEXT.value, anchor="",
        state=row.state, version=1, old=in_both_scripts({"quote": promise.quote}),
        new=in_both_scripts({"quote": quote}), reason=row.reason, reason_hant=row.reason_hant,
        approving_body=row.approving_body, approving_body_hant=row.approving_body_hant,
        document_number=row.document_number, approved_on=row.approved_on, file=row.file, link=row.link,
        in_force_on=row.in_force_on, in_force_at=now, recorded_by=row.recorded_by, recorded_at=now,
    )  # fmt: skip
    db.session.add(own)
    db.session.flush()
    changing.change_text(promise.ref.id, "", {"quote": quote}, own.id)
    record(actor, "adjustment.in_force", "adjustment", own.id, now, item_id=own.item_id, subject=own.subject)


def check_approval(approval: Approval, today: date) -> None:
    """Raise :class:`Invalid` at the field that is missing or can't be."""
    if not approval.body.strip():
        raise Invalid(N_("Name the body that approved it."), field="approving_body")
    if not approval.number.strip():
        raise Invalid(N_("Give the number of the document that approves it."), field="document_number")
    if approval.on is None:
        raise Invalid(N_("Give the day of the approval."), field="approved_on")
    if approval.on > today:
        raise Invalid(N_("The approval can’t lie in the future."), field="approved_on")


def in_both_scripts(values: Values) -> dict[str, Any]:
    """The document's own words with their Traditional form."""
    added: dict[str, Any] = {
        f"{name}_hant": traditional(str(values[name])) for name in SCRIPTED if values.get(name)
    }
    if values.get("quotes"):
        added["quotes_hant"] = {code: traditional(quote) for code, quote in values["quotes"].items()}
    return {**values, **added}
