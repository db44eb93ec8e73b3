"""Public pages: no cookie, no session, a proxy may keep them."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from civic.cases import queries as cases
from civic.core.clock import now
from civic.core.config import settings
from civic.departments.queries import local_day
from civic.files import queries as files
from civic.files.views import public_answer_with
from civic.plans import queries as plans
from civic.plans.rules import ItemKind
from civic.portal import queries
from civic.portal.views import asking
from civic.search import queries as search
from civic.supervision.rules import SMALL
from civic.web.access import access

bp = Blueprint("portal", __name__)


@bp.get("/")
@access("public")
def home() -> str:
    """What this is, the livelihood areas, what was answered, how a word travels, the scoreboard."""
    page = queries.home(now())
    return render_template(
        "portal/public/home.html", page=page, names=queries.names_of(page.answered), small=SMALL
    )


@bp.get("/plans/")
@access("public")
def plan_list() -> str:
    """All published plans."""
    return render_template("portal/public/plans.html", plans=plans.plans())


@bp.get("/plans/<plan>/")
@access("public")
def contents(plan: str) -> str:
    """The contents of a plan."""
    return render_template("portal/public/contents.html", page=queries.contents(plan, local_day(now())))


@bp.get("/plans/<plan>/projects")
@access("public")
def projects(plan: str) -> str:
    """All projects of a plan, box by box."""
    page = queries.projects(plan)
    return render_template("portal/public/projects.html", plan=page.plan, boxes=page.boxes, leads=page.leads)


@bp.get("/plans/<plan>/errata")
@access("public")
def errata(plan: str) -> str:
    """Every slip of print or OCR that was mended, and why."""
    return render_template("portal/public/errata.html", document=plans.document(plan))


@bp.get("/plans/<plan>/<code>")
@access("public")
def item(plan: str, code: str) -> str:
    """One item of any kind; a chapter reads as a document."""
    page = queries.item_page(plan, code, now())
    chapterlike = page.ref.kind in (ItemKind.CHAPTER, ItemKind.PREFACE)
    template = "portal/public/chapter.html" if chapterlike else "portal/public/item.html"
    shown = [*page.voices.rows, *(voice for one in page.adjusted for voice in one.voices)]
    return render_template(template, page=page, names=queries.names_of(shown))


@bp.get("/livelihood")
@access("public")
def livelihood() -> str:
    """All livelihood areas with their promises."""
    return render_template("portal/public/livelihood.html", areas=queries.areas(now()))


@bp.get("/livelihood/<area>")
@access("public")
def livelihood_area(area: str) -> str:
    """One livelihood area: its promises and the voices about them."""
    page = queries.area_page(area, now())
    return render_template("portal/public/area.html", page=page, names=queries.names_of(page.voices.rows))


@bp.get("/voices")
@access("public")
def voices() -> str:
    """What residents say, published after review; with ``q`` those that hold its words."""
    asked, text = asking.asked_voices(), asking.asked_text()
    narrowed = queries.read_filter(asked, now())
    page = queries.voices(text, narrowed, request.args.get("after"), now())
    return render_template(
        "portal/public/voices.html", page=page, asked=asked, text=text, asking=asking,
        chips=asking.chips(narrowed, asked, text), periods=queries.PERIODS,
    )  # fmt: skip


@bp.get("/cases/<reference>")
@access("public")
def case(reference: str) -> str:
    """One published case: the words, the answer, the way it went."""
    return render_template("portal/public/case.html", page=queries.case_shown(reference, now()))


@bp.get("/cases/<reference>/photos/<int:number>/<any(small,full):size>")
@access("public")
def case_photo(reference: str, number: int, size: str) -> Response:
    """An approved photo of a published case; a takedown of either holds from the next request on."""
    photo = cases.public_photo(reference, number)
    key = photo.preview_key if size == "small" else photo.shown_key
    assert key is not None
    return public_answer_with(files.file(key))


@bp.get("/cases/<reference>/files/<int:attachment_id>")
@access("public")
def case_file(reference: str, attachment_id: int) -> Response:
    """A file that went out with an answer of a published case; a takedown holds from the next request on."""
    return public_answer_with(files.file(cases.public_attachment(reference, attachment_id).file_key))


@bp.get("/search", endpoint="search")
@access("public")
def search_page() -> str:
    """Items of the plan and voices that answer a query, in Simplified or Traditional characters."""
    text, part = asking.asked_text(), request.args.get("in", "")
    known = search.Part(part) if part in set(search.Part) else None
    voices = search.find_voices(text, now=now(), size=search.VOICES_SHOWN)
    return render_template(
        "portal/public/search.html",
        page=search.search(text, known, request.args.get("from", 0, type=int)),
        voices=voices,
        names=queries.names_of(voices.voices.rows),
        text=text,
    )


@bp.get("/about")
@access("public")
def about() -> str:
    """What this site is, how a message is handled, what the statuses mean."""
    return render_template(
        "portal/public/about.html", plans=plans.plans(), levels=queries.general_levels(now())
    )


@bp.get("/privacy")
@access("public")
def privacy() -> str:
    """What is kept, why, how long, who sees it, and what a resident can ask for."""
    given = settings()
    return render_template(
        "portal/public/privacy.html", contact_days=given.contact_days, outbox_days=given.outbox_days
    )


@bp.get("/accessibility")
@access("public")
def accessibility() -> str:
    """What this site does for readers with different needs, and how to report a barrier."""
    return render_template("portal/public/accessibility.html")


@bp.get("/feedback")
@access("public")
def feedback() -> Response:
    """A short address to print on posters."""
    return redirect(url_for("intake.new_feedback_anywhere"))
