"""Plans: what the district says of them, who answers for which item, promises, publication."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from civic.admin import forms, queries
from civic.admin.rules import FIELD_NAMES
from civic.admin.views import bp
from civic.admin.views.places import show_stored
from civic.core import clock
from civic.core.actor import Role
from civic.core.dated import fingerprint
from civic.core.db import unit_of_work
from civic.core.errors import N_, DomainError, NotFound, Stale
from civic.departments import queries as places
from civic.plans import queries as plans
from civic.plans import services
from civic.plans.queries import ItemRef, PlanRow
from civic.plans.rules import ItemKind
from civic.web.access import access, current_actor
from civic.web.locale import chinese_or_english
from civic.web.messages import put_on_form

Answer = str | tuple[str, int] | Response
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing about an item that can be changed: what services call it, its form, what stands."""

    subject: str
    form: type[forms.DatedForm]
    values: Callable[[int], dict[str, Any]]
    heading: str


PARTS: Mapping[str, _Part] = {
    "responsibility": _Part(
        "responsibility", forms.ResponsibleForm, services.responsible_values, N_("Who answers for it")
    ),
    "names": _Part("item", forms.ItemForm, services.item_values, N_("Names")),
    "promise": _Part("commitment", forms.CommitmentForm, services.commitment_values, N_("Promise")),
}
KIND_NAMES = {
    ItemKind.PREFACE: N_("Preface"),
    ItemKind.CHAPTER: N_("Chapter"),
    ItemKind.SECTION: N_("Section"),
    ItemKind.CLAUSE: N_("Clause"),
    ItemKind.INDICATOR: N_("Indicator"),
    ItemKind.PROJECT: N_("Project"),
    ItemKind.COMMITMENT: N_("Promise"),
}


@bp.get("/plans")
@access(Role.EDITOR)
def plan_list() -> str:
    """All plans, drafts too."""
    return render_template("admin/plans.html", plans=plans.plans(drafts=True))


@bp.route("/plans/<slug>", methods=["GET", "POST"])
@access(Role.EDITOR)
def plan(slug: str) -> Answer:
    """What the district says of a plan; its publication; its items."""
    row = _plan(slug)
    values = services.plan_values(row.id)
    form = forms.PlanForm()
    answer = _save(form, "plan", row.id, values, url_for("admin.plan", slug=slug))
    if answer is not None:
        return answer
    kind, search = request.args.get("kind", ""), request.args.get("q", "").strip()[:80]
    found = _items(slug, kind, search)
    start = max(0, request.args.get("from", 0, type=int))
    shown = found[start : start + PAGE_SIZE]
    page = render_template(
        "admin/plan.html",
        plan=row,
        form=form,
        changes=queries.changes_of("plan", row.id),
        field_names=FIELD_NAMES,
        action=FlaskForm(),
        items=shown,
        total=len(found),
        start=start,
        following=start + PAGE_SIZE if start + PAGE_SIZE < len(found) else None,
        before=max(0, start - PAGE_SIZE) if start else None,
        leads=_leads(shown),
        kind=kind,
        search=search,
        kind_names=KIND_NAMES,
    )
    return page, 422 if form.errors else 200


@bp.post("/plans/<slug>/publish")
@access(Role.EDITOR)
def publish_plan(slug: str) -> Response:
    """Show a draft to the public."""
    row = _plan(slug)
    if "sure" not in request.form:
        flash(_("Tick that you have looked through the plan before it is published."), "error")
        return redirect(url_for("admin.plan", slug=slug))
    with unit_of_work():
        services.can_edit_plan(current_actor()).require()
        services.publish_plan(current_actor(), row.slug, clock.now())
    flash(_("The plan is published."))
    return redirect(url_for("admin.plan", slug=slug))


@bp.get("/plans/<slug>/items/<code>")
@access(Role.EDITOR)
def item(slug: str, code: str) -> str:
    """One item: who answers for it, its names, its promise, and what was changed."""
    return _item_page(_plan(slug), _item(slug, code), {})


@bp.post("/plans/<slug>/items/<code>/<any(responsibility, names, promise):part>")
@access(Role.EDITOR)
def change_item(slug: str, code: str, part: str) -> Answer:
    """Change one thing about an item from a day on."""
    row, ref, chosen = _plan(slug), _item(slug, code), PARTS[part]
    if part not in _parts(ref):
        abort(404)
    form = _offer(chosen.form(prefix=part))
    values = chosen.values(ref.id)
    back = url_for("admin.item", slug=slug, code=code)
    answer = _save(form, chosen.subject, ref.id, values, back)
    return answer or (_item_page(row, ref, {part: form}), 422)


@bp.route("/plans/<slug>/items/<code>/promises/new", methods=["GET", "POST"])
@access(Role.EDITOR)
def new_commitment(slug: str, code: str) -> Answer:
    """List one more promise of a clause."""
    ref = _item(slug, code)
    if ref.kind is not ItemKind.CLAUSE:
        abort(404)
    form = _offer(forms.CommitmentForm())
    if request.method == "GET":
        form.effective_on.data = places.local_day(clock.now())
    if form.validate_on_submit():
        try:
            with unit_of_work():
                added = services.add_commitment(
                    current_actor(), ref.id, form.values(), form.dating(), clock.now()
                )
        except DomainError as error:
            put_on_form(form, error)
        else:
            flash(_("Added: %(name)s", name=added))
            return redirect(url_for("admin.item", slug=slug, code=added))
    page = render_template(
        "admin/new_commitment.html", form=form, ref=ref, slug=slug, paragraphs=plans.paragraphs([ref.id])
    )
    return page, 422 if form.errors else 200


@bp.post(
    "/plans/<slug>/changes/<any(plan, item, commitment, responsibility):subject>/<int:change_id>/withdraw"
)
@access(Role.EDITOR)
def withdraw_plan_change(slug: str, subject: str, change_id: int) -> Response:
    """Drop a planned change of the plan or of one of its items (``code`` in the form)."""
    row = _plan(slug)
    code = request.form.get("code", "")
    subject_id = row.id if subject == "plan" else _item(slug, code).id
    with unit_of_work():
        services.withdraw_plan_change(current_actor(), subject, subject_id, change_id, clock.now())
    flash(_("The planned change is dropped."))
    if subject == "plan":
        return redirect(url_for("admin.plan", slug=slug))
    return redirect(url_for("admin.item", slug=slug, code=code))


def _save(
    form: forms.DatedForm, subject: str, row_id: int, values: Mapping[str, Any], back: str
) -> Response | None:
    """Fill the form on GET; on POST save and go back, or leave what is wrong on the form."""
    if request.method == "GET":
        form.show(values)
        form.effective_on.data = places.local_day(clock.now())
        form.seen.data = fingerprint(values)
        return None
    if not form.validate_on_submit():
        return None
    try:
        with unit_of_work():
            services.change_plan_data(
                current_actor(),
                subject,
                row_id,
                form.values(),
                form.dating(),
                clock.now(),
                form.seen.data or "",
            )
    except DomainError as error:
        put_on_form(form, error)
        if isinstance(error, Stale):
            show_stored(form, values)
        return None
    waits = form.effective_on.data and form.effective_on.data > places.local_day(clock.now())
    flash(_("The change is planned and will be made on that day.") if waits else _("The change is saved."))
    return redirect(back)


def _item_page(row: PlanRow, ref: ItemRef, posted: Mapping[str, forms.DatedForm]) -> str:
    shown = []
    for name in _parts(ref):
        part = PARTS[name]
        values = part.values(ref.id)
        form = posted.get(name)
        if form is None:
            form = _offer(part.form(prefix=name, formdata=None))
            form.show(values)
            form.effective_on.data = places.local_day(clock.now())
            form.seen.data = fingerprint(values)
        changes = queries.changes_of(part.subject, ref.id)
        shown.append({"name": name, "heading": part.heading, "form": form, "changes": changes, "part": part})
    return render_template(
        "admin/item.html", plan=row, ref=ref, parts=shown, field_names=FIELD_NAMES, action=FlaskForm(),
        kind_name=KIND_NAMES[ref.kind],
    )  # fmt: skip


def _parts(ref: ItemRef) -> tuple[str, ...]:
    return ("responsibility", "promise") if ref.kind is ItemKind.COMMITMENT else ("responsibility", "names")


def _offer(form: forms.DatedForm) -> forms.DatedForm:
    rows = [
        SelectChoice(str(row.id), chinese_or_english(row.name, row.name_hant, row.name_en))
        for row in places.departments()
    ]
    if "lead" in form:
        form["lead"].choices = [SelectChoice("", _("no lead: the dispatcher decides")), *rows]
        form["support"].choices = rows
    if "area" in form:
        areas = [
            SelectChoice(area.key, chinese_or_english(area.name, area.name_hant, area.name_en))
            for area in places.areas()
        ]
        form["area"].choices = [SelectChoice("", _("Choose …")), *areas]
    return form


def _items(slug: str, kind: str, search: str) -> list[ItemRef]:
    chosen = [ItemKind(kind)] if kind in set(ItemKind) else []
    return [
        ref
        for ref in plans.items_of(slug, *chosen)
        if not search or search in ref.title or search.lower() in ref.code.lower()
    ]


def _leads(items: list[ItemRef]) -> dict[int, str]:
    held = plans.responsibilities([ref.id for ref in items])
    first = {item_id: rows[0].department_id for item_id, rows in held.items() if rows[0].role == "lead"}
    names = queries.names_of_departments(first.values())
    return {item_id: names[department_id] for item_id, department_id in first.items()}


def _plan(slug: str) -> PlanRow:
    found = next((row for row in plans.plans(drafts=True) if row.slug == slug), None)
    if found is None:
        raise NotFound(N_("There is no plan %(slug)s."), slug=slug)
    return found


def _item(slug: str, code: str) -> ItemRef:
    found = next((ref for ref in plans.items_of(_plan(slug).slug) if ref.code == code), None)
    if found is None:
        raise NotFound(N_("The plan has no such item."))
    return found
