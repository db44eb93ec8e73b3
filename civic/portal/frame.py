"""What the frame of every page shows: the site's name, the district, and where staff can go."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _

from civic.cases.rules import (
    DECLINE_LABELS,
    DECLINE_RULES,
    EXPOSES_LABELS,
    KIND_LABELS,
    RATING_LABELS,
    RESOLUTION_LABELS,
    SOLVED_LABELS,
    STATUS_LABELS,
)
from civic.changes.wording import absolute
from civic.core.actor import Role
from civic.core.errors import N_
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow, DistrictPage
from civic.plans.queries import ItemRef
from civic.portal.queries.text import body_cells, head_cells
from civic.web.access import current_actor
from civic.web.locale import chinese_or_english


def district_page() -> DistrictPage:
    """The district's own settings."""
    return departments.district()


def site_name() -> str:
    """The site's name in the reader's language."""
    district = departments.district()
    name = chinese_or_english(district.site_name, district.site_name_hant, district.site_name_en)
    return name or _("Plan and voices")


def staff_nav() -> list[tuple[str, str]]:
    """Where the signed-in person can go: (endpoint, label), only what the role opens."""
    actor = current_actor()
    entries = (
        ("desk.queue", N_("Cases"), (Role.HANDLER, Role.LEAD, Role.DISPATCHER)),
        ("desk.notices", N_("Notices"), (Role.HANDLER, Role.LEAD, Role.DISPATCHER)),
        ("desk.triage", N_("Triage"), (Role.DISPATCHER,)),
        ("desk.review", N_("Publication review"), (Role.DISPATCHER,)),
        ("desk.photos", N_("Photos to look at"), (Role.DISPATCHER,)),
        ("desk.templates", N_("Reply templates"), (Role.LEAD, Role.DISPATCHER, Role.ADMIN)),
        ("desk.rules", N_("Rules of routing"), (Role.DISPATCHER, Role.ADMIN)),
        ("intake.assisted", N_("Enter for a caller"), (Role.HANDLER, Role.LEAD, Role.DISPATCHER)),
        ("desk.opinions", N_("Deputies’ opinions"), (Role.HANDLER, Role.LEAD)),
        ("progress.items", N_("Progress reports"), (Role.HANDLER, Role.LEAD)),
        ("progress.approvals", N_("Reports to approve"), (Role.LEAD,)),
        ("progress.values", N_("Indicators and money"), (Role.EDITOR,)),
        ("progress.adjustments", N_("Adjustments"), (Role.EDITOR,)),
        ("portal.plain_summaries", N_("Plain summaries"), (Role.EDITOR,)),
        ("supervision.summary", N_("Supervision"), (Role.DEPUTY, Role.AUDITOR, Role.DISPATCHER, Role.LEAD)),
        ("supervision.warnings", N_("Warnings"), (Role.DEPUTY, Role.AUDITOR, Role.DISPATCHER, Role.LEAD)),
        ("supervision.opinions", N_("Opinions"), (Role.DEPUTY, Role.AUDITOR)),
        ("supervision.assessments", N_("Assessments"), (Role.EDITOR, Role.DEPUTY, Role.AUDITOR)),
        ("supervision.parts", N_("Our part in assessments"), (Role.HANDLER, Role.LEAD)),
        ("admin.plan_list", N_("Plans and their data"), (Role.EDITOR,)),
        ("admin.accounts", N_("Accounts"), (Role.ADMIN,)),
        ("admin.deliveries", N_("Deliveries"), (Role.ADMIN,)),
        ("admin.audit", N_("Audit trail"), (Role.ADMIN, Role.AUDITOR)),
    )
    return [
        (endpoint, _(label))
        for endpoint, label, roles in entries
        if actor.has(*roles) and endpoint in current_app.view_functions
    ]


def section_among(endpoints: Iterable[str]) -> str:
    """The one under whose address the present page lies, of several the nearest; '' for none."""
    path = request.script_root + request.path
    found = {url_for(one).removesuffix("/") + "/": one for one in endpoints}
    return max(((len(at), one) for at, one in found.items() if f"{path}/".startswith(at)), default=(0, ""))[1]


def name_of(row: object) -> str:
    """The name of a department, street or area in the reader's language; a dash for none."""
    if row is None:
        return "—"
    return chinese_or_english(row.name, row.name_hant, row.name_en)  # type: ignore[attr-defined]


def feedback_url(plan: str, code: str, paragraph: str = "") -> str:
    """Where to say something about an item or one of its paragraphs."""
    return url_for("intake.new_feedback", plan=plan, code=code, paragraph=paragraph or None)


def subscribe_url(subject: ItemRef | DepartmentRow) -> str:
    """Where to subscribe to an item or a department by e-mail."""
    if isinstance(subject, DepartmentRow):
        return url_for("notices.subscribe_department", key=subject.key)
    return url_for("notices.subscribe_item", plan=subject.plan_slug, code=subject.code)


def init_app(app: Flask) -> None:
    """Offer them to the templates."""
    app.jinja_env.globals.update(
        site_name=site_name,
        district_page=district_page,
        staff_nav=staff_nav,
        section_among=section_among,
        name_of=name_of,
        feedback_url=feedback_url,
        subscribe_url=subscribe_url,
        absolute=absolute,
        head_cells=head_cells,
        body_cells=body_cells,
        DECLINE_LABELS=DECLINE_LABELS,
        KIND_LABELS=KIND_LABELS,
        STATUS_LABELS=STATUS_LABELS,
        RATING_LABELS=RATING_LABELS,
        RESOLUTION_LABELS=RESOLUTION_LABELS,
        SOLVED_LABELS=SOLVED_LABELS,
        EXPOSES_LABELS=EXPOSES_LABELS,
        DECLINE_RULES=DECLINE_RULES,
    )
