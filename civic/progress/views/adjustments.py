"""Adjusting a plan: the list, a new adjustment in two steps, putting into force, withdrawing."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import N_, DomainError, Invalid, NotFound
from civic.departments.queries import local_day
from civic.files import services as files
from civic.files.rules import FileKind
from civic.plans import queries as plans
from civic.plans.queries import ItemRef
from civic.plans.rules import AdjustmentSubject, ItemKind
from civic.plans.services import read_target
from civic.progress import queries, services
from civic.progress.adjustment_forms import (
    AT_ONCE,
    AdjustForm,
    ChooseForm,
    DecisionForm,
    EnforceForm,
    WithdrawForm,
    adjust_form,
    typed_fields,
)
from civic.progress.rules.adjusting import SUBJECT_LABELS, AdjustmentState, lines
from civic.progress.services import NewAdjustment, seen_mark
from civic.progress.views import bp
from civic.web.access import access, current_actor
from civic.web.locale import chinese_or_english
from civic.web.messages import put_on_form

Answer = str | tuple[str, int] | Response


@bp.get("/adjustments")
@access(Role.EDITOR)
def adjustments() -> str:
    """All adjustments of the published plans, open proposals first."""
    today = local_day(clock.now())
    found = [(plan, queries.adjustments(plan.id)) for plan in plans.plans()]
    refs = plans.item_refs(row.item_id for _plan, rows in found for row in rows)
    return render_template(
        "progress/staff/adjustments.html", found=found, refs=refs, today=today, states=AdjustmentState
    )


@bp.route("/adjustments/new", methods=["GET", "POST"])
@access(Role.EDITOR)
def choose_adjusted() -> Answer:
    """First step: which item, and what of it."""
    form = ChooseForm(code=request.args.get("code", ""))
    form.offer(
        [
            (plan.slug, chinese_or_english(plan.short_name, plan.short_name_hant, plan.short_name_en))
            for plan in plans.plans()
        ]
    )
    if form.validate_on_submit():
        try:
            ref = _item(form.plan.data, (form.code.data or "").strip())
            subject = _subject(ref, form.subject.data)
        except DomainError as error:
            put_on_form(form, error)
        else:
            where = url_for(
                "progress.new_adjustment", plan=ref.plan_slug, code=ref.code, subject=subject.value
            )
            return redirect(where, 303)
    return render_template("progress/staff/adjustment_choose.html", form=form), 422 if form.errors else 200


@bp.route("/adjustments/new/<plan>/<code>/<subject>", methods=["GET", "POST"])
@access(Role.EDITOR)
def new_adjustment(plan: str, code: str, subject: str) -> Answer:
    """Second step: the new value beside the old, the reason, and where it stands."""
    ref = _item(plan, code)
    about = _subject(ref, subject)
    anchor = request.args.get("paragraph", "")
    paragraphs = plans.paragraphs([ref.id]) if about is AdjustmentSubject.TEXT else ()
    if paragraphs and not anchor:
        if len(paragraphs) > 1:
            page = {"ref": ref, "paragraphs": paragraphs}
            return render_template("progress/staff/adjustment_paragraph.html", **page)
        anchor = paragraphs[0].anchor
    stands = plans.standing(ref.id, about, anchor)
    quoted = plans.quotes_of(ref.id, stands["text"]) if "text" in stands else ()
    form = adjust_form(quoted)(**_filled(stands, ref), seen=seen_mark(stands))
    typed = (*typed_fields(about, ref.kind), *(f"quote-{one.code}" for one in quoted))
    if form.validate_on_submit():
        try:
            with unit_of_work():
                wanted = NewAdjustment(
                    ref.id, about, _new(form, about, ref, stands), form.reason.data or "", anchor,
                    form.link.data or "", _stored(form), form.seen.data or "",
                )  # fmt: skip
                adjustment_id = _save(form, wanted)
        except DomainError as error:
            put_on_form(form, error)
            if error.status == 409:
                # What stands now is shown above the form; saving again means having compared.
                form.seen.data = seen_mark(stands)
        else:
            flash(_saved_sentence(form), "success")
            return redirect(url_for("progress.show_adjustment", adjustment_id=adjustment_id), 303)
    page = {
        "form": form, "ref": ref, "subject": _(SUBJECT_LABELS[about]), "typed": typed, "anchor": anchor,
        "stands": lines(stands, {}), "rules": plans.adjusting(ref.plan_slug),
    }  # fmt: skip
    return render_template("progress/staff/adjustment_new.html", **page), 422 if form.errors else 200


@bp.get("/adjustments/<int:adjustment_id>")
@access(Role.EDITOR)
def show_adjustment(adjustment_id: int) -> str:
    """One adjustment with what can be done about it."""
    shown = queries.adjustment(adjustment_id)
    today = local_day(clock.now())
    return render_template("progress/staff/adjustment.html", shown=shown, row=shown.row, today=today)


@bp.route("/adjustments/<int:adjustment_id>/force", methods=["GET", "POST"])
@access(Role.EDITOR)
def force_adjustment(adjustment_id: int) -> Answer:
    """Put a proposal into force, with the consequence said first."""
    shown = queries.adjustment(adjustment_id)
    body = plans.adjusting(shown.ref.plan_slug).body
    form = EnforceForm(version=shown.row.version, approving_body=body, link=shown.row.link)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                now = clock.now()
                approval = form.approval(_stored(form))
                version = _version(form.version.data)
                services.put_into_force(current_actor(), adjustment_id, version, approval, now)
        except DomainError as error:
            put_on_form(form, error)
        else:
            flash(_("The adjustment is in force. The plan says so from now on."), "success")
            return redirect(url_for("progress.show_adjustment", adjustment_id=adjustment_id), 303)
    page = {"form": form, "shown": shown, "row": shown.row, "rules": plans.adjusting(shown.ref.plan_slug)}
    return render_template("progress/staff/adjustment_force.html", **page), 422 if form.errors else 200


@bp.route("/adjustments/<int:adjustment_id>/withdraw", methods=["GET", "POST"])
@access(Role.EDITOR)
def withdraw_adjustment(adjustment_id: int) -> Answer:
    """Take a proposal back; it stays in the public list."""
    shown = queries.adjustment(adjustment_id)
    form = WithdrawForm(version=shown.row.version)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                version = _version(form.version.data)
                services.withdraw_adjustment(
                    current_actor(), adjustment_id, version, form.reason.data or "", clock.now()
                )
        except DomainError as error:
            put_on_form(form, error)
        else:
            flash(_("The proposal is withdrawn. Nothing of the plan has changed."), "success")
            return redirect(url_for("progress.show_adjustment", adjustment_id=adjustment_id), 303)
    page = {"form": form, "shown": shown, "row": shown.row}
    return render_template("progress/staff/adjustment_withdraw.html", **page), 422 if form.errors else 200


def _item(plan: str, code: str) -> ItemRef:
    try:
        return plans.item_by_code(plan, code)
    except NotFound:
        raise NotFound(
            N_("The plan has no item with the code %(item)s. Codes look like T2-01, 6.3.1 or M-1.5.1-1."),
            field="code",
            item=code,
        ) from None


def _subject(ref: ItemRef, subject: str) -> AdjustmentSubject:
    allowed = plans.SUBJECTS[ref.kind]
    if subject not in allowed:
        raise Invalid(
            N_("Of %(item)s this can be adjusted: %(subjects)s."),
            field="subject",
            item=ref.code,
            subjects=_(", ").join(_(SUBJECT_LABELS[one]) for one in allowed),
        )
    return AdjustmentSubject(subject)


def _filled(stands: dict[str, Any], ref: ItemRef) -> dict[str, Any]:
    """The form's fields as they stand: whoever changes one number finds the rest in place."""
    cells: dict[str, Any] = {
        name: stands[name]["text"] for name in ("target", "target_rate") if stands.get(name)
    }
    measure = stands.get("measure") or {}
    plain: dict[str, Any] = {
        name: stands[name] for name in ("target_year", "deadline", "text", "quote", "title") if name in stands
    }
    for name in ("text", "value", "unit", "year"):
        plain[f"measure_{name}"] = measure.get(name, "")
    return {**plain, **cells, "approving_body": plans.adjusting(ref.plan_slug).body}


def _new(form: AdjustForm, about: AdjustmentSubject, ref: ItemRef, stands: dict[str, Any]) -> dict[str, Any]:
    """The new fields as :func:`civic.plans.queries.standing` names them; raises :class:`Invalid`."""
    if about is AdjustmentSubject.TARGET and ref.kind is ItemKind.COMMITMENT:
        return {"measure": form.measure(stands["measure"])}
    if about is AdjustmentSubject.TARGET:
        target, rate = (form.target.data or "").strip(), (form.target_rate.data or "").strip()
        if not target and not rate:
            raise Invalid(N_("Enter a target, a growth rate, or both."), field="target")
        return read_target(ref.id, target, rate, form.year("target_year"))
    if about is AdjustmentSubject.DEADLINE and ref.kind is ItemKind.INDICATOR:
        return {"target_year": form.year("target_year")}
    if about is AdjustmentSubject.DEADLINE:
        return {"deadline": (form.deadline.data or "").strip() or None}
    name = typed_fields(about, ref.kind)[0]
    text = " ".join(str(getattr(form, name).data or "").split())
    if not text:
        raise Invalid(N_("Enter the new words."), field=name)
    return {name: text, "quotes": form.quotes()} if name == "text" else {name: text}


def _save(form: AdjustForm, wanted: NewAdjustment) -> int:
    now = clock.now()
    if form.how.data == AT_ONCE:
        return services.record_adjustment(current_actor(), wanted, form.approval(wanted.file), now)
    return services.announce_adjustment(current_actor(), wanted, form.notice(), now)


def _stored(form: DecisionForm) -> str:
    """Key of the decision's file, public with the adjustment; '' without one."""
    upload = form.file.data
    if not upload:
        return ""
    now, actor = clock.now(), current_actor()
    try:
        row = files.store_file(actor, upload.read(), upload.filename or "", now, only=FileKind.DOCUMENT)
    except Invalid as error:
        raise Invalid(error.message, code=error.code, field="file", **error.params) from None
    files.make_public(actor, [row.key], now)
    return row.key


def _saved_sentence(form: AdjustForm) -> str:
    if form.how.data == AT_ONCE:
        return _("The adjustment is in force. The plan says so from now on.")
    return _("The proposal is announced. Nothing of the plan has changed yet.")


def _version(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
